"""What the team may ask for, judged: the board's forms and the commands say the same of the same mistake."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.cohort import Cohort
from hub.errors import Message
from hub.journal import LONGEST, Journal
from hub.opening import Asked, Part, Wish, open_parts, standings

AFTER_THE_COURSE = timedelta(days=366)

NO_MOMENT = Message("Choose a date and a time.")
FAR = Message(
    "This is more than a year after the course. Choose an earlier moment; or close it, until somebody "
    "opens it."
)
PAST = Message("This moment has passed. Choose a later one, or open it now.")
NO_SUCH_TIME = Message(
    "This time does not exist on that day: the clocks change. Choose another one."
)
OPEN = Message("This is open. Close it first, then choose when it opens again.")
STAYS = Message(
    "This was released ahead of the calendar and stays. To take it from view, close it."
)
NO_TEXT = Message("Write the announcement in this language too.")
TOO_LONG = Message("This text has %(count)d characters, and %(most)d are possible. Shorten it.")


def moment(typed: str, cohort: Cohort) -> datetime | Message:
    """A moment typed on the cohort's clock, or with a zone of its own; or what is wrong with it."""
    zone = ZoneInfo(cohort.calendar.time_zone)
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return NO_MOMENT
    if "T" not in typed.upper() and " " not in typed:
        return NO_MOMENT
    if at.tzinfo:
        return at
    at = at.replace(tzinfo=zone)
    try:
        there_and_back = at.astimezone(UTC).astimezone(zone)
    except OverflowError:  # in the first year, or the last
        return NO_MOMENT
    return at if there_and_back.replace(tzinfo=None) == at.replace(tzinfo=None) else NO_SUCH_TIME


def fault_of_wish(
    journal: Journal, cohort: Cohort, which: tuple[int, Part], asked: Asked, now: datetime
) -> Message | None:
    """Why a wish about a part of a day would do nothing, or not what it says."""
    release = journal.releases().get(cohort.id)
    is_out = release is not None and which in release.parts
    if asked.wish is Wish.POSTPONE and asked.opens_at:
        if is_out:
            return OPEN
        last = cohort.calendar.days[-1] + AFTER_THE_COURSE
        return PAST if asked.opens_at <= now else FAR if asked.opens_at.date() > last else None
    if asked.wish is Wish.CALENDAR and is_out:
        asks = {**journal.asks(cohort.id), which: asked}
        comes = open_parts(standings(cohort.calendar, asks, frozenset(), now))
        return None if which in comes else STAYS
    return None


def fault_of_text(text: str) -> Message | None:
    """Why a text cannot be announced."""
    if not text:
        return NO_TEXT
    if len(text) > LONGEST:
        return Message(TOO_LONG.text, {"count": len(text), "most": LONGEST})
    return None
