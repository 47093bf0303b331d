"""Cases 11 and 12 of ``course_server.sync``: a course is rebuilt, and no character is lost."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from course_server import repair, sync
from course_server.puller import Puller
from course_server.salvage import MARK
from course_server.sync import Outcome

from tests.unit.course_server.conftest import LINES, Learner, Pusher, git

MINE = LINES.replace("line 2", "my line")


def without_git(course: Path) -> None:
    shutil.rmtree(course / ".git")


def with_an_empty_git(course: Path) -> None:
    """As an interrupted clone leaves it."""
    shutil.rmtree(course / ".git")
    subprocess.run(["git", "init", "-q", str(course)], check=True)


def with_lost_objects(course: Path) -> None:
    """As a power cut leaves it: files there, and empty."""
    for path in (course / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"")


def with_a_broken_index(course: Path) -> None:
    (course / ".git" / "index").write_bytes(b"DIRC")


def with_a_broken_config(course: Path) -> None:
    (course / ".git" / "config").write_text("[remote", "utf-8")


@pytest.mark.parametrize(
    "spoil",
    [without_git, with_an_empty_git, with_lost_objects, with_a_broken_index, with_a_broken_config],
)
def test_11_a_spoilt_course_is_rebuilt_with_everything_they_wrote(
    learner: Learner, pusher: Pusher, spoil: Callable[[Path], None]
) -> None:
    pusher.push(b="released\n", day1__c="old\n")
    learner.start()
    learner.write("a.ipynb", MINE)
    learner.write("notes/été.md", "mes notes")
    pusher.push(day1__c="corrected\n", d="new\n")
    spoil(learner.course)
    assert learner.start() is Outcome.REBUILT
    assert learner.read("a.ipynb") == MINE
    assert learner.read("a__original.ipynb") == LINES
    assert learner.read("notes/été.md") == "mes notes"
    assert learner.read("day1/c.ipynb") == "corrected\n"
    assert learner.names() == {
        "a.ipynb", "a__original.ipynb", "b.ipynb", "d.ipynb", "day1/c.ipynb", "notes/été.md",
    }  # fmt: skip
    [backup] = learner.backups()
    assert (backup / "a.ipynb").read_text("utf-8") == MINE
    assert learner.start() is Outcome.UNCHANGED
    assert learner.read("a.ipynb") == MINE


def test_11_a_history_that_was_rewritten_takes_nothing_away(
    learner: Learner, pusher: Pusher
) -> None:
    learner.start()
    learner.write("a.ipynb", MINE)
    git(pusher.clone, "checkout", "-q", "--orphan", "other")
    pusher.write("a.ipynb", LINES.replace("line 8", "their line"))
    git(pusher.clone, "add", "-A")
    git(pusher.clone, "commit", "-q", "-m", "rewritten")
    git(pusher.clone, "push", "-q", "-f", "origin", "other:main")
    assert learner.start() is Outcome.REBUILT
    assert learner.read("a.ipynb") == MINE
    assert "their line" in learner.read("a__original.ipynb")


def test_11_their_own_folder_named_course_is_kept(learner: Learner) -> None:
    learner.write("a.ipynb", "mine")
    learner.write("thesis.tex", "mine")
    (learner.course / "link").symlink_to("thesis.tex")
    synced = sync.synchronise(learner.release, learner.course, 0, starting=True)
    [backup] = learner.backups()
    assert (synced.outcome, synced.moved) == (Outcome.REBUILT, {".": backup.name})
    assert learner.read("a.ipynb") == "mine"
    assert learner.read("thesis.tex") == "mine"
    assert (learner.course / "link").readlink() == Path("thesis.tex")


def test_11_a_file_named_course_is_moved_aside(learner: Learner) -> None:
    learner.course.write_text("mine", "utf-8")
    assert learner.start() is Outcome.REBUILT
    assert [backup.read_text("utf-8") for backup in learner.backups()] == ["mine"]


def test_11_what_stands_where_the_release_has_a_folder_stays_in_the_backup(
    learner: Learner, pusher: Pusher
) -> None:
    pusher.push(day1__a="released")
    learner.write("day1", "a file")
    learner.write("a.ipynb/inside", "a folder")
    assert learner.start() is Outcome.REBUILT
    [backup] = learner.backups()
    assert (backup / "day1").read_text("utf-8") == "a file"
    assert (backup / "a.ipynb" / "inside").read_text("utf-8") == "a folder"
    assert learner.read("day1/a.ipynb") == "released"


def test_11_two_repairs_in_a_minute_keep_both_backups(learner: Learner) -> None:
    for text in ("first", "second"):
        learner.write("a.ipynb", text)
        shutil.rmtree(learner.course / ".git", ignore_errors=True)
        assert learner.start() is Outcome.REBUILT
    texts = {(backup / "a.ipynb").read_text("utf-8") for backup in learner.backups()}
    assert texts == {"first", "second"}


def test_11_when_the_new_one_cannot_be_completed_the_old_one_is_untouched(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.start()
    learner.write("a.ipynb", MINE)
    without_git(learner.course)

    def fails(old: Path, new: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(repair, "bring_back", fails)
    with pytest.raises(OSError, match="No space left"):
        learner.start()
    assert learner.read("a.ipynb") == MINE
    assert learner.backups() == []
    monkeypatch.undo()


def test_11_a_swap_that_was_cut_short_is_finished_at_the_next_start(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.write("a.ipynb", "mine")

    def power_cut(self: repair.Fresh) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(repair.Fresh, "put_in_place", power_cut)
        with pytest.raises(KeyboardInterrupt):
            learner.start()
    assert not learner.course.exists()
    assert learner.start() is Outcome.UNCHANGED
    assert learner.read("a.ipynb") == "mine"


class Killed(BaseException):
    """Stands for SIGKILL or a power cut: nothing of the sync's own code runs after it."""


