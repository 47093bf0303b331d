"""Stand-ins for what a course does with git, so that a test can hold it, fail it and count it."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from course_server import course as module
from course_server import home_zip, originals, save_points, standing, sync
from course_server.sync import Outcome, Synced

RELEASED = "a" * 40


@dataclass
class Work:
    """What is done to a course, noted down."""

    head: str = RELEASED
    commit: str | None = None
    arrives: tuple[str, ...] = ()
    brings: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    notebooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    fails: Exception | None = None
    leaves_behind: str | None = None
    parts: int = 8
    written: int = 0
    told: list[object] = field(default_factory=list)
    syncs: int = 0
    opened: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    under_way: threading.Event = field(default_factory=threading.Event)
    may_end: threading.Event = field(default_factory=threading.Event)
    has_ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_end.set()

    def synchronise(self, release: Path, course: Path) -> Synced:
        """Takes as long as the test says."""
        self._begin()
        self.syncs += 1
        assert self.may_end.wait(10)
        self.at_once -= 1
        if self.fails:
            raise self.fails
        self.commit = self.head
        self.notebooks = {**self.notebooks, **self.brings}
        self.head = self.leaves_behind or self.head
        return Synced(Outcome.UPDATED, self.arrives, self.kept)

    def _begin(self) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.under_way.set()

    def report(self, course: Path) -> dict[str, Any]:
        """How the workspace stands."""
        return {
            "commit": self.commit,
            "saved_at": None,
            "notebooks": self.notebooks,
            "save_points": [],
        }

    def go_back(self, course: Path, name: str) -> None:
        """To the only save point that there is."""
        if name != "20270302T083001":
            raise LookupError(name)

    def place(self, course: Path, path: str) -> str:
        """The only notebook that was released."""
        if self.fails:
            raise self.fails
        if path != "fr/day1/03-svd.ipynb":
            raise LookupError(path)
        return "fr/day1/03-svd__original.ipynb"

    def write(self, home: Path, language: str, out: BinaryIO) -> None:
        """More than is sent at once."""
        try:
            for _ in range(self.parts):
                out.write(language.encode() * 2**19)
                self.written += 1
            if self.fails:
                raise self.fails
        finally:
            self.has_ended.set()


def stand_in(patch: pytest.MonkeyPatch) -> Work:
    """Put the stand-ins in their places."""
    work = Work()
    patch.setattr(sync, "synchronise", work.synchronise)
    patch.setattr(sync, "tell", work.told.append)
    patch.setattr(standing, "report", work.report)
    patch.setattr(standing, "opened", lambda course, path: work.opened.append(path))
    patch.setattr(save_points, "go_back", work.go_back)
    patch.setattr(originals, "place", work.place)
    patch.setattr(home_zip, "write", work.write)
    patch.setattr(module, "head_of", lambda release: work.head)
    return work
