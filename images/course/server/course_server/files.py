"""One notebook of the course, read for an instructor; one copy, written where an instructor finds it."""

import json
import re
import secrets
from pathlib import Path
from typing import Any

LARGEST = 16 * 2**20
"""Bytes of a notebook that is passed on."""

COPIES = "copies"
"""The folder of copies in an instructor's workspace."""

PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
"""Of a copy's name; nothing that is hidden, nothing that leads elsewhere."""

MODE = 0o444
"""A copy is for reading: what is written in it would reach nobody."""


class TooLarge(Exception):
    """More than LARGEST."""


class NoNotebook(Exception):
    """What is in the file is none."""


class BadName(Exception):
    """Not one that a copy can have."""


def read(course: Path, path: str) -> dict[str, Any]:
    """A notebook, by its path below the course.

    Raises LookupError when there is none there, TooLarge, or NoNotebook.
    """
    if not path.endswith(".ipynb"):
        raise LookupError("not a notebook")
    try:
        notebook = (course / path).resolve()
        if not notebook.is_relative_to(course.resolve()) or not notebook.is_file():
            raise LookupError("not in the course")
        with notebook.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a name that cannot be
        raise LookupError("not to be read") from error
    if len(content) > LARGEST:
        raise TooLarge
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NoNotebook from error
    if not isinstance(found, dict):
        raise NoNotebook
    return found


def copy(home: Path, name: str, content: dict[str, Any]) -> None:
    """Keep a notebook as ``name``, ``copies/…/….ipynb``; what had this name is replaced.

    Raises BadName for a name that is not of this form, TooLarge, NoNotebook when it cannot be written
    down, and FileExistsError or NotADirectoryError when something else is in its way.
    """
    first, *rest = name.split("/")
    if (
        first != COPIES
        or not rest
        or not name.endswith(".ipynb")
        or not all(PART.fullmatch(one) for one in rest)
    ):
        raise BadName
    try:
        text = json.dumps(content, indent=1, ensure_ascii=False).encode()
    except ValueError as error:  # half a character
        raise NoNotebook from error
    if len(text) > LARGEST:
        raise TooLarge
    target = home / name
    if any((home / one).is_symlink() for one in Path(name).parents) or target.is_dir():
        raise FileExistsError(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".~{secrets.token_hex(8)}")
    try:
        new.write_bytes(text)
        new.chmod(MODE)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
