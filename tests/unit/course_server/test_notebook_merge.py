"""Cases 4 and 16 of ``course_server.sync`` for notebooks: merged by cell, with real git and nbgitpuller."""

import json
from pathlib import Path

import pytest
from course_server import notebook_merge
from course_server.notebook_merge import merge_lines, merge_notebooks
from course_server.sync import Outcome

from tests.unit.course_server.conftest import Learner, Pusher
from tests.unit.course_server.notebooks import code, edit, notebook, rewrite, run, sources, written

NAME = "day1/svd.ipynb"
BESIDE = "day1/svd__original.ipynb"
FIRST = {"imports": "import numpy as np", "ex1": "def f(x):\n    return 0\n", "end": "f(1)"}


@pytest.fixture
def learner(learner: Learner, pusher: Pusher) -> Learner:
    """Somebody who has the notebook."""
    pusher.write(NAME, notebook(**FIRST))
    pusher.commit()
    learner.start()
    return learner


def correct(pusher: Pusher, **cells: str) -> None:
    pusher.write(NAME, notebook(**{**FIRST, **cells}))
    pusher.commit()


def test_4_who_has_only_run_the_cells_gets_the_correction_and_keeps_what_they_put_out(
    learner: Learner, pusher: Pusher
) -> None:
    edit(learner.course / NAME, run)
    correct(pusher, ex1="def f(x):\n    return 1\n")
    synced = learner.sync()
    assert (synced.outcome, synced.arrived, synced.kept) == (Outcome.UPDATED, (NAME,), {})
    assert sources(learner.read(NAME))["ex1"] == "def f(x):\n    return 1\n"
    cells = json.loads(learner.read(NAME))["cells"]
    assert [cell["outputs"][0]["text"] for cell in cells] == [[f"result {n}\n"] for n in (1, 2, 3)]


def test_4_answers_and_corrections_in_different_cells_are_both_there(
    learner: Learner, pusher: Pusher
) -> None:
    edit(learner.course / NAME, run)
    edit(learner.course / NAME, rewrite("ex1", "def f(x):\n    return x**2\n"))
    correct(pusher, end="f(2)")
    assert learner.sync().kept == {}
    found = sources(learner.read(NAME))
    assert (found["ex1"], found["end"]) == ("def f(x):\n    return x**2\n", "f(2)")


def test_4_in_one_cell_lines_of_both_are_there(learner: Learner, pusher: Pusher) -> None:
    longer = "a = 1\nb = 2\nc = 3\nd = 4\n"
    correct(pusher, ex1=longer)
    learner.sync()
    edit(learner.course / NAME, rewrite("ex1", longer.replace("a = 1", "a = 10")))
    correct(pusher, ex1=longer.replace("d = 4", "d = 40"))
    assert learner.sync().kept == {}
    assert sources(learner.read(NAME))["ex1"] == "a = 10\nb = 2\nc = 3\nd = 40\n"


def test_16_on_the_same_line_theirs_stays_and_the_releases_lands_beside(
    learner: Learner, pusher: Pusher
) -> None:
    edit(learner.course / NAME, rewrite("ex1", "def f(x):\n    return 'mine'\n"))
    correct(pusher, ex1="def f(x):\n    return 'theirs'\n", end="f(3)")
    assert learner.sync().kept == {NAME: BESIDE}
    found = sources(learner.read(NAME))
    assert (found["ex1"], found["end"]) == ("def f(x):\n    return 'mine'\n", "f(3)")
    assert sources(learner.read(BESIDE))["ex1"] == "def f(x):\n    return 'theirs'\n"


def test_16_a_later_correction_renews_what_lies_beside_while_they_have_not_changed_it(
    learner: Learner, pusher: Pusher
) -> None:
    edit(learner.course / NAME, rewrite("ex1", "mine"))
    correct(pusher, ex1="theirs 1")
    learner.sync()
    correct(pusher, ex1="theirs 2")
    assert learner.sync().kept == {NAME: BESIDE}
    assert sources(learner.read(BESIDE))["ex1"] == "theirs 2"
    edit(learner.course / BESIDE, rewrite("ex1", "my note in it"))
    for number in (3, 4):
        correct(pusher, ex1=f"theirs {number}")
        assert learner.sync().kept == {NAME: "day1/svd__original-2.ipynb"}
    assert sources(learner.read("day1/svd__original-2.ipynb"))["ex1"] == "theirs 4"
    assert sources(learner.read(BESIDE))["ex1"] == "my note in it"


def test_4_a_new_cell_comes_in_where_it_stands_and_theirs_stay(
    learner: Learner, pusher: Pusher
) -> None:
    path = learner.course / NAME
    edit(path, lambda found: found["cells"].insert(1, code("own", "my cell")))
    pusher.write(
        NAME, notebook(imports=FIRST["imports"], hint="hint", **dict(list(FIRST.items())[1:]))
    )
    pusher.commit()
    assert learner.sync().kept == {}
    assert list(sources(learner.read(NAME))) == ["imports", "hint", "own", "ex1", "end"]


