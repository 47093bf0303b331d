"""A built course as the gate takes it out of its container: hostile until it has been read.

Regular files only, with names that are safe everywhere, of a bounded number and size; notebooks must be
notebooks. What is read is written anew: nothing of the archive's owners, modes, links or times survives.
"""

import io
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ValidationError

from hub.delivery.pushed import LARGEST_FILE, LARGEST_WHOLE, MOST_FILES, NAME
from hub.errors import Message
from hub.i18n import Language

INSTRUCTOR = "instructor"
SOLUTIONS = "solutions"
"""A folder beside a day's notebooks that releases alone fill."""
TOP = (*Language, "airina", INSTRUCTOR)
OF_A_DAY = re.compile(rf"({INSTRUCTOR}/)?({'|'.join(Language)})/day\d/[^/]+")
DEEPEST = 6

STRANGE = Message(
    "build.py made %(file)s, which is no file of a course. What to do: make only files and folders below "
    "fr, en, airina and instructor, with plain names, and none called solutions."
)
TOO_MUCH = Message(
    "build.py made more than %(files)d files or %(size)d MiB. What to do: look at what it makes."
)
NO_NOTEBOOK = Message(
    "%(file)s is not a notebook of the course (nbformat 4, with metadata.course). What to do: mend what "
    "build.py makes of it."
)
MISPLACED = Message(
    "%(file)s is a notebook outside the folder of a day. What to do: let build.py put notebooks into fr/dayN "
    "and en/dayN, and the instructors’ into the same folders below instructor."
)
EMPTY = Message(
    "build.py made no notebook. What to do: run it in your clone and look at the folder build."
)


class Strange(Exception):
    """What was built cannot be taken."""

    def __init__(self, messages: list[Message]) -> None:
        super().__init__("\n".join(map(str, messages)))
        self.messages = messages


class _Id(BaseModel):
    id: str


class _Metadata(BaseModel):
    course: _Id


class _Cell(BaseModel):
    cell_type: str
    id: str
    source: list[str] | str


class _Notebook(BaseModel):
    nbformat: int
    metadata: _Metadata
    cells: list[_Cell]


@dataclass(frozen=True)
class Cell:
    """One cell: its id, whether it is code, its lines."""

    id: str
    is_code: bool
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Notebook:
    """One built notebook. ``place`` is the same for all its versions: ``day1/03-svd``."""

    path: PurePosixPath
    id: str
    place: str
    cells: tuple[Cell, ...] = field(repr=False)


def read(stream: Iterable[bytes]) -> dict[PurePosixPath, bytes]:
    """The files in a tar of a built course, by their path in it; raises Strange."""
    files: dict[PurePosixPath, bytes] = {}
    strange: list[Message] = []
    try:
        with tarfile.open(fileobj=io.BufferedReader(_Stream(stream)), mode="r|") as tar:
            for number, member in enumerate(tar):
                path = PurePosixPath(member.name)
                if number > MOST_FILES:
                    raise _too_much()
                if path == PurePosixPath() or (member.isdir() and _is_plain(path)):
                    continue
                if not member.isreg() or not _is_plain(path) or member.size > LARGEST_FILE:
                    strange.append(Message(STRANGE.text, {"file": str(path)[:100]}))
                elif (data := tar.extractfile(member)) is not None:
                    files[path] = data.read()
    except (tarfile.TarError, ValueError) as error:  # ValueError: a header with a strange number
        raise Strange([Message(STRANGE.text, {"file": "?"})]) from error
    if strange:
        raise Strange(strange)
    return files


def notebooks(files: dict[PurePosixPath, bytes]) -> list[Notebook]:
    """The notebooks among the files of a course; raises Strange when one is none, or there are none.

    Where they stand is part of it: a release says of each one which day it is of.
    """
    found: list[Notebook] = []
    strange: list[Message] = []
    for path, data in sorted(files.items()):
        if path.suffix == ".ipynb":
            if not OF_A_DAY.fullmatch(str(path)):
                strange.append(Message(MISPLACED.text, {"file": str(path)}))
                continue
            try:
                found.append(notebook(path, data))
            except ValueError:
                strange.append(Message(NO_NOTEBOOK.text, {"file": str(path)}))
    if strange or not found:
        raise Strange(strange or [EMPTY])
    return found


def notebook(path: PurePosixPath, data: bytes) -> Notebook:
    """One notebook; raises ValueError when it is none."""
    try:
        told = _Notebook.model_validate_json(data)
    except (ValidationError, RecursionError) as error:
        raise ValueError(str(path)) from error
    if told.nbformat != 4 or not NAME.fullmatch(told.metadata.course.id):
        raise ValueError(str(path))
    cells = tuple(
        Cell(one.id, one.cell_type == "code", tuple("".join(one.source).split("\n")))
        for one in told.cells
    )
    return Notebook(path, told.metadata.course.id, place(path), cells)


def place(path: PurePosixPath) -> str:
    """What all versions of a notebook have in common: ``day1/03-svd``."""
    parts = [part for part in path.with_suffix("").parts if part not in (INSTRUCTOR, SOLUTIONS)]
    return "/".join(parts[1:] if parts[0] in set(Language) else parts)


def is_for_participants(path: PurePosixPath) -> bool:
    """Whether everybody gets this file of a built course."""
    return path.parts[0] != INSTRUCTOR


def write(files: dict[PurePosixPath, bytes], folder: Path) -> None:
    """The files of a course, in a folder that is empty. Raises OSError."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _is_plain(path: PurePosixPath) -> bool:
    parts = path.parts
    return (
        0 < len(parts) <= DEEPEST
        and parts[0] in TOP
        and SOLUTIONS not in parts
        and all(NAME.fullmatch(part) and len(part) <= 100 for part in parts)
    )


def _too_much() -> Strange:
    values: dict[str, object] = {"files": MOST_FILES, "size": LARGEST_WHOLE // 2**20}
    return Strange([Message(TOO_MUCH.text, values)])


class _Stream(io.RawIOBase):
    """Pieces as a file, up to a limit."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces: Iterator[bytes] = iter(pieces)
        self._left = b""
        self._size = 0

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """Raises Strange when there is more than a course can have."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._size += len(piece)
            if self._size > 2 * LARGEST_WHOLE:
                raise _too_much()
            self._left = piece
        given, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)
