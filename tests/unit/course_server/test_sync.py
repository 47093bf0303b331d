"""The sync by the numbered cases of ``course_server.sync``, with real git and the real nbgitpuller."""

import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from course_server import git as git_of_ours
from course_server import puller, sync
from course_server.sync import Outcome

from tests.unit.course_server.conftest import LINES, Learner, Pusher, git


def test_1_the_first_time_the_release_is_copied_whole(learner: Learner) -> None:
    assert learner.start() is Outcome.COPIED
    assert learner.read("a.ipynb") == LINES
    assert [path.name for path in learner.home.iterdir()] == ["course"]


def test_1_a_copy_that_was_cut_short_never_shows(learner: Learner) -> None:
    half = learner.home / ".course.new"
    (half / ".git").mkdir(parents=True)
    (half / "a.ipynb").write_text("half", "utf-8")
    assert learner.start() is Outcome.COPIED
    assert learner.read("a.ipynb") == LINES
    assert not half.exists()


def test_2_nothing_new_changes_nothing(learner: Learner) -> None:
    learner.start()
    learner.write("own.ipynb", "mine")
    before = (learner.course / "a.ipynb").stat()
    assert learner.start() is Outcome.UNCHANGED
    assert (learner.course / "a.ipynb").stat() == before
    assert learner.names() == {"a.ipynb", "own.ipynb"}


def test_3_a_new_file_arrives(learner: Learner, pusher: Pusher) -> None:
    learner.start()
    pusher.push(day2__b="new")
    assert learner.start() is Outcome.UPDATED
    assert learner.read("day2/b.ipynb") == "new"


def test_4_changes_on_both_sides_are_both_kept(learner: Learner, pusher: Pusher) -> None:
    learner.start()
    learner.write("a.ipynb", LINES.replace("line 2", "my line"))
    pusher.push(a=LINES.replace("line 8", "their line"))
    assert learner.start() is Outcome.UPDATED
    expected = LINES.replace("line 2", "my line").replace("line 8", "their line")
    assert learner.read("a.ipynb") == expected


def test_4_on_the_same_line_the_persons_stays(learner: Learner, pusher: Pusher) -> None:
    learner.start()
    learner.write("a.ipynb", LINES.replace("line 5", "my line"))
    pusher.push(a=LINES.replace("line 5", "their line"))
    assert learner.start() is Outcome.UPDATED
    assert learner.read("a.ipynb") == LINES.replace("line 5", "my line")


def test_5_a_file_of_the_same_name_is_kept_with_the_time_in_its_name(
    learner: Learner, pusher: Pusher
) -> None:
    learner.start()
    learner.write("b.ipynb", "mine")
    learner.write("day 1 to 2/v1.0 to v2 .txt", "mine too")
    pusher.push(b="theirs")
    pusher.write("day 1 to 2/v1.0 to v2 .txt", "theirs")
    pusher.commit()
    synced = learner.sync()
    assert synced.outcome is Outcome.UPDATED
    assert learner.read("b.ipynb") == "theirs"
    assert set(synced.moved) == {"b.ipynb", "day 1 to 2/v1.0 to v2 .txt"}
    assert learner.read(synced.moved["b.ipynb"]) == "mine"
    assert learner.read(synced.moved["day 1 to 2/v1.0 to v2 .txt"]) == "mine too"


def test_6_a_file_that_the_person_deleted_comes_back(learner: Learner) -> None:
    learner.start()
    (learner.course / "a.ipynb").unlink()
    learner.start()
    assert learner.read("a.ipynb") == LINES


@pytest.mark.parametrize("kind", ["file", "link"])
def test_18_what_stands_where_the_release_has_a_folder_is_moved_aside(
    learner: Learner, pusher: Pusher, kind: str
) -> None:
    pusher.push(day1__b=LINES)
    learner.start()
    shutil.rmtree(learner.course / "day1")
    if kind == "file":
        learner.write("day1", "mine")
    else:
        (learner.course / "day1").symlink_to("elsewhere")
    pusher.push(day1__c=LINES)
    assert learner.sync().outcome is Outcome.UPDATED
    assert learner.read("day1/b.ipynb") == learner.read("day1/c.ipynb") == LINES
    kept = learner.course / "day1__kept"
    assert kept.is_symlink() or kept.read_text("utf-8") == "mine"


def test_18_a_link_that_leads_nowhere_is_moved_aside(learner: Learner, pusher: Pusher) -> None:
    learner.start()
    (learner.course / "b.ipynb").symlink_to("nowhere")
    pusher.push(b="theirs")
    assert learner.sync().outcome is Outcome.UPDATED
    assert learner.read("b.ipynb") == "theirs"
    assert (learner.course / "b__kept.ipynb").is_symlink()


