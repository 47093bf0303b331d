"""People to deliver to."""

from pathlib import Path

import pytest

from hub.files import load_cohorts
from hub.people import People
from tests.unit.hub.conftest import CALENDAR

COHORT = "2027a-test"

ROSTER = """\
username,name,email,language,role,mode,time_zone
cot-01,Afí Ɖossou,afi@example.org,fr,participant,on-site,
cot-02,"O'Brien, Adaeze",adaeze@example.org,en,participant,online,Europe/Paris
cot-03,Koffi N’Tcha,koffi@example.org,fr,participant,on-site,
cot-90,Chidi Okonkwo,chidi@example.org,en,instructor,on-site,
"""


@pytest.fixture
def people(tmp_path: Path) -> People:
    folder = tmp_path / "cohorts" / COHORT
    folder.mkdir(parents=True)
    (folder / "cohort.yml").write_text(CALENDAR.format(id=COHORT), "utf-8")
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    return People(load_cohorts(folder.parent), tmp_path / "people.db")
