"""How a workspace stands: what of the release a person has, has changed, has not yet seen.

A notebook is theirs when its cells are not the release's; to have run it changes only what it has put
out. What was found out is remembered for as long as the file and the release are the same.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course_server import originals, save_points
from course_server.git import git, reference
from course_server.places import BRANCH
from course_server.salvage import blob, write_whole

OPENED = "course-opened.json"
"""In ``.git``: notebooks that the person has opened, each with git's name of what the release had then."""

LANGUAGES = ("fr", "en")

MOST = 500
"""Notebooks that are told of (``hub/journal.py``)."""

_seen: dict[tuple[Path, int, int, str], bool] = {}
"""File, time of change, size and release's version: whether it is theirs. Of this process."""

_digests: dict[tuple[Path, int, int], str] = {}
"""File, time of change and size: git's name of its content. Of this process."""

_listed: dict[tuple[Path, str], dict[str, str]] = {}
"""Course and commit: the release's notebooks. The last one asked for."""


def report(course: Path) -> dict[str, Any]:
    """What ``hub/journal.py`` calls a workspace, but for the last sync: what a commit and a file say."""
    commit = reference(course / ".git", f"refs/remotes/origin/{BRANCH}")
    if commit is None:
        return {"commit": None, "saved_at": None, "notebooks": {}, "save_points": []}
    released = notebooks(course, commit)
    changed = {path: _is_changed(course / path, digest) for path, digest in released.items()}
    theirs = _ask_theirs(course, {p: d for p, d in released.items() if changed[p]})
    opened, kept = _opened(course), originals.kept(course)
    return {
        "commit": commit,
        "saved_at": _saved_at(course, released, changed),
        "notebooks": {
            path: {
                "mine": theirs.get(path, False),
                "updated": path in opened and opened[path] != digest,
                "new": path not in opened and not theirs.get(path, False),
                "deleted": not (course / path).exists(),
                "beside": kept.get(path),
            }
            for path, digest in list(released.items())[:MOST]
        },
        "save_points": [
            {"id": name, "at": save_points.moment(name).isoformat()}
            for name in save_points.all_of(course)[: save_points.MOST]
        ],
    }


def opened(course: Path, path: str) -> None:
    """Remember that a notebook of the release was opened, in the version that the release has now."""
    commit = reference(course / ".git", f"refs/remotes/origin/{BRANCH}")
    digest = notebooks(course, commit).get(path) if commit else None
    before = _opened(course)
    if digest and before.get(path) != digest:
        write_whole(course / ".git" / OPENED, json.dumps({**before, path: digest}).encode())


def notebooks(course: Path, commit: str) -> dict[str, str]:
    """The release's notebooks in both languages, each with git's name of its content."""
    if (course, commit) not in _listed:
        listed = git(course, "ls-tree", "-r", "-z", commit, "--", *LANGUAGES)
        entries = (entry.partition(b"\t") for entry in listed.split(b"\0") if entry)
        found = {os.fsdecode(name): kind.split()[2].decode() for kind, _, name in entries}
        _listed.clear()
        _listed[(course, commit)] = {
            name: digest for name, digest in found.items() if name.endswith(".ipynb")
        }
    return _listed[(course, commit)]


def _is_changed(file: Path, digest: str) -> bool:
    """Whether a file is there and is not the release's, byte by byte."""
    key = _key(file, digest)
    if key is None:
        return False
    as_it_is = key[:3]
    if as_it_is not in _digests:
        _digests[as_it_is] = blob(_read(file)).decode()
    return _digests[as_it_is] != digest


def _ask_theirs(course: Path, changed: dict[str, str]) -> dict[str, bool]:
    """Which of some files that differ from the release differ in their cells."""
    keys = {path: _key(course / path, digest) for path, digest in changed.items()}
    unknown = [path for path, key in keys.items() if key and key not in _seen]
    released = dict(zip(unknown, _blobs(course, [changed[path] for path in unknown]), strict=True))
    for path in unknown:
        key = keys[path]
        if key:
            _seen[key] = _cells(_read(course / path)) != _cells(released[path])
    return {path: _seen[key] for path, key in keys.items() if key}


def _key(file: Path, digest: str) -> tuple[Path, int, int, str] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return file, found.st_mtime_ns, found.st_size, digest


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _cells(notebook: bytes) -> object:
    """What is written in a notebook; the bytes themselves where they are none."""
    try:
        return [
            (cell.get("id"), cell["cell_type"], "".join(cell["source"]))
            for cell in json.loads(notebook)["cells"]
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return notebook


def _blobs(course: Path, digests: list[str]) -> Iterator[bytes]:
    """Contents by git's names, with one call (git-cat-file(1), ``--batch``)."""
    if not digests:
        return
    answer = git(course, "cat-file", "--batch", given="".join(f"{d}\n" for d in digests).encode())
    place = 0
    for _ in digests:
        end = answer.index(b"\n", place)
        size = int(answer[place:end].split()[2])
        yield answer[end + 1 : end + 1 + size]
        place = end + size + 2


def _saved_at(course: Path, released: dict[str, str], changed: dict[str, bool]) -> str | None:
    """When something of theirs was last kept: a notebook of the course, or one of their own in it."""
    newest = 0.0
    for root, folders, files in os.walk(course):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "airina"]
        for name in files:
            file = Path(root, name)
            path = file.relative_to(course).as_posix()
            if name.endswith(".ipynb") and (path not in released or changed[path]):
                newest = max(newest, _time(file))
    return datetime.fromtimestamp(newest, UTC).isoformat() if newest else None


def _time(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _opened(course: Path) -> dict[str, str]:
    try:
        found = json.loads((course / ".git" / OPENED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
