"""``sync-back``: brings an edit made in a built notebook back to its source.

Markdown returns to its language. Code returns to the source all languages share, line by line; where a
changed line is one that the builder itself made (a ``T(…)``, a stub), there is no way back, and the
notebook is refused. The last word has the builder: the new source must build to exactly the edited cell.
"""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.code import COMMENT, translations
from builder.faults import Fault, Language, Refused
from builder.library import Library
from builder.notebook import built
from builder.source import Block, Source, read
from builder.view import Audience, Line, text_of, view


class NoWayBack(Exception):
    """An edit that cannot be inverted; carries the name of the fault."""


@dataclass(frozen=True)
class Edited:
    """A built notebook as somebody saved it."""

    path: Path
    source: Source
    language: Language
    audience: Audience
    cells: dict[str, str]


def sync_back(library: Library, path: Path) -> list[str]:
    """Writes the source; returns the keys of the cells that changed. Raises Refused and changes nothing."""
    edited = _edited(library, path)
    faults: list[Fault] = []
    changes: dict[str, list[str]] = {}
    for block in edited.source.blocks:
        lines = view(block, edited.language, edited.audience)
        if lines is None or block.key not in edited.cells:
            continue
        text = edited.cells[block.key]
        if text == text_of(lines):
            continue
        try:
            if block.cell(edited.language).made:
                raise NoWayBack("made_of_data")
            changes[block.key] = _inverted(block, lines, text, edited)
        except NoWayBack as error:
            faults.append(Fault(edited.source.file, str(error), block.key, block.line))
    if faults:
        raise Refused(faults)
    text = _with_changes(edited, changes)
    _written(library.root / edited.source.file, text)
    return sorted(changes)


def _edited(library: Library, path: Path) -> Edited:
    data = json.loads(path.read_text("utf-8"))
    course: dict[str, Any] = data.get("metadata", {}).get("course", {})
    everything, _ = library.sources()
    found = [judged for judged in everything if judged.source.name == course.get("id")]
    if not found:
        raise Refused([Fault(path, "not_of_this_course")])
    judged = found[0]
    if not judged.readable:
        raise Refused(judged.form + judged.parity)
    source, language, audience = judged.source, course["lang"], course["kind"]
    now = json.loads(built(source, language, audience))
    if now["metadata"]["course"]["text"] != course.get("text"):
        raise Refused([Fault(path, "source_moved_on")])
    cells = {cell.get("id", ""): "".join(cell["source"]) for cell in data["cells"]}
    before = [cell["id"] for cell in now["cells"]]
    if [cell.get("id") for cell in data["cells"]] != before:
        raise Refused([Fault(path, "cells_added_or_removed")])
    return Edited(path, source, language, audience, cells)


def _inverted(block: Block, seen: list[Line], text: str, edited: Edited) -> list[str]:
    """The new lines of the source cell. Raises NoWayBack."""
    new = text.split("\n")
    cell = block.cell(edited.language)
    if not block.is_code:
        return _commented(new)
    lines = list(_code_inverted(block, seen, new, edited.language))
    trial = Block((replace(cell, lines=tuple(lines)),))
    try:
        again = view(trial, edited.language, edited.audience)
    except SyntaxError:
        raise NoWayBack("edit_not_python") from None
    if again is None or text_of(again) != text:
        raise NoWayBack("no_way_back")
    return lines


def _commented(lines: list[str]) -> list[str]:
    return [f"# {line}" if line else "#" for line in lines]


def _code_inverted(
    block: Block, seen: list[Line], new: list[str], language: Language
) -> Iterator[str]:
    """The source lines of a code cell after the edit that leads from ``seen`` to ``new``."""
    old = [line.text for line in seen]
    source = list(block.cells[0].lines)
    translated = {found.line for found in translations("\n".join(source))[0]}
    replaced: dict[int, list[str]] = {}
    for verb, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if verb == "equal":
            continue
        origins = [line.origin for line in seen[i:j]]
        if None in origins or translated & set(origins):
            raise NoWayBack("no_way_back")
        _replace(replaced, source, seen, (i, j), new[k:m], language)
    for i, line in enumerate(source):
        yield from replaced.get(i, [line])
    yield from replaced.get(len(source), [])


def _replace(
    replaced: dict[int, list[str]],
    source: list[str],
    seen: list[Line],
    span: tuple[int, int],
    new: list[str],
    language: Language,
) -> None:
    """Notes which source lines become which: the first of the span takes all the new lines."""
    first, last = span
    origins = [line.origin for line in seen[first:last] if line.origin is not None]
    if not origins:
        after = _place(source, seen, first)
        replaced[after] = [*new, *([source[after]] if after < len(source) else [])]
        return
    comments = [bool(COMMENT.match(source[origin])) for origin in origins]
    if any(comments):
        if len(new) != len(origins) or not all(comments):
            raise NoWayBack("no_way_back")
        for origin, line in zip(origins, new, strict=True):
            replaced[origin] = [line.replace("# ", f"# {language}: ", 1)]
        return
    for origin in origins:
        replaced[origin] = []
    replaced[origins[0]] = new


def _place(source: list[str], seen: list[Line], position: int) -> int:
    """The source line before which new lines go. Raises NoWayBack between the marks of a solution."""
    before = [line.origin for line in seen[:position]]
    after = [line.origin for line in seen[position:]]
    start = before[-1] + 1 if before and before[-1] is not None else 0
    if (before and before[-1] is None) or (after and after[0] is None):
        raise NoWayBack("no_way_back")
    end = after[0] if after and after[0] is not None else len(source)
    if any("SOLUTION" in line for line in source[start:end]):
        raise NoWayBack("no_way_back")
    return end


def _with_changes(edited: Edited, changes: dict[str, list[str]]) -> str:
    lines = edited.source.text.split("\n")
    blocks = {block.key: block for block in edited.source.blocks}
    cells = [(blocks[key].cell(edited.language), new) for key, new in changes.items()]
    for cell, new in sorted(cells, key=lambda pair: pair[0].first, reverse=True):
        lines[cell.first : cell.first + len(cell.lines)] = new
    text = "\n".join(lines)
    again, form = read(edited.source.file, edited.source.name, text)
    if form or [block.key for block in again.blocks] != [b.key for b in edited.source.blocks]:
        raise Refused(form or [Fault(edited.source.file, "no_way_back")])
    return text


def _written(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, "utf-8")
    beside.replace(path)
