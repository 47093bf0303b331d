"""Releases, by the numbered cases of ``hub.delivery.release``, against real git."""

import json
import subprocess
from pathlib import Path

import pytest

from hub.delivery.release import Edition, changes, publish
from hub.delivery.repository import Repository
from hub.errors import InvalidInput
from hub.opening import Part

COHORT = "2027a-test"


def notebook(*cells: str) -> str:
    """A built notebook of Markdown cells."""
    told = [
        {"cell_type": "markdown", "id": f"c{number}", "metadata": {}, "source": [text]}
        for number, text in enumerate(cells)
    ]
    metadata = {"course": {"id": "d1-01", "kind": "participant", "lang": "fr", "text": ""}}
    return json.dumps({"cells": told, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


class Site:
    """A cohort: the course that was built, what is open, its releases."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.repository = Repository(folder / "releases" / COHORT / "release.git")
        self.parts: set[tuple[int, Part]] = set()
        self.landing: int | None = None
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

    def open(self, *days: int, solutions: tuple[int, ...] = ()) -> None:
        self.parts = {(day, Part.DAY) for day in days} | {(d, Part.SOLUTIONS) for d in solutions}
        self.landing = max(days, default=None)

    @property
    def edition(self) -> Edition:
        return Edition(COHORT, self.content, self.parts, self.landing)

    def publish(self) -> str:
        return publish(self.edition, self.repository)

    def git(self, *arguments: str) -> str:
        where = str(self.repository.folder)
        command = ["git", "-c", "core.quotePath=false", "--git-dir", where, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def names(self) -> set[str]:
        return set(self.git("ls-tree", "-r", "--name-only", "main").splitlines())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_1_only_open_days_are_released_in_both_languages(site: Site) -> None:
    assert site.publish() == site.git("rev-parse", "main").strip()
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
    site.publish()
    assert site.names() == {"airina/__init__.py", "release.json"}
    assert json.loads(site.git("show", "main:release.json")) == {"day": None, "first": {}}


def test_2_nothing_new_is_no_commit(site: Site) -> None:
    first = site.publish()
    assert site.publish() == first
    assert site.git("rev-list", "--count", "main").strip() == "1"


def test_history_only_grows_and_names_nobody(site: Site) -> None:
    site.publish()
    first = site.git("rev-parse", "main").strip()
    site.write("fr/day1/01-un.ipynb", "corrigé")
    site.publish()
    assert site.git("rev-parse", "main^").strip() == first
    people = set(site.git("log", "--format=%an <%ae> %cn <%ce>", "main").splitlines())
    name = "Course release <release@course.invalid>"
    assert people == {f"{name} {name}"}


def test_3_a_file_that_was_released_cannot_be_taken_back(site: Site) -> None:
    site.open(1, 2, solutions=(1,))
    site.write("instructor/fr/day1/01-un.ipynb", notebook("réponse"))
    site.write("fr/day1/01-un.ipynb", notebook("à écrire"))
    before = site.publish()
    site.open(1)  # a day that has closed since is no exception
    gone = {"fr/day2/02-été.ipynb", "airina/__init__.py", "fr/day1/01-un.ipynb"}
    for name in (*gone, "instructor/fr/day1/01-un.ipynb"):
        (site.content / name).unlink()
    with pytest.raises(InvalidInput) as caught:
        site.publish()
    told = {str(problem.file.relative_to(site.content)) for problem in caught.value.problems}
    assert told == gone | {"fr/day1/solutions/01-un.ipynb"}
    assert site.git("rev-parse", "main").strip() == before


def test_4_an_open_day_needs_both_languages(site: Site) -> None:
    (site.content / "en/day2/01-one.ipynb").unlink()
    site.open(1, 2)
    with pytest.raises(InvalidInput) as caught:
        site.publish()
    [problem] = caught.value.problems
    assert problem.file == site.content / "en" / "day2"
    assert site.git("for-each-ref") == ""


def test_6_solutions_stand_beside_their_day_where_something_was_left_to_write(site: Site) -> None:
    for folder, text in (("", "à écrire"), ("instructor/", "réponse")):
        site.write(f"{folder}fr/day1/01-un.ipynb", notebook(text))
        site.write(f"{folder}fr/day1/02-été.ipynb", notebook("le même"))
        site.write(f"{folder}en/day1/01-one.ipynb", notebook(text))
    site.write("instructor/fr/day1/rubric.md", "for instructors")
    site.publish()
    before = site.names()
    site.open(1, solutions=(1,))
    site.publish()
    came = {"fr/day1/solutions/01-un.ipynb", "en/day1/solutions/01-one.ipynb"}
    assert site.names() - before == came
    solution = json.loads(site.git("show", "main:fr/day1/solutions/01-un.ipynb"))
    assert solution["cells"][0]["source"] == ["réponse"]


def test_what_publishing_would_do_is_known_before(site: Site) -> None:
    assert set(changes(site.edition.files(), site.repository).values()) == {"added"}
    site.publish()
    site.write("fr/day1/01-un.ipynb", "corrigé")
    site.open(1, 2)
    assert changes(site.edition.files(), site.repository) == {
        "fr/day1/01-un.ipynb": "edited",
        "fr/day2/01-un.ipynb": "added",
        "fr/day2/02-été.ipynb": "added",
        "en/day2/01-one.ipynb": "added",
        "release.json": "edited",
    }


def test_what_tools_leave_behind_is_not_released(site: Site) -> None:
    site.write("airina/__pycache__/__init__.cpython-311.pyc", "")
    site.write("fr/day1/.ipynb_checkpoints/01-un-checkpoint.ipynb", "")
    site.publish()
    assert not any("__pycache__" in name or "checkpoint" in name for name in site.names())


def test_a_reader_who_is_somebody_else_can_read_it(site: Site) -> None:
    site.publish()
    modes = {path: path.stat().st_mode for path in site.repository.folder.rglob("*")}
    assert all(mode & 0o004 for mode in modes.values())
    assert all(mode & 0o001 for path, mode in modes.items() if path.is_dir())
