"""Cohorts to test with, as an admin would write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

CALENDAR = """\
id: {id}
title: {{fr: "Cotonou, mars 2027", en: "Cotonou, March 2027"}}
time_zone: Africa/Porto-Novo
days: [2027-03-01, 2027-03-02, 2027-03-03, 2027-03-04, 2027-03-05]
open_days: [1]
"""

ROSTER = """\
username,name,email,language,role,mode,time_zone
cot-01,Afí Ɖossou,afi@example.org,fr,participant,on-site,
cot-02,"O'Brien, Adaeze",adaeze@example.org,en,participant,online,Europe/Paris
"""

WriteCohort = Callable[..., Path]


@pytest.fixture
def write_cohort(tmp_path: Path) -> WriteCohort:
    """Writes one cohort's folder and returns the folder of all cohorts."""

    def write(
        cohort: str = "2027a-test", calendar: str | None = None, roster: str | bytes = ROSTER
    ) -> Path:
        folder = tmp_path / cohort
        folder.mkdir()
        text = calendar if calendar is not None else CALENDAR.format(id=cohort)
        (folder / "cohort.yml").write_text(text, "utf-8")
        data = roster if isinstance(roster, bytes) else roster.encode()
        (folder / "roster.csv").write_bytes(data)
        return tmp_path

    return write
