"""JupyterLab's strings that the French pack lacks: good French, put where JupyterLab looks."""

import gettext
import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from images.building.recipes import IMAGES
from images.course.fill_french_pack import (
    Strings,
    fill,
    in_code,
    remove_foreign,
    translations,
    unknown_to_lab,
)

STRINGS = translations(IMAGES / "course/fr-pack-4.6.json")
PAIRS = [(english, french) for (_, english), forms in STRINGS.items() for french in forms]


@pytest.fixture
def catalogues(tmp_path: Path) -> Path:
    page = {"": {"domain": "jupyterlab", "version": "jupyterlab"}, "Open": ["Ouvrir"]}
    (tmp_path / "jupyterlab.json").write_text(json.dumps(page))
    catalogue = Catalog()
    catalogue.add("Open", "Ouvrir")
    catalogue.add("Theme", "Thème", context="settings")
    with (tmp_path / "jupyterlab.mo").open("wb") as compiled:
        write_mo(compiled, catalogue)
    return tmp_path


def server(catalogues: Path) -> gettext.GNUTranslations:
    with (catalogues / "jupyterlab.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def page(catalogues: Path) -> dict[str, list[str]]:
    content: dict[str, list[str]] = json.loads((catalogues / "jupyterlab.json").read_text())
    return content


def test_a_string_of_the_page_goes_where_the_page_looks(catalogues: Path) -> None:
    assert fill({(None, "Apply"): ["Appliquer"]}, catalogues) == []
    assert page(catalogues)["Apply"] == ["Appliquer"]


def test_a_plural_keeps_both_forms(catalogues: Path) -> None:
    fill({(None, "%1 tab"): ["%1 onglet", "%1 onglets"]}, catalogues)
    assert page(catalogues)["%1 tab"] == ["%1 onglet", "%1 onglets"]


def test_a_string_of_a_schema_goes_to_the_page_and_to_the_server(catalogues: Path) -> None:
    fill({("settings", "Scale"): ["Échelle"]}, catalogues)
    assert page(catalogues)["settings\x04Scale"] == ["Échelle"]
    assert server(catalogues).pgettext("settings", "Scale") == "Échelle"


def test_catalogues_of_what_is_not_here_are_removed(catalogues: Path) -> None:
    for name in ("jupyterlab_git.json", "jupyterlab_git.mo"):
        (catalogues / name).touch()
    assert remove_foreign(catalogues, {"jupyterlab"}.__contains__) == {"jupyterlab_git"}
    assert {file.name for file in catalogues.iterdir()} == {"jupyterlab.json", "jupyterlab.mo"}


def test_what_the_pack_had_stays(catalogues: Path) -> None:
    fill({("menu", "Split Tab"): ["Scinder l’onglet"]}, catalogues)
    assert page(catalogues)["Open"] == ["Ouvrir"]
    assert page(catalogues)[""] == {"domain": "jupyterlab", "version": "jupyterlab"}
    assert server(catalogues).pgettext("settings", "Theme") == "Thème"


@pytest.mark.parametrize("key", [(None, "Open"), ("settings", "Theme")])
def test_a_string_that_the_pack_has_by_now_is_reported(
    catalogues: Path, key: tuple[str | None, str]
) -> None:
    assert fill({key: ["autrement"]}, catalogues) == [key[1]]


def test_a_string_that_jupyterlab_no_longer_has_is_reported(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static/core.js").write_text(r"""t.__("Paste\n\nUse ⌘"),t.__('Open "Trust"')""")
    (tmp_path / "schemas/lab").mkdir(parents=True)
    (tmp_path / "schemas/lab/shell.json").write_text('{"properties": {"x": {"title": "Scale"}}}')
    strings: Strings = {
        (None, "Paste\n\nUse ⌘"): ["Coller"],
        (None, 'Open "Trust"'): ["Ouvrir"],
        (None, "Gone"): ["Parti"],
        ("settings", "Scale"): ["Échelle"],
        ("settings", "Open"): ["Ouvrir"],
    }
    assert unknown_to_lab(strings, tmp_path) == ["Gone", "Open"]


def test_a_string_is_found_however_its_quotes_are_written() -> None:
    assert {'say "x"', r"say \"x\""} <= in_code('say "x"')


@pytest.mark.parametrize(("english", "french"), PAIRS)
def test_the_french_has_what_the_english_has_and_is_set_as_french(
    english: str, french: str
) -> None:
    assert sorted(re.findall(r"%\d|`[^`]*`", french)) == sorted(re.findall(r"%\d|`[^`]*`", english))
    assert french.strip()
    assert "'" not in french, "an apostrophe is ’"
    assert '"' not in french, "quotation marks are « »"
    prose = re.sub(r"`[^`]*`|%1:%2/%3", "", french)
    assert not re.search("(?<!\u202f)[;!?]", prose), "a narrow no-break space before ; ! ?"
    assert not re.search("(?<!\u00a0):", prose), "a no-break space before :"
    assert not re.search("«(?!\u00a0)|(?<!\u00a0)»", prose), "no-break spaces inside « »"
    assert english.endswith("…") == french.endswith("…")
    assert english.endswith(".") == french.endswith(".")
