"""Dates, times and durations as they are written in each language, and messages said in one.

Sources: Lexique des règles typographiques en usage à l'Imprimerie nationale (« 1er mars », « 14 h 03 »);
New Oxford Style Manual ("Monday 1 March", "14:03").
"""

from datetime import UTC, date, datetime
from math import ceil
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time

from hub.errors import Message
from hub.i18n import Language, catalogue, render

LOCALES = {Language.FR: "fr", Language.EN: "en_GB"}
CITIES = {"America/Montreal": Message("Montreal")}
"""Zones that CLDR has made one with another: nobody there would look for their clock in Toronto."""

TIMES = {Language.FR: "H\u00a0'h'\u00a0mm", Language.EN: "HH:mm"}


def say(text: Message | str | None, language: Language) -> str:
    """A message, or a text of JupyterHub's own, in ``language``; nothing for nothing."""
    if isinstance(text, Message):
        return render(text, language)
    return str(catalogue(language).gettext(text)) if text else ""


def day(when: date, language: Language, year: bool = True) -> str:
    """``lundi 1er mars 2027``, ``Monday 1 March 2027``; the number does not part from its month."""
    pattern = "EEEE d'\u00a0'MMMM" + (" y" if year else "")
    text = format_date(when, pattern, locale=LOCALES[language])
    first = language is Language.FR and when.day == 1
    return text.replace(" 1\u00a0", " 1er\u00a0") if first else text


def moment(when: datetime, zone: str, language: Language) -> str:
    """Day and time as a clock in ``zone`` shows them. JupyterHub keeps its own without a zone, in UTC."""
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    there = aware.astimezone(ZoneInfo(zone))
    values: dict[str, object] = {
        "day": day(there.date(), language, year=False),
        "time": hour(aware, zone, language),
    }
    return render(Message("%(day)s at %(time)s", values), language)


def hour(when: datetime, zone: str, language: Language) -> str:
    """``8 h 30``, ``08:30``: the time alone, as a clock in ``zone`` shows it."""
    return format_time(when.astimezone(ZoneInfo(zone)), TIMES[language], locale=LOCALES[language])


def city(zone: str, language: Language) -> str:
    """Whose clock a time zone is: ``Porto-Novo``, ``Alger`` and ``Algiers``."""
    if zone in CITIES:
        return render(CITIES[zone], language)
    known = Locale.parse(LOCALES[language]).time_zones.get(zone, {})
    return str(known.get("city") or zone.rsplit("/", 1)[-1].replace("_", " "))


def opening(when: datetime, on: date, own: str, zone: str, language: Language) -> str:
    """When something opens, beside its date: by the course's clock (``own``), and by another one's.

    ``on`` is the date that is beside it: only another one is said. The second clock is left out where
    it shows the same.
    """
    theirs, here = when.astimezone(ZoneInfo(own)), when.astimezone(ZoneInfo(zone))
    values: dict[str, object] = {
        "first": _beside(theirs, on, own, language),
        "city": city(own, language),
    }
    if theirs.utcoffset() == here.utcoffset():
        return render(Message("%(first)s (%(city)s)", values), language)
    values |= {"second": _beside(here, on, zone, language), "other": city(zone, language)}
    text = Message("%(first)s (%(city)s), that is %(second)s for you (%(other)s)", values)
    return render(text, language)


def _beside(there: datetime, on: date, zone: str, language: Language) -> str:
    if there.date() != on:
        return moment(there, zone, language)
    return render(Message("at %(time)s", {"time": hour(there, zone, language)}), language)


def duration(seconds: float, language: Language) -> str:
    """``45 seconds``, ``3 minutes``: rounded up, so that who waits that long has waited enough."""
    words = catalogue(language)
    whole = max(1, ceil(seconds))
    if whole <= 90:
        text = words.ngettext("%(count)d second", "%(count)d seconds", whole)
        return str(text) % {"count": whole}
    minutes = ceil(whole / 60)
    text = words.ngettext("%(count)d minute", "%(count)d minutes", minutes)
    return str(text) % {"count": minutes}
