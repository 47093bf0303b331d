"""What can be wrong with a source, said to the instructor who can mend it: what, where, what to do."""

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, Language] = ("en", "fr")

_MESSAGES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("messages.toml").read_text("utf-8")
)


@dataclass(frozen=True)
class Fault:
    """One mistake: where it stands, its name in ``messages.toml``, and the values of its message."""

    file: Path
    name: str
    cell: str = ""
    line: int | None = None
    values: dict[str, object] = field(default_factory=dict)

    def said(self, language: Language) -> str:
        """``src/day1/03-svd.py:41, svd-thm: the formulas differ … What to do: …``"""
        what, remedy = (
            text.format(**self.values) for text in _MESSAGES["fault"][self.name][language]
        )
        place = str(self.file) + (f":{self.line}" if self.line else "")
        cell = f", {self.cell}" if self.cell else ""
        colon = "\u00a0:" if language == "fr" else ":"
        return f"{place}{cell}{colon} {what} {said('what_to_do', language)} {remedy}"


class Refused(Exception):
    """Sources with mistakes; carries every one of them. Nothing was written."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (str(fault.file), fault.line or 0))
        super().__init__("\n".join(fault.said("en") for fault in self.faults))


def said(name: str, language: Language, **values: object) -> str:
    """A sentence of the command line."""
    text: str = _MESSAGES["said"][name][language]
    return text.format(**values)


def language_of(locale: str) -> Language:
    """The language of a value of ``LANG``: French for ``fr_FR.UTF-8``, else English."""
    return "fr" if locale.lower().startswith("fr") else "en"


def own_language() -> Language:
    """The language of whoever started this process."""
    return language_of(os.environ.get("LANG", ""))
