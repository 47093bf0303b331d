"""The course that provisioning lands is where a site begins; from the first push on, the team goes on alone.

A site that nobody has pushed to takes each course that is landed, on top of the one before. Once somebody
has, what they pushed stays, until a course is landed that is the very one they have.
"""

from dataclasses import dataclass
from pathlib import Path

from hub.delivery.sources import Sources

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


def seed(sources: Sources, landed: Path) -> Planted:
    """Take the course in ``landed`` (``content/`` with its ``build/``), unless the team has pushed since.

    Raises GitFailed or OSError, with everything as it was, when git or the disk fails.
    """
    sources.create()
    file = sources.folder.parent / SEEDED
    head, last = sources.head(), file.read_text("ascii") if file.exists() else None
    if head and head != last and sources.tree_of(landed) != sources.tree(head):
        return Planted(head, new=False, pushed_since=True)
    commit = sources.import_tree(landed, landed / "build", MESSAGE)
    file.write_text(commit, "ascii")
    return Planted(commit, new=commit != head, pushed_since=False)
