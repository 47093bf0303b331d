"""A built notebook: nbformat 4.5, cell id = key, no outputs, the same bytes at every build."""

import hashlib
import json

from builder.faults import Language
from builder.source import Source
from builder.view import Audience, text_of, view

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def built(source: Source, language: Language, audience: Audience) -> str:
    """The ``.ipynb`` of one reader, as text.

    ``metadata.course`` says where it comes from; its ``text`` is a hash of the cells as built, by which
    ``sync-back`` knows that the source has not moved on since.
    """
    cells = []
    for block in source.blocks:
        lines = view(block, language, audience)
        if lines is not None:
            cells.append(_cell(block.key, block.is_code, block.tags, text_of(lines)))
    course = {"id": source.name, "kind": audience, "lang": language, "text": _hash(cells)}
    whole = {
        "cells": cells,
        "metadata": {"course": course, "kernelspec": _KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _cell(key: str, is_code: bool, tags: tuple[str, ...], text: str) -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": "code" if is_code else "markdown",
        "id": key,
        "metadata": {"tags": list(tags)} if tags else {},
        "source": text.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if is_code else {})


def _hash(cells: list[dict[str, object]]) -> str:
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:10]
