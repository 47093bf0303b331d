"""Dates, times and durations, in both languages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from hub.errors import Message
from hub.i18n import Language
from hub.web.wording import day, duration, moment, say

FR, EN = Language.FR, Language.EN


@pytest.mark.parametrize(
    ("when", "language", "expected"),
    [
        (date(2027, 3, 1), FR, "lundi 1er\u00a0mars 2027"),
        (date(2027, 3, 2), FR, "mardi 2\u00a0mars 2027"),
        (date(2027, 3, 11), FR, "jeudi 11\u00a0mars 2027"),
        (date(2027, 3, 21), FR, "dimanche 21\u00a0mars 2027"),
        (date(2027, 3, 1), EN, "Monday 1\u00a0March 2027"),
    ],
)
def test_a_day(when: date, language: Language, expected: str) -> None:
    assert day(when, language) == expected
    assert day(when, language, year=False) == expected.removesuffix(" 2027")


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("Africa/Porto-Novo", FR, "lundi 1er\u00a0mars à 0\u00a0h\u00a003"),
        ("Africa/Porto-Novo", EN, "Monday 1\u00a0March at 00:03"),
        ("America/Montreal", FR, "dimanche 28\u00a0février à 18\u00a0h\u00a003"),
    ],
)
def test_a_moment_is_told_by_the_readers_clock(
    zone: str, language: Language, expected: str
) -> None:
    there = datetime(2027, 3, 1, 1, 3, tzinfo=timezone(timedelta(hours=2)))
    assert moment(there, zone, language) == expected


def test_a_moment_without_a_zone_is_jupyterhubs_and_in_utc() -> None:
    aware = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    naive = aware.replace(tzinfo=None)
    assert moment(naive, "Africa/Porto-Novo", EN) == moment(aware, "Africa/Porto-Novo", EN)


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0, "1\u00a0seconde", "1 second"),
        (0.2, "1\u00a0seconde", "1 second"),
        (1.2, "2\u00a0secondes", "2 seconds"),
        (90, "90\u00a0secondes", "90 seconds"),
        (91, "2\u00a0minutes", "2 minutes"),
        (121, "3\u00a0minutes", "3 minutes"),
    ],
)
def test_a_duration_is_rounded_up(seconds: float, french: str, english: str) -> None:
    assert duration(seconds, FR) == french
    assert duration(seconds, EN) == english


def test_a_message_a_text_of_jupyterhubs_and_nothing_can_be_said() -> None:
    assert say(Message("Day %(number)d", {"number": 2}), FR) == "Jour 2"
    assert say("Try again", FR) == "Réessayer"
    assert say("Try again", EN) == "Try again"
    assert say("not in the catalogue", FR) == "not in the catalogue"
    assert say(None, FR) == say("", FR) == ""
