"""git's merge driver for notebooks (gitattributes(5)): by cell, and the person's lines win.

``notebook_merge.py BASE THEIRS RELEASE PATH``: three versions in files; the result replaces the second.
Lines of a notebook's file are no good measure: who has only run a cell has changed the lines around its
code, and a correction of that code would be lost. Cells are found again by their ids. For each:

- changed on one side: that side's; what a cell has put out is the person's in any case.
- changed on both: merged by line; where both have changed the same lines, the person's stay.
- new in the release: comes in after the cell that it follows there.
- deleted by the person: stays away. Deleted in the release: goes, unless the person has changed it.

A version that is not a notebook makes all three be merged as text, as those of any other file. Whenever
lines of the release are not in the result, ``PATH`` is written into ``course-unmerged`` beside git's index:
the sync lays the release's version beside. It always ends well: nothing of the person's may depend on what
is in a file.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

GIT = Path(".git")
"""git calls its drivers at the top of the work tree (gitattributes(5))."""

UNMERGED = "course-unmerged"

Cell = dict[str, Any]
Cells = dict[str, Cell]


def main(base: str, theirs: str, release: str, path: str) -> None:
    """Merge into the file ``theirs``."""
    versions = [Path(name).read_bytes() for name in (base, theirs, release)]
    try:
        merged, whole = merge_notebooks(*versions)
    except (ValueError, LookupError, TypeError, RecursionError):
        merged, whole = merge_lines(*versions)
        if is_json(versions[1]) and not is_json(merged):
            merged, whole = versions[1], False
    Path(theirs).write_bytes(merged)
    if not whole:
        with (GIT / UNMERGED).open("a", encoding="utf-8") as list_of_them:
            list_of_them.write(path + "\n")


def is_json(text: bytes) -> bool:
    """Whether these bytes can be opened as a notebook, one without ids, or with one id twice, too."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def cells_of(notebook: Any) -> Cells:
    """The cells by id, in order; raises LookupError or TypeError when there are none, or not all have one."""
    found = {cell["id"]: cell for cell in notebook["cells"]}
    if len(found) != len(notebook["cells"]):
        raise LookupError("two cells have one id")
    return found


def merge_notebooks(base: bytes, theirs: bytes, release: bytes) -> tuple[bytes, bool]:
    """The merged notebook as bytes, and whether all of the release is in it."""
    old, mine, new = (json.loads(version) for version in (base, theirs, release))
    before, own, come = cells_of(old), cells_of(mine), cells_of(new)
    merged: Cells = {}
    whole = True
    for key, cell in own.items():
        if key not in come:
            if key in before and content(cell) == content(before[key]):
                continue  # the release has taken it away, and the person has left it as it was
            merged[key] = cell
        else:
            merged[key], complete = merge_cells(before.get(key), cell, come[key])
            whole = whole and complete
    for key, cell in come.items():
        if key not in own:
            if key in before:  # the person has deleted it
                whole = whole and content(cell) == content(before[key])
                continue
            merged = placed_after(merged, list(come), key, cell)
    result = {**mine, "cells": list(merged.values())}
    if mine.get("metadata") == old.get("metadata"):
        result["metadata"] = new.get("metadata", {})
    return as_bytes(result), whole


def content(cell: Cell) -> tuple[str, str]:
    """What of a cell is written, not put out."""
    return cell["cell_type"], text_of(cell)


def text_of(cell: Cell) -> str:
    """The source of a cell as one text; a notebook may hold it as a list of lines."""
    source: str | list[str] = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def merge_cells(old: Cell | None, mine: Cell, new: Cell) -> tuple[Cell, bool]:
    """One cell that both have, and whether all of the release's is in it."""
    if old is not None and content(new) == content(old):
        return mine, True
    if content(mine) == content(new):
        return mine, True
    if old is not None and content(mine) == content(old):
        if mine["cell_type"] != new["cell_type"]:
            return new, True
        return {**mine, "source": as_lines(text_of(new))}, True
    base = text_of(old) if old is not None else ""
    versions = (base, text_of(mine), text_of(new))
    text, whole = merge_lines(*(version.encode("utf-8", "surrogatepass") for version in versions))
    return {**mine, "source": as_lines(text.decode("utf-8", "surrogatepass"))}, whole


def placed_after(merged: Cells, order: list[str], key: str, cell: Cell) -> Cells:
    """``merged`` with a cell of the release behind the nearest one that precedes it there."""
    before = [other for other in order[: order.index(key)] if other in merged]
    keys = list(merged)
    place = keys.index(before[-1]) + 1 if before else 0
    keys.insert(place, key)
    return {one: cell if one == key else merged[one] for one in keys}


def merge_lines(base: bytes, theirs: bytes, release: bytes) -> tuple[bytes, bool]:
    """git's own merge of three texts, the person's lines in a conflict; and whether there was none."""
    files = [GIT / f"course-merge-{os.getpid()}-{number}" for number in range(3)]
    try:
        for file, text in zip(files, (theirs, base, release), strict=True):
            # A last line without its end would be a conflict with any line after it.
            file.write_bytes(text if text.endswith(b"\n") or not text else text + b"\n")
        command = ["git", "merge-file", "-p", "--quiet"]
        conflicts = subprocess.run(
            [*command, *map(str, files)], stdout=subprocess.DEVNULL, check=False
        ).returncode
        merged = subprocess.run(
            [*command, "--ours", *map(str, files)], stdout=subprocess.PIPE, check=False
        )
    finally:
        for file in files:
            file.unlink(missing_ok=True)
    if merged.returncode != 0:  # not text, for git
        return theirs, False
    text = merged.stdout
    return (text if theirs.endswith(b"\n") else text.removesuffix(b"\n")), conflicts == 0


def as_lines(text: str) -> list[str]:
    """A source as Jupyter writes it into files."""
    return text.splitlines(keepends=True)


def as_bytes(notebook: dict[str, Any]) -> bytes:
    """A notebook as Jupyter writes it, so that the next save changes nothing else."""
    try:
        return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    except (
        UnicodeEncodeError
    ):  # half a character (RFC 8259, 8.2), which no file can hold but escaped
        return (json.dumps(notebook, indent=1, sort_keys=True) + "\n").encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
