"""A course that git can no longer merge into is built anew, with everything the person wrote in it.

The old folder is moved aside whole, to ``course_backup_<date>``, and never deleted. The new one is
built beside it (``salvage`` says what it holds) and appears in one rename, or not at all.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from subprocess import CalledProcessError

from course_server import save_points
from course_server.git import git, reference
from course_server.places import BRANCH, HAS
from course_server.puller import Puller
from course_server.salvage import MARK, bring_back

READY = "course-ready"
"""In ``.git`` of a new course once it is complete."""


REFUSED = "Aborting"
"""What git says at the end when it does not begin a merge: a file was saved after all of theirs had been
committed, say. It says so before it has touched anything, and the next sync merges."""


class Damaged(Exception):
    """Why git cannot merge into a folder."""


def examine(course: Path) -> None:
    """Raises Damaged when git cannot merge into this folder."""
    if not (course / ".git").is_dir():
        raise Damaged("the course is not a repository")
    if (course / ".git" / MARK).exists():
        raise Damaged("the last sync was interrupted")
    try:
        asked = f"HEAD\norigin/{BRANCH}\n".encode()
        found = git(course, "cat-file", "--batch-check=%(objecttype)", given=asked)
    except CalledProcessError as error:
        raise Damaged("the course's repository cannot be read") from error
    if found.split() != [b"commit", b"commit"]:
        raise Damaged("the course's repository is incomplete")


@contextmanager
def marked(course: Path) -> Iterator[list[str]]:
    """Leaves its mark in the course unless the work inside ends well, or fails before anything came.

    The work adds the lines that git says to the list that it is given.
    """
    mark = course / ".git" / MARK
    before = reference(course / ".git", HAS)
    mark.write_text(reference(course / ".git", "HEAD") or "", "ascii")
    said: list[str] = []
    try:
        yield said
    except Exception:
        # Fetching comes first (nbgitpuller's ``update``): nothing has been merged, nothing is half done.
        fetched = reference(course / ".git", HAS) != before
        merging = (course / ".git" / "MERGE_HEAD").exists()
        if not merging and (not fetched or REFUSED in map(str.strip, said)):
            mark.unlink()
        raise
    mark.unlink()


def remove_stale_locks(course: Path) -> None:
    """Locks outlive a git that was killed; at its start, nothing but the sync uses a workspace."""
    for lock in (course / ".git").rglob("*.lock"):
        lock.unlink()


class Fresh:
    """A new course, built beside the old one and put in its place when it is complete."""

    def __init__(self, course: Path) -> None:
        self.course = course
        self.folder = course.with_name(f".{course.name}.new")

    def resume(self) -> None:
        """Finish what an earlier start had completed, or clear it away: it holds copies only."""
        if (self.folder / ".git" / READY).exists() and not os.path.lexists(self.course):
            self.put_in_place()
        elif self.folder.exists():
            shutil.rmtree(self.folder)

    def copy(self, url: str) -> None:
        """The release, whole."""
        for _ in Puller(url, str(self.folder), branch=BRANCH, depth=0).pull():
            pass

    def put_in_place(self) -> None:
        """Let the new course be seen."""
        self.folder.rename(self.course)
        (self.course / ".git" / READY).unlink(missing_ok=True)


def rebuild(course: Path, fresh: Fresh, url: str) -> Path:
    """Replace a course; returns where the old one is.

    Raises, with the old one untouched, when the new one cannot be completed.
    """
    fresh.copy(url)
    if course.is_dir():
        bring_back(course, fresh.folder)
        with suppress(CalledProcessError):  # where they cannot be read, the backup has them
            save_points.carry(course, fresh.folder)
        for notes in (course / ".git").glob("course-*.json"):  # of ``standing`` and ``originals``
            shutil.copy2(notes, fresh.folder / ".git")
    (fresh.folder / ".git" / READY).touch()
    old = course.rename(backup_of(course))
    fresh.put_in_place()
    return old


def backup_of(course: Path) -> Path:
    """A name that nothing has yet: ``course_backup_20270301-0858``."""
    now = f"{datetime.now().astimezone():%Y%m%d-%H%M}"
    names = (f"{course.name}_backup_{now}{suffix}" for suffix in suffixes())
    return next(path for name in names if not os.path.lexists(path := course.with_name(name)))


def suffixes() -> Iterator[str]:
    """Nothing, then ``-2``, ``-3`` and so on."""
    yield ""
    yield from (f"-{number}" for number in count(2))
