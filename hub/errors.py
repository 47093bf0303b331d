"""What can be wrong, said to the person who can act: what, where, why, what to do.

A ``Message`` is a text and its values, not yet in any language: ``hub.i18n`` renders it. A ``Problem``
puts a message at a place in a file. Mistakes of one input are collected and raised together, so that
they can all be mended in one go and nothing is half-applied.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Message:
    """A translatable text with ``%(name)s`` places; the English text is the catalogue's key."""

    text: str
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


@dataclass(frozen=True)
class Problem:
    """One mistake in one file: where it stands, what is wrong, what to do about it."""

    file: Path
    what: Message
    remedy: Message
    row: int | None = None
    column: str | None = None
    value: str | None = None


class CourseError(Exception):
    """An error whose message a person reads, in their language."""

    def __init__(self, message: Message, remedy: Message | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.remedy = remedy


class InvalidInput(CourseError):
    """Files of an admin or an instructor with mistakes; carries every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(Message("%(count)d mistakes were found.", {"count": len(problems)}))
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(f"{p.file.name}: {p.what}" for p in self.problems)
