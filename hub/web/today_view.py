"""What one person sees of the course on their page. Nothing is kept, and nothing closed gets in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from hub.cohort import Cohort
from hub.errors import Message
from hub.i18n import Language
from hub.journal import Announcement, Cause, Listed, Notebook, Release, Workspace
from hub.opening import Part, Standing, open_day, open_parts
from hub.web.delivery import Delivery
from hub.web.places import stays_inside

ANNOUNCED_WITHIN = timedelta(hours=24)
"""Announcements are news for so long."""

BEFORE = 0
"""The day before the first: the check that all is ready, open from the beginning."""

CAUSES = {
    Cause.SILENT: Message(
        "The latest changes of the course have not reached you: your server did not answer. "
        "Press “Get updates”. If that does not help, stop your server and open it again."
    ),
    Cause.REFUSED: Message(
        "The latest changes of the course have not reached you: your server refused them. "
        "Stop your server and open it again."
    ),
    Cause.NO_ROOM: Message(
        "The latest changes of the course have not reached you: your workspace is full. "
        "Delete files that you no longer need, then press “Get updates”."
    ),
    Cause.NOT_SYNCED: Message(
        "The latest changes of the course could not be brought in; your files are as they were. "
        "Press “Get updates”. If that does not help, tell an instructor."
    ),
}


@dataclass(frozen=True)
class Entry:
    """One notebook, and how it stands in the person's workspace."""

    listed: Listed
    standing: Notebook

    @property
    def beside(self) -> str | None:
        """The course's version, where theirs was kept."""
        path = self.standing.beside
        return path if path and stays_inside(path) else None


@dataclass(frozen=True)
class Day:
    """One day; without notebooks as long as it is closed."""

    number: int
    standing: Standing | None
    """None for the day before the course."""
    notebooks: tuple[Entry, ...] = ()
    solutions: tuple[Entry, ...] = ()
    solutions_at: datetime | None = None
    """When they open; None where they have, and where nobody has said when they will."""

    @property
    def open(self) -> bool:
        """Whether people may see it."""
        return self.standing is None or self.standing.open

    @property
    def moved(self) -> bool:
        """Whether it opens on another date than its own."""
        at = self.standing.opens_at if self.standing else None
        return at is not None and self.standing is not None and at.date() != self.standing.date


@dataclass(frozen=True)
class View:
    """The course as one person has it at one moment."""

    days: tuple[Day, ...]
    """The five days."""
    before: Day
    landing: int | None
    """The day that the course has come to; None before it begins."""
    shown: Day
    """The day whose notebooks are on the page."""
    released: bool
    """Whether the cohort has anything yet."""
    workspace: Workspace | None
    trouble: Message | None
    announcements: tuple[Announcement, ...]
    """The latest first."""
    titles: dict[str, str]
    """Of what they can see, by path."""

    @property
    def arrived(self) -> list[str]:
        """Titles of what the last sync that brought something has brought, in the page's language."""
        paths = self.workspace.arrived if self.workspace else ()
        return [self.titles[path] for path in paths if path in self.titles]


def view(
    delivery: Delivery,
    cohort: Cohort,
    username: str,
    language: Language,
    now: datetime,
    wanted: str,
) -> View:
    """One person's page; ``wanted`` is the number of the day they ask for, as it was typed."""
    release, workspace = delivery.release(cohort), delivery.journal.workspace(username)
    found = delivery.standings(cohort, now)
    parts = open_parts(found)
    seen = _entries(release, workspace, parts)
    entries = tuple(entry for entry in seen if entry.listed.language is language)
    days = tuple(
        _day(one.day, one, entries, None if after.open else after.opens_at)
        for one, after in pairwise(found)
        if one.part is Part.DAY
    )
    before, landing = _day(BEFORE, None, entries), open_day(found)
    by_number = {str(day.number): day for day in (before, *days) if day.open}
    told = delivery.journal.announcements(cohort.id, now - ANNOUNCED_WITHIN)
    trouble = delivery.journal.troubles().get(username)
    return View(
        days=days,
        before=before,
        landing=landing,
        shown=by_number.get(wanted) or by_number[str(landing or BEFORE)],
        released=release is not None,
        workspace=workspace,
        trouble=CAUSES[trouble.cause] if trouble else None,
        announcements=tuple(reversed(told)),
        titles={one.listed.path: one.listed.title for one in entries},
    )


def sees(delivery: Delivery, cohort: Cohort, path: str, now: datetime) -> bool:
    """Whether a cohort's people can see the notebook of the release at ``path``, in any language."""
    parts = open_parts(delivery.standings(cohort, now))
    return path in {one.listed.path for one in _entries(delivery.release(cohort), None, parts)}


def _entries(
    release: Release | None,
    workspace: Workspace | None,
    parts: frozenset[tuple[int, Part]],
) -> Iterator[Entry]:
    known = workspace.notebooks if workspace else {}
    for listed in release.notebooks if release else ():
        part = Part.SOLUTIONS if listed.solution else Part.DAY
        opened = (listed.day, part) in parts or (listed.day == BEFORE and not listed.solution)
        if opened:
            yield Entry(listed, known.get(listed.path, Notebook()))


def _day(
    number: int,
    standing: Standing | None,
    entries: tuple[Entry, ...],
    solutions_at: datetime | None = None,
) -> Day:
    mine = [entry for entry in entries if entry.listed.day == number]
    return Day(
        number,
        standing,
        tuple(entry for entry in mine if not entry.listed.solution),
        tuple(entry for entry in mine if entry.listed.solution),
        solutions_at,
    )
