"""Where a person lands: the open day's first notebook, in their language, or JupyterLab itself."""

import json
from pathlib import Path

import pytest
from course_server.landing import landing_page

FIRST = {"fr": "fr/day1/01-été.ipynb", "en": "en/day1/01-one.ipynb"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace with the course in it."""
    for name in FIRST.values():
        notebook = tmp_path / "course" / name
        notebook.parent.mkdir(parents=True)
        notebook.touch()
    write(tmp_path, {"day": 1, "first": FIRST})
    return tmp_path


def write(home: Path, release: object) -> None:
    (home / "course" / "release.json").write_text(json.dumps(release), "utf-8")


def page(home: Path, lang: str | None) -> str:
    return landing_page(home, home / "course", lang)


@pytest.mark.parametrize(
    ("lang", "first"),
    [("fr_FR.UTF-8", "fr"), ("en_GB.UTF-8", "en"), ("C.UTF-8", "fr"), (None, "fr")],
)
def test_the_first_notebook_is_in_the_persons_language(
    home: Path, lang: str | None, first: str
) -> None:
    assert page(home, lang) == f"lab/tree/course/{FIRST[first]}"


@pytest.mark.parametrize(
    "release",
    [
        {"day": None, "first": {}},
        {"day": 1, "first": {"fr": "fr/day1/99-absent.ipynb"}},
        {"day": 1, "first": {"fr": "../private.ipynb"}},
        {"day": 1, "first": {"fr": 1}},
        {"first": ["fr"]},
        [],
        None,
    ],
)
def test_a_release_without_a_first_notebook_leads_to_lab(home: Path, release: object) -> None:
    (home / "private.ipynb").touch()
    write(home, release)
    assert page(home, "fr_FR.UTF-8") == "lab"


def test_no_release_or_one_that_is_not_json_leads_to_lab(home: Path) -> None:
    (home / "course" / "release.json").write_bytes(b"\xff{")
    assert page(home, "fr_FR.UTF-8") == "lab"
    (home / "course" / "release.json").unlink()
    assert page(home, "fr_FR.UTF-8") == "lab"
