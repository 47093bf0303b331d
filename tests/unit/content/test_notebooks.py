"""Each notebook of Days 1 to 4 has the shape that keeps an afternoon alive (issue 3, course-content §1.2)."""

import re
from pathlib import Path

import pytest
from builder import maths
from builder.faults import LANGUAGES, Language
from builder.solutions import regions
from builder.source import Source
from builder.view import text_of, view

from tests.unit.content.harness import CONTENT, calls, source_of

NOTEBOOKS = sorted((CONTENT / "src").glob("day[1-4]/*.py"))


def words(source: Source, language: Language) -> int:
    """What a participant reads, a formula or a piece of code read as one word."""
    texts = [text_of(view(block, language, "participant") or []) for block in source.prose]
    formulas = sum(len(maths.formulas(text)) for text in texts)
    pieces = sum(len(re.findall(r"`[^`\n]+`", text)) for text in texts)
    plain = (re.findall(r"[^\W\d_][\w’'-]*", maths.without_formulas(text)) for text in texts)
    return formulas + pieces + sum(map(len, plain))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def source(request: pytest.FixtureRequest) -> Source:
    path: Path = request.param
    return source_of(f"d{path.parent.name[3:]}_{path.stem[:2]}")


def test_a_notebook_has_40_to_55_cells(source: Source) -> None:
    assert 40 <= sum(not block.has("solution") for block in source.blocks) <= 55


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notebook_has_1800_to_2600_words(source: Source, language: Language) -> None:
    assert 1800 <= words(source, language) <= 2600


def test_a_notebook_has_3_or_4_exercises_of_at_most_15_lines(source: Source) -> None:
    exercises = [block.cells[0].lines for block in source.code if block.has("exercise")]
    assert 3 <= len(exercises) <= 5
    for lines in exercises:
        written = [
            line
            for region in regions(lines)[0]
            for line in lines[region.begin + 1 : region.end]
            if line.strip() and not line.strip().startswith("#")
        ]
        assert len(written) <= 15


def test_a_notebook_has_at_least_8_checks(source: Source) -> None:
    assert len([*calls(source, "check"), *calls(source, "expect")]) >= 8


def test_a_notebook_is_broken_on_purpose_and_the_break_is_measured(source: Source) -> None:
    broken = [block.cells[0].text for block in source.code if block.has("break")]
    assert broken
    assert any("expect(" in text for text in broken)


def test_a_notebook_has_2_to_4_figures(source: Source) -> None:
    assert 2 <= sum(block.has("figure") for block in source.code) <= 4


def test_a_notebook_ends_with_an_exit_ticket(source: Source) -> None:
    last = [block for block in source.prose if not block.has("solution")][-1]
    assert "xit ticket" in last.cell("en").text
    assert "illet de sortie" in last.cell("fr").text
