"""The words of a source, judged as French and as English; and the French set as it must be."""

import re
from collections.abc import Iterator
from pathlib import Path

from builder import typography, vocabulary
from builder.code import COMMENT, said_in, translations
from builder.faults import LANGUAGES, Fault, Language
from builder.source import Block, Source


def faults(source: Source, glossary: vocabulary.Glossary) -> Iterator[Fault]:
    """Every fault of typography, of vocabulary and of spelling, in both languages."""
    for block in source.blocks:
        english, french = ("\n\n".join(texts(block, language)) for language in LANGUAGES)
        found = [
            *_typography(source, block),
            *glossary.banned_in(french),
            *vocabulary.traps_in(english, french),
            *vocabulary.american_in(english),
        ]
        for name, values in found:
            yield Fault(source.file, name, block.key, block.line, values)


def _typography(source: Source, block: Block) -> Iterator[vocabulary.Found]:
    for language in LANGUAGES:
        for text in texts(block, language):
            for name, passage in typography.faults_of(text, language, places=block.is_code):
                yield name, {"passage": passage, "file": source.file}


def texts(block: Block, language: Language) -> list[str]:
    """What a block says in a language: a text, or the literals and comments of a code cell."""
    if block.is_code:
        return said_in(block.cells[0].lines)[language]
    return [cell.text for cell in block.cells if cell.language == language]


def typeset(source: Source) -> str:
    """The source with its French set: text cells, comments, literals of ``T``."""
    lines = source.text.split("\n")
    for block in source.blocks:
        for cell in block.cells:
            if cell.made:
                continue
            new = list(cell.lines)
            if cell.language == "fr":
                new = [
                    f"# {line}" if line else "#"
                    for line in typography.typeset(cell.text).split("\n")
                ]
            elif block.is_code:
                new = _typeset_code(cell.lines)
            lines[cell.first : cell.first + len(cell.lines)] = new
    return "\n".join(lines)


def _typeset_code(lines: tuple[str, ...]) -> list[str]:
    new = [COMMENT.sub(_typeset_comment, line) for line in lines]
    found, _ = translations("\n".join(lines))
    for call in sorted(found, key=lambda call: call.start, reverse=True):
        line = new[call.line].encode()
        old = call.literal["fr"]
        said = line[call.start : call.end].decode()
        before, _, after = said.rpartition(old)
        whole = before + _typeset_literal(old) + after
        new[call.line] = (line[: call.start] + whole.encode() + line[call.end :]).decode()
    return new


def _typeset_comment(match: re.Match[str]) -> str:
    if match[2] != "fr":
        return match[0]
    return f"{match[1]}# fr: {typography.typeset(match[3])}"


def _typeset_literal(literal: str) -> str:
    """A literal with the text between its quotes set; the quotes and the prefix (f, r) stay."""
    match = re.fullmatch(r"(\w*)(['\"])(.*)\2", literal, re.S)
    if not match:
        return literal
    places = "f" in match[1].lower() or "{" in match[3]
    return f"{match[1]}{match[2]}{typography.typeset(match[3], places)}{match[2]}"


def write_typeset(root: Path, source: Source) -> bool:
    """Sets the French of a source on disk; says whether anything changed."""
    text = typeset(source)
    if text == source.text:
        return False
    (root / source.file).write_text(text, "utf-8")
    return True
