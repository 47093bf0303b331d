"""What a code cell says in each language: ``T("en", "fr")`` and pairs of comments.

A learner reads ``ax.set_xlabel("rang $k$")``: the call of ``T`` is replaced by the literal of their
language, as it is written, and of the runs ``# en: …`` / ``# fr: …`` one is kept.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from builder.faults import LANGUAGES, Language

COMMENT = re.compile(r"^(\s*)# (en|fr): ?(.*)$")
MARKS = re.compile(r"^\s*# (BEGIN|END) SOLUTION\s*$")
_CALL_OF_T = re.compile(r"\bT\s*\(")


@dataclass(frozen=True)
class Translation:
    """One ``T("en", "fr")``: its line (from 0), its place in the line in bytes, and both literals."""

    line: int
    start: int
    end: int
    literal: dict[Language, str]
    said: dict[Language, str]
    places: dict[Language, tuple[str, ...]]


class NotATranslation(Exception):
    """A call of ``T`` that cannot be replaced by a literal. ``line`` counts from 0."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@cache
def tree_of(text: str) -> ast.Module:
    """The syntax tree of a cell. Raises SyntaxError, also for the magics of IPython."""
    return ast.parse(text)


def calls_of_t(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T":
            yield node


@cache  # each cell is looked at by every judge and for every reader
def translations(text: str) -> tuple[tuple[Translation, ...], tuple[int, ...]]:
    """Every ``T(…)`` of a cell, and the lines (from 0) of those that are not two literals on one line."""
    tree = tree_of(text)
    if not _CALL_OF_T.search(text):  # most cells, and to walk their trees is a third of a build
        return (), ()
    inside = {
        call
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr)
        for call in calls_of_t(string)
    }
    good: list[Translation] = []
    bad: list[int] = []
    for call in calls_of_t(tree):
        try:
            if call in inside:
                raise NotATranslation(call.lineno - 1)
            good.append(_translation(text, call))
        except NotATranslation as error:
            bad.append(error.line)
    return tuple(good), tuple(bad)


def _translation(text: str, call: ast.Call) -> Translation:
    line = call.lineno - 1
    if call.lineno != call.end_lineno or len(call.args) != 2 or call.keywords:
        raise NotATranslation(line)
    literal: dict[Language, str] = {}
    said: dict[Language, str] = {}
    places: dict[Language, tuple[str, ...]] = {}
    for language, node in zip(LANGUAGES, call.args, strict=True):
        segment = ast.get_source_segment(text, node)
        if segment is None or not _is_string(node):
            raise NotATranslation(line)
        literal[language] = segment
        said[language] = _said(node)
        places[language] = _places(node)
    end = call.end_col_offset or call.col_offset
    return Translation(line, call.col_offset, end, literal, said, places)


def _is_string(node: ast.expr) -> bool:
    plain = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip()
    return bool(plain) or isinstance(node, ast.JoinedStr)


def _said(node: ast.expr) -> str:
    """The words of a literal; the places of an f-string as ``{}``."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)


def _places(node: ast.expr) -> tuple[str, ...]:
    """The expressions of an f-string, in alphabetical order: languages may order them differently."""
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return tuple(
        sorted(ast.unparse(part) for part in parts if isinstance(part, ast.FormattedValue))
    )


def localised(lines: tuple[str, ...], language: Language) -> list[str | None]:
    """For each line of a source cell, what a reader of ``language`` sees; None when they see nothing."""
    good, _ = translations("\n".join(lines))
    seen: list[str | None] = [_comment(line, language) for line in lines]
    for found in sorted(good, key=lambda found: found.start, reverse=True):
        line = (seen[found.line] or "").encode()
        literal = found.literal[language].encode()
        seen[found.line] = (line[: found.start] + literal + line[found.end :]).decode()
    return seen


def _comment(line: str, language: Language) -> str | None:
    match = COMMENT.match(line)
    if not match:
        return line
    return f"{match[1]}# {match[3]}" if match[2] == language else None


def said_in(lines: tuple[str, ...]) -> dict[Language, list[str]]:
    """All that a code cell says to people, by language: literals of ``T`` and comments, in order."""
    good, _ = translations("\n".join(lines))
    said: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
    for found in sorted(good, key=lambda found: (found.line, found.start)):
        for language in LANGUAGES:
            said[language].append(found.said[language])
    for match in filter(None, map(COMMENT.match, lines)):
        said["en" if match[2] == "en" else "fr"].append(match[3])
    return said


def unpaired_comments(lines: tuple[str, ...]) -> list[int]:
    """Lines (from 0) of runs of ``# en:`` or ``# fr:`` without the other language right beside them."""
    runs: list[tuple[int, str, str]] = []
    previous = None
    for i, line in enumerate(lines):
        match = COMMENT.match(line)
        mark = (match[2], match[1]) if match else None
        if mark and mark != previous:
            runs.append((i, *mark))
        elif not mark and previous:
            runs.append((i, "", ""))
        previous = mark
    return list(_without_partner(runs))


def _without_partner(runs: list[tuple[int, str, str]]) -> Iterator[int]:
    waiting: tuple[int, str, str] | None = None
    for run in [*runs, (-1, "", "")]:
        if waiting and run[1] and run[1] != waiting[1] and run[2] == waiting[2]:
            waiting = None
            continue
        if waiting:
            yield waiting[0]
        waiting = run if run[1] else None


def comments(text: str) -> list[tuple[int, str, bool]]:
    """Every other comment of a cell: its line (from 0), its text, whether code stands before it."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = [token for token in tokens if token.type == tokenize.COMMENT]
    return [
        (token.start[0] - 1, token.string, bool(token.line[: token.start[1]].strip()))
        for token in found
        if not (COMMENT.match(token.line) or MARKS.match(token.line))
    ]


@cache
def names(text: str) -> frozenset[str]:
    """Identifiers of a cell: a comment may name them in any language."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return frozenset(token.string for token in tokens if token.type == tokenize.NAME)


@cache  # most cells are the same for every reader
def logic(text: str) -> tuple[str, ...]:
    """The tokens of a cell without comments, strings and layout: equal in both languages."""
    dropped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return tuple(
        "S" if t.type == tokenize.STRING else t.string for t in tokens if t.type not in dropped
    )
