"""JupyterLab's extension of the course: complete in both languages, and never stale in a browser."""

import json
import re
from pathlib import Path

import pytest

from images.building.inputs import sources
from images.building.recipes import IMAGES, RECIPES, ROOT
from images.course.install_labextension import PARTS, install, script

FOLDER = IMAGES / "course/labextension"
TEXTS = json.loads((FOLDER / "texts.json").read_text("utf-8"))
CODE = "".join((FOLDER / part).read_text("utf-8") for part in PARTS)
CADDYFILE = (IMAGES / "edge/Caddyfile").read_text("utf-8")


def test_every_text_is_there_in_both_languages() -> None:
    assert {key for key, text in TEXTS.items() if set(text) != {"fr", "en"}} == set()
    assert all(text[language].strip() for text in TEXTS.values() for language in text)


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    assert set(re.findall(r"say\('(\w+)'", CODE)) == set(TEXTS)


def test_both_languages_name_the_same_things() -> None:
    for text in TEXTS.values():
        assert re.findall("%1", text["fr"]) == re.findall("%1", text["en"])


@pytest.mark.parametrize("text", [text["fr"] for text in TEXTS.values()])
def test_french_is_set_as_french_is(text: str) -> None:
    assert "'" not in text
    assert not re.search("[^\u202f][;!?]", text)
    assert not re.search("[^\u00a0]:", text)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_jupyterlab_shows_the_warning_without_cutting_it(language: str) -> None:
    limit = int(re.search(r"SHOWN_CHARACTERS = (\d+)", CODE)[1])  # type: ignore[index]
    names = [path.with_suffix(".ipynb").name for path in (ROOT / "content/src").rglob("*.py")]
    warning = TEXTS["unsaved"][language]
    assert len(warning.replace("%1", max(names, key=len))) <= limit


def test_every_file_of_the_folder_becomes_part_of_the_extension() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.is_file()}
    assert files == {*PARTS, "package.json", "texts.json"}


def test_jupyterlab_finds_what_the_package_names(tmp_path: Path) -> None:
    entry = install(FOLDER, tmp_path)
    package = json.loads((tmp_path / "airina-course/package.json").read_text("utf-8"))
    build = package["jupyterlab"]["_build"]
    assert tmp_path / package["name"] / build["load"] == entry
    assert entry.read_text("utf-8") == script(FOLDER)
    assert f"const NAME = '{package['name']}'" in CODE


def test_the_edge_lets_a_browser_keep_it_and_a_change_has_another_name(tmp_path: Path) -> None:
    copy = tmp_path / "source"
    copy.mkdir()
    for path in FOLDER.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    before = install(copy, tmp_path / "before")
    kept = re.search(r"@hashed path_regexp (\S+)", CADDYFILE)[1]  # type: ignore[index]
    assert re.search(kept, before.name)
    (copy / "texts.json").write_text(json.dumps(TEXTS | {"open": {"fr": "Voir", "en": "See"}}))
    assert install(copy, tmp_path / "after").name != before.name


def test_nothing_is_asked_of_another_place_or_said_in_the_console() -> None:
    addresses = set(re.findall(r"https?://[^'\s]+", CODE))
    assert addresses == {"https://airina.africa/events/course"}
    assert "console." not in CODE


def test_a_change_of_the_extension_makes_a_new_course_image() -> None:
    [course] = [recipe for recipe in RECIPES if recipe.name == "course"]
    taken = sources(course)
    assert {f"labextension/{name}" for name in PARTS} <= set(taken)
    assert "install_labextension.py" in taken
