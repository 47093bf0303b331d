"""When days open, by the numbered cases of ``hub.opening``."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.cohort import Calendar
from hub.files import load_calendar
from hub.opening import (
    Asked,
    Part,
    Wish,
    next_change,
    open_day,
    open_parts,
    standings,
)

DAY, SOLUTIONS = Part.DAY, Part.SOLUTIONS
FIRST = datetime(2027, 3, 1, 7, 30, tzinfo=UTC)
"""8:30 in Cotonou, where the clock is an hour before UTC's."""
MINUTE = timedelta(minutes=1)


def calendar(**more: object) -> Calendar:
    return Calendar.model_validate(
        {
            "id": "2027a-test",
            "title": {"fr": "Essai", "en": "Trial"},
            "days": [f"2027-03-0{day}" for day in range(1, 6)],
            **more,
        }
    )


def opened(now: datetime, calendar: Calendar, asks: object = None, released: object = ()) -> object:
    return open_parts(standings(calendar, asks or {}, released, now))  # type: ignore[arg-type]


def test_1_a_day_opens_at_the_cohorts_hour_in_its_zone() -> None:
    assert opened(FIRST - MINUTE, calendar()) == frozenset()
    assert opened(FIRST, calendar()) == {(1, DAY)}
    late = calendar(time_zone="America/Montreal", opens_at="10:00")
    assert opened(datetime(2027, 3, 1, 14, 59, tzinfo=UTC), late) == frozenset()
    assert opened(datetime(2027, 3, 1, 15, 0, tzinfo=UTC), late) == {(1, DAY)}


def test_1_a_zone_that_changes_its_clock_in_the_week_keeps_its_hour() -> None:
    days = ["2027-03-27", "2027-03-28", "2027-03-29", "2027-03-30", "2027-03-31"]
    paris = calendar(time_zone="Europe/Paris", days=days)
    assert opened(datetime(2027, 3, 27, 7, 30, tzinfo=UTC), paris) == {(1, DAY)}
    summer = datetime(2027, 3, 28, 6, 30, tzinfo=UTC)
    assert (2, DAY) not in opened(summer - MINUTE, paris)  # type: ignore[operator]
    assert (2, DAY) in opened(summer, paris)  # type: ignore[operator]


def test_2_solutions_open_the_next_morning() -> None:
    tomorrow = FIRST + timedelta(days=1)
    assert (1, SOLUTIONS) not in opened(tomorrow - MINUTE, calendar())  # type: ignore[operator]
    assert opened(tomorrow, calendar()) == {(1, DAY), (1, SOLUTIONS), (2, DAY)}


@pytest.mark.parametrize(
    "wish",
    [
        Asked(Wish.POSTPONE, FIRST + timedelta(days=2)),
        Asked(Wish.OPEN, at=FIRST + timedelta(days=2)),
    ],
)
def test_2_solutions_wait_for_the_morning_after_a_day_that_came_later(wish: Asked) -> None:
    asks = {(1, DAY): wish}
    noon = FIRST + timedelta(days=2, hours=4)
    assert (1, DAY) in opened(noon, calendar(), asks)  # type: ignore[operator]
    assert (1, SOLUTIONS) not in opened(noon, calendar(), asks)  # type: ignore[operator]
    assert (1, SOLUTIONS) in opened(FIRST + timedelta(days=3), calendar(), asks)  # type: ignore[operator]


def test_2_a_day_that_is_opened_early_keeps_the_morning_of_its_solutions() -> None:
    asks = {(2, DAY): Asked(Wish.OPEN, at=FIRST)}
    assert (2, SOLUTIONS) not in opened(FIRST + timedelta(days=1), calendar(), asks)  # type: ignore[operator]
    assert (2, SOLUTIONS) in opened(FIRST + timedelta(days=2), calendar(), asks)  # type: ignore[operator]


def test_3_a_day_that_the_calendar_opens_from_the_beginning_keeps_its_solutions_back() -> None:
    assert opened(FIRST - timedelta(days=30), calendar(open_days=[3])) == {(3, DAY)}


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Asked(Wish.OPEN), {(1, DAY), (2, DAY)}),
        (Asked(Wish.CLOSE), {(1, DAY)}),
        (Asked(Wish.POSTPONE, FIRST + timedelta(hours=1)), {(1, DAY)}),
        (Asked(Wish.POSTPONE, FIRST), {(1, DAY), (2, DAY)}),
        (Asked(Wish.CALENDAR), {(1, DAY)}),
    ],
)
def test_4_the_last_wish_wins_over_the_calendar(wish: Asked, expected: object) -> None:
    assert opened(FIRST, calendar(), {(2, DAY): wish}) == expected


def test_4_also_over_a_day_that_is_open_from_the_beginning() -> None:
    assert opened(FIRST, calendar(open_days=[2]), {(2, DAY): Asked(Wish.CLOSE)}) == {(1, DAY)}


def test_5_what_was_released_stays_when_the_clock_is_set_back_and_can_be_closed() -> None:
    before = FIRST - timedelta(days=3)
    assert opened(before, calendar(), released={(1, DAY)}) == {(1, DAY)}
    closed = {(1, DAY): Asked(Wish.CLOSE)}
    assert opened(before, calendar(), closed, {(1, DAY)}) == frozenset()


def test_6_solutions_never_open_before_their_day() -> None:
    wish = {(4, SOLUTIONS): Asked(Wish.OPEN)}
    assert opened(FIRST, calendar(), wish) == {(1, DAY)}


def test_people_land_on_the_last_day_that_came_in_its_turn() -> None:
    def landing(now: datetime, asks: object = None) -> int | None:
        return open_day(standings(calendar(), asks or {}, (), now))  # type: ignore[arg-type]

    assert landing(FIRST - MINUTE) is None
    assert landing(FIRST) == 1
    assert landing(FIRST, {(5, DAY): Asked(Wish.OPEN)}) == 1  # looked at ahead of its time
    called_off = {(2, DAY): Asked(Wish.CLOSE)}
    assert landing(FIRST + timedelta(days=2), called_off) == 3
    moved = {(2, DAY): Asked(Wish.POSTPONE, FIRST + timedelta(days=4))}
    assert [landing(FIRST + timedelta(days=day), moved) for day in range(5)] == [1, 1, 3, 4, 5]
    assert landing(FIRST, {**moved, (3, DAY): Asked(Wish.OPEN)}) == 1


def test_the_next_change_is_the_nearest_thing_to_come() -> None:
    found = standings(calendar(), {(2, DAY): Asked(Wish.POSTPONE, FIRST + 2 * MINUTE)}, (), FIRST)
    coming = next_change(found, FIRST)
    assert coming is not None
    assert (coming.day, coming.part, coming.opens_at) == (2, DAY, FIRST + 2 * MINUTE)
    end = FIRST + timedelta(days=30)
    assert next_change(standings(calendar(), {}, (), end), end) is None


def test_a_file_says_the_hour_as_people_write_it(tmp_path: Path) -> None:
    file = tmp_path / "2027a-test" / "cohort.yml"
    file.parent.mkdir()
    text = (
        "id: 2027a-test\ntitle: {fr: a, en: b}\nopens_at: 10:30\n"
        "days: [2027-03-01, 2027-03-02, 2027-03-03, 2027-03-04, 2027-03-05]\n"
    )
    file.write_text(text, "utf-8")
    assert load_calendar(file).opens_at.isoformat() == "10:30:00"
    file.write_text(text.replace("10:30", '"09:05"'), "utf-8")
    assert load_calendar(file).opens_at.isoformat() == "09:05:00"
