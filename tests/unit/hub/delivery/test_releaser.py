"""What is due is released: by the clock, by wishes, by new sources, whatever happened before."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.cohort import Cohort
from hub.delivery.releaser import Releaser, title
from hub.files import load_cohorts
from hub.i18n import Language
from hub.journal import Journal
from hub.opening import Asked, Part, Wish
from tests.unit.hub.conftest import CALENDAR, ROSTER
from tests.unit.hub.delivery.test_release import notebook

FIRST = datetime(2027, 3, 1, 7, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
HERE, ELSEWHERE = "2027a-here", "2027a-else"


class Built:
    """Sources as the releaser sees them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commit = "1" * 40

    def current(self) -> tuple[str, Path] | None:
        return (self.commit, self.folder) if self.folder.exists() else None

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        self.commit = f"{int(self.commit) + 1:040}"


class Site:
    """Two cohorts, in Cotonou and in Montréal, and their releases."""

    def __init__(self, folder: Path) -> None:
        for cohort, zone in ((HERE, "Africa/Porto-Novo"), (ELSEWHERE, "America/Montreal")):
            place = folder / "cohorts" / cohort
            place.mkdir(parents=True)
            calendar = CALENDAR.format(id=cohort).replace("[1]", "[]")
            (place / "cohort.yml").write_text(calendar.replace("Africa/Porto-Novo", zone), "utf-8")
            roster = ROSTER.replace("cot-", f"{cohort[6:]}-").replace("@", f"@{cohort}.")
            (place / "roster.csv").write_text(roster, "utf-8")
        self.cohorts = load_cohorts(folder / "cohorts")
        (folder / "state").mkdir()
        self.journal = Journal(folder / "state")
        self.built = Built(folder / "built")
        self.releases = folder / "releases"

    def build(self) -> None:
        for day in range(1, 6):
            for lang in Language:
                name = f"{lang}/day{day}/01-a.ipynb"
                self.built.write(name, notebook(f"# Titre {lang} {day}\ntexte"))
                self.built.write(f"instructor/{name}", notebook(f"# Titre {lang} {day}\nréponse"))
        self.built.write("airina/__init__.py", "")

    @property
    def releaser(self) -> Releaser:
        """A new one each time: nothing may depend on what one remembers."""
        return Releaser(self.cohorts, self.journal, self.built, self.releases)  # type: ignore[arg-type]

    def bring(self, now: datetime) -> set[str]:
        return set(self.releaser.bring(now))

    def days(self, cohort: str = HERE) -> set[str]:
        release = self.journal.releases()[cohort]
        return {f"{part}-{day}" for day, part in release.parts}

    def paths(self, cohort: str = HERE) -> list[str]:
        return [one.path for one in self.journal.releases()[cohort].notebooks]


