"""Links and pictures of built notebooks: to the open web, or to a file of the course beside them."""

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from hub.delivery.course import INSTRUCTOR, Notebook
from hub.errors import Message

NOT_TEXT = re.compile(
    r"```.*?```|~~~.*?~~~|`[^`\n]*`|(?<!\\)\$\$.*?\$\$|(?<!\\)\$(?:\\.|[^$\\])*\$", re.DOTALL
)
"""Code and formulas: what looks like a link there is none. ``\\$`` is a sign of money."""

TARGET = re.compile(
    r"\]\(\s*<?([^\s)>]+)"  # [text](target) and ![text](target)
    r"|^\s{0,3}\[[^\]^]+\]:\s*<?([^\s>]+)"  # [name]: target
    r"|\b(?:src|href)\s*=\s*(?:[\"']([^\"']*)[\"']|([^\s\"'>]+))",  # <img src="target"> <img src=target>
    re.MULTILINE | re.IGNORECASE,
)

OUTSIDE = Message(
    "%(file)s, %(cell)s: the link “%(target)s” leads out of the course. What to do: link to a file of the "
    "course by a relative path, or to an address that begins with https://."
)
NOWHERE = Message(
    "%(file)s, %(cell)s: the link “%(target)s” leads to no file of the course. What to do: correct the "
    "path, or add the file."
)


def faults(notebooks: list[Notebook], paths: Collection[PurePosixPath]) -> Iterator[Message]:
    """Links of notebooks that lead nowhere; ``paths`` are all files of the built course."""
    known = {*paths, *(parent for path in paths for parent in path.parents)}
    for notebook in notebooks:
        for cell in notebook.cells:
            if cell.is_code:
                continue
            for target in targets("\n".join(cell.lines)):
                if wrong := _wrong(notebook.path, target, known):
                    values = {"file": notebook.path, "cell": cell.id, "target": target[:100]}
                    yield Message(wrong.text, values)


def targets(text: str) -> Iterator[str]:
    """Where the links and pictures of a text lead."""
    for match in TARGET.finditer(NOT_TEXT.sub(" ", text)):
        yield next(filter(None, match.groups()), "")


def _wrong(
    notebook: PurePosixPath, target: str, known: Collection[PurePosixPath]
) -> Message | None:
    try:
        parts = urlsplit(target)
    except ValueError:
        return OUTSIDE
    if parts.scheme in ("http", "https") and parts.netloc:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(("/", "\\")):
        return OUTSIDE
    if not parts.path:
        return None  # to a heading of the same notebook
    depth = 1 if notebook.parts[0] == INSTRUCTOR else 0
    found: list[str] = list(notebook.parent.parts)
    for part in PurePosixPath(unquote(parts.path)).parts:
        if part != "..":
            found.append(part)
        elif len(found) > depth:
            found.pop()
        else:
            return OUTSIDE
    return None if PurePosixPath(*found) in known else NOWHERE
