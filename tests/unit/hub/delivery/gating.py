"""A gate without Docker: a box that is a folder, and a course whose programs only copy and count."""

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hub.delivery.gate import Gate
from hub.delivery.git import NONE
from hub.delivery.sandbox import BUILT, Box, Ended, Strain
from hub.delivery.telling import Telling
from hub.delivery.trial import PYTHON
from hub.i18n import Language
from hub.settings import Settings
from tests.unit.hub.delivery.site import PushSite

BUILD = """\
import pathlib, shutil, sys
if pathlib.Path("refuse").exists():
    print("src/day1/01-a.py:3: a mistake", file=sys.stderr)
    sys.exit(1)
shutil.copytree("made", sys.argv[2], dirs_exist_ok=True)
"""
EXECUTE = """\
import pathlib, sys
if pathlib.Path("fail").exists():
    print("d1-01: a cell failed", file=sys.stderr)
    sys.exit(1)
print(f"✔ {sys.argv[-1]} instructor en    0.1 s    10 MiB")
"""


def notebook(name: str, *cells: tuple[str, str, str]) -> str:
    """A built notebook: cells are (id, kind, text)."""
    made = [{"id": key, "cell_type": kind, "source": text} for key, kind, text in cells]
    return json.dumps({"nbformat": 4, "metadata": {"course": {"id": name}}, "cells": made})


TITLE = ("title", "markdown", "# Squares")
STUB = ("ex1", "code", "def square(x):\n    raise NotImplementedError")
SOLVED = ("ex1", "code", "def square(x):\n    squared_number = x * x\n    return squared_number")


def tree(**changed: str) -> dict[str, str]:
    """The files of a small course with one notebook; ``changed`` by name, ``__`` for a slash."""
    files = {"build.py": BUILD, "execute.py": EXECUTE, "made/airina/__init__.py": ""}
    for language in ("fr", "en"):
        files[f"made/{language}/day1/01-a.ipynb"] = notebook("d1-01", TITLE, STUB)
        files[f"made/instructor/{language}/day1/01-a.ipynb"] = notebook("d1-01", TITLE, SOLVED)
    return files | changed


class Folder:
    """``Box`` without a container."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ran: list[str] = []
        self.met = Strain()

    def put(self, tar: bytes) -> None:
        """See ``Box``."""
        with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
            archive.extractall(self.folder / "content", filter="data")
        (self.folder / "course").mkdir()

    def run(
        self, command: list[str], variables: Mapping[str, str], ended: Ended
    ) -> Iterator[tuple[bool, bytes]]:
        """See ``Box``."""
        names = {PYTHON: sys.executable, BUILT: str(self.folder / "course")}
        said = [names.get(part, part) for part in command]
        self.ran.append(" ".join(command[4:]))
        done = subprocess.run(
            said, cwd=self.folder / "content", env=dict(variables), capture_output=True, check=False
        )
        yield False, done.stdout
        yield True, done.stderr
        ended.code = done.returncode

    def take(self) -> Iterable[bytes]:
        """See ``Box``."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            tar.add(self.folder / "course", ".")
        yield packed.getvalue()

    def strain(self) -> Strain:
        """See ``Box``."""
        return self.met


class Judge:
    """Commits trees to a site's sources and asks its gate about them."""

    def __init__(self, site: PushSite, language: Language = Language.EN) -> None:
        self.site = site
        self.language = language
        self.out = io.BytesIO()
        self.box: Folder | None = None
        self._count = 0

    def commit(self, files: Mapping[str, str], parent: str | None) -> str:
        """A commit with these files."""
        folder = self.site.folder / f"tree-{self._count}"
        self._count += 1
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        git = self.site.sources.git
        parents = ["-p", parent] if parent else []
        return git.text("commit-tree", self.site.sources.tree_of(folder), *parents, "-m", "change")

    def gate(self) -> Gate:
        """A new gate."""
        site = self.site
        telling = Telling(site.journal, self.language, self.out)
        sources, releases = site.sources, site.releases
        return Gate(
            site.settings,
            site.people,
            site.journal,
            sources,
            releases,
            sources.git,
            telling,
            self.boxes,
        )

    @contextmanager
    def boxes(self, _: Settings) -> Iterator[Box]:
        """A new folder a gate."""
        self._count += 1
        self.box = Folder(self.site.folder / f"box-{self._count}")
        yield self.box

    def judge(self, commit: str) -> bool:
        """What the gate says of ``main`` moving there; if it may, it has."""
        old = self.site.sources.head() or NONE
        passed = self.gate().judge(old, commit, "ens-01")
        if passed:
            self.site.sources.git.run("update-ref", "refs/heads/main", commit)
        return passed

    def push(self, files: Mapping[str, str]) -> bool:
        """Commit on top of ``main``, and judge."""
        return self.judge(self.commit(files, self.site.sources.head()))

    @property
    def said(self) -> str:
        """All that was told so far."""
        return self.out.getvalue().decode()
