"""When each day opens, and its solutions: the cohort's calendar, and what somebody asked for since.

Everything here follows from what is written down and the time that is given: a hub that was off, or
whose clock was set, comes to the same state. Rules, by number; a test carries each:

 1. A day opens at its cohort's hour (``opens_at``) on its date, in the cohort's own time zone.
 2. Its solutions open at that hour on the morning after: after its date or, where the team has made it come
    later, after the day on which it came.
 3. A day that ``cohort.yml`` lists in ``open_days`` is open from the beginning; not so its solutions.
 4. The last wish about a day, or about its solutions, wins over the calendar: open now, closed until
    somebody opens it, or open at another time.
 5. What was released once counts as come, whatever the clock says since; it can still be closed.
 6. Solutions never open before their day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hub.cohort import Calendar


class Part(StrEnum):
    """What of a day opens by itself."""

    DAY = "day"
    SOLUTIONS = "solutions"


class Wish(StrEnum):
    """What somebody can ask of a part of a day."""

    OPEN = "open"
    CLOSE = "close"
    POSTPONE = "postpone"
    CALENDAR = "calendar"
    """Back to what the calendar says."""


@dataclass(frozen=True)
class Asked:
    """The last wish about one part of one day."""

    wish: Wish
    opens_at: datetime | None = None
    """With ``POSTPONE`` alone."""
    at: datetime | None = field(default=None, compare=False)
    """When it was asked for."""

    @property
    def comes_at(self) -> datetime | None:
        """When the day comes because of it, where the calendar does not say."""
        return {Wish.OPEN: self.at, Wish.POSTPONE: self.opens_at}.get(self.wish)


@dataclass(frozen=True)
class Standing:
    """How one part of one day stands: open or not, and when it opens or was to open by the clock.

    ``opens_at`` carries the cohort's time zone; it is None for what stays closed until somebody opens
    it, and for what is open whatever the clock says.
    """

    day: int
    part: Part
    date: date
    open: bool
    opens_at: datetime | None


Asks = Mapping[tuple[int, Part], Asked]
Released = Collection[tuple[int, Part]]


def standings(
    calendar: Calendar, asks: Asks, released: Released, now: datetime
) -> tuple[Standing, ...]:
    """Every part of every day, in order; ``now`` carries a time zone."""
    found: list[Standing] = []
    for day, when in enumerate(calendar.days, 1):
        first = _standing(calendar, Part.DAY, day, when, asks, released, now)
        then = _standing(calendar, Part.SOLUTIONS, day, when, asks, released, now)
        if then.open and not first.open:
            then = Standing(day, Part.SOLUTIONS, when, False, first.opens_at)
        found += [first, then]
    return tuple(found)


def _standing(
    calendar: Calendar,
    part: Part,
    day: int,
    when: date,
    asks: Asks,
    released: Released,
    now: datetime,
) -> Standing:
    asked = asks.get((day, part), Asked(Wish.CALENDAR))
    if asked.wish is Wish.CLOSE:
        return Standing(day, part, when, False, None)
    early = part is Part.DAY and day in calendar.open_days and asked.wish is Wish.CALENDAR
    if asked.wish is Wish.OPEN or early:
        return Standing(day, part, when, True, None)
    at = asked.opens_at or scheduled(calendar, day, part, asks)
    return Standing(day, part, when, now >= at or (day, part) in released, at)


def scheduled(calendar: Calendar, day: int, part: Part, asks: Asks) -> datetime:
    """When the calendar opens a part of a day (rules 1 and 2)."""
    zone, date = ZoneInfo(calendar.time_zone), calendar.days[day - 1]
    if part is Part.SOLUTIONS:
        comes_at = asks.get((day, Part.DAY), Asked(Wish.CALENDAR)).comes_at
        came = max(date, comes_at.astimezone(zone).date()) if comes_at else date
        date = came + timedelta(days=1)
    return datetime.combine(date, calendar.opens_at, zone)


def open_parts(found: Collection[Standing]) -> frozenset[tuple[int, Part]]:
    """What is open."""
    return frozenset((one.day, one.part) for one in found if one.open)


def open_day(found: Collection[Standing]) -> int | None:
    """The day to land on: the last that has come; None before the first.

    A day that somebody opens ahead of one that is still to come is there to be looked at, and lands
    nobody on it. One that was closed, because it was called off, holds up nobody; nor does one that was
    moved behind others.
    """
    landing: int | None = None
    to_come = False
    for one in found:
        if one.part is Part.SOLUTIONS:
            continue
        if one.open and (one.opens_at or not to_come):
            landing = one.day
        to_come = to_come or bool(not one.open and one.opens_at)
    return landing


def next_change(found: Collection[Standing], now: datetime) -> Standing | None:
    """What the calendar opens next; None when nothing is to come."""
    to_come = [one for one in found if not one.open and one.opens_at and one.opens_at > now]
    return min(to_come, key=lambda one: (one.opens_at, one.day), default=None)
