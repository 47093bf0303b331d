"""The release's version of a file beside the person's: ``03-svd__original.ipynb`` beside ``03-svd.ipynb``."""

import json
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from subprocess import CalledProcessError

from course_server.git import git
from course_server.places import BRANCH
from course_server.salvage import blob, names_beside, write_whole

KEPT = "course-kept.json"
"""In ``.git``: files of which the person's version stays, and where the release's was laid."""

LAID = "course-laid.json"
"""In ``.git``: git's names of the versions that were laid, to know whether the person has changed them."""


def place(course: Path, path: str) -> str:
    """Put the release's version of a file beside theirs; returns where.

    One that was laid there before, and that the person has not changed since, is replaced; one that is
    theirs stays, and the next name with a number is taken. Raises LookupError when the release has no
    such file.
    """
    try:
        released = git(course, "cat-file", "blob", f"origin/{BRANCH}:{path}")
    except CalledProcessError:
        raise LookupError(path) from None
    target = course / path
    target.parent.mkdir(parents=True, exist_ok=True)
    laid, digest = _laid(course), blob(released).decode()
    for file in names_beside(target, "original"):
        name = file.relative_to(course).as_posix()
        if not os.path.lexists(file) or _holds(file, {digest, laid.get(name)}):
            break
    write_whole(file, released)
    _remember(course, {**laid, name: digest})
    return name


def lay_beside(course: Path, paths: Sequence[str], arrived: Collection[str]) -> dict[str, str]:
    """Lay the release's versions of ``paths`` beside; where each is.

    Of what has ``arrived`` besides, versions that were laid earlier are renewed.
    """
    before = kept(course)
    renewed = [path for path in before if path in arrived and path not in paths]
    found = {path: place(course, path) for path in [*paths, *renewed]}
    if found:
        write_whole(course / ".git" / KEPT, json.dumps({**before, **found}).encode())
    return {path: found[path] for path in paths}


def kept(course: Path) -> dict[str, str]:
    """Files of which theirs stays and the release's lies beside, and where; those that are still there."""
    found = _read(course / ".git" / KEPT)
    return {path: name for path, name in found.items() if (course / name).is_file()}


def _laid(course: Path) -> dict[str, str]:
    return _read(course / ".git" / LAID)


def _remember(course: Path, laid: dict[str, str]) -> None:
    write_whole(course / ".git" / LAID, json.dumps(laid).encode())


def _holds(file: Path, digests: Collection[str | None]) -> bool:
    """Whether a file is one of these versions, by git's names: nothing of the person's is in it."""
    if not file.is_file() or file.is_symlink():
        return False
    return blob(file.read_bytes()).decode() in digests


def _read(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
