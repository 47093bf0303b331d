"""Invitations on paper and as text, in both languages, the person's first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from io import BytesIO
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import segno
import typst
from babel.dates import format_date

from hub.cohort import Cohort, Person
from hub.errors import Message
from hub.i18n import Language, render
from hub.login.store import NewInvitation
from hub.login.tokens import grouped

LOCALES = {Language.FR: "fr_FR", Language.EN: "en_GB"}

SCAN = Message("Scan this QR code, or open the address below and type the code under it.")
OPEN_LINK = Message("Open this link:")
OR_TYPE = Message("or open this address:")
THE_CODE = Message("and type this code:")
USERNAME = Message("Your user name:")


@dataclass(frozen=True)
class Slip:
    """What one person gets. ``site`` is the address of the hub, as people type it, without a final slash."""

    person: Person
    language: Language
    cohort: Cohort
    invitation: NewInvitation
    site: str

    @property
    def address(self) -> str:
        """Where a code is typed."""
        return f"{self.site}/hub/invitation"

    @property
    def link(self) -> str:
        """Where the QR code leads."""
        return f"{self.address}?{urlencode({'token': self.invitation.token})}"

    @property
    def code(self) -> str:
        """The short code, in groups."""
        return grouped(self.invitation.code)

    @property
    def languages(self) -> tuple[Language, Language]:
        """The person's, then the other."""
        other = Language.EN if self.language is Language.FR else Language.FR
        return self.language, other

    def valid(self, language: Language) -> str:
        """Until when, in the person's time zone, and for whom."""
        day = self.invitation.expires_at.astimezone(ZoneInfo(self.person.time_zone)).date()
        text = "Valid once, until the end of %(date)s. Personal: do not pass it on."
        return render(Message(text, {"date": long_date(day, language)}), language)


def long_date(day: date, language: Language) -> str:
    """``22 March 2027``, ``22 mars 2027``; in French the first of a month is ``1er mars 2027``."""
    text = str(format_date(day, "long", locale=LOCALES[language]))
    return text.replace("1 ", "1er ", 1) if language is Language.FR and day.day == 1 else text


def pdf(slips: Sequence[Slip], now: datetime) -> bytes:
    """Slips of one cohort, six a page; the same bytes for the same slips and the same ``now``."""
    first = slips[0]
    return typst.compile(
        files("hub.login").joinpath("slips.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={
            "slips": json.dumps([_slip(slip) for slip in slips]),
            "title": first.cohort.calendar.title.in_(first.language),
        },
        timestamp=int(now.timestamp()),
    )


def _slip(slip: Slip) -> dict[str, object]:
    """As ``slips.typ`` reads it."""
    return {
        "name": slip.person.name,
        "username": slip.person.username,
        "code": slip.code,
        "qr": _qr(slip.link),
        "address": slip.address,
        "texts": [
            {
                "lang": language.value,
                "title": slip.cohort.calendar.title.in_(language),
                "scan": render(SCAN, language),
                "user": render(USERNAME, language),
                "valid": slip.valid(language),
            }
            for language in slip.languages
        ],
    }


def _qr(link: str) -> str:
    """The link as SVG; level M still reads when 15 % of a creased slip does not."""
    target = BytesIO()
    segno.make_qr(link, error="m").save(target, kind="svg", xmldecl=False, border=0)
    return target.getvalue().decode()


def text(slip: Slip) -> str:
    """The same for a mail or a chat, where there is nothing to scan."""
    parts = []
    for language in slip.languages:
        say = {m.text: render(m, language) for m in (OPEN_LINK, OR_TYPE, THE_CODE, USERNAME)}
        parts.append(
            f"{slip.person.name}\n{slip.cohort.calendar.title.in_(language)}\n\n"
            f"{say[OPEN_LINK.text]}\n  {slip.link}\n"
            f"{say[OR_TYPE.text]}\n  {slip.address}\n"
            f"{say[THE_CODE.text]}\n  {slip.code}\n\n"
            f"{say[USERNAME.text]} {slip.person.username}\n"
            f"{slip.valid(language)}\n"
        )
    return f"\n{'-' * 72}\n\n".join(parts)
