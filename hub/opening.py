"""When each day opens, and its solutions: the cohort's calendar, and what somebody asked for since.

Everything here follows from what is written down and the time that is given: a hub that was off, or
whose clock was set, comes to the same state. Rules, by number; a test carries each:

 1. A day opens at its cohort's hour (``opens_at``) on its date, in the cohort's own time zone.
 2. Its solutions open at that hour on the next morning.
 3. A day that ``cohort.yml`` lists in ``open_days`` is open from the beginning; not so its solutions.
 4. The last wish about a day, or about its solutions, wins over the calendar: open now, closed until
    somebody opens it, or open at another time.
 5. What was released once counts as come, whatever the clock says since; it can still be closed.
 6. Solutions never open before their day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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
    """The last wish about one part of one day. ``opens_at`` goes with ``POSTPONE`` alone."""

    wish: Wish
    opens_at: datetime | None = None


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
    at = asked.opens_at or scheduled(calendar, day, part)
    return Standing(day, part, when, now >= at or (day, part) in released, at)


def scheduled(calendar: Calendar, day: int, part: Part) -> datetime:
    """When the calendar opens a part of a day (rules 1 and 2)."""
    morning = calendar.days[day - 1] + timedelta(days=1 if part is Part.SOLUTIONS else 0)
    return datetime.combine(morning, calendar.opens_at, ZoneInfo(calendar.time_zone))


def open_parts(found: Collection[Standing]) -> frozenset[tuple[int, Part]]:
    """What is open."""
    return frozenset((one.day, one.part) for one in found if one.open)


def open_day(found: Collection[Standing]) -> int | None:
    """The day to land on: the last that is open with no day before it still to come; None before.

    A day that somebody opens ahead of others is there to be looked at, and lands nobody on it. One
    that was closed, because it was called off, holds up nobody.
    """
    landing: int | None = None
    for one in found:
        if one.part is Part.DAY and one.open:
            landing = one.day
        elif one.part is Part.DAY and one.opens_at:
            break
    return landing


def next_change(found: Collection[Standing], now: datetime) -> Standing | None:
    """What the calendar opens next; None when nothing is to come."""
    to_come = [one for one in found if not one.open and one.opens_at and one.opens_at > now]
    return min(to_come, key=lambda one: (one.opens_at, one.day), default=None)
