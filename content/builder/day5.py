"""The data of Day 5, read and judged: papers to choose from, the rubric, the reviewer's critique form.

They stand in ``content/day5/``, in both languages; ``pieces`` makes of them what notebooks and printed
documents show.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from builder.faults import LANGUAGES, Fault

FOLDER = Path("day5")
FACTS = ("title", "authors", "arxiv", "year", "venue")  # of a reference, each certain or not
DETAILS = ("equations", "pages", "notation")  # what nobody should quote without the paper at hand
MARKS = 100

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where it is there

# What the files must look like. A mapping has exactly these keys ("key?" may be absent), a list at least
# one item, a tuple is a choice of mappings; a pattern is matched by the whole of a string.
_TEXT = frozenset(LANGUAGES)  # said in both languages
_ID = re.compile(r"[a-z0-9-]+")
_LINE = re.compile(r"\S.*")
_FACT = re.compile("|".join((*FACTS, *DETAILS)))
_SHAPES: dict[str, Any] = {
    "papers": {
        "papers": [
            {
                "id": _ID,
                "name": _TEXT,
                "title": _LINE,
                "authors": _LINE,
                "year": int,
                "arxiv": re.compile(r"\d{4}\.\d{4,5}"),
                "venue": re.compile(r"(\S.*)?"),
                "difficulty": range(1, 4),
                "uses": [re.compile(r"d1-0[1-5]|d[234]-0[1-4]")],
                "suits": [re.compile("engineer|analyst|researcher")],
                "status": re.compile(r"open|d5-\d\d"),
                "core": _LINE,
                "derive": _TEXT,
                "experiment": _TEXT,
                "check": _TEXT,
                "reference": {"certain": [_FACT], "uncertain": [_FACT], "remark?": _TEXT},
            }
        ]
    },
    "rubric": {
        "pass": {"total": range(1, MARKS), "block": range(1, 101)},
        "third_reviewer": range(1, MARKS),
        "grades": [
            {"grade": _LINE, "at_least": range(1, MARKS), "french": range(1, 21), "words": _TEXT}
        ],
        "blocks": [
            {
                "id": _ID,
                "title": _TEXT,
                "criteria": [
                    {
                        "id": _ID,
                        "marks": range(1, MARKS),
                        "title": _TEXT,
                        "none": _TEXT,
                        "half": _TEXT,
                        "full": _TEXT,
                    }
                ],
            }
        ],
        "rules": [_TEXT],
    },
    "critique": {
        "rules": [_TEXT],
        "sections": [
            {
                "id": _ID,
                "title": _TEXT,
                "ask": _TEXT,
                "answer": (
                    {"lines": range(1, 11)},
                    {"columns": [_TEXT], "rows": range(1, 11)},
                    {"boxes": [_TEXT]},
                    {"marks": bool},
                ),
            }
        ],
    },
}


@dataclass(frozen=True)
class Day5:
    """The contents of the three files, of the shapes above."""

    papers: list[Any]
    rubric: Mapping[str, Any]
    critique: Mapping[str, Any]


def read(root: Path) -> tuple[Day5 | None, list[Fault]]:
    """The data below ``root``; None without the folder, or with a fault. All faults are told at once."""
    if not (root / FOLDER).is_dir():
        return None, []
    data: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, shape in _SHAPES.items():
        file = FOLDER / f"{name}.yml"
        try:
            data[name] = yaml.load((root / file).read_text("utf-8"), _LOADER)  # noqa: S506 (safe)
        except (OSError, ValueError, yaml.YAMLError) as error:
            faults.append(Fault(file, "data_yaml", values={"error": " ".join(str(error).split())}))
            continue
        wrong = list(_misshapen(file, name, data[name], shape))
        faults += wrong or _MEANING[name](file, data[name])
    if faults:
        return None, faults
    return Day5(data["papers"]["papers"], data["rubric"], data["critique"]), []


def _misshapen(file: Path, where: str, data: Any, shape: Any) -> Iterator[Fault]:
    """Every place of ``data`` that does not have its shape."""

    def fault(name: str, expected: object) -> Fault:
        return Fault(file, name, where, values={"found": _short(data), "expected": expected})

    if shape is _TEXT:
        said = isinstance(data, dict) and data.keys() == _TEXT
        if not said or not all(isinstance(text, str) and text.strip() for text in data.values()):
            yield fault("data_languages", "en, fr")
    elif isinstance(shape, dict | tuple):
        choices = shape if isinstance(shape, tuple) else (shape,)
        found = [one for one in choices if isinstance(data, dict) and _has_keys(data, one)]
        if not found:
            yield fault("data_keys", " / ".join(", ".join(one) for one in choices))
        for key, inner in found[0].items() if found else ():
            name = key.removesuffix("?")
            if name in data:
                yield from _misshapen(file, f"{where}.{name}", data[name], inner)
    elif isinstance(shape, list):
        if not isinstance(data, list) or not data:
            yield fault("data_value", "[…]")
        for number, item in enumerate(data if isinstance(data, list) else []):
            name = item.get("id", number) if isinstance(item, dict) else number
            yield from _misshapen(file, f"{where}.{name}", item, shape[0])
    elif isinstance(shape, re.Pattern):
        if not isinstance(data, str) or not shape.fullmatch(data):
            yield fault("data_value", shape.pattern)
    elif isinstance(shape, range):
        if not isinstance(data, int) or isinstance(data, bool) or data not in shape:
            yield fault("data_value", f"{shape.start}–{shape.stop - 1}")
    elif type(data) is not shape:
        yield fault("data_value", shape.__name__)


def _has_keys(data: dict[str, Any], shape: dict[str, Any]) -> bool:
    needed = {key for key in shape if not key.endswith("?")}
    return needed <= data.keys() <= {key.removesuffix("?") for key in shape}


def _short(data: object) -> str:
    text = ", ".join(map(str, data)) if isinstance(data, dict) else str(data)
    return text if len(text) <= 60 else text[:59] + "…"


def _papers(file: Path, data: Any) -> list[Fault]:
    faults = list(_twice(file, "papers", data["papers"]))
    for paper in data["papers"]:
        told = Counter((*paper["reference"]["certain"], *paper["reference"]["uncertain"]))
        doubtful = set(paper["reference"]["certain"]) & set(DETAILS)
        if any(told[fact] != 1 for fact in FACTS) or max(told.values()) > 1 or doubtful:
            values: dict[str, object] = {"facts": ", ".join(FACTS), "details": ", ".join(DETAILS)}
            faults.append(Fault(file, "data_reference", f"papers.{paper['id']}", values=values))
    return faults


def _rubric(file: Path, data: Any) -> list[Fault]:
    criteria = [one for block in data["blocks"] for one in block["criteria"]]
    faults = list(_twice(file, "rubric", [*data["blocks"], *criteria]))
    total = sum(one["marks"] for one in criteria)
    if total != MARKS:
        faults.append(Fault(file, "data_marks", "rubric", values={"found": total, "all": MARKS}))
    steps = [grade["at_least"] for grade in data["grades"]]
    if sorted(set(steps), reverse=True) != steps or steps[-1] != data["pass"]["total"]:
        faults.append(Fault(file, "data_grades", "rubric.grades", values={"found": steps}))
    return faults


def _critique(file: Path, data: Any) -> list[Fault]:
    return list(_twice(file, "critique", data["sections"]))


_MEANING = {"papers": _papers, "rubric": _rubric, "critique": _critique}


def _twice(file: Path, where: str, items: list[Any]) -> Iterator[Fault]:
    for name, count in Counter(item["id"] for item in items).items():
        if count > 1:
            yield Fault(file, "data_twice", f"{where}.{name}", values={"found": name})
