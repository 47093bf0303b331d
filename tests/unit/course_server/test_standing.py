"""What a person has, has changed, and has not yet seen."""

from pathlib import Path
from typing import Any

import pytest
from course_server import originals, standing
from course_server.sync import Outcome

from tests.unit.course_server.conftest import Learner, Pusher
from tests.unit.course_server.notebooks import edit, notebook, rewrite, run, sources

NAME = "fr/day1/svd.ipynb"
CELLS = {"ex1": "à écrire", "end": "fin"}


@pytest.fixture
def learner(learner: Learner, pusher: Pusher) -> Learner:
    pusher.write(NAME, notebook(**CELLS))
    pusher.write("en/day1/svd.ipynb", notebook(**CELLS))
    pusher.write("airina/example.ipynb", notebook(**CELLS))
    pusher.commit()
    learner.start()
    return learner


def told(learner: Learner, name: str = NAME) -> dict[str, Any]:
    found: dict[str, Any] = standing.report(learner.course)["notebooks"][name]
    return found


def true(learner: Learner, name: str = NAME) -> set[str]:
    return {key for key, value in told(learner, name).items() if value}


def test_before_the_first_sync_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert standing.report(tmp_path / "course") == {
        "commit": None,
        "saved_at": None,
        "notebooks": {},
        "save_points": [],
    }


def test_the_releases_notebooks_are_told_of_and_nothing_else(learner: Learner) -> None:
    learner.write("fr/day1/own.ipynb", notebook(a="mine"))
    found = standing.report(learner.course)
    assert set(found["notebooks"]) == {NAME, "en/day1/svd.ipynb"}
    assert len(found["commit"]) == 40
    assert found["saved_at"] is not None


def test_what_was_never_opened_is_new(learner: Learner) -> None:
    assert true(learner) == {"new"}
    standing.opened(learner.course, NAME)
    assert true(learner) == set()
    assert true(learner, "en/day1/svd.ipynb") == {"new"}


def test_to_have_run_it_makes_it_nobodys(learner: Learner) -> None:
    standing.opened(learner.course, NAME)
    (learner.course / "a.ipynb").unlink()  # of no language: nobody's
    assert standing.report(learner.course)["saved_at"] is None
    edit(learner.course / NAME, run)
    assert true(learner) == set()
    assert standing.report(learner.course)["saved_at"] is not None


def test_another_source_makes_it_theirs_until_it_is_as_before(learner: Learner) -> None:
    edit(learner.course / NAME, rewrite("ex1", "ma réponse"))
    assert true(learner) == {"mine"}
    edit(learner.course / NAME, rewrite("ex1", "à écrire"))
    assert true(learner) == {"new"}
    learner.write(NAME, "no notebook at all")
    assert true(learner) == {"mine"}


def test_a_correction_since_they_opened_it_is_told(learner: Learner, pusher: Pusher) -> None:
    standing.opened(learner.course, NAME)
    pusher.write(NAME, notebook(**{**CELLS, "end": "corrigé"}))
    pusher.commit()
    learner.sync()
    assert true(learner) == {"updated"}
    standing.opened(learner.course, NAME)
    assert true(learner) == set()


def test_what_they_deleted_is_told(learner: Learner) -> None:
    (learner.course / NAME).unlink()
    assert true(learner) == {"deleted", "new"}


def test_where_theirs_was_kept_the_courses_version_is_told(
    learner: Learner, pusher: Pusher
) -> None:
    edit(learner.course / NAME, rewrite("ex1", "ma réponse"))
    pusher.write(NAME, notebook(**{**CELLS, "ex1": "corrigé"}))
    pusher.commit()
    learner.sync()
    assert told(learner)["beside"] == "fr/day1/svd__original.ipynb"
    (learner.course / "fr/day1/svd__original.ipynb").unlink()
    assert told(learner)["beside"] is None


def test_the_original_is_laid_beside_when_it_is_asked_for(learner: Learner) -> None:
    edit(learner.course / NAME, rewrite("ex1", "ma réponse"))
    name = originals.place(learner.course, NAME)
    assert sources(learner.read(name)) == CELLS
    assert originals.place(learner.course, NAME) == name, "the same again"
    edit(learner.course / name, rewrite("ex1", "ma note"))
    assert originals.place(learner.course, NAME) != name
    assert sources(learner.read(name))["ex1"] == "ma note"


@pytest.mark.parametrize("path", ["fr/day1/none.ipynb", "../secret", "", "/etc/passwd", "fr"])
def test_what_the_release_has_not_has_no_original(learner: Learner, path: str) -> None:
    with pytest.raises(LookupError):
        originals.place(learner.course, path)


def test_save_points_are_told_the_latest_first(learner: Learner, pusher: Pusher) -> None:
    for number in (1, 2):
        edit(learner.course / NAME, rewrite("ex1", f"réponse {number}"))
        pusher.write("b.ipynb", notebook(a=str(number)))
        pusher.commit()
        learner.sync()
    found = standing.report(learner.course)["save_points"]
    assert len(found) == 2
    assert found[0]["at"] >= found[1]["at"]


def test_what_was_looked_into_is_not_looked_into_again(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(learner.course / NAME, rewrite("ex1", "ma réponse"))
    before = standing.report(learner.course)
    for name in ("_cells", "_read"):
        monkeypatch.setattr(standing, name, lambda _: pytest.fail("looked into again"))
    assert standing.report(learner.course) == before


def test_a_rebuilt_course_knows_what_they_had_opened(learner: Learner, pusher: Pusher) -> None:
    standing.opened(learner.course, NAME)
    pusher.write("b.ipynb", notebook(a="b"))
    pusher.commit()
    (learner.course / ".git" / "index").write_bytes(b"DIRC")
    assert learner.start() is Outcome.REBUILT
    assert true(learner) == set()
