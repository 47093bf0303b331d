"""What one reader sees of a cell: a language, and whether solutions are shown.

Each line remembers the source line it came from, so that ``sync-back`` can go the other way.
"""

from dataclasses import dataclass
from typing import Literal

from builder.code import localised
from builder.faults import Language
from builder.solutions import STUB, regions
from builder.source import Block

Audience = Literal["participant", "instructor"]
AUDIENCES: tuple[Audience, Audience] = ("participant", "instructor")


@dataclass(frozen=True)
class Line:
    """A line as seen, and the index of its line in the source cell; None when nobody wrote it there."""

    text: str
    origin: int | None


def view(block: Block, language: Language, audience: Audience) -> list[Line] | None:
    """The lines of a block for a reader, or None when the cell is not for them."""
    if audience == "participant" and block.has("solution"):
        return None
    cell = block.cell(language)
    if not block.is_code:
        return [Line(text, i) for i, text in enumerate(cell.text.split("\n"))]
    seen = localised(cell.lines, language)
    found, _ = regions(cell.lines)
    for region in found:
        inner = range(region.begin, region.end + 1)
        for i in inner if audience == "participant" else (region.begin, region.end):
            seen[i] = None
    stubs = {region.begin: region.indent for region in found} if audience == "participant" else {}
    lines: list[Line] = []
    for i, text in enumerate(seen):
        if i in stubs:
            lines.append(Line(stubs[i] + STUB[language], None))
            lines.append(Line(stubs[i] + "raise NotImplementedError", None))
        if text is not None:
            lines.append(Line(text, i))
    return lines


def text_of(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines)
