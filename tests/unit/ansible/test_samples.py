"""The two sample cohorts are valid, and show what real ones will bring."""

import unicodedata
from pathlib import Path

import pytest

from hub.cohort import Cohort, Cohorts, Mode, Role
from hub.files import load_cohorts
from hub.i18n import Language

COHORTS = Path(__file__).parents[3] / "ansible/inventory/local/cohorts"


@pytest.fixture(scope="module")
def samples() -> Cohorts:
    return load_cohorts(COHORTS)


def participants(cohort: Cohort, language: Language) -> int:
    return sum(p.role is Role.PARTICIPANT and p.language is language for p in cohort.people)


def test_there_is_one_cohort_on_site_and_one_online(samples: Cohorts) -> None:
    modes = {cohort.id: {person.mode for person in cohort.people} for cohort in samples.all}
    assert modes == {"2027a-cotonou": {Mode.ON_SITE}, "2027a-online": {Mode.ONLINE}}


def test_each_has_three_participants_a_language_an_instructor_and_an_admin(
    samples: Cohorts,
) -> None:
    for cohort in samples.all:
        assert [participants(cohort, language) for language in Language] == [3, 3]
        roles = [person.role for person in cohort.people]
        assert (roles.count(Role.INSTRUCTOR), roles.count(Role.ADMIN)) == (1, 1)
        assert cohort.calendar.open_days == (1,)


def test_names_are_as_various_as_real_ones(samples: Cohorts) -> None:
    for cohort in samples.all:
        names = " ".join(person.name for person in cohort.people)
        assert any(unicodedata.decomposition(letter) for letter in names), "accents"
        assert "’" in names, "a typographic apostrophe"
        assert "'" in names, "a straight apostrophe"
        assert set(names) & set("ƉɖƆɔƐɛ"), "letters of Fon, Ewe and Akan"
    assert any(len(person.name.split()) > 2 for person in samples.people)


def test_people_are_invented_and_online_ones_live_in_many_time_zones(samples: Cohorts) -> None:
    assert all(person.email.endswith("@example.org") for person in samples.people)
    online = {person.time_zone for person in samples.all[1].people}
    assert len(online) >= 6