@pytest.mark.parametrize("own_history", [False, True])
def test_14_what_is_saved_at_the_last_moment_puts_the_merge_off(
    learner: Learner, pusher: Pusher, monkeypatch: pytest.MonkeyPatch, own_history: bool
) -> None:
    """Between nbgitpuller's commit of their work and its merge: git refuses, and nothing is damaged."""
    learner.start()
    if own_history:
        learner.write("own.txt", "mine")
        pusher.push(b="theirs")
        learner.sync()
        learner.write("a.ipynb", LINES.replace("line 2", "before"))
    pusher.push(a=LINES.replace("line 9", "corrected"))
    merge = puller.Puller.merge

    def saved_first(self: puller.Puller) -> Iterator[str]:
        learner.write("a.ipynb", LINES.replace("line 2", "my line"))
        yield from merge(self)

    with monkeypatch.context() as patched:
        patched.setattr(puller.Puller, "merge", saved_first)
        with pytest.raises(subprocess.CalledProcessError):
            learner.sync()
    assert learner.read("a.ipynb") == LINES.replace("line 2", "my line")
    assert learner.sync().arrived == ("a.ipynb",)
    merged = LINES.replace("line 2", "my line").replace("line 9", "corrected")
    assert learner.read("a.ipynb") == merged


def test_18_their_folder_where_the_release_brings_a_file_is_moved_aside(
    learner: Learner, pusher: Pusher
) -> None:
    learner.start()
    learner.write("b.ipynb/notes.txt", "mine")
    pusher.push(b="theirs")
    assert learner.sync().moved == {"b.ipynb": "b__kept.ipynb"}
    assert learner.read("b.ipynb") == "theirs"
    assert learner.read("b__kept.ipynb/notes.txt") == "mine"


def test_19_what_their_own_git_has_fetched_is_merged_as_ever(
    learner: Learner, pusher: Pusher
) -> None:
    learner.start()
    learner.write("own.txt", "mine")
    pusher.push(b="theirs")
    git(learner.course, "fetch", "--quiet", "origin")
    synced = learner.sync()
    assert (synced.outcome, synced.arrived) == (Outcome.UPDATED, ("b.ipynb",))
    assert learner.read("b.ipynb") == "theirs"
    assert learner.sync().outcome is Outcome.UNCHANGED


def test_16_of_a_program_too_the_releases_version_lies_beside_theirs(
    learner: Learner, pusher: Pusher
) -> None:
    pusher.write("airina/tools.py", "a = 1\nb = 2\nc = 3\n")
    pusher.commit()
    learner.start()
    learner.write("airina/tools.py", "a = 1\nb = 'mine'\nc = 3\n")
    pusher.write("airina/tools.py", "a = 1\nb = 22\nc = 3\nd = 4\n")
    pusher.commit()
    assert learner.sync().kept == {"airina/tools.py": "airina/tools__original.py"}
    assert "b = 'mine'" in learner.read("airina/tools.py")
    assert "b = 22" in learner.read("airina/tools__original.py")


def test_19_a_release_comes_wherever_their_own_git_looks(learner: Learner, pusher: Pusher) -> None:
    learner.start()
    mine = learner.home / "mine.git"
    git(learner.home, "init", "--quiet", "--bare", str(mine))
    git(learner.course, "remote", "add", "mine", str(mine))
    git(learner.course, "push", "--quiet", "--set-upstream", "mine", "main")
    git(learner.course, "remote", "set-url", "origin", "file:///nowhere")
    pusher.push(b="theirs")
    assert learner.sync().arrived == ("b.ipynb",)


def test_a_git_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(puller, "SECONDS", 0.1)
    assert puller.Subprocess().Popen(["sleep", "60"]).wait(20) == -signal.SIGKILL


def test_a_git_that_has_ended_leaves_nothing(learner: Learner) -> None:
    """No thread that waits for it to hang, and (since warnings are errors) no pipe."""
    learner.start()
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(10)
            assert not thread.is_alive()


def test_7_a_changed_file_that_the_release_drops_stays(learner: Learner, pusher: Pusher) -> None:
    pusher.push(b="theirs\n")
    learner.start()
    learner.write("b.ipynb", "mine\n")
    pusher.push(b=None)
    assert learner.start() is Outcome.UPDATED
    assert learner.read("b.ipynb") == "mine\n"


def test_8_accents_and_spaces_are_like_any_other_letters(learner: Learner, pusher: Pusher) -> None:
    learner.start()
    learner.write("été à Cotonou.ipynb", "mien")
    pusher.write("été à Cotonou.ipynb", "leur")
    pusher.commit()
    assert learner.start() is Outcome.UPDATED
    assert learner.read("été à Cotonou.ipynb") == "leur"
    [kept] = learner.course.glob("été à Cotonou__*.ipynb")
    assert kept.read_text("utf-8") == "mien"
    assert learner.backups() == []


@pytest.mark.parametrize("lock", ["index.lock", "refs/remotes/origin/main.lock", "shallow.lock"])
def test_9_a_lock_left_behind_is_removed(learner: Learner, pusher: Pusher, lock: str) -> None:
    learner.start()
    (learner.course / ".git" / lock).touch()
    pusher.push(b="new")
    assert learner.start() is Outcome.UPDATED
    assert learner.backups() == []


