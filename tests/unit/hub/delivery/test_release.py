"""Releases, by the numbered cases of ``hub.delivery.release``, against real git."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hub.cohort import Cohorts
from hub.delivery.release import Outcome, publish_all
from hub.errors import InvalidInput
from hub.files import load_cohorts
from tests.unit.hub.conftest import CALENDAR, ROSTER

COHORT = "2027a-test"


class Site:
    """A site with one cohort: its content, its releases, its calendar."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.releases = folder / "releases"
        self.calendars = folder / "cohorts"
        for day in (1, 2):
            self.write(f"fr/day{day}/01-un.ipynb", f"jour {day}")
            self.write(f"fr/day{day}/02-été.ipynb", "accents")
            self.write(f"en/day{day}/01-one.ipynb", f"day {day}")
        self.write("airina/__init__.py", "")
        self.open(1)

    def write(self, name: str, text: str) -> None:
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def open(self, *days: int, cohort: str = COHORT) -> None:
        folder = self.calendars / cohort
        folder.mkdir(parents=True, exist_ok=True)
        calendar = CALENDAR.format(id=cohort).replace("[1]", str(list(days)))
        (folder / "cohort.yml").write_text(calendar, "utf-8")
        roster = ROSTER.replace("cot-", f"{cohort}-").replace("@", f"@{cohort}.")
        (folder / "roster.csv").write_text(roster.replace("2027a-", "c"), "utf-8")

    @property
    def cohorts(self) -> Cohorts:
        return load_cohorts(self.calendars)

    def publish(self) -> dict[str, Outcome]:
        return publish_all(self.cohorts, self.content, self.releases)

    def git(self, *arguments: str, cohort: str = COHORT) -> str:
        where = self.releases / cohort / "release.git"
        command = ["git", "-c", "core.quotePath=false", "--git-dir", str(where), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def names(self, cohort: str = COHORT) -> set[str]:
        return set(self.git("ls-tree", "-r", "--name-only", "main", cohort=cohort).splitlines())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_1_only_open_days_are_released_in_both_languages(site: Site) -> None:
    assert site.publish() == {COHORT: Outcome.CHANGED}
    assert site.names() == {
        "airina/__init__.py",
        "en/day1/01-one.ipynb",
        "fr/day1/01-un.ipynb",
        "fr/day1/02-été.ipynb",
        "release.json",
    }


def test_1_a_day_that_closes_again_stays_as_it_was(site: Site) -> None:
    site.open(1, 2)
    site.publish()
    site.open(1)
    site.write("fr/day2/01-un.ipynb", "corrected while closed")
    site.publish()
    assert site.git("show", "main:fr/day2/01-un.ipynb") == "jour 2"
    assert json.loads(site.git("show", "main:release.json"))["day"] == 1


def test_where_to_land_is_the_open_days_first_notebook(site: Site) -> None:
    site.open(2, 1)
    site.publish()
    assert json.loads(site.git("show", "main:release.json")) == {
        "day": 2,
        "first": {"fr": "fr/day2/01-un.ipynb", "en": "en/day2/01-one.ipynb"},
    }


def test_1_the_check_before_the_course_is_open_from_the_beginning(site: Site) -> None:
    site.write("fr/day0/00-prêt.ipynb", "prêt ?")
    site.write("en/day0/00-ready.ipynb", "ready?")
    site.open()
    site.publish()
    before = {"fr/day0/00-prêt.ipynb", "en/day0/00-ready.ipynb"}
    assert site.names() == {"airina/__init__.py", "release.json", *before}
    first = {"fr": "fr/day0/00-prêt.ipynb", "en": "en/day0/00-ready.ipynb"}
    assert json.loads(site.git("show", "main:release.json")) == {"day": None, "first": first}
    site.open(1)
    site.publish()
    assert before < site.names()
    assert json.loads(site.git("show", "main:release.json"))["first"]["fr"] == "fr/day1/01-un.ipynb"


def test_a_course_without_that_check_begins_with_nothing_to_open(site: Site) -> None:
    site.open()
    assert site.publish() == {COHORT: Outcome.CHANGED}
    assert site.names() == {"airina/__init__.py", "release.json"}
    assert json.loads(site.git("show", "main:release.json")) == {"day": None, "first": {}}


def test_2_nothing_new_is_no_commit(site: Site) -> None:
    site.publish()
    before = site.git("rev-parse", "main")
    assert site.publish() == {COHORT: Outcome.UNCHANGED}
    assert site.git("rev-parse", "main") == before


def test_history_only_grows_and_names_nobody(site: Site) -> None:
    site.publish()
    first = site.git("rev-parse", "main").strip()
    site.write("fr/day1/01-un.ipynb", "corrigé")
    assert site.publish() == {COHORT: Outcome.CHANGED}
    assert site.git("rev-parse", "main^").strip() == first
    people = set(site.git("log", "--format=%an <%ae> %cn <%ce>", "main").splitlines())
    name = "Course release <release@course.invalid>"
    assert people == {f"{name} {name}"}


def test_3_a_file_that_was_released_cannot_be_taken_back(site: Site) -> None:
    site.open(1, cohort="2027a-other")
    site.publish()
    before = site.git("rev-parse", "main")
    (site.content / "fr/day1/02-été.ipynb").rename(site.content / "fr/day1/02-hiver.ipynb")
    (site.content / "airina/__init__.py").unlink()
    with pytest.raises(InvalidInput) as caught:
        site.publish()
    told = {
        (str(problem.file.relative_to(site.content)), problem.what.values["cohort"])
        for problem in caught.value.problems
    }
    assert told == {
        (name, cohort)
        for name in ("fr/day1/02-été.ipynb", "airina/__init__.py")
        for cohort in (COHORT, "2027a-other")
    }
    assert site.git("rev-parse", "main") == before


def test_4_an_open_day_needs_both_languages_or_nobody_gets_anything(site: Site) -> None:
    (site.content / "en/day2/01-one.ipynb").unlink()
    site.open(1, 2, cohort="2027a-other")
    with pytest.raises(InvalidInput) as caught:
        site.publish()
    [problem] = caught.value.problems
    assert problem.file == site.content / "en" / "day2"
    assert site.git("for-each-ref") == ""


def test_5_publications_at_once_end_as_one_after_the_other(site: Site) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = [done.result()[COHORT] for done in [pool.submit(site.publish) for _ in range(4)]]
    assert sorted(outcomes) == [Outcome.CHANGED, *[Outcome.UNCHANGED] * 3]
    assert site.git("rev-list", "--count", "main").strip() == "1"


def test_what_tools_leave_behind_is_not_released(site: Site) -> None:
    site.write("airina/__pycache__/__init__.cpython-311.pyc", "")
    site.write("fr/day1/.ipynb_checkpoints/01-un-checkpoint.ipynb", "")
    site.publish()
    assert not any("__pycache__" in name or "checkpoint" in name for name in site.names())


def test_a_reader_who_is_somebody_else_can_read_it(site: Site) -> None:
    site.publish()
    repository = site.releases / COHORT / "release.git"
    modes = {path: path.stat().st_mode for path in repository.rglob("*")}
    assert all(mode & 0o004 for mode in modes.values())
    assert all(mode & 0o001 for path, mode in modes.items() if path.is_dir())
