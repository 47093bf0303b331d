"""Day 0, the two-minute check before the course: built like any day, and of help when something is wrong."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from builder.faults import LANGUAGES, Language
from builder.review import accept
from builder.view import text_of, view

from tests.unit.content.conftest import Course
from tests.unit.content.harness import source_of

LOCALES: dict[Language, str] = {"en": "en_GB.UTF-8", "fr": "fr_FR.UTF-8"}


def ran(language: Language, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What each code cell prints; a cell that raises ends the test."""
    space: dict[str, Any] = {}
    printed = {}
    for block in source_of("d0_00").code:
        code = text_of(view(block, language, "participant") or [])
        exec(compile(code, block.key, "exec"), space)  # noqa: S102 (our own notebook)
        printed[block.key] = capsys.readouterr().out
    return printed


@pytest.fixture(params=LANGUAGES)
def language(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Language:
    chosen: Language = request.param
    monkeypatch.setenv("LANG", LOCALES[chosen])
    monkeypatch.chdir(tmp_path)
    return chosen


def test_a_day_0_is_built_like_any_other(course: Course) -> None:
    programme = course.root / "programme.yml"
    before = """\
days:
  - day: 0
    title: {fr: Avant le cours, en: Before the course}
    notebooks:
      - {id: d0-00, file: day0/00-ready.py, title: {fr: Prêt, en: Ready}, minutes: 2}
"""
    programme.write_text(programme.read_text("utf-8").replace("days:\n", before, 1), "utf-8")
    source = course.root / "src" / "day0" / "00-ready.py"
    source.parent.mkdir()
    source.write_text('# %% key="kernel"\nresult = 6 * 7\n', "utf-8")
    accept(course.library, ["d0-00"])
    assert course.faults() == []
    built = json.loads(course.built("fr/day0/00-ready.ipynb"))
    assert [cell["id"] for cell in built["cells"]] == ["kernel"]


def test_it_is_short_and_ends_with_a_verdict_that_is_proved() -> None:
    keys = [block.key for block in source_of("d0_00").blocks]
    assert len(keys) <= 20
    assert keys[-1] == "ready"
    assert "verdict" in keys


@pytest.mark.usefixtures("_nothing_heavy")
def test_what_is_missing_is_said_with_what_to_do_and_stops_nothing(
    language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ran(language, capsys)
    remedy = {"en": "Shut Down All Kernels…", "fr": "Fermer tous les noyaux…"}[language]
    for key in ("pytorch", "jax"):
        assert said[key].startswith("✘")
        assert remedy in said[key]
    assert {"en": "Restart Kernel…", "fr": "Redémarrer le noyau…"}[language] in said["float64"]
    for key in ("numpy", "language", "saving"):
        assert said[key].startswith("✔"), said[key]
    assert "PyTorch, JAX, float64" in said["verdict"]
    assert said["ready"].startswith("✘")


@pytest.mark.usefixtures("_nothing_heavy")
def test_a_notebook_in_the_other_language_is_noticed(
    language: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other: Language = "fr" if language == "en" else "en"
    monkeypatch.setenv("LANG", LOCALES[other])
    line = ran(language, capsys)["language"]
    assert line.startswith("✘")
    assert f"course/{other}/day0" in line


@pytest.mark.usefixtures("_nothing_heavy")
def test_a_full_disk_is_noticed(
    language: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    line = ran(language, capsys)["saving"]
    assert line.startswith("✘")
    assert {"en": "your space is full", "fr": "votre espace est plein"}[language] in line


@pytest.fixture
def _nothing_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that has neither PyTorch nor JAX, whatever this one has."""
    for name in ("torch", "jax"):
        monkeypatch.setitem(sys.modules, name, None)
