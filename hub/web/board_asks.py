"""What the forms of the board ask for: read, judged, and written into the journal.

Whoever calls has made sure that ``by`` may speak for the cohort. A mistake is told beside its field.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hub.cohort import DAYS, Cohort
from hub.errors import Message
from hub.journal import Journal
from hub.opening import Asked, Part, Wish

LONGEST = 500
"""Characters of an announcement in one language, as the journal takes them."""

NO_MOMENT = Message("Choose a date and a time.")
PAST = Message("This moment has passed. Choose a later one, or open it now.")
NO_SUCH_TIME = Message("The clocks leave this time out on that day. Choose another one.")
OPEN = Message("This is open. Close it first, then choose when it opens again.")
NO_TEXT = Message("Write the announcement in this language too.")
TOO_LONG = Message("This text has %(count)d characters, and %(most)d are possible. Shorten it.")
NOBODY = Message("Nobody’s server runs now. Everybody gets what is out at their next start.")

DONE = {
    "opening": Message("It is written down. The release follows within seconds."),
    "again": Message("The servers are being asked again."),
    "announce": Message("Announced. Open JupyterLabs show it now."),
}
"""What the board says once it has done something, by the name of the form."""


class Nonsense(ValueError):
    """A form that none of our pages sends."""


@dataclass(frozen=True)
class Form:
    """What somebody has sent, about one cohort."""

    cohort: Cohort
    fields: Mapping[str, str]
    by: str
    now: datetime
    running: Collection[str]
    """User names of those of the cohort whose servers run."""

    def field(self, name: str) -> str:
        """A field, without spaces around it; nothing for one that is missing."""
        return self.fields.get(name, "").strip()


Mistakes = dict[str, Message]
"""By the name of the field."""


def opening(form: Form, journal: Journal) -> Mistakes:
    """Open, close or postpone a part of a day, or leave it to the calendar. Raises Nonsense."""
    try:
        day, part, wish = int(form.field("day")), Part(form.field("part")), Wish(form.field("wish"))
    except ValueError as error:
        raise Nonsense from error
    if day not in range(1, DAYS + 1):
        raise Nonsense
    asked = Asked(wish)
    if wish is Wish.POSTPONE:
        release = journal.releases().get(form.cohort.id)
        if release and (day, part) in release.parts:
            return {"opens_at": OPEN}
        at = moment(form.field("opens_at"), form.cohort, form.now)
        if isinstance(at, Message):
            return {"opens_at": at}
        asked = Asked(wish, at)
    journal.ask(form.cohort.id, day, part, asked, form.by)
    return {}


def moment(typed: str, cohort: Cohort, now: datetime) -> datetime | Message:
    """A moment to come, typed on the cohort's clock; or what is wrong with it."""
    zone = ZoneInfo(cohort.calendar.time_zone)
    try:
        at = datetime.fromisoformat(typed).replace(tzinfo=zone)
    except ValueError:
        return NO_MOMENT
    if "T" not in typed.upper() and " " not in typed:
        return NO_MOMENT
    there_and_back = at.astimezone(UTC).astimezone(zone)
    if there_and_back.replace(tzinfo=None) != at.replace(tzinfo=None):
        return NO_SUCH_TIME
    return at if at > now else PAST


def again(form: Form, journal: Journal) -> Mistakes:
    """Ask servers that run to sync: one person's, or everybody's. Raises Nonsense."""
    wanted = form.field("username")
    names = {person.username for person in form.cohort.people}
    if wanted and wanted not in names:
        raise Nonsense
    running = sorted(({wanted} if wanted else names) & set(form.running))
    if not running:
        return {"again": NOBODY}
    journal.ask_again(running)
    return {}


def announce(form: Form, journal: Journal) -> Mistakes:
    """Tell the cohort something, in both languages."""
    texts = {name: form.field(name).replace("\r\n", "\n") for name in ("fr", "en")}
    mistakes: Mistakes = {}
    for name, text in texts.items():
        if not text:
            mistakes[name] = NO_TEXT
        elif len(text) > LONGEST:
            mistakes[name] = Message(TOO_LONG.text, {"count": len(text), "most": LONGEST})
    if not mistakes:
        journal.announce(form.cohort.id, texts["fr"], texts["en"], form.by)
    return mistakes


ASKS: dict[str, Callable[[Form, Journal], Mistakes]] = {
    "opening": opening,
    "again": again,
    "announce": announce,
}
"""By the name of the form."""
