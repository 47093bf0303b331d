"""Dates, times and durations, in both languages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from hub.errors import Message
from hub.i18n import Language
from hub.web.wording import city, day, duration, moment, opening, say

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


AT_HALF_PAST_EIGHT = datetime(2027, 3, 1, 7, 30, tzinfo=UTC)
"""In Cotonou."""


@pytest.mark.parametrize(
    ("zone", "french", "english"),
    [
        ("Africa/Porto-Novo", "à 8\u00a0h\u00a030 (Porto-Novo)", "at 08:30 (Porto-Novo)"),
        ("Europe/Paris", "à 8\u00a0h\u00a030 (Porto-Novo)", "at 08:30 (Porto-Novo)"),
        (
            "Africa/Abidjan",
            "à 8\u00a0h\u00a030 (Porto-Novo), soit à 7\u00a0h\u00a030 pour vous (Abidjan)",
            "at 08:30 (Porto-Novo), that is at 07:30 for you (Abidjan)",
        ),
        (
            "Pacific/Honolulu",
            "à 8\u00a0h\u00a030 (Porto-Novo), "
            "soit dimanche 28\u00a0février à 21\u00a0h\u00a030 pour vous (Honolulu)",
            "at 08:30 (Porto-Novo), that is Sunday 28\u00a0February at 21:30 for you (Honolulu)",
        ),
    ],
)
def test_an_opening_is_told_by_both_clocks_where_they_differ(
    zone: str, french: str, english: str
) -> None:
    first = date(2027, 3, 1)
    for language, expected in ((FR, french), (EN, english)):
        assert opening(AT_HALF_PAST_EIGHT, first, "Africa/Porto-Novo", zone, language) == expected


def test_paris_in_summer_has_another_hour_than_cotonou() -> None:
    when = AT_HALF_PAST_EIGHT.replace(month=7)
    told = opening(when, when.date(), "Africa/Porto-Novo", "Europe/Paris", EN)
    assert told == "at 08:30 (Porto-Novo), that is at 09:30 for you (Paris)"


def test_midnight_lies_between_cotonou_and_montreal() -> None:
    when = datetime(2027, 3, 1, 3, 0, tzinfo=UTC)
    told = opening(when, when.date(), "Africa/Porto-Novo", "America/Montreal", EN)
    shifted = "Sunday 28\u00a0February at 22:00"
    assert told == f"at 04:00 (Porto-Novo), that is {shifted} for you (Montreal)"


def test_what_opens_on_another_date_says_which() -> None:
    told = opening(AT_HALF_PAST_EIGHT, date(2027, 2, 28), "Africa/Porto-Novo", "Africa/Lagos", FR)
    assert told == "lundi 1er\u00a0mars à 8\u00a0h\u00a030 (Porto-Novo)"


def test_a_city_has_its_name_in_each_language() -> None:
    assert city("Africa/Algiers", FR) == "Alger"
    assert city("Africa/Algiers", EN) == "Algiers"
    assert city("America/New_York", EN) == "New York"
    assert city("America/Montreal", FR) == "Montréal"