def git(site: Site, *arguments: str) -> str:
    """In the repository of the cohort in Cotonou."""
    where = str(site.releases / HERE / "release.git")
    command = ["git", "--git-dir", where, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.build()
    return made


def test_each_cohort_gets_its_day_at_its_own_hour(site: Site) -> None:
    site.bring(FIRST)
    assert (site.days(HERE), site.days(ELSEWHERE)) == ({"day-1"}, set())
    assert site.bring(FIRST + timedelta(hours=6)) == {ELSEWHERE}
    assert site.days(ELSEWHERE) == {"day-1"}


def test_the_next_morning_brings_the_solutions_too(site: Site) -> None:
    site.bring(SECOND)
    assert site.days() == {"day-1", "solutions-1", "day-2"}
    assert site.paths() == [
        "en/day1/01-a.ipynb",
        "en/day2/01-a.ipynb",
        "fr/day1/01-a.ipynb",
        "fr/day2/01-a.ipynb",
        "en/day1/solutions/01-a.ipynb",
        "fr/day1/solutions/01-a.ipynb",
    ]
    [french] = [n for n in site.journal.releases()[HERE].notebooks if n.path.startswith("fr/day2")]
    assert (french.title, french.day, french.language) == ("Titre fr 2", 2, Language.FR)


def test_nothing_is_done_twice(site: Site) -> None:
    assert site.bring(FIRST)
    before = site.journal.releases()
    assert site.bring(FIRST + timedelta(minutes=1)) == set()
    assert site.journal.releases() == before


def test_a_hub_that_was_off_at_the_hour_comes_to_the_same_state(site: Site, tmp_path: Path) -> None:
    other = Site(tmp_path / "other")
    other.build()
    for hour in range(48):
        site.bring(FIRST - timedelta(hours=1) + timedelta(hours=hour))
    other.bring(FIRST + timedelta(hours=46))
    assert site.days() == other.days()
    assert sorted(site.paths()) == sorted(other.paths())


def test_a_clock_that_is_set_back_takes_nothing_away(site: Site) -> None:
    site.bring(SECOND)
    assert site.bring(FIRST - timedelta(days=30)) == set()
    assert site.days() == {"day-1", "solutions-1", "day-2"}


def test_a_correction_of_an_open_day_is_released_and_of_a_closed_one_is_not(site: Site) -> None:
    site.bring(FIRST)
    site.built.write("fr/day3/01-a.ipynb", notebook("# Jour 3, corrigé"))
    assert site.bring(FIRST) == set()
    assert site.journal.releases()[HERE].source == site.built.commit
    site.built.write("fr/day1/01-a.ipynb", notebook("# Jour 1, corrigé"))
    assert site.bring(FIRST) == {HERE}


def test_a_wish_of_the_team_is_fulfilled_and_can_be_taken_back(site: Site) -> None:
    site.bring(FIRST)
    site.journal.ask(HERE, 4, Part.DAY, Asked(Wish.OPEN), "else-90")
    assert site.bring(FIRST) == {HERE}
    assert site.days() == {"day-1", "day-4"}
    site.journal.ask(HERE, 4, Part.DAY, Asked(Wish.CLOSE), "else-90")
    site.bring(FIRST)
    assert site.days() == {"day-1"}


def test_a_plan_says_what_a_wish_would_do_and_does_nothing(site: Site) -> None:
    site.bring(FIRST)
    [here] = [cohort for cohort in site.cohorts.all if cohort.id == HERE]
    before = site.journal.releases()
    plan = site.releaser.plan(here, FIRST, {(2, Part.DAY): Asked(Wish.OPEN)})
    assert plan == {
        "en/day2/01-a.ipynb": "added",
        "fr/day2/01-a.ipynb": "added",
        "release.json": "edited",
    }
    assert site.releaser.plan(here, FIRST) == {}
    assert site.journal.releases() == before


def test_a_cohort_that_cannot_be_released_holds_up_no_other(site: Site) -> None:
    site.bring(FIRST)
    (site.built.folder / "fr/day1/01-a.ipynb").unlink()
    site.built.write("fr/day1/02-b.ipynb", notebook("# Un autre"))
    assert site.bring(FIRST + timedelta(hours=6)) == {ELSEWHERE}
    assert set(site.journal.stuck_cohorts(Language.FR)) == {HERE}
    assert site.paths(HERE) == ["en/day1/01-a.ipynb", "fr/day1/01-a.ipynb"]
    site.built.write("fr/day1/01-a.ipynb", notebook("# De retour"))
    assert HERE in site.bring(FIRST + timedelta(hours=6))
    assert site.journal.stuck_cohorts(Language.FR) == {}


def test_publications_at_once_end_as_one_after_the_other(site: Site) -> None:
    with ThreadPoolExecutor(4) as pool:
        brought = [done.result() for done in [pool.submit(site.bring, FIRST) for _ in range(4)]]
    assert sorted(cohort for one in brought for cohort in one) == sorted(site.journal.releases())
    assert git(site, "rev-list", "--count", "main") == "1"


def test_what_a_process_found_before_another_published_is_found_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, between = site.releaser, []
    alone = slow._alone

    def overtaken(cohort: Cohort) -> AbstractContextManager[None]:
        if not between:
            between.append(cohort.id)
            site.built.write("fr/day1/01-a.ipynb", notebook("# Corrigé"))
            site.bring(FIRST)
        return alone(cohort)

    monkeypatch.setattr(slow, "_alone", overtaken)
    slow.bring(FIRST)
    assert "Corrig" in git(site, "show", "main:fr/day1/01-a.ipynb")
    assert site.journal.releases()[HERE].source == site.built.commit


def test_a_lock_is_nowhere_where_a_server_could_take_it(site: Site) -> None:
    site.bring(FIRST)
    assert {path.name for path in (site.releases / HERE).iterdir()} == {"release.git"}


def test_a_damaged_repository_is_told_and_holds_up_no_other(site: Site) -> None:
    site.bring(FIRST)
    head = site.journal.releases()[HERE].head
    damaged = site.releases / HERE / "release.git" / "objects" / head[:2] / head[2:]
    damaged.chmod(0o644)
    damaged.write_bytes(b"")
    assert site.bring(FIRST + timedelta(days=1, hours=6)) == {ELSEWHERE}
    [told] = site.journal.stuck_cohorts(Language.EN)[HERE]
    assert "2027a-here/release.git" in told
    assert "the hub’s log says why" in told


def test_a_repository_older_than_the_journal_is_brought_up_again(site: Site) -> None:
    site.bring(FIRST)
    older = site.journal.releases()[HERE].head
    site.built.write("fr/day1/01-a.ipynb", notebook("# Corrigé"))
    site.bring(FIRST)
    git(site, "update-ref", "refs/heads/main", older)
    assert site.bring(FIRST) == {HERE}
    assert "Corrig" in git(site, "show", "main:fr/day1/01-a.ipynb")


def test_a_release_that_was_lost_with_its_volume_is_made_again(site: Site) -> None:
    site.bring(FIRST)
    shutil.rmtree(site.releases / HERE)
    assert site.bring(FIRST) == {HERE}


def test_without_sources_nothing_is_released(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert site.bring(FIRST) == set()
    assert site.journal.releases() == {}


def test_the_next_moment_is_the_nearest_of_all_cohorts(site: Site) -> None:
    site.bring(FIRST)
    assert site.releaser.next_moment(FIRST) == FIRST + timedelta(hours=6)
    end = FIRST + timedelta(days=30)
    assert site.releaser.next_moment(end) is None


def test_a_notebook_without_a_heading_is_called_by_its_file() -> None:
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "source": "# no heading"},
        {"cell_type": "markdown", "source": ["## Two\n", "text"]},
    ]
    assert title(cells, Path("fr/day1/01-svd.ipynb")) == "01-svd"
