"""What was pushed, before anything of it runs: its files by git's own list, judged by their kind and name."""

import io
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from hub.delivery.git import Git
from hub.errors import Message

LARGEST_FILE = 8 * 2**20
MOST_FILES = 2000
LARGEST_WHOLE = 64 * 2**20

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
"""Of a file or a folder in what is released: the same on every system, and no trouble to any tool."""

RELEASED = ("src", "airina")
"""Folders whose names are those of released files."""

PROGRAMS = ("build.py", "execute.py")
"""Without these there is nothing to run."""

KINDS = {
    "120000": Message("%(file)s is a symbolic link. What to do: commit the file itself."),
    "160000": Message("%(file)s is a submodule. What to do: commit its files."),
}
LARGE = Message(
    "%(file)s has %(size)d MiB, and %(limit)d are allowed. What to do: make it smaller, or leave it out."
)
BADLY_NAMED = Message(
    "%(file)s has a name that not every system can keep. What to do: use only letters without accents, "
    "digits, “.”, “_” and “-”, and begin with a letter or a digit."
)
MANY = Message(
    "There are %(count)d files, and %(limit)d are allowed. What to do: leave out what is not the course’s."
)
LARGE_WHOLE = Message(
    "The files have %(size)d MiB together, and %(limit)d are allowed. What to do: leave out what is not "
    "the course’s."
)
MISSING = Message(
    "%(file)s is missing. What to do: push the folder of the course, with its programs, from a clone of "
    "this repository."
)


@dataclass(frozen=True)
class Entry:
    """One file of a commit, as ``git ls-tree`` tells it."""

    mode: str
    size: int
    name: str


def entries(git: Git, commit: str) -> list[Entry]:
    """Every file of a commit."""
    listed = git.run("ls-tree", "-r", "-l", "-z", commit).decode("utf-8", "replace")
    return [_entry(one) for one in listed.split("\0") if one]


def _entry(line: str) -> Entry:
    told, _, name = line.partition("\t")
    mode, _, _, size = told.split()
    return Entry(mode, int(size) if size.isdigit() else 0, name)


def faults(found: list[Entry]) -> Iterator[Message]:
    """All that is wrong with the files of a commit."""
    names = {entry.name for entry in found}
    for program in PROGRAMS:
        if program not in names:
            yield Message(MISSING.text, {"file": program})
    if len(found) > MOST_FILES:
        yield Message(MANY.text, {"count": len(found), "limit": MOST_FILES})
        return  # a line for each of them would help nobody
    whole = sum(entry.size for entry in found)
    if whole > LARGEST_WHOLE:
        values: dict[str, object] = {"size": whole // 2**20, "limit": LARGEST_WHOLE // 2**20}
        yield Message(LARGE_WHOLE.text, values)
    for entry in found:
        parts = entry.name.split("/")
        if entry.mode in KINDS:
            yield Message(KINDS[entry.mode].text, {"file": entry.name})
        elif entry.size > LARGEST_FILE:
            values = {
                "file": entry.name,
                "size": -(-entry.size // 2**20),
                "limit": LARGEST_FILE // 2**20,
            }
            yield Message(LARGE.text, values)
        if parts[0] in RELEASED and not all(NAME.fullmatch(part) for part in parts):
            yield Message(BADLY_NAMED.text, {"file": entry.name})


def texts(tar: bytes) -> dict[str, str]:
    """The sources of notebooks, and the programs, in git's own archive of a commit: the text by path."""
    found: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for member in archive:
            name = member.name
            wanted = name in PROGRAMS or (name.startswith("src/") and name.endswith(".py"))
            if wanted and (data := archive.extractfile(member)):
                found[name] = data.read().decode("utf-8", "replace")
    return found
