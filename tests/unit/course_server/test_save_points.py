"""Case 15 of ``course_server.sync``: before anything changes, all of it is kept, and can be gone back to."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from course_server import save_points
from course_server.salvage import MARK
from course_server.sync import Outcome

from tests.unit.course_server.conftest import LINES, Learner, Pusher, git


@pytest.fixture
def at_work(learner: Learner) -> Learner:
    """Somebody who has changed a notebook and has files of their own."""
    learner.start()
    learner.write("a.ipynb", LINES + "mine\n")
    learner.write("notes/été.md", "mes notes")
    learner.write(".gitignore", "*.log\n")
    learner.write("run.log", "ignored by git, not by us")
    return learner


def take(learner: Learner) -> str:
    name = save_points.take(learner.course)
    assert name is not None
    return name


def test_15_a_sync_that_brings_something_takes_one_first(at_work: Learner, pusher: Pusher) -> None:
    pusher.push(a=LINES.replace("line 1", "corrected"))
    assert at_work.sync().outcome is Outcome.UPDATED
    [name] = save_points.all_of(at_work.course)
    kept = git(at_work.course, "show", f"refs/save-points/{name}:a.ipynb")
    assert kept == LINES + "mine\n"
    assert git(at_work.course, "show", f"refs/save-points/{name}:run.log").startswith("ignored")


def test_15_nothing_new_takes_none(at_work: Learner) -> None:
    at_work.sync()
    assert save_points.all_of(at_work.course) == []


def test_the_same_twice_is_one(at_work: Learner) -> None:
    take(at_work)
    assert save_points.take(at_work.course) is None
    at_work.write("a.ipynb", "other")
    assert len({take(at_work), *save_points.all_of(at_work.course)}) == 2


def test_going_back_brings_every_file_back_and_can_itself_be_undone(at_work: Learner) -> None:
    before = take(at_work)
    at_work.write("a.ipynb", "spoilt")
    (at_work.course / "notes/été.md").unlink()
    at_work.write("later.md", "written since")
    save_points.go_back(at_work.course, before)
    assert at_work.read("a.ipynb") == LINES + "mine\n"
    assert at_work.read("notes/été.md") == "mes notes"
    assert at_work.read("later.md") == "written since"
    [left, _] = save_points.all_of(at_work.course)
    save_points.go_back(at_work.course, left)
    assert at_work.read("a.ipynb") == "spoilt"


def test_a_sync_after_going_back_merges_as_ever(at_work: Learner, pusher: Pusher) -> None:
    before = take(at_work)
    pusher.push(a=LINES.replace("line 1", "corrected"))
    at_work.sync()
    save_points.go_back(at_work.course, before)
    pusher.push(b="new\n")
    assert at_work.sync().outcome is Outcome.UPDATED
    assert at_work.read("b.ipynb") == "new\n"
    assert at_work.read("a.ipynb") == LINES + "mine\n", "what they went back to is theirs now"


@pytest.mark.parametrize("name", ["20270101T000000", "../../heads/main", "", "-1"])
def test_what_is_no_save_point_is_refused(at_work: Learner, name: str) -> None:
    take(at_work)
    with pytest.raises(LookupError):
        save_points.go_back(at_work.course, name)


def test_taking_one_touches_neither_files_nor_gits_index(at_work: Learner) -> None:
    git(at_work.course, "add", "notes/été.md")
    before = git(at_work.course, "status", "--porcelain", "--ignored")
    take(at_work)
    assert git(at_work.course, "status", "--porcelain", "--ignored") == before


def test_what_is_large_or_a_cache_is_left_out(
    at_work: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(save_points, "LARGEST", 1000)
    at_work.write("data [1].bin", "x" * 1001)
    at_work.write("notes/.ipynb_checkpoints/été.md", "x")
    name = take(at_work)
    listed = git(at_work.course, "ls-tree", "-r", "--name-only", "-z", f"refs/save-points/{name}")
    assert "data" not in listed
    assert "checkpoints" not in listed
    assert "notes/été.md" in listed


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_saved(at_work: Learner) -> None:
    (at_work.course / "repository").mkdir()
    git(at_work.course / "repository", "init", "-q")  # a repository in a repository
    name = take(at_work)
    assert git(at_work.course, "show", f"refs/save-points/{name}:notes/été.md") == "mes notes"


def test_the_oldest_go_but_the_last_of_each_day_stays(
    at_work: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(save_points, "MOST", 5)
    head = git(at_work.course, "rev-parse", "HEAD").strip()
    long_ago = datetime(2020, 3, 1, 8, tzinfo=UTC)
    for hours in (0, 1, 2, 24, 25, 48):
        name = (long_ago + timedelta(hours=hours)).strftime(save_points.FORM)
        git(at_work.course, "update-ref", save_points.PREFIX + name, head)
    newest = take(at_work)
    assert save_points.all_of(at_work.course) == [
        newest,
        "20200303T080000",
        "20200302T090000",
        "20200302T080000",
        "20200301T100000",
    ]


def test_a_rebuilt_course_keeps_its_save_points(at_work: Learner, pusher: Pusher) -> None:
    name = take(at_work)
    pusher.push(b="new\n")
    (at_work.course / ".git" / MARK).write_text("interrupted", "ascii")
    assert at_work.start() is Outcome.REBUILT
    assert save_points.all_of(at_work.course) == [name]
    save_points.go_back(at_work.course, name)
    assert at_work.read("notes/été.md") == "mes notes"


def test_a_name_says_when_it_was() -> None:
    assert save_points.moment("20270301T083000-2") == datetime(2027, 3, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("then", "now", "kept"),
    [
        ("big.md", "big.md", "big__kept.md"),
        ("notes.d", "notes.d/deep/big.md", "notes__kept.d/deep/big.md"),
        ("big.d/small.md", "big.d", "big__kept.d"),
    ],
)
def test_going_back_replaces_nothing_that_is_too_large_for_a_save_point(
    at_work: Learner, monkeypatch: pytest.MonkeyPatch, then: str, now: str, kept: str
) -> None:
    monkeypatch.setattr(save_points, "LARGEST", 1000)
    at_work.write(then, "small")
    before = take(at_work)
    first = at_work.course / Path(then).parts[0]
    shutil.rmtree(first) if first.is_dir() else first.unlink()
    at_work.write(now, "mine" + "x" * 1000)
    save_points.go_back(at_work.course, before)
    assert at_work.read(then) == "small"
    assert at_work.read(kept).startswith("mine")


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_what_their_git_is_told_not_to_look_at_is_saved_too(at_work: Learner, mark: str) -> None:
    point = save_points.take(at_work.course)
    assert point
    git(at_work.course, "update-index", mark, "a.ipynb")
    at_work.write("a.ipynb", "written since\n")
    save_points.go_back(at_work.course, point)
    latest = save_points.all_of(at_work.course)[0]
    save_points.go_back(at_work.course, latest)
    assert at_work.read("a.ipynb") == "written since\n"


def test_what_is_written_while_going_back_gives_way(
    at_work: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = save_points.take(at_work.course)
    assert point
    at_work.write("a.ipynb", "written since\n")
    keep = save_points._keep

    def write_after(course: Path, index: dict[str, str]) -> str | None:
        found = keep(course, index)
        at_work.write("a.ipynb", "written during\n")
        return found

    monkeypatch.setattr(save_points, "_keep", write_after)
    save_points.go_back(at_work.course, point)
    assert at_work.read("a__kept.ipynb") == "written during\n"


@pytest.mark.parametrize("commits", [False, True])
def test_going_back_replaces_nothing_in_a_repository_of_their_own(
    at_work: Learner, commits: bool
) -> None:
    at_work.write("projet/essai.py", "first\n")
    point = save_points.take(at_work.course)
    assert point
    project = at_work.course / "projet"
    git(project, "init", "--quiet")
    if commits:
        git(project, "add", "--all")
        git(project, "commit", "--quiet", "--message=essai")
    at_work.write("projet/essai.py", "written since\n")
    save_points.go_back(at_work.course, point)
    assert at_work.read("projet/essai.py") == "first\n"
    assert at_work.read("projet__kept/essai.py") == "written since\n"
    assert (at_work.course / "projet__kept" / ".git").is_dir()


def test_going_back_leaves_what_is_large_where_nothing_takes_its_place(
    at_work: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(save_points, "LARGEST", 1000)
    before = take(at_work)
    at_work.write("notes/big.md", "x" * 1001)
    at_work.write("a.ipynb", "spoilt")
    save_points.go_back(at_work.course, before)
    assert at_work.read("notes/big.md") == "x" * 1001
    assert not [name for name in at_work.names() if "__kept" in name]
