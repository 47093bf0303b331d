"""A person's language follows them."""

from pathlib import Path

from hub.files import load_cohorts
from hub.i18n import Language
from hub.people import People
from tests.unit.hub.conftest import WriteCohort


def test_a_chosen_language_wins_over_the_roster_and_is_kept(
    write_cohort: WriteCohort, tmp_path: Path
) -> None:
    cohorts = load_cohorts(write_cohort())
    people = People(cohorts, tmp_path / "people.db")
    assert people.language("cot-01") is Language.FR
    people.choose_language("cot-01", Language.EN)
    people.choose_language("cot-02", Language.EN)
    again = People(cohorts, tmp_path / "people.db")
    assert again.language("cot-01") is Language.EN
    assert again.language("nobody") is None