def test_4_a_cell_they_deleted_stays_away_and_is_told_of_when_it_was_corrected(
    learner: Learner, pusher: Pusher
) -> None:
    edit(learner.course / NAME, lambda found: found["cells"].pop())
    correct(pusher, ex1="corrected")
    assert learner.sync().kept == {}
    correct(pusher, ex1="corrected", end="corrected too")
    assert learner.sync().kept == {NAME: BESIDE}
    assert "end" not in sources(learner.read(NAME))


def test_4_a_cell_the_release_takes_away_goes_unless_they_changed_it(
    learner: Learner, pusher: Pusher
) -> None:
    edit(learner.course / NAME, rewrite("ex1", "mine"))
    pusher.write(NAME, notebook(imports=FIRST["imports"]))
    pusher.commit()
    learner.sync()
    assert sources(learner.read(NAME)) == {"imports": FIRST["imports"], "ex1": "mine"}


def test_4_a_notebook_that_is_none_any_more_stays_as_they_left_it(
    learner: Learner, pusher: Pusher
) -> None:
    learner.write(NAME, "{ cut short\nmy words\n")
    correct(pusher, ex1="corrected")
    assert learner.sync().kept == {NAME: BESIDE}
    assert "my words" in learner.read(NAME)


def test_4_two_cells_of_one_id_do_not_break_a_notebook(learner: Learner, pusher: Pusher) -> None:
    path = learner.course / NAME
    edit(path, lambda found: found["cells"].append(code("ex1", "a copy of the cell")))
    correct(pusher, ex1="corrected", end="f(9)")
    learner.sync()
    assert "a copy of the cell" in learner.read(NAME)
    assert json.loads(learner.read(NAME))["cells"]


def test_4_a_notebook_they_renamed_is_theirs_and_the_releases_comes_back(
    learner: Learner, pusher: Pusher
) -> None:
    edit(learner.course / NAME, rewrite("ex1", "mine"))
    (learner.course / NAME).rename(learner.course / "day1/my svd.ipynb")
    correct(pusher, ex1="corrected")
    learner.sync()
    assert sources(learner.read("day1/my svd.ipynb"))["ex1"] == "mine"
    assert sources(learner.read(NAME))["ex1"] == "corrected"


def test_what_is_merged_is_written_as_jupyter_writes_it() -> None:
    text = notebook(**FIRST, accents="« été »").encode()
    merged, whole = merge_notebooks(text, text, text)
    assert (merged, whole) == (text, True)


def test_metadata_of_the_release_come_in_where_theirs_are_untouched() -> None:
    old = json.loads(notebook(**FIRST))
    new = {**old, "metadata": {"course": "d1-03"}}
    mine = {**old, "metadata": {"mine": True}}
    versions = [written(one).encode() for one in (old, mine, new)]
    assert json.loads(merge_notebooks(*versions)[0])["metadata"] == {"mine": True}
    versions[1] = versions[0]
    assert json.loads(merge_notebooks(*versions)[0])["metadata"] == {"course": "d1-03"}


def test_lines_without_an_end_are_no_conflict(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    (tmp_path / ".git").mkdir()  # type: ignore[operator]
    assert merge_lines(b"a\nb\nc", b"A\nb\nc", b"a\nb\nc\nd") == (b"A\nb\nc\nd", True)
    assert merge_lines(b"a", b"mine", b"theirs") == (b"mine", False)


def test_half_a_character_is_kept_and_the_file_can_be_read() -> None:
    old = notebook(a="x", b="y").encode()
    mine = json.dumps(json.loads(old) | {"cells": [code("a", "x"), code("b", "\ud83d")]}).encode()
    new = notebook(a="corrected", b="y").encode()
    merged, whole = merge_notebooks(old, mine, new)
    assert sources(merged.decode()) == {"a": "corrected", "b": "\ud83d"}
    assert whole


def test_4_where_lines_would_make_no_notebook_theirs_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    twice = notebook(a="mine").replace("[\n  {", '[\n  {"id": "a"},\n  {', 1)  # one id, two cells
    for name, text in (("old", notebook(a="x")), ("mine", twice), ("new", notebook(a="y"))):
        Path(name).write_text(text, "utf-8")
    monkeypatch.setattr(notebook_merge, "merge_lines", lambda *_: (b'{"cells": [', True))
    notebook_merge.main("old", "mine", "new", NAME)
    assert Path("mine").read_text("utf-8") == twice
    assert Path(".git", notebook_merge.UNMERGED).read_text("utf-8") == f"{NAME}\n"
