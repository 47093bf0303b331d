"""Real notebooks for the tests of the sync, as Jupyter writes them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cell = dict[str, Any]
Notebook = dict[str, Any]


def notebook(**cells: str) -> str:
    """A notebook of code cells: their ids and sources."""
    return written(
        {
            "cells": [code(key, source) for key, source in cells.items()],
            "metadata": {"kernelspec": {"name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def code(key: str, source: str) -> Cell:
    """A code cell that was never run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": key,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def written(found: Notebook) -> str:
    """As Jupyter writes files."""
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def sources(text: str) -> dict[str, str]:
    """What is in each cell, by id; raises what is raised for a text that is no notebook."""
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(text)["cells"]}


def edit(file: Path, change: Callable[[Notebook], object]) -> None:
    """Open a notebook, change it, keep it."""
    found = json.loads(file.read_text("utf-8"))
    change(found)
    file.write_text(written(found), "utf-8")


def rewrite(key: str, source: str) -> Callable[[Notebook], None]:
    """Another source for a cell."""

    def change(found: Notebook) -> None:
        [cell] = [cell for cell in found["cells"] if cell["id"] == key]
        cell["source"] = source.splitlines(keepends=True)

    return change


def run(found: Notebook) -> None:
    """Run all cells."""
    for number, cell in enumerate(found["cells"], 1):
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            text = [f"result {number}\n"]
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": text}]
