"""What a person sees of the course: what is open, and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.cohort import Cohort
from hub.i18n import Language
from hub.journal import Cause
from hub.opening import Asked, Part, Wish
from hub.web.delivery import Delivery
from hub.web.today_view import CAUSES, View, sees, view

from .courses import (
    CALENDAR,
    COHORT,
    NAME,
    SECOND_DAY,
    STATES,
    TITLES,
    delivery,
    path_of,
    release,
    workspace,
)

FR, EN = Language.FR, Language.EN
MINE = Cohort(calendar=CALENDAR, people=())


@pytest.fixture
def course(tmp_path: Path) -> Delivery:
    """The second day is out."""
    return delivery(tmp_path, SECOND_DAY)


def seen(course: Delivery, wanted: str = "", language: Language = FR, **later: int) -> View:
    """The page, some time after the afternoon of the second day."""
    return view(course, MINE, NAME, language, SECOND_DAY + timedelta(**later), wanted)


def shown(found: View) -> Iterator[str]:
    """The ids of all notebooks that a view has anywhere."""
    for day in (found.before, *found.days, found.shown):
        yield from (entry.listed.id for entry in (*day.notebooks, *day.solutions))


def test_it_shows_the_day_that_the_course_has_come_to(course: Delivery) -> None:
    found = seen(course)
    assert found.shown.number == found.landing == 2
    ids = [entry.listed.id for entry in found.shown.notebooks]
    assert ids == [key for key in TITLES if key[1] == "2"]
    assert found.shown.solutions == ()


@pytest.mark.parametrize("language", Language)
def test_notebooks_are_in_the_language_of_the_page(course: Delivery, language: Language) -> None:
    found = seen(course, language=language)
    assert {entry.listed.language for entry in found.shown.notebooks} == {language}


def test_each_stands_as_the_server_has_told(course: Delivery) -> None:
    course.journal.told(NAME, workspace(SECOND_DAY))
    course.journal.told("cot-02", workspace(SECOND_DAY).model_copy(update={"notebooks": {}}))
    standing = {entry.listed.id: entry.standing for entry in seen(course).shown.notebooks}
    for key, state in STATES.items():
        if key[1] == "2":
            assert standing[key].model_copy(update={"beside": state.beside}) == state
    beside = {entry.listed.id: entry.beside for entry in seen(course).shown.notebooks}
    assert beside["d2-02"] == "fr/day2/d2-02__original.ipynb"


def test_a_server_that_names_a_file_elsewhere_is_not_believed(course: Delivery) -> None:
    path = path_of("d2-02", FR)
    told = workspace(SECOND_DAY)
    bad = told.notebooks[path].model_copy(update={"beside": "../../../hub/logout"})
    course.journal.told(NAME, told.model_copy(update={"notebooks": {path: bad}}))
    assert all(entry.beside is None for entry in seen(course).shown.notebooks)


def test_another_open_day_can_be_looked_at_with_its_solutions(course: Delivery) -> None:
    found = seen(course, wanted="1")
    assert found.shown.number == 1
    assert [entry.listed.id for entry in found.shown.solutions] == ["d1-01", "d1-03"]
    assert found.landing == 2
    assert seen(course, wanted="0").shown is not None
    assert seen(course, wanted="0").shown.number == 0


def test_it_tells_when_solutions_open_until_they_do(course: Delivery) -> None:
    assert seen(course).shown.solutions_at == datetime(2027, 3, 3, 7, 30, tzinfo=UTC)
    assert seen(course, wanted="1").shown.solutions_at is None
    assert seen(course, wanted="0").shown.solutions_at is None
    course.journal.ask(COHORT, 2, Part.SOLUTIONS, Asked(Wish.CLOSE), "cot-80")
    assert seen(course).shown.solutions_at is None


@pytest.mark.parametrize("wanted", ["3", "6", "-1", "1.0", "x", "²", "../1"])
def test_what_is_not_open_cannot_be_guessed(course: Delivery, wanted: str) -> None:
    assert seen(course, wanted).shown.number == 2


def test_a_release_that_is_ahead_of_the_clock_shows_nothing_closed(tmp_path: Path) -> None:
    course = delivery(tmp_path, SECOND_DAY)
    ahead = release(SECOND_DAY + timedelta(days=3), {})
    course.journal.released(ahead.model_copy(update={"parts": frozenset()}))
    found = view(course, MINE, NAME, FR, SECOND_DAY, "3")
    assert set(shown(found)) == {"d0-00", "d1-01", "d1-03"} | {k for k in TITLES if k[1] == "2"}
    assert [day.number for day in found.days if day.solutions] == [1]


@pytest.mark.parametrize("part", Part)
def test_what_was_closed_again_is_gone_from_the_page(course: Delivery, part: Part) -> None:
    course.journal.ask(COHORT, 1, part, Asked(Wish.CLOSE), "cot-80")
    found = seen(course)
    assert found.days[0].solutions == ()
    assert bool(found.days[0].notebooks) == (part is Part.SOLUTIONS)
    solution = path_of("d1-01", FR, solution=True)
    assert not sees(course, MINE, solution, SECOND_DAY)
    assert not set(found.titles) & {solution}


def test_the_clock_opens_a_day_before_it_is_released(course: Delivery) -> None:
    found = seen(course, days=1)
    assert found.shown.number == 3
    assert found.shown.open
    assert found.shown.notebooks == ()


def test_another_cohorts_day_is_not_seen(course: Delivery) -> None:
    other = Cohort(calendar=CALENDAR.model_copy(update={"id": "2027a-other"}), people=())
    found = view(course, other, NAME, FR, SECOND_DAY, "")
    assert list(shown(found)) == []
    assert not sees(course, other, path_of("d1-01", FR), SECOND_DAY)


def test_before_the_course_there_is_the_check(tmp_path: Path) -> None:
    early = datetime(2027, 2, 20, 12, 0, tzinfo=UTC)
    found = view(delivery(tmp_path, early), MINE, NAME, EN, early, "1")
    assert found.landing is None
    assert set(shown(found)) == {"d0-00"}
    assert found.shown.number == 0


def test_trouble_says_what_to_do_and_is_nobody_elses(course: Delivery) -> None:
    for cause in Cause:
        course.journal.failed(NAME, cause)
        assert seen(course).trouble == CAUSES[cause]
    assert view(course, MINE, "cot-02", FR, SECOND_DAY, "").trouble is None


def test_announcements_are_the_cohorts_of_one_day_the_latest_first(course: Delivery) -> None:
    now = datetime.now(UTC)
    for cohort, text in ((COHORT, "un"), (COHORT, "deux"), ("2027a-other", "trois")):
        course.journal.announce(cohort, text, text, "cot-80")
    told = view(course, MINE, NAME, FR, now, "").announcements
    assert [one.fr for one in told] == ["deux", "un"]
    later = now + timedelta(hours=25)
    assert view(course, MINE, NAME, FR, later, "").announcements == ()


def test_what_has_come_is_named_in_the_language_of_the_page(course: Delivery) -> None:
    course.journal.told(NAME, workspace(SECOND_DAY))
    assert seen(course, language=EN).arrived == [TITLES["d2-01"][1]]
    assert seen(course, language=FR).arrived == [TITLES["d2-01"][0]]