def test_12_killed_before_their_work_was_kept(
    learner: Learner, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.start()
    learner.write("a.ipynb", MINE)
    pusher.push(a=LINES.replace("line 8", "their line"))
    killed_in(monkeypatch, learner, "commit_all")
    assert learner.start() is Outcome.REBUILT
    assert learner.read("a.ipynb") == MINE
    assert "their line" in learner.read("a__original.ipynb")
    assert list(learner.course.glob("*__interrupted*")) == []


def test_12_killed_while_git_was_writing_a_file(
    learner: Learner, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.start()
    learner.write("a.ipynb", MINE)
    pusher.push(a=LINES.replace("line 8", "their line"))
    killed_in(monkeypatch, learner, "merge")
    learner.write("a.ipynb", MINE[:15])  # cut short
    assert learner.start() is Outcome.REBUILT
    assert learner.read("a.ipynb") == MINE
    assert learner.read("a__interrupted.ipynb") == MINE[:15]
    assert "their line" in learner.read("a__original.ipynb")
    assert learner.start() is Outcome.UNCHANGED


def test_12_a_file_of_their_own_that_went_after_the_interruption_comes_back(
    learner: Learner, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.start()
    learner.write("own.ipynb", "begun")
    git(learner.course, "add", "own.ipynb")
    git(learner.course, "commit", "--quiet", "--message=own")
    learner.write("own.ipynb", MINE)
    pusher.push(a=LINES.replace("line 8", "their line"))
    killed_in(monkeypatch, learner, "merge")
    (learner.course / "own.ipynb").unlink()
    assert learner.start() is Outcome.REBUILT
    assert learner.read("own.ipynb") == MINE


def test_12_a_sync_that_failed_by_itself_is_repaired_at_once(
    learner: Learner, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.start()
    learner.write("a.ipynb", MINE)
    pusher.push(a=LINES.replace("line 8", "their line"))

    def fails(self: Puller) -> None:
        raise subprocess.CalledProcessError(128, ["git", "merge"])

    monkeypatch.setattr(Puller, "merge", fails)
    assert learner.start() is Outcome.REBUILT
    assert learner.read("a.ipynb") == MINE


def killed_in(monkeypatch: pytest.MonkeyPatch, learner: Learner, step: str) -> None:
    """Start their server, and kill the sync at the beginning of a step of nbgitpuller's."""

    def kill(self: Puller) -> None:
        raise Killed

    with monkeypatch.context() as interruption:
        interruption.setattr(Puller, step, kill)
        with pytest.raises(Killed):
            learner.start()
    assert (learner.course / ".git" / MARK).exists()
    assert sync.Outcome is Outcome
