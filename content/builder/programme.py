"""``programme.yml``: the days and their notebooks, the course's only table of contents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from builder.faults import LANGUAGES, Fault

FILE = Path("programme.yml")
_NAME = re.compile(r"^d\d-\d\d$")
_PATH = re.compile(r"^day(\d)/(\d\d)-[a-z0-9-]+\.py$")


@dataclass(frozen=True)
class Entry:
    """One notebook of the programme: its id, its day, its source below ``src/``, its minutes in class."""

    name: str
    day: int
    path: Path
    title: dict[str, str]
    minutes: int


def read(text: str, found: set[Path]) -> tuple[list[Entry], list[Fault]]:
    """The notebooks in order. ``found`` are the sources on disk, relative to ``src/``."""
    faults: list[Fault] = []
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return [], [Fault(FILE, "programme_yaml", values={"error": " ".join(str(error).split())})]
    entries = list(_entries(data, faults))
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen:
            faults.append(_fault("programme_twice", entry.name))
        seen.add(entry.name)
        if entry.path not in found:
            faults.append(_fault("programme_no_source", entry.name, path=f"src/{entry.path}"))
    listed = {entry.path for entry in entries}
    for path in sorted(found - listed):
        faults.append(Fault(Path("src") / path, "programme_not_listed"))
    return entries, faults


def _fault(name: str, where: str, **values: object) -> Fault:
    return Fault(FILE, name, where, values=values)


def _entries(data: object, faults: list[Fault]) -> Iterator[Entry]:
    days = data.get("days") if isinstance(data, dict) else None
    if not isinstance(days, list) or not isinstance(data, dict) or set(data) != {"days"}:
        faults.append(_fault("programme_shape", ""))
        return
    for number, day in enumerate(days):
        where = f"days[{number}]"
        if not isinstance(day, dict) or set(day) != {"day", "title", "notebooks"}:
            faults.append(_fault("programme_day", where))
            continue
        if not _is_title(day["title"]):
            faults.append(_fault("programme_title", where))
        for item in day["notebooks"] or []:
            yield from _entry(day["day"], item, where, faults)


def _entry(day: int, item: object, where: str, faults: list[Fault]) -> Iterator[Entry]:
    if not isinstance(item, dict) or set(item) != {"id", "file", "title", "minutes"}:
        faults.append(_fault("programme_notebook", where, found=item))
        return
    name, path = str(item["id"]), str(item["file"])
    before = len(faults)
    match = _PATH.match(path)
    if (
        not match
        or not _NAME.match(name)
        or name != f"d{match[1]}-{match[2]}"
        or day != int(match[1])
    ):
        faults.append(_fault("programme_name", name, path=path))
    if not _is_title(item["title"]):
        faults.append(_fault("programme_title", name))
    if not isinstance(item["minutes"], int) or not 1 <= item["minutes"] <= 240:
        faults.append(_fault("programme_minutes", name, found=item["minutes"]))
    if len(faults) == before:
        yield Entry(name, day, Path(path), item["title"], item["minutes"])


def _is_title(title: object) -> bool:
    return (
        isinstance(title, dict)
        and set(title) == set(LANGUAGES)
        and all(isinstance(text, str) and text.strip() for text in title.values())
    )
