"""That both languages say the same: the same formulas, the same code, nothing left in one language."""

import ast
import re
import tokenize
from collections.abc import Iterator

from builder import code, maths, solutions
from builder.faults import Fault
from builder.source import Block, Source

# Whose arguments people read, in the notebook's output or in a figure.
_SHOWN = {
    "print", "set_xlabel", "set_ylabel", "set_zlabel", "set_title", "suptitle", "supxlabel", "supylabel",
    "text", "annotate", "legend", "set_xticklabels", "set_yticklabels", "set_label",
}  # fmt: skip
_SHOWN_KEYWORDS = {"label", "labels", "title", "xlabel", "ylabel"}
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAME = re.compile(r"[^\W\d]\w{2,}")


def faults(source: Source) -> Iterator[Fault]:
    """Every difference between the languages of a source, and every fault of its code cells."""
    for block in source.prose:
        yield from _prose(source, block)
    for block in source.code:
        yield from _code(source, block)


def _prose(source: Source, block: Block) -> Iterator[Fault]:
    if len(block.cells) == 1:
        words = _WORD.findall(maths.without_formulas(block.cells[0].text))
        if words:
            values: dict[str, object] = {"words": ", ".join(words[:5])}
            yield Fault(source.file, "words_for_any", block.key, block.line, values)
        return
    yield from _formulas(source, block, block.cell("en").text, block.cell("fr").text)


def _formulas(source: Source, block: Block, english: str, french: str) -> Iterator[Fault]:
    ours, theirs = maths.difference(english, french)
    if ours or theirs:
        values: dict[str, object] = {
            "en": "  ".join(ours) or "—",
            "fr": "  ".join(theirs) or "—",
        }
        yield Fault(source.file, "formulas", block.key, block.line, values)


def _code(source: Source, block: Block) -> Iterator[Fault]:
    cell = block.cells[0]

    def fault(name: str, line: int, **values: object) -> Fault:
        return Fault(source.file, name, block.key, cell.first + line + 1, values)

    try:
        tree = code.tree_of(cell.text)
    except SyntaxError as error:
        yield fault("not_python", (error.lineno or 1) - 1, error=error.msg)
        return
    found, marks = solutions.regions(cell.lines)
    for line, name in marks:
        yield fault(name, line)
    if bool(found) != block.has("exercise") and not marks:
        yield fault("exercise_without_solution" if not found else "solution_without_exercise", 0)
    yield from _spoken(source, block)
    for line in code.unpaired_comments(cell.lines):
        yield fault("unpaired_comment", line)
    for line, text, after_code in code.comments(cell.text):
        unknown = [w for w in _NAME.findall(text) if w not in code.names(cell.text)]
        if unknown or (after_code and re.match(r"# (en|fr):", text)):
            yield fault("comment_in_one_language", line, text=text)
    for line, text in _shown(tree):
        yield fault("string_in_one_language", line, text=text)


def _spoken(source: Source, block: Block) -> Iterator[Fault]:
    """Faults of the calls of ``T``, and formulas that differ in what a code cell says."""
    cell = block.cells[0]
    good, bad = code.translations(cell.text)
    for line in bad:
        yield Fault(source.file, "translation_call", block.key, cell.first + line + 1)
    for found in good:
        if found.places["en"] != found.places["fr"]:
            values: dict[str, object] = {
                "en": ", ".join(found.places["en"]),
                "fr": ", ".join(found.places["fr"]),
            }
            line = cell.first + found.line + 1
            yield Fault(source.file, "code_tokens", block.key, line, values)
    said = code.said_in(cell.lines)
    yield from _formulas(source, block, "\n".join(said["en"]), "\n".join(said["fr"]))


def _shown(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings with words that people read and that no ``T`` translates: line (from 0) and text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
            shown = list(node.args) if name in _SHOWN else []
            shown += [word.value for word in node.keywords if word.arg in _SHOWN_KEYWORDS]
            for argument in shown:
                yield from _words(argument)
        elif isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr):
                yield from _words(first.value)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _words(node: ast.expr) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if _WORD.search(maths.without_formulas(node.value)):
            yield node.lineno - 1, node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else 0 for part in node.values)
        yield from _words(ast.Constant("".join(map(str, parts)), lineno=node.lineno))
    elif isinstance(node, ast.List | ast.Tuple | ast.BinOp | ast.IfExp | ast.Attribute):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from _words(child)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _words(node.func)


def logic_differs(english: str, french: str) -> str:
    """The first place where the code built for the two languages differs, or the empty string."""
    try:
        ours, theirs = code.logic(english), code.logic(french)
    except tokenize.TokenError as error:
        return str(error)
    for one, other in zip([*ours, ""], [*theirs, ""], strict=False):
        if one != other:
            return f"{one} / {other}"
    return "" if len(ours) == len(theirs) else "…"
