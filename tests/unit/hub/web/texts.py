"""Every text of ``hub/`` that a person can read, found where it is written: the keys of the catalogue.

Templates are read by Babel. Python is read as a syntax tree, which also tells when a text is made in a
way that no catalogue can have.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

HUB = Path(__file__).parents[4] / "hub"

Key = str | tuple[str, str]
"""An English text, or its singular and plural."""

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None}

FROM_ELSEWHERE = ("item['msg']",)
"""Texts of libraries, told to admins as they come: pydantic's, about a wrong value in a file."""


def texts() -> dict[Key, str]:
    """Each key and the first place where it stands, relative to ``hub/``."""
    found: dict[Key, str] = {}
    for file in sorted(HUB.rglob("*.py")):
        for key in in_python(file):
            found.setdefault(key, str(file.relative_to(HUB)))
    patterns = [("**/templates/**.html", "jinja2")]
    options = {"**/templates/**.html": {"silent": "false"}}
    for name, _, text, _, _ in extract_from_dir(HUB, patterns, options, keywords=KEYWORDS):
        parts = (text,) if isinstance(text, str) else tuple(part for part in text if part)
        found.setdefault(parts[0] if len(parts) == 1 else (parts[0], parts[1]), name)
    return found


def in_python(file: Path) -> Iterator[Key]:
    """The keys in one module. Raises AssertionError for a text that cannot be found by reading."""
    tree = ast.parse(file.read_text("utf-8"))
    assigned = list(constants(tree))
    for node in ast.walk(tree):
        name = called(node)
        if name == "ngettext":
            assert isinstance(node, ast.Call)
            yield written_out(node.args[0]), written_out(node.args[1])
        elif name == "Message":
            assert isinstance(node, ast.Call)
            text = node.args[0]
            known = [value for name, value in assigned if name == ast.unparse(text)]
            direct = literal(text)
            rewrapped = isinstance(text, ast.Attribute) and text.attr == "text"
            if direct is not None:
                yield direct
            elif known:
                yield from known
            else:
                allowed = rewrapped or ast.unparse(text) in FROM_ELSEWHERE
                assert allowed, f"{file}:{node.lineno}: write the text of this Message out"


def called(node: ast.AST) -> str | None:
    """The name of what is called, without what it belongs to."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    return getattr(node.func, "id", None) or getattr(node.func, "attr", None)


def literal(node: ast.AST) -> str | None:
    """The text of a string that is written out."""
    written = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if written else None  # type: ignore[attr-defined]


def written_out(node: ast.expr) -> str:
    """The same; raises AssertionError for anything else."""
    text = literal(node)
    assert text is not None, ast.unparse(node)
    return text


def constants(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Names to which a string is given, and the string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (text := literal(node.value)) is not None:
            for target in node.targets:
                yield ast.unparse(target), text
