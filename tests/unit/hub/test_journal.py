"""The journal: what several processes tell one another, and what is left of it after each of them."""

import sqlite3
from datetime import UTC, datetime, timedelta
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.errors import Message, Problem
from hub.i18n import Language
from hub.journal import Cause, Journal, Listed, Release, Verdict, Watch, Workspace
from hub.opening import Asked, Part, Wish

NOW = datetime(2027, 3, 2, 7, 30, tzinfo=UTC)
COHORT = "2027a-test"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


def release(head: str = "a" * 40) -> Release:
    notebook = Listed(
        id="d1-03", day=1, language=Language.FR, path="fr/day1/03-svd.ipynb", title="La SVD"
    )
    return Release(
        cohort=COHORT,
        head=head,
        source="b" * 40,
        parts=frozenset({(1, Part.DAY), (1, Part.SOLUTIONS)}),
        landing=1,
        notebooks=(notebook,),
        at=NOW,
    )


def workspace(**more: object) -> Workspace:
    return Workspace.model_validate(
        {"commit": "a" * 40, "outcome": "updated", "at": NOW.isoformat(), **more}
    )


def test_the_last_wish_about_a_part_of_a_day_counts(journal: Journal) -> None:
    later = Asked(Wish.POSTPONE, NOW + timedelta(hours=1))
    journal.ask(COHORT, 2, Part.DAY, Asked(Wish.OPEN), "cot-90")
    journal.ask(COHORT, 2, Part.DAY, later, "cot-90")
    journal.ask(COHORT, 2, Part.SOLUTIONS, Asked(Wish.CLOSE), "cot-90")
    journal.ask("2027a-other", 2, Part.DAY, Asked(Wish.CLOSE), "cot-90")
    assert journal.asks(COHORT) == {
        (2, Part.DAY): later,
        (2, Part.SOLUTIONS): Asked(Wish.CLOSE),
    }


def test_a_release_is_kept_as_it_was_told(journal: Journal, tmp_path: Path) -> None:
    journal.released(release("c" * 40))
    journal.released(release())
    assert Journal(tmp_path).releases() == {COHORT: release()}


def test_what_a_server_tells_ends_its_trouble(journal: Journal) -> None:
    journal.failed("cot-01", Cause.SILENT)
    journal.failed("cot-02", Cause.NO_ROOM)
    journal.told("cot-01", workspace())
    assert set(journal.troubles()) == {"cot-02"}
    assert journal.troubles()["cot-02"].cause is Cause.NO_ROOM
    assert journal.workspace("cot-01") == workspace()
    assert journal.workspace("cot-03") is None


@pytest.mark.parametrize(
    "more",
    [
        {"commit": "main"},
        {"outcome": "x" * 41},
        {"notebooks": {f"fr/{n}.ipynb": {} for n in range(501)}},
        {"save_points": [{"id": "../..", "at": NOW.isoformat()}]},
        {"admin": True},
    ],
)
def test_a_server_cannot_tell_what_a_workspace_has_not(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        workspace(**more)


def test_kept_notebooks_are_those_with_the_courses_beside(journal: Journal) -> None:
    found = workspace(
        notebooks={
            "fr/day1/a.ipynb": {"mine": True, "beside": "fr/day1/a__original.ipynb"},
            "fr/day1/b.ipynb": {"mine": True},
        }
    )
    assert found.kept == ("fr/day1/a.ipynb",)


def test_who_is_asked_again_is_taken_once(journal: Journal) -> None:
    journal.ask_again(["cot-01", "cot-02"])
    journal.ask_again(["cot-01"])
    assert journal.wanted_again() == {"cot-01", "cot-02"}
    journal.asked_again(["cot-01"])
    assert journal.wanted_again() == {"cot-02"}


def test_a_gate_is_told_line_by_line_also_by_several_at_once(journal: Journal) -> None:
    number = journal.gate_begins("d" * 40, "cot-90")
    lines = [f"✔ d1-0{n} « oui » 'ok'" for n in range(8)]
    with ThreadPool(8) as pool:
        pool.map(lambda line: journal.gate_says(number, line), lines)
    running = journal.last_gate()
    assert running is not None
    assert running.verdict is Verdict.RUNNING
    assert running.ended is None
    assert set(running.lines) == set(lines)
    journal.gate_ends(number, Verdict.REFUSED)
    ended = journal.last_gate()
    assert ended is not None
    assert (ended.verdict, ended.ended is not None) == (Verdict.REFUSED, True)


def test_what_has_passed_is_known(journal: Journal) -> None:
    journal.keep_passed(["one", "two"])
    journal.keep_passed(["two", "three"])
    assert journal.passed(["two", "three", "four"]) == {"two", "three"}


def test_a_cohort_is_told_what_is_its_own_and_not_too_old(journal: Journal) -> None:
    first = journal.announce(COHORT, "Bonjour", "Hello", "cot-90")
    journal.announce("2027a-other", "Ailleurs", "Elsewhere", "cot-90")
    [told] = journal.announcements(COHORT, datetime.now(UTC) - timedelta(hours=1))
    assert (told.id, told.fr, told.en) == (first, "Bonjour", "Hello")
    assert journal.announcements(COHORT, datetime.now(UTC) + timedelta(seconds=1)) == []
    assert journal.last_announcement() == 2


def test_what_keeps_a_release_back_is_told_in_both_languages_until_it_is_out(
    journal: Journal,
) -> None:
    problem = Problem(
        Path("built/fr/day1/02-été.ipynb"),
        Message("was released to %(cohort)s and is gone", {"cohort": COHORT}),
        Message("bring the file back under this name; until the course is over, add and edit only"),
    )
    journal.stuck(COHORT, [problem])
    [english] = journal.stuck_cohorts(Language.EN)[COHORT]
    [french] = journal.stuck_cohorts(Language.FR)[COHORT]
    assert "day1/02-été.ipynb" in english
    assert "is gone" in english
    assert "is gone" not in french
    journal.released(release())
    assert journal.stuck_cohorts(Language.FR) == {}


def test_a_watch_sees_what_others_write_and_nothing_else(journal: Journal, tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    assert watch.changed()
    assert not watch.changed()
    journal.wanted_again()  # to look is no change
    journal.asked_again([])
    journal.releases()
    assert not watch.changed()
    journal.ask_again(["cot-01"])
    assert watch.changed()
    problem = Problem(Path("a/b"), Message("unknown key"), Message("add it"))
    journal.stuck(COHORT, [problem])
    assert watch.changed()
    journal.stuck(COHORT, [problem])
    assert not watch.changed()
    watch.close()


def test_readers_do_not_wait_for_a_writer(journal: Journal, tmp_path: Path) -> None:
    journal.released(release())
    writer = sqlite3.connect(tmp_path / "delivery.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM release")
    assert set(journal.releases()) == {COHORT}
    writer.execute("ROLLBACK")
    writer.close()
