"""The proof that no solution reaches participants, from files alone: no program that was pushed has a say.

What is a solution is found twice over, so that no mistake of the pushed builder can hide one:

 1. in the sources: what stands between ``# BEGIN SOLUTION`` and ``# END SOLUTION``, and code cells tagged
    ``solution``;
 2. in what was built: code of an instructor's notebook that the participants' cell of the same id, in the
    same language, has not.

Only telling lines count: at least 16 characters without the spaces, no comment, no head of a loop or a
branch (``:`` at its end). One telling line in the participants' version of the same notebook is a leak.
In another notebook, or in the package, one line in common is chance; the whole of a solution of two
telling lines or more is not.

It is looked for in everything participants get now, and in everything that any cohort was ever given:
a release's history is in every workspace. Days whose solutions a cohort has are left out for that cohort.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from hub.delivery.course import (
    INSTRUCTOR,
    SOLUTIONS,
    Notebook,
    is_for_participants,
    notebook,
    place,
)
from hub.delivery.git import Git
from hub.errors import Message

TELLING = 16

MARK = re.compile(r"^\s*# (BEGIN|END) SOLUTION\s*$")
HEADING = re.compile(r"^# %%(?! \[markdown\])")
TAGGED = re.compile(r"tags=\[[^\]]*\"solution\"")

LEAK = Message(
    "The solution of %(cell)s in %(notebook)s stands in %(where)s: “%(line)s”. What to do: choose other "
    "names there, or move it into the solution."
)
LEAKED_BEFORE = Message(
    "The solution of %(cell)s in %(notebook)s stands in %(where)s, which %(cohort)s was given before: "
    "“%(line)s”. What to do: make it another exercise, or write its solution in another way."
)
SHOWN = 80
"""Characters of a line in a message."""


@dataclass(frozen=True)
class Solution:
    """The telling lines of one cell, without their spaces."""

    place: str
    """Of its notebook: ``day1/03-svd``."""
    cell: str
    lines: frozenset[str]


@dataclass(frozen=True)
class Page:
    """A piece of what participants get, its lines without their spaces."""

    where: str
    place: str
    lines: frozenset[str]


def solutions(sources: Mapping[str, str], built: Iterable[Notebook]) -> list[Solution]:
    """Every solution: ``sources`` are the texts below ``src/`` by path, ``built`` all built notebooks."""
    found = [one for path, text in sources.items() for one in _in_source(path, text)]
    by_path = {notebook.path: notebook for notebook in built}
    for path, given in by_path.items():
        if is_for_participants(path) and (full := by_path.get(INSTRUCTOR / path)):
            found += _withheld(full, given)
    return [one for one in found if one.lines]


def pages(files: Mapping[PurePosixPath, bytes]) -> Iterator[Page]:
    """What participants get of these files: each cell of a notebook and what stands beside its cells in
    it (outputs, attachments, metadata); each other file whole.
    """
    for path, data in files.items():
        if not is_for_participants(path):
            continue
        try:
            read = notebook(path, data) if path.suffix == ".ipynb" else None
        except ValueError:  # of a release long ago
            read = None
        if read is None:
            lines = data.decode("utf-8", "replace").split("\n")
            yield Page(str(path), place(path), frozenset(map(bare, lines)))
        else:
            for cell in read.cells:
                yield Page(f"{path}, {cell.id}", read.place, frozenset(map(bare, cell.lines)))
            hidden = (line for text in _beside_cells(data) for line in text.split("\n"))
            yield Page(str(path), read.place, frozenset(map(bare, hidden)))


def leaks(
    wanted: Iterable[Solution], given: Iterable[Page]
) -> Iterator[tuple[Solution, Page, str]]:
    """Each solution that stands in a page, once, with one of the lines."""
    by_line: defaultdict[str, list[Solution]] = defaultdict(list)
    for solution in wanted:
        for line in solution.lines:
            by_line[line].append(solution)
    told: set[tuple[str, str]] = set()
    for page in given:
        shared: defaultdict[Solution, list[str]] = defaultdict(list)
        for line in page.lines & by_line.keys():
            for solution in by_line[line]:
                shared[solution].append(line)
        for solution, lines in shared.items():
            whole = len(lines) == len(solution.lines) and len(lines) > 1
            is_leak = whole or solution.place == page.place
            if is_leak and (solution.place, min(lines)) not in told:
                told.add((solution.place, min(lines)))
                yield solution, page, min(lines)


def faults(wanted: list[Solution], files: Mapping[PurePosixPath, bytes]) -> Iterator[Message]:
    """Solutions in what participants are to get."""
    for solution, page, line in leaks(wanted, pages(files)):
        yield Message(LEAK.text, _values(solution, page, line))


def faults_before(wanted: list[Solution], cohort: str, repository: Git) -> Iterator[Message]:
    """Solutions in what a cohort was ever given."""
    files = given_before(repository)
    days = {path.parts[1] for path in files if SOLUTIONS in path.parts}
    still = [one for one in wanted if one.place.split("/")[0] not in days]
    before = (page for version in _versions(repository) for page in pages(version))
    for solution, page, line in leaks(still, before):
        values = _values(solution, page, line) | {"cohort": cohort}
        yield Message(LEAKED_BEFORE.text, values)


def given_before(repository: Git) -> list[PurePosixPath]:
    """Every path that was ever in a cohort's releases."""
    return sorted({path for _, path in _objects(repository)})


