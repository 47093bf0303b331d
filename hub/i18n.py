"""French and English: which one, and the text in it.

The keys of the catalogue are the English texts; ``hub/web/locale/fr/LC_MESSAGES/hub.po`` holds the
French. Catalogues are read as they are written (``.po``), so no build step can leave them behind.
"""

from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from hub.errors import Message

CATALOGUES = Path(__file__).parent / "web" / "locale"


class Language(StrEnum):
    """The two languages of the course."""

    FR = "fr"
    EN = "en"

    @property
    def lang_variable(self) -> str:
        """Value of ``LANG`` for a server in this language (never ``LC_ALL``: it breaks git's parsing)."""
        return {Language.FR: "fr_FR.UTF-8", Language.EN: "en_GB.UTF-8"}[self]


DEFAULT = Language.FR


@cache
def catalogue(language: Language) -> NullTranslations:
    """The texts in ``language``; English is the catalogue's own keys."""
    path = CATALOGUES / language / "LC_MESSAGES" / "hub.po"
    if language is Language.EN:
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled, domain="hub")


def render(message: Message, language: Language) -> str:
    """``message`` in ``language``, with its values; messages among them are rendered too, and fractions."""
    values = {name: _rendered(value, language) for name, value in message.values.items()}
    text = str(catalogue(language).gettext(message.text))
    return text % values if values else text


def _rendered(value: object, language: Language) -> object:
    if isinstance(value, Message):
        return render(value, language)
    return format_decimal(value, locale=language.value) if isinstance(value, float) else value


def parse(value: str | None) -> Language | None:
    """``fr``, ``en`` or a tag of theirs (``fr-BJ``, ``en_GB.UTF-8``); None for anything else."""
    primary = (value or "").replace("_", "-").split("-")[0].strip().lower()
    return Language(primary) if primary in set(Language) else None


def accepted(header: str | None) -> Language | None:
    """The language that an ``Accept-Language`` header prefers among ours (RFC 9110, 12.5.4)."""
    best: tuple[float, Language] | None = None
    for item in (header or "").split(","):
        tag, _, parameters = item.partition(";")
        language = parse(tag)
        try:
            quality = float(parameters.partition("=")[2] or 1.0)
        except ValueError:
            quality = 0.0
        if language and quality > 0 and (best is None or quality > best[0]):
            best = (quality, language)
    return best[1] if best else None


def choose(setting: Language | None, cookie: str | None, accept_language: str | None) -> Language:
    """The person's setting, else the cookie, else the browser's wish, else French."""
    return setting or parse(cookie) or accepted(accept_language) or DEFAULT
