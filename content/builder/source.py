"""Reads a ``py:percent`` source: a list of cells, each with its key, language, tags and place.

The format is Jupytext's (https://jupytext.readthedocs.io, "percent"), so that a source opens as a
notebook in JupyterLab; it is read here line by line because faults and ``sync-back`` need line numbers,
which Jupytext does not keep.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.faults import Fault

Kind = Literal["markdown", "code"]
TAGS = frozenset({"exercise", "solution", "figure", "break"})

_HEADING = re.compile(r"^# %%")
_MARKDOWN = "# %% [markdown]"
_OPTION = re.compile(r"\s+(\w+)=(\"[^\"]*\"|\[[^\]]*\])")
_KEY = re.compile(r"^[a-z0-9-]{1,64}$")
_CELL_LANGUAGES = {"markdown": {"en", "fr", "any"}, "code": {""}}


@dataclass(frozen=True)
class Cell:
    """One cell of a source. ``first`` is the index of its first line of text, ``language`` of Markdown.

    ``made`` tells that its lines do not stand in the source: ``pieces`` put them there.
    """

    kind: Kind
    key: str
    language: str
    tags: tuple[str, ...]
    lines: tuple[str, ...]
    first: int
    made: bool = False

    @property
    def text(self) -> str:
        """What a notebook shows: for Markdown, without the comment signs."""
        if self.kind == "code":
            return "\n".join(self.lines)
        return "\n".join(line[2:] for line in self.lines)


@dataclass(frozen=True)
class Block:
    """What stands at one place of the notebook under one key: a code cell, or its text by language."""

    cells: tuple[Cell, ...]

    @property
    def key(self) -> str:
        return self.cells[0].key

    @property
    def line(self) -> int:
        """Line number of the heading, counted from 1."""
        return self.cells[0].first

    @property
    def is_code(self) -> bool:
        return self.cells[0].kind == "code"

    @property
    def tags(self) -> tuple[str, ...]:
        return self.cells[0].tags

    def has(self, tag: str) -> bool:
        return tag in self.tags

    def cell(self, language: str) -> Cell:
        """The cell that a reader of ``language`` sees."""
        for cell in self.cells:
            if cell.language in (language, "any", ""):
                return cell
        raise KeyError(f"{self.key} has no cell for {language}")


@dataclass(frozen=True)
class Source:
    """One source notebook. ``file`` is relative to ``content/``; ``name`` is its id, such as ``d1-03``."""

    file: Path
    name: str
    text: str
    blocks: tuple[Block, ...]

    @property
    def code(self) -> Iterator[Block]:
        return (block for block in self.blocks if block.is_code)

    @property
    def prose(self) -> Iterator[Block]:
        return (block for block in self.blocks if not block.is_code)


def read(file: Path, name: str, text: str) -> tuple[Source, list[Fault]]:
    """The cells that could be read, and every fault of form."""
    faults: list[Fault] = []
    cells = list(_cells(file, text.split("\n"), faults))
    blocks = _blocks(file, cells, faults)
    return Source(file, name, text, tuple(blocks)), faults


def _cells(file: Path, lines: list[str], faults: list[Fault]) -> Iterator[Cell]:
    starts = [i for i, line in enumerate(lines) if _HEADING.match(line)]
    before = lines[: starts[0]] if starts else lines
    if any(line.strip() for line in before):
        faults.append(Fault(file, "text_before_cells", line=1))
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        cell = _cell(file, start, lines[start], lines[start + 1 : end], faults)
        if cell:
            yield cell


def _cell(
    file: Path, start: int, heading: str, lines: list[str], faults: list[Fault]
) -> Cell | None:
    kind: Kind = "markdown" if heading.startswith(_MARKDOWN) else "code"
    options = _options(heading.removeprefix(_MARKDOWN).removeprefix("# %%"))
    readable = options is not None and not options.keys() - {"key", "lang", "tags"}
    options = options or {}
    key, language = str(options.get("key", "")), str(options.get("lang", ""))
    listed = options.get("tags", [])
    tags = tuple(str(tag) for tag in listed) if isinstance(listed, list) else ()
    blank, body = _body(lines)

    def fault(name: str, **values: object) -> None:
        faults.append(Fault(file, name, key, start + 1, values))

    if not readable:
        fault("heading", heading=heading)
    if not _KEY.match(key):
        fault("key", found=key)
    if language not in _CELL_LANGUAGES[kind]:
        fault("cell_language" if kind == "markdown" else "code_language", found=language)
    if set(tags) - TAGS:
        fault("tag", found=", ".join(sorted(set(tags) - TAGS)), known=", ".join(sorted(TAGS)))
    if kind == "markdown" and any(not re.match(r"#( |$)", line) for line in body):
        fault("not_commented")
    if not body:
        fault("empty_cell")
    if not _KEY.match(key):
        return None
    return Cell(kind, key, language, tags, tuple(body), start + 1 + blank)


def _options(text: str) -> dict[str, object] | None:
    """``key="…" lang="…" tags=["…"]`` as values, or None when it is not that."""
    if _OPTION.sub("", text).strip():
        return None
    try:
        return {name: json.loads(value) for name, value in _OPTION.findall(text)}
    except json.JSONDecodeError:
        return None


def _body(lines: list[str]) -> tuple[int, list[str]]:
    """The cell's text without the blank lines around it, which are layout, and how many came first."""
    filled = [i for i, line in enumerate(lines) if line.strip()]
    if not filled:
        return 0, []
    return filled[0], lines[filled[0] : filled[-1] + 1]


def _blocks(file: Path, cells: list[Cell], faults: list[Fault]) -> list[Block]:
    groups: list[list[Cell]] = []
    for cell in cells:
        if groups and groups[-1][0].key == cell.key and cell.kind == "markdown":
            groups[-1].append(cell)
        else:
            groups.append([cell])
    seen: dict[str, int] = {}
    blocks: list[Block] = []
    for group in groups:
        block = Block(tuple(group))
        if block.key in seen:
            values: dict[str, object] = {"first": seen[block.key]}
            faults.append(Fault(file, "duplicate_key", block.key, block.line, values))
            continue
        seen[block.key] = block.line
        missing = _missing(group)
        if missing:
            values = {"missing": missing}
            faults.append(Fault(file, "missing_language", block.key, block.line, values))
            continue
        blocks.append(block)
    return blocks


def _missing(group: list[Cell]) -> str:
    """The language a Markdown cell lacks, or the empty string."""
    languages = sorted(cell.language for cell in group)
    if group[0].kind == "code" or languages in (["any"], ["en", "fr"]):
        return ""
    if len(set(languages)) < len(languages) or "any" in languages:
        return "en + fr"
    return "fr" if languages == ["en"] else "en"
