"""``hub course``: what the board does, typed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from hub.delivery.sources import Sources
from hub.i18n import Language
from hub.journal import Journal, Verdict
from hub.opening import Part, Wish
from tests.unit.hub.command import Command
from tests.unit.hub.delivery.test_release import notebook


class Site(Command):
    """With a course that was landed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder, capsys)
        self.options = ("course", "--releases", str(folder / "releases"))
        [cohort] = (folder / "cohorts").iterdir()
        self.cohort = cohort.name
        self.landed = folder / "landed"
        self.land("un")

    def land(self, text: str) -> None:
        """What provisioning brings: sources, and what was built from them."""
        self.write("build.py", f"# {text}")
        self.write("execute.py", "")
        self.write("build/airina/__init__.py", "")
        for day in range(1, 6):
            for lang in Language:
                for kind in ("", "instructor/"):
                    cells = notebook(f"# Jour {day}\n{text}{kind}")
                    self.write(f"build/{kind}{lang}/day{day}/01-a.ipynb", cells)

    def write(self, name: str, text: str) -> None:
        path = self.landed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def told(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def seed(self) -> Any:
        return self.told("seed", "--content", str(self.landed))

    @property
    def journal(self) -> Journal:
        return Journal(self.folder)


@pytest.fixture
def site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Site:
    monkeypatch.setenv("LANG", "C.UTF-8")
    return Site(tmp_path, capsys)


def test_a_course_that_is_landed_is_taken_and_released_once(site: Site) -> None:
    first = site.seed()
    assert (first["changed"], first["cohorts"]) == (True, {site.cohort: True})
    again = site.seed()
    assert again == {**first, "changed": False, "cohorts": {site.cohort: False}}


def test_another_course_that_is_landed_follows_the_one_before(site: Site) -> None:
    first = site.seed()
    site.land("deux")
    second = site.seed()
    assert second["changed"]
    parent = Sources(site.folder).git.text("rev-parse", f"{second['source']}^")
    assert parent == first["source"]


def test_what_the_team_has_pushed_stays_until_the_same_is_landed(site: Site) -> None:
    sources = Sources(site.folder)
    site.seed()
    site.land("poussé")
    pushed = sources.import_tree(site.landed, site.landed / "build", "pushed")
    site.land("provisionné")
    kept = site.seed()
    assert (kept["pushed_since"], kept["source"]) == (True, pushed)
    site.land("poussé")
    assert site.seed()["pushed_since"] is False
    site.land("et la suite")
    assert site.seed()["source"] not in (pushed, None)


def test_a_plan_shows_what_applying_would_do_and_applying_writes_it_down(site: Site) -> None:
    site.seed()
    wish = ("open", "--day", "3")
    planned = site.told("plan", *wish)
    assert planned["applied"] is False
    [of_cohort] = planned["cohorts"]
    assert of_cohort["files"]["fr/day3/01-a.ipynb"] == "added"
    assert (of_cohort["opens"], of_cohort["closes"]) == (["day-3"], [])
    assert site.journal.asks(site.cohort) == {}
    assert site.told("apply", *wish)["cohorts"] == planned["cohorts"]
    assert site.journal.asks(site.cohort)[(3, Part.DAY)].wish is Wish.OPEN
    printed = site.run("plan", *wish)
    assert "added fr/day3/01-a.ipynb" in printed
    assert "closes day-1" in site.run("plan", "close", "--day", "1")


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (("postpone", "--day", "1", "--at", "2099-03-02T10:00"), "Close it first"),
        (("postpone", "--day", "2", "--at", "1999-03-02T10:00"), "has passed"),
        (("postpone", "--day", "2", "--at", "tomorrow"), "Choose a date and a time"),
        (("calendar", "--day", "2"), "ahead of the calendar and stays"),
    ],
)
def test_a_wish_that_would_do_nothing_is_refused(
    site: Site, wish: tuple[str, ...], told: str
) -> None:
    site.run("apply", "open", "--day", "2") if "calendar" in wish else None
    site.seed()
    before = site.journal.asks(site.cohort)
    assert told in site.run("apply", *wish, expect=1)
    assert site.journal.asks(site.cohort) == before


def test_days_that_keep_a_release_from_being_made_can_be_closed(site: Site) -> None:
    site.seed()
    for day in (2, 3):
        shutil.rmtree(site.landed / f"build/fr/day{day}")
    site.write("build.py", "# without them")
    for day in ("2", "3"):
        site.run("apply", "open", "--day", day)
    site.seed()
    assert site.told("status")["cohorts"][0]["stuck"]
    [told] = site.told("apply", "close", "--day", "2")["cohorts"]
    assert "fr/day3" in " ".join(told["problems"]).replace("build/", "")
    site.run("apply", "close", "--day", "3")
    site.seed()
    assert site.told("status")["cohorts"][0]["stuck"] == []


def test_a_day_is_postponed_in_the_cohorts_own_zone(site: Site) -> None:
    site.seed()
    site.run("apply", "postpone", "--day", "2", "--solutions", "--at", "2027-03-04T10:00")
    asked = site.journal.asks(site.cohort)[(2, Part.SOLUTIONS)]
    assert asked.opens_at is not None
    assert asked.opens_at.isoformat() == "2027-03-04T10:00:00+01:00"


def test_a_cohort_that_does_not_exist_is_told_with_those_that_do(site: Site) -> None:
    told = site.run("plan", "open", "--day", "2", "--cohort", "2031z-nowhere", expect=1)
    assert site.cohort in told


def test_the_status_says_who_lacks_what_is_out(site: Site) -> None:
    site.seed()
    [cohort] = site.told("status")["cohorts"]
    assert (cohort["have"], cohort["open"]) == (0, ["day-1"])
    assert cohort["people"] == len(cohort["behind"])
    assert cohort["next"]["day"] == 1
    assert site.cohort in site.run("status")


def test_servers_are_asked_again_by_cohort_or_by_name(site: Site) -> None:
    name = site.told("sync", "--cohort", site.cohort)["asked"][0]
    assert name in site.journal.wanted_again()
    assert site.told("sync", "--person", name) == {"asked": [name]}
    assert "nobody-01" in site.run("sync", "--person", "nobody-01", expect=1)


@pytest.mark.parametrize(("fr", "told"), [(" ", "in this language too"), ("x" * 501, "501")])
def test_a_text_that_no_page_could_show_is_not_announced(site: Site, fr: str, told: str) -> None:
    announce = ("announce", "--cohort", site.cohort, "--en", "Break")
    assert told in site.run(*announce, "--fr", fr, expect=1)
    assert site.journal.last_announcement() == 0


def test_an_announcement_is_in_both_languages(site: Site) -> None:
    told = site.told("announce", "--cohort", site.cohort, "--fr", "Pause", "--en", "Break")
    assert told["announcement"] == site.journal.last_announcement()


def test_the_last_gate_is_shown_as_its_author_saw_it(site: Site) -> None:
    assert site.run("gate").strip() == "Nothing has been pushed yet."
    number = site.journal.gate_begins("d" * 40, "cot-90")
    site.journal.gate_says(number, "✘ d1-03: the formulas differ")
    site.journal.gate_ends(number, Verdict.REFUSED)
    assert site.told("gate")["lines"] == ["✘ d1-03: the formulas differ"]
    assert "refused" in site.run("gate")
