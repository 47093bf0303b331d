"""What a person's server may use and what it sees."""

from hub.cohort import Role
from hub.files import load_cohorts
from hub.i18n import Language
from hub.settings import Limits, RoleLimits, Settings
from hub.workspace import container
from tests.unit.hub.conftest import CALENDAR, ROSTER, WriteCohort

COHORT_LIMITS = "limits: {participant: {memory_gib: 3.0}}\n"


def test_a_role_has_the_sites_limits_unless_the_cohort_says_others(
    settings: Settings, write_cohort: WriteCohort
) -> None:
    site = settings.model_copy(update={"limits": RoleLimits(participant=Limits(memory_gib=1.5))})
    write_cohort("2027a-plain")
    calendar = CALENDAR.format(id="2027a-rich") + COHORT_LIMITS
    others = ROSTER.replace("cot-", "onl-").replace("@", "@online.")
    plain, rich = load_cohorts(write_cohort("2027a-rich", calendar, others)).all
    participant = plain.people[0]
    instructor = participant.model_copy(update={"role": Role.INSTRUCTOR})
    assert container.limits_of(participant, plain, site).memory_gib == 1.5
    assert container.limits_of(instructor, plain, site).memory_gib == 4.0
    assert container.limits_of(participant, rich, site).memory_gib == 3.0


def test_the_language_is_lang_and_nothing_else(settings: Settings) -> None:
    variables = container.environment(settings, Language.FR)
    assert variables["LANG"] == "fr_FR.UTF-8"
    assert variables["COURSE_STATIC_URL"] == "/static-lab/0123abcd"
    assert not {"LC_ALL", "LC_MESSAGES", "LANGUAGE"} & variables.keys()