def bare(line: str) -> str:
    """A line without its spaces."""
    return "".join(line.split())


def is_telling(line: str) -> bool:
    """Whether a line without its spaces gives something away."""
    return len(line) >= TELLING and not line.startswith("#") and not line.endswith(":")


def _beside_cells(data: bytes) -> Iterator[str]:
    """Every text of a notebook but the sources of its cells."""
    told = json.loads(data)
    waiting: list[Any] = [{**told, "cells": [{**cell, "source": ""} for cell in told["cells"]]}]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            waiting += one.values() if isinstance(one, dict) else one


def _telling(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(is_telling, map(bare, lines)))


def _in_source(path: str, text: str) -> Iterator[Solution]:
    """Rule 1; the number of the line stands for the cell."""
    where = "/".join(PurePosixPath(path).with_suffix("").parts[1:])
    inside: list[str] | None = None
    whole, first = False, 0
    for number, line in enumerate([*text.split("\n"), "# %%"], 1):
        mark = MARK.match(line)
        ends = line.startswith("# %%") or (not whole and mark and mark[1] == "END")
        if ends and inside is not None:
            yield Solution(where, f"{path}:{first}", _telling(inside))
            inside, whole = None, False
        if HEADING.match(line) and TAGGED.search(line):
            inside, whole, first = [], True, number
        elif mark and mark[1] == "BEGIN" and inside is None:
            inside, first = [], number
        elif inside is not None:
            inside.append(line)


def _withheld(full: Notebook, given: Notebook) -> Iterator[Solution]:
    """Rule 2."""
    known = {cell.id: _telling(cell.lines) for cell in given.cells}
    for cell in full.cells:
        if cell.is_code:
            yield Solution(full.place, cell.id, _telling(cell.lines) - known.get(cell.id, set()))


def _objects(repository: Git) -> Iterator[tuple[str, PurePosixPath]]:
    """Git's name and the path of every file that was ever in a repository."""
    listed = repository.run("rev-list", "--objects", "--all").decode("utf-8", "replace")
    for line in listed.splitlines():
        name, _, path = line.partition(" ")
        if path and PurePosixPath(path).suffix:
            yield name, PurePosixPath(path)


def _versions(repository: Git) -> Iterator[dict[PurePosixPath, bytes]]:
    """Every file that was ever in a repository, one by one; solutions that were given are none."""
    wanted = [(name, path) for name, path in _objects(repository) if SOLUTIONS not in path.parts]
    asked = "".join(f"{name}\n" for name, _ in wanted).encode()
    told = repository.run("cat-file", "--batch", given=asked)
    start = 0
    for _, path in wanted:
        end = told.index(b"\n", start)
        kind, size = told[start:end].split()[1:]
        data = told[end + 1 : end + 1 + int(size)]
        start = end + 2 + int(size)
        if kind == b"blob":
            yield {path: data}


def _values(solution: Solution, page: Page, line: str) -> dict[str, object]:
    return {
        "cell": solution.cell,
        "notebook": solution.place,
        "where": page.where,
        "line": line[:SHOWN],
    }
