"""Stand-ins for what a course does with git, so that a test can hold it, fail it and count it."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import course_server
import pytest
from course_server import course as module

RELEASED = "a" * 40


@dataclass
class Work:
    """What is done to a course, noted down."""

    head: str = RELEASED
    commit: str | None = None
    arrives: tuple[str, ...] = ()
    kept: dict[str, str] = field(default_factory=dict)
    notebooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    fails: Exception | None = None
    syncs: int = 0
    opened: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    under_way: threading.Event = field(default_factory=threading.Event)
    may_end: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_end.set()

    def synchronise(self, release: Path, course: Path) -> SimpleNamespace:
        """Takes as long as the test says."""
        self._begin()
        self.syncs += 1
        assert self.may_end.wait(10)
        self.at_once -= 1
        if self.fails:
            raise self.fails
        self.commit = self.head
        return SimpleNamespace(outcome="updated", arrived=self.arrives, kept=self.kept)

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
        for _ in range(8):
            out.write(language.encode() * 2**19)
            if self.fails:
                raise self.fails


def stand_in(patch: pytest.MonkeyPatch) -> Work:
    """Put the stand-ins in their places."""
    work = Work()
    sync = SimpleNamespace(
        synchronise=work.synchronise,
        tell=lambda reason: None,
        Outcome=SimpleNamespace(FAILED="not synced"),
    )
    standing = SimpleNamespace(
        report=work.report, opened=lambda course, path: work.opened.append(path)
    )
    for name, one in {
        "sync": sync,
        "standing": standing,
        "save_points": SimpleNamespace(go_back=work.go_back),
        "originals": SimpleNamespace(place=work.place),
        "home_zip": SimpleNamespace(write=work.write),
    }.items():
        patch.setattr(course_server, name, one, raising=False)
    patch.setattr(module, "head_of", lambda release: work.head)
    return work
