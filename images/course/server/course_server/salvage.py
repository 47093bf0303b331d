"""What a person wrote, brought from a course that git cannot use into a new one.

- A file of the person's own stands where it stood.
- A file of the release that they changed: their version where they expect it, the release's beside it
  as ``<name>__original``. A version that the release ever had is no change of theirs.
- After a sync that was interrupted between keeping their work and merging: the version that it kept
  stands in the place, and what was in the folder, if that is theirs, beside it as
  ``<name>__interrupted``.

What cannot be placed, because the release now has a folder where they had a file, stays in the backup.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha1
from itertools import count
from pathlib import Path
from subprocess import CalledProcessError

from course_server.git import git, names

MARK = "course-sync"
"""In ``.git`` while a sync is at work: the commit that the person was at before."""


LARGE = 16 * 2**20
"""Bytes from which a file is not copied but shared with the backup: data, not what a person writes."""


def bring_back(old: Path, new: Path) -> None:
    """Put what is theirs in ``old`` into ``new``, a fresh copy of the release."""
    released = set(git(new, "rev-list", "--objects", "--no-object-names", "HEAD").split())
    for path in files(old):
        with suppress(PermissionError):  # what the person has closed stays in the backup
            place(old / path, new / path, released)
    for name, content in kept_by_interrupted_sync(old).items():
        if blob(content) in released:
            continue
        now = new / name
        found = blob_of(old / name)
        if os.path.lexists(now):
            now.rename(beside(now, "original" if found in released else "interrupted"))
        now.parent.mkdir(parents=True, exist_ok=True)
        now.write_bytes(content)


def place(theirs: Path, target: Path, released: set[bytes]) -> None:
    """One file, where it stood; what the release has there goes beside it."""
    if not os.path.lexists(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            return
    elif target.is_file() and blob_of(theirs) not in released:
        target.rename(beside(target, "original"))
    else:
        return
    if theirs.lstat().st_size < LARGE:
        shutil.copy2(theirs, target, follow_symlinks=False)
    else:
        os.link(theirs, target)


def files(folder: Path) -> Iterator[Path]:
    """Every file and symbolic link below, relative to ``folder``, without git's own."""
    for root, folders, leaves in os.walk(folder):
        here = Path(root)
        if here == folder and ".git" in folders:
            folders.remove(".git")
        links = [name for name in folders if (here / name).is_symlink()]
        regular = [name for name in leaves if (here / name).is_symlink() or (here / name).is_file()]
        for name in regular + links:
            yield (here / name).relative_to(folder)


def kept_by_interrupted_sync(old: Path) -> dict[str, bytes]:
    """Files, as the sync committed them for the person, that are not so in the folder (any more)."""
    try:
        before = (old / ".git" / MARK).read_bytes()
        if git(old, "rev-parse", "HEAD").strip() == before:
            return {}
        changed = names(git(old, "diff", "--name-only", "-z", "HEAD"))
        return {name: git(old, "cat-file", "blob", f"HEAD:{name}") for name in changed}
    except (OSError, CalledProcessError):
        return {}


def blob(content: bytes) -> bytes:
    """Git's name for a file's content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest().encode()


def blob_of(file: Path) -> bytes | None:
    """The same for a file; None when there is none."""
    return blob(file.read_bytes()) if file.is_file() else None


def write_whole(file: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, whoever reads it meanwhile."""
    new = file.with_name(f".~{file.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(file)


def beside(file: Path, what: str) -> Path:
    """``01-matrices__original.ipynb``, or with a number where that is taken."""
    return next(name for name in names_beside(file, what) if not os.path.lexists(name))


def names_beside(file: Path, what: str) -> Iterator[Path]:
    """``01-matrices__original.ipynb``, ``01-matrices__original-2.ipynb`` and so on."""
    for number in count(1):
        tag = f"__{what}" if number == 1 else f"__{what}-{number}"
        yield file.with_name(f"{file.stem}{tag}{file.suffix}")