def test_10_without_a_release_the_workspace_stays_as_it_is(
    learner: Learner, tmp_path: Path
) -> None:
    learner.start()
    learner.write("a.ipynb", "mine")
    shutil.rmtree(learner.release)
    assert learner.start() is Outcome.NO_RELEASE
    assert learner.read("a.ipynb") == "mine"


def test_10_a_release_that_is_still_empty_is_none(tmp_path: Path) -> None:
    Pusher(tmp_path).begin()
    learner = Learner(tmp_path, tmp_path / "release.git")
    assert learner.start() is Outcome.NO_RELEASE
    assert list(learner.home.iterdir()) == []


def test_10_a_release_that_is_damaged_takes_nothing_away(learner: Learner, pusher: Pusher) -> None:
    learner.start()
    learner.write("a.ipynb", "mine")
    pusher.push(b="new")
    shutil.rmtree(learner.release / "objects")
    assert learner.start() is Outcome.NO_RELEASE
    assert learner.read("a.ipynb") == "mine"


def test_13_without_room_nothing_is_begun(learner: Learner, pusher: Pusher) -> None:
    learner.start()
    pusher.push(b="new")
    assert learner.start(room=2**62) is Outcome.NO_ROOM
    assert learner.names() == {"a.ipynb"}
    assert sync.ROOM > 0


def test_14_whatever_goes_wrong_is_said_and_ends_well(
    learner: Learner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    learner.home.rmdir()
    monkeypatch.setattr(sync, "COURSE", learner.course)
    sync.main()
    said = capsys.readouterr()
    assert json.loads(said.out) == {"outcome": "not synced", "arrived": [], "kept": {}, "moved": {}}
    assert "FileNotFoundError" in said.err


def test_a_persons_own_git_settings_change_nothing(
    learner: Learner, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (learner.home / ".gitconfig").write_text(
        "[commit]\n\tgpgSign = true\n[merge]\n\tff = only\n[core]\n\tautocrlf = true\n", "utf-8"
    )
    monkeypatch.setenv("HOME", str(learner.home))
    learner.start()
    learner.write("a.ipynb", LINES.replace("line 2", "my line"))
    pusher.push(a=LINES.replace("line 8", "their line"))
    assert learner.start() is Outcome.UPDATED
    assert learner.backups() == []


def test_a_repository_around_the_course_is_not_taken_for_it(
    learner: Learner, pusher: Pusher
) -> None:
    """A person has a repository of their own as their home, and the course loses its HEAD."""
    learner.home.rmdir()
    subprocess.run(["git", "clone", "-q", str(learner.release), str(learner.home)], check=True)
    learner.start()
    (learner.course / ".git" / "HEAD").unlink()
    pusher.push(b="new")
    assert learner.start() is Outcome.REBUILT
    assert not (learner.home / "b.ipynb").exists()


def test_the_servers_own_variables_stay_as_they_are(learner: Learner, pusher: Pusher) -> None:
    before = dict(os.environ)
    learner.start()
    learner.write("a.ipynb", LINES.replace("line 2", "my line"))
    pusher.push(a=LINES.replace("line 8", "their line"))
    assert learner.sync().outcome is Outcome.UPDATED
    assert dict(os.environ) == before
    author = git(learner.course, "log", "-1", "--format=%an")
    assert author.strip() == "nbgitpuller"


def test_14_a_git_that_hangs_is_ended(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    learner.start()
    monkeypatch.setattr(git_of_ours, "SECONDS", 0.2)
    with pytest.raises(subprocess.TimeoutExpired):
        git_of_ours.git(learner.course, "-c", "alias.hang=!sleep 5 >&- 2>&-", "hang")


def test_9_while_the_server_runs_a_git_of_theirs_only_puts_the_sync_off(
    learner: Learner, pusher: Pusher
) -> None:
    learner.start()
    lock = learner.course / ".git" / "index.lock"
    lock.touch()
    pusher.push(b="new")
    with pytest.raises(Exception, match=r"index\.lock"):
        learner.sync()
    assert lock.exists()
    lock.unlink()
    assert learner.sync().outcome is Outcome.UPDATED
    assert learner.read("b.ipynb") == "new"


def test_14_a_release_that_cannot_be_fetched_once_is_fetched_the_next_time(
    learner: Learner, pusher: Pusher
) -> None:
    learner.start()
    learner.write("a.ipynb", "mine")
    pusher.push(b="new")
    objects = learner.release / "objects"
    objects.rename(learner.release / "away")
    objects.mkdir()
    with pytest.raises(subprocess.CalledProcessError):
        learner.sync()
    objects.rmdir()
    (learner.release / "away").rename(objects)
    assert learner.sync().outcome is Outcome.UPDATED
    assert learner.read("a.ipynb") == "mine"
    assert learner.backups() == []
