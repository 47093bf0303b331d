"""Actors for the sync, as in nbgitpuller's own tests: a release, and a person's course."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "images" / "course" / "server"))

from course_server.sync import Outcome, Synced, synchronise

from .rehearsal import Server, hub_running, server_running
from .standins import Work, stand_in


def git(folder: Path, *arguments: str) -> str:
    """Real git, with an invented author."""
    author = ["-c", "user.name=Release", "-c", "user.email=release@example.org"]
    command = ["git", *author, "-C", str(folder), *arguments]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ours["GIT_CONFIG_GLOBAL"] = os.devnull
    return subprocess.run(command, check=True, capture_output=True, text=True, env=ours).stdout


class Pusher:
    """Whoever publishes releases into the bare repository."""

    def __init__(self, folder: Path) -> None:
        self.release = folder / "release.git"
        self.clone = folder / "pusher"

    def begin(self) -> None:
        """An empty release."""
        for repository, bare in ((self.release, ["--bare"]), (self.clone, [])):
            repository.mkdir()
            git(repository, "init", "-q", "-b", "main", *bare)
        git(self.clone, "remote", "add", "origin", "../release.git")

    def push(self, **files: str | None) -> None:
        """Release files by name (``day1__a`` is ``day1/a.ipynb``); None removes one."""
        for name, text in files.items():
            self.write(name.replace("__", "/") + ".ipynb", text)
        self.commit()

    def write(self, name: str, text: str | None) -> None:
        """Put one file into the next release."""
        path = self.clone / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, "utf-8")

    def commit(self, *more: str) -> None:
        """Release what was written."""
        git(self.clone, "add", "-A")
        git(self.clone, "commit", "-q", "-m", "release", *more)
        git(self.clone, "push", "-q", "origin", "main")


class Learner:
    """A person with a workspace."""

    def __init__(self, folder: Path, release: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.course = self.home / "course"
        self.release = release

    def start(self, room: int = 0) -> Outcome:
        """What happens at the start of their server."""
        return synchronise(self.release, self.course, room, starting=True).outcome

    def sync(self) -> Synced:
        """What happens while it runs, when the release has changed."""
        return synchronise(self.release, self.course, 0)

    def read(self, name: str) -> str:
        """What a file of their course says now."""
        return (self.course / name).read_text("utf-8")

    def write(self, name: str, text: str) -> None:
        """They save a file."""
        path = self.course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def names(self) -> set[str]:
        """Every file of their course, git's own left out."""
        return {
            str(path.relative_to(self.course))
            for path in self.course.rglob("*")
            if path.is_file() and ".git" not in path.parts
        }

    def backups(self) -> list[Path]:
        """What was moved aside."""
        return sorted(self.home.glob("course_backup_*"))


@pytest.fixture(autouse=True)
def french_instructor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server in French, with an instructor's own git in its variables: none of it reaches the sync."""
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "commit.gpgSign")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bérénice")


@pytest.fixture(scope="session")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a release of one notebook of ten lines; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("first-release")
    pusher = Pusher(folder)
    pusher.begin()
    pusher.push(a=LINES)
    return folder


@pytest.fixture
def pusher(tmp_path: Path, first_release: Path) -> Pusher:
    """Whoever has published the first release."""
    shutil.copytree(first_release, tmp_path, dirs_exist_ok=True)
    return Pusher(tmp_path)


@pytest.fixture
def learner(tmp_path: Path, pusher: Pusher) -> Learner:
    """A person whose server has never started."""
    return Learner(tmp_path, pusher.release)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Nothing is done to a course, but noted down."""
    return stand_in(monkeypatch)


@pytest.fixture
def server(work: Work, tmp_path: Path) -> Iterator[Server]:
    """A running server whose course is a stand-in, and a hub that it can speak to."""
    with hub_running() as hub, server_running(tmp_path / "home", hub) as server:
        yield server


LINES = "".join(f"line {number}\n" for number in range(10))
