"""The repository of the sources, what was built of it, and the course that provisioning lands."""

import errno
import os
import shutil
import time
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from hub.delivery.git import GitFailed
from hub.delivery.sources import Sources
from tests.unit.hub.delivery.site import git


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "state").mkdir()
    sources = Sources(tmp_path / "state")
    sources.create()
    return sources


@pytest.fixture
def landed(tmp_path: Path) -> Path:
    """A course as provisioning lands it."""
    folder = tmp_path / "landed"
    for name in ("build.py", "src/day1/01-a.py", "build/fr/day1/01-a.ipynb", "x/__pycache__/y.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, "utf-8")
    return folder


def test_only_the_hubs_user_reads_it_and_making_it_twice_is_making_it_once(
    sources: Sources,
) -> None:
    sources.create()
    assert sources.head() is None
    assert sources.current() is None
    for path in sources.folder.rglob("*"):
        assert path.stat().st_mode & 0o007 == 0, path
    assert sources.folder.parent.stat().st_mode & 0o777 == 0o750


def test_it_can_be_made_again_while_somebody_else_writes_its_configuration(
    sources: Sources,
) -> None:
    (sources.folder / "config.lock").touch()
    sources.create()
    assert sources.git.text("config", "receive.fsckObjects") == "true"


def test_locks_of_a_git_that_was_killed_hold_up_nobody(sources: Sources, landed: Path) -> None:
    left, held = sources.folder / "refs/heads/main.lock", sources.folder / "refs/heads/draft.lock"
    for lock in (left, held):
        lock.touch()
    os.utime(left, (0, 0))
    sources.create()
    assert sources.import_tree(landed, landed / "build", "landed") == sources.head()
    assert held.exists()


def test_main_has_what_it_has_come_from(sources: Sources, landed: Path) -> None:
    assert not sources.has("f" * 40)
    first = sources.import_tree(landed, landed / "build", "landed")
    (landed / "build.py").write_text("other", "utf-8")
    second = sources.import_tree(landed, landed / "build", "landed")
    assert [sources.has(commit) for commit in (first, second, "f" * 40)] == [True, True, False]


def test_a_gate_at_work_is_known(sources: Sources) -> None:
    assert not sources.is_judging()
    with sources.lock.open("a") as lock:
        flock(lock, LOCK_EX)
        assert sources.is_judging()
    assert not sources.is_judging()


def test_a_landed_course_is_mains_next_commit_and_already_built(
    sources: Sources, landed: Path
) -> None:
    commit = sources.import_tree(landed, landed / "build", "landed")
    assert sources.current() == (commit, sources.built(commit))
    assert (sources.built(commit) / "fr/day1/01-a.ipynb").is_file()
    names = sources.git.text("ls-tree", "-r", "--name-only", commit).splitlines()
    assert names == ["build.py", "src/day1/01-a.py"]
    assert sources.import_tree(landed, landed / "build", "landed") == commit
    (landed / "build.py").write_text("other", "utf-8")
    after = sources.import_tree(landed, landed / "build", "landed again")
    assert sources.git.text("rev-parse", f"{after}^") == commit


def test_a_disk_that_is_full_leaves_the_course_as_it_was(
    sources: Sources, landed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sources.import_tree(landed, landed / "build", "landed")
    (landed / "build.py").write_text("other", "utf-8")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", full)
        with pytest.raises(OSError, match="No space"):
            sources.import_tree(landed, landed / "build", "landed")
    assert sources.head() == before
    assert list(sources.builds.iterdir()) == [sources.built(before)]
    assert sources.import_tree(landed, landed / "build", "landed") == sources.head() != before


def test_a_main_that_moved_meanwhile_is_not_overwritten(
    sources: Sources, landed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.import_tree(landed, landed / "build", "landed")
    other = sources.git.text("commit-tree", sources.tree_of(landed / "src"), "-m", "a push")
    keep = Sources.keep

    def pushed_meanwhile(self: Sources, commit: str, made: Path) -> None:
        keep(self, commit, made)
        self.git.run("update-ref", "refs/heads/main", other)

    (landed / "build.py").write_text("other", "utf-8")
    monkeypatch.setattr(Sources, "keep", pushed_meanwhile)
    with pytest.raises(GitFailed, match="update-ref"):
        sources.import_tree(landed, landed / "build", "landed")
    assert sources.head() == other


def test_what_nobody_needs_goes_after_a_while(sources: Sources, landed: Path) -> None:
    needed = sources.import_tree(landed, landed / "build", "landed")
    (landed / "build.py").write_text("other", "utf-8")
    head = sources.import_tree(landed, landed / "build", "landed")
    (sources.builds / ("e" * 40)).mkdir()
    (sources.builds / ("f" * 40)).mkdir()
    received = sources.folder / "objects" / "tmp_objdir-incoming-x"
    received.mkdir()
    long_ago = time.time() - 3 * 3600
    for name in (needed, head, "f" * 40):
        os.utime(sources.builds / name, (long_ago, long_ago))
    os.utime(received, (long_ago, long_ago))
    sources.prune({needed})
    assert {path.name for path in sources.builds.iterdir()} == {needed, head, "e" * 40}
    assert not received.exists()


def test_tidying_does_not_touch_what_was_just_pushed(sources: Sources, landed: Path) -> None:
    sources.tree_of(landed)  # objects that no branch refers to yet, as a push's are
    assert git("gc", "--quiet", cwd=sources.folder).returncode == 0
    assert sources.git.text("cat-file", "-t", sources.tree_of(landed)) == "tree"
    assert sources.import_tree(landed, landed / "build", "landed") == sources.head()
