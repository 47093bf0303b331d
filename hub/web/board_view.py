"""What the board shows of one cohort, made from the journal, the calendar and who runs. Nothing is kept."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hub.cohort import Cohort, Person
from hub.errors import Message
from hub.i18n import Language
from hub.journal import Announcement, Cause, Journal, Release, Trouble, Workspace
from hub.opening import Asked, Standing, Wish, next_change
from hub.web.delivery import Delivery

ANNOUNCED_WITHIN = timedelta(hours=24)
"""The announcements that the board lists: those that people who come later are still shown."""


class Has(StrEnum):
    """How one person stands towards their cohort's release."""

    HAS = "has"
    BEHIND = "behind"
    OFF = "off"
    TROUBLE = "trouble"


SAID = {
    Has.HAS: Message("up to date"),
    Has.BEHIND: Message("on its way"),
    Has.OFF: Message("off"),
    Has.TROUBLE: Message("in trouble"),
}

CAUSES = {
    Cause.SILENT: Message("The server does not answer. What to do: try again; then restart it."),
    Cause.REFUSED: Message("The server answered with an error. What to do: try again."),
    Cause.NO_ROOM: Message(
        "The disk of this person is full. What to do: have them delete large files, then try again."
    ),
    Cause.NOT_SYNCED: Message(
        "The files could not be brought in; theirs are as they were. What to do: try again."
    ),
}


@dataclass(frozen=True)
class Row:
    """One person: the state, its cause when there is trouble, and what they kept their own version of."""

    person: Person
    has: Has
    trouble: Trouble | None
    kept: tuple[str, ...]
    """Titles of notebooks."""

    @property
    def cause(self) -> Message | None:
        """Why the release did not come in, and what to do."""
        return CAUSES[self.trouble.cause] if self.trouble else None


@dataclass(frozen=True)
class Opening:
    """One part of one day: where it stands, what was asked for it, whether it is in the release yet."""

    standing: Standing
    asked: Asked
    released: bool

    @property
    def closed(self) -> bool:
        """Closed until somebody opens it, whatever the calendar says."""
        return self.asked.wish is Wish.CLOSE

    @property
    def by_calendar(self) -> bool:
        """Nobody asked for anything else than the calendar."""
        return self.asked.wish is Wish.CALENDAR

    @property
    def moving(self) -> bool:
        """The release does not say yet what was asked."""
        return self.released is not self.standing.open


@dataclass(frozen=True)
class View:
    """One cohort on the board."""

    cohort: Cohort
    release: Release | None
    rows: tuple[Row, ...]
    days: tuple[tuple[Opening, Opening], ...]
    """Each day, and its solutions."""
    coming: tuple[Standing, ...]
    """What the calendar opens next, at one moment."""
    stuck: tuple[str, ...]
    announcements: tuple[Announcement, ...]
    running: int

    @property
    def counts(self) -> Counter[str]:
        """How many people stand in which way, by the value of ``Has``."""
        return Counter(row.has.value for row in self.rows)

    @property
    def troubled(self) -> str | None:
        """User name of the first in the table who is in trouble."""
        return next((row.person.username for row in self.rows if row.trouble), None)

    @property
    def kept(self) -> int:
        """How many people kept their own version of something."""
        return sum(1 for row in self.rows if row.kept)


def view(
    cohort: Cohort, delivery: Delivery, running: Collection[str], now: datetime, language: Language
) -> View:
    """The board's part about ``cohort``; ``running`` are user names."""
    journal, release = delivery.journal, delivery.release(cohort)
    asks, parts = journal.asks(cohort.id), release.parts if release else frozenset()
    found = delivery.standings(cohort, now)
    openings = [
        Opening(
            one,
            asks.get((one.day, one.part), Asked(Wish.CALENDAR)),
            (one.day, one.part) in parts,
        )
        for one in found
    ]
    first = next_change(found, now)
    told = reversed(journal.announcements(cohort.id, now - ANNOUNCED_WITHIN))
    return View(
        cohort=cohort,
        release=release,
        rows=tuple(_rows(cohort, release, journal, running)),
        days=tuple(zip(openings[::2], openings[1::2], strict=True)),
        coming=tuple(
            one for one in found if first and one.opens_at == first.opens_at and not one.open
        ),
        stuck=journal.stuck_cohorts(language).get(cohort.id, ()),
        announcements=tuple(told),
        running=sum(1 for person in cohort.people if person.username in running),
    )


def _rows(
    cohort: Cohort, release: Release | None, journal: Journal, running: Collection[str]
) -> Iterator[Row]:
    workspaces, troubles = journal.workspaces(), journal.troubles()
    titles = titles_of(release)
    for person in cohort.people:
        name = person.username
        workspace = workspaces.get(name)
        has = how(workspace, release, troubles.get(name), name in running)
        told = workspace.kept if workspace else ()
        kept = tuple(titles[path] for path in told if path in titles)
        yield Row(person, has, troubles.get(name) if has is Has.TROUBLE else None, kept)


def how(
    workspace: Workspace | None, release: Release | None, trouble: Trouble | None, runs: bool
) -> Has:
    """How a person stands towards a release. What a server has told holds while it is off."""
    if workspace and release and workspace.commit == release.head:
        return Has.HAS
    if not runs:
        return Has.OFF
    return Has.TROUBLE if trouble else Has.BEHIND


def titles_of(release: Release | None) -> Mapping[str, str]:
    """Titles of a release's notebooks, by path."""
    return {one.path: one.title for one in release.notebooks} if release else {}


def field_value(when: datetime | None, cohort: Cohort) -> str:
    """A moment as a field of a form takes it, on the cohort's clock."""
    zone = ZoneInfo(cohort.calendar.time_zone)
    return when.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if when else ""
