"""Save points: the whole course of a person as it was at a moment, to go back to.

A save point is a commit under ``refs/save-points/``, named by its moment in UTC; whatever else is in the
repository, it stays. It holds every file of the course but the largest, the person's own and those that
git would ignore too. Neither the work tree nor git's index is touched when one is taken.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import copyfile
from stat import S_ISREG
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory

from course_server.git import git, names
from course_server.salvage import beside

PREFIX = "refs/save-points/"
FORM = "%Y%m%dT%H%M%S"

MOST = 100
"""Save points that are kept; the last of each day is kept in any case."""

LARGEST = 16 * 2**20
"""Bytes of a file above which it is data, not what a person writes."""

AUTHOR = {
    f"GIT_{who}_{key}": value
    for who in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Save point"), ("EMAIL", "save-point@course.invalid"))
}

CACHES = ("**/.ipynb_checkpoints/**", "**/__pycache__/**")


def take(course: Path) -> str | None:
    """Make a save point of the course as it is; its name, or None when the last one is the same."""
    with _index(course) as index:
        return _keep(course, index)


def _keep(course: Path, index: dict[str, str]) -> str | None:
    """The same; ``index`` holds afterwards what is in the save point."""
    _fill(course, index)
    tree = git(course, "write-tree", more=index).decode().strip()
    taken = all_of(course)
    if taken and git(course, "rev-parse", f"{PREFIX}{taken[0]}^{{tree}}").decode().strip() == tree:
        return None
    commit = git(course, "commit-tree", "-m", "Save point", tree, more=AUTHOR).decode().strip()
    name = _free_name(taken)
    git(course, "update-ref", PREFIX + name, commit)
    _forget(course, [name, *taken])
    return name


def all_of(course: Path) -> list[str]:
    """The names of all save points, the latest first."""
    found = git(course, "for-each-ref", "--format=%(refname)", PREFIX.rstrip("/")).decode().split()
    return sorted((name.removeprefix(PREFIX) for name in found), key=_order, reverse=True)


def moment(name: str) -> datetime:
    """When a save point was taken."""
    return datetime.strptime(name.partition("-")[0], FORM).replace(tzinfo=UTC)


def go_back(course: Path, name: str) -> None:
    """Make every file of a save point what it was then; files made since then stay.

    What is there now becomes a save point first; what none can hold, because it is too large, gives way
    as ``<name>__kept``. Raises LookupError when there is no such save point.
    """
    if name not in all_of(course):
        raise LookupError(name)
    with _index(course) as index:
        _keep(course, index)  # what is written after it is unsaved, and gives way
        unsaved = names(git(course, "ls-files", "--others", "--modified", "-z", more=index))
        unsaved += _repositories_of_their_own(course)
        git(course, "read-tree", PREFIX + name, more=index)
        _make_way(course, unsaved, names(git(course, "ls-files", "-z", more=index)))
        git(course, "checkout-index", "--all", "--force", more=index)


def carry(old: Path, new: Path) -> None:
    """Bring the save points of a course that git can still read into the one that replaces it."""
    git(new, "fetch", "--quiet", "--no-tags", str(old), f"+{PREFIX}*:{PREFIX}*")


def _fill(course: Path, index: dict[str, str]) -> None:
    """Put into an index all that a save point holds."""
    _look_at_all(course, index)
    left_out = [f":(exclude,literal)./{name}" for name in _large(course)]
    left_out += [f":(exclude,glob){pattern}" for pattern in CACHES]
    # A file that the person makes unreadable, or that goes meanwhile, keeps no other from being saved.
    options = ("add", "--all", "--force", "--ignore-errors", "--", ".", *left_out)
    try:
        git(course, *options, more=index)
    except CalledProcessError as error:
        if error.returncode not in (1, 128):
            raise


def _look_at_all(course: Path, index: dict[str, str]) -> None:
    """Take the marks away with which a person tells git not to look at a file (git-update-index(1))."""
    listed = names(git(course, "ls-files", "-v", "-z", more=index))
    marked = [name[2:] for name in listed if name[0].islower() or name[0] == "S"]
    if marked:
        told = b"".join(os.fsencode(name) + b"\0" for name in marked)
        for mark in ("--no-assume-unchanged", "--no-skip-worktree"):
            git(course, "update-index", mark, "-z", "--stdin", given=told, more=index)


def _make_way(course: Path, unsaved: list[str], wanted: list[str]) -> None:
    """Rename what is in no save point and would be replaced, itself or the folder that it is in."""
    files = {Path(name) for name in wanted}
    folders = {folder for file in files for folder in file.parents}
    for path in map(Path, unsaved):
        way = [*reversed(path.parents), path]
        blocked = next((one for one in way if one in files or one == path in folders), None)
        if blocked and os.path.lexists(course / blocked):
            (course / blocked).rename(beside(course / blocked, "kept"))


def _repositories_of_their_own(course: Path) -> Iterator[str]:
    """Folders in which the person has a repository: git saves nothing of what is in them."""
    for root, folders, files in os.walk(course):
        here = Path(root)
        if here == course:
            folders[:] = [name for name in folders if name != ".git"]
        elif ".git" in folders or ".git" in files:
            folders.clear()
            yield here.relative_to(course).as_posix()


@contextmanager
def _index(course: Path) -> Iterator[dict[str, str]]:
    """An index of its own, a copy of git's: files that have not changed need not be read again."""
    with TemporaryDirectory() as place:
        index = Path(place) / "index"
        if (course / ".git" / "index").exists():
            copyfile(course / ".git" / "index", index)
        yield {"GIT_INDEX_FILE": str(index)}


def _large(course: Path) -> Iterator[str]:
    for root, folders, files in os.walk(course):
        if Path(root) == course and ".git" in folders:
            folders.remove(".git")
        for file in files:
            path = Path(root, file)
            with suppress(
                OSError
            ):  # gone meanwhile, or closed by the person: git leaves it out too
                found = path.lstat()
                if S_ISREG(found.st_mode) and found.st_size > LARGEST:
                    yield path.relative_to(course).as_posix()


def _free_name(taken: list[str]) -> str:
    now = datetime.now(UTC).strftime(FORM)
    free = (now if number == 0 else f"{now}-{number}" for number in count())
    return next(name for name in free if name not in taken)


def _order(name: str) -> tuple[str, int]:
    second, _, number = name.partition("-")
    return second, int(number or 0)


def _forget(course: Path, taken: list[str]) -> None:
    """Let the oldest go when there are too many; ``taken`` begins with the latest."""
    last_of_day: dict[str, str] = {}
    for name in taken:
        last_of_day.setdefault(name[:8], name)
    others = [name for name in taken if name not in last_of_day.values()]
    surplus = max(0, len(taken) - MOST)
    gone = others[max(0, len(others) - surplus) :]
    if surplus and gone:
        told = "".join(f"delete {PREFIX}{name}\n" for name in gone)
        git(course, "update-ref", "--stdin", given=told.encode())
