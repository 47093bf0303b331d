"""What the forms of the board ask for: read, judged, and written into the journal.

Whoever calls has made sure that ``by`` may speak for the cohort. A mistake is told beside its field.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.asking import fault_of_text, fault_of_wish, moment
from hub.cohort import DAYS, Cohort
from hub.errors import Message
from hub.journal import Journal
from hub.opening import Asked, Part, Wish

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
        at = moment(form.field("opens_at"), form.cohort)
        if isinstance(at, Message):
            return {"opens_at": at}
        asked = Asked(wish, at)
    if fault := fault_of_wish(journal, form.cohort, (day, part), asked, form.now):
        return {"opens_at": fault}
    journal.ask(form.cohort.id, day, part, asked, form.by)
    return {}


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
    mistakes = {name: fault for name, text in texts.items() if (fault := fault_of_text(text))}
    if not mistakes:
        journal.announce(form.cohort.id, texts["fr"], texts["en"], form.by)
    return mistakes


ASKS: dict[str, Callable[[Form, Journal], Mistakes]] = {
    "opening": opening,
    "again": again,
    "announce": announce,
}
"""By the name of the form."""
