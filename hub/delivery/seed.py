"""The course that provisioning lands is where a site begins; from the first push on, the team goes on alone.

A site that nobody has pushed to takes each course that is landed, on top of the one before. Once somebody
has, what they pushed stays, until a course is landed that is the very one they have.

What is landed counts as executed: ``make test`` runs every notebook in the course image, and the first
push is not to wait for all of them.
"""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hub.delivery import course, trial
from hub.delivery.sources import Sources
from hub.journal import Journal

SEEDED = "seeded"
"""Beside the repository: the commit that provisioning made last."""

MESSAGE = "The course as it was provisioned"


@dataclass(frozen=True)
class Planted:
    """What became of a course that was landed."""

    commit: str
    """Of ``main``, now."""
    new: bool
    pushed_since: bool
    """The team's course is another one, and stays."""


def seed(sources: Sources, journal: Journal, image: str, landed: Path) -> Planted:
    """Take the course in ``landed`` (``content/`` with its ``build/``), unless the team has pushed since.

    ``image`` is the course image, in which its notebooks count as executed.

    Raises GitFailed or OSError, with everything as it was, when git or the disk fails.
    """
    sources.create()
    file = sources.folder.parent / SEEDED
    head, last = sources.head(), file.read_text("ascii") if file.exists() else None
    if head and head != last and sources.tree_of(landed) != sources.tree(head):
        return Planted(head, new=False, pushed_since=True)
    commit = sources.import_tree(landed, landed / "build", MESSAGE)
    journal.keep_passed(executed(landed, image))
    file.write_text(commit, "ascii")
    return Planted(commit, new=commit != head, pushed_since=False)


def executed(landed: Path, image: str) -> list[str]:
    """The gate's keys of all notebooks of a course."""
    built = landed / "build"
    files = {
        PurePosixPath(path.relative_to(built).as_posix()): path.read_bytes()
        for path in sorted(built.rglob("*"))
        if path.is_file()
    }
    program = (landed / "execute.py").read_text("utf-8")
    return list(trial.keys(image, files, course.notebooks(files), program).values())
