"""Solutions: found in a source, replaced by a stub for participants, and proved absent from what they get."""

import re
from dataclasses import dataclass

from builder.faults import Language

STUB: dict[Language, str] = {"en": "# YOUR CODE HERE", "fr": "# VOTRE CODE ICI"}
TELLING = 16  # characters without spaces: shorter lines (``return x``) give nothing away

_MARK = re.compile(r"^(\s*)# (BEGIN|END) SOLUTION\s*$")


@dataclass(frozen=True)
class Region:
    """Lines ``begin`` to ``end`` (from 0) of a cell hold the two marks; ``indent`` is theirs."""

    begin: int
    end: int
    indent: str


def regions(lines: tuple[str, ...]) -> tuple[list[Region], list[tuple[int, str]]]:
    """The solution regions of a cell, and the faults: (line from 0, name in the catalogue)."""
    found: list[Region] = []
    faults: list[tuple[int, str]] = []
    opened: tuple[int, str] | None = None
    for i, line in enumerate(lines):
        match = _MARK.match(line)
        if not match:
            continue
        if match[2] == "BEGIN":
            if opened:
                faults.append((i, "nested_solution"))
            opened = opened or (i, match[1])
        elif opened is None:
            faults.append((i, "unopened_solution"))
        else:
            if not any(inner.strip() for inner in lines[opened[0] + 1 : i]):
                faults.append((opened[0], "empty_solution"))
            found.append(Region(opened[0], i, opened[1]))
            opened = None
    if opened:
        faults.append((opened[0], "unclosed_solution"))
    return found, faults


def is_telling(bare: str) -> bool:
    """Long enough to be somebody's work, and neither a comment nor the head of a loop or a branch."""
    return len(bare) >= TELLING and not bare.startswith("#") and not bare.endswith(":")


def bare(line: str) -> str:
    """A line without its spaces."""
    return re.sub(r"\s+", "", line)
