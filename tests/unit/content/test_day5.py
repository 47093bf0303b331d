"""The Day 5 pack: its data are whole, in both languages, said once, and shown wherever they are needed."""

import ast
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from build import main
from builder import day5, maths
from builder.day5 import Day5
from builder.faults import LANGUAGES, Fault, Language
from builder.library import Library
from builder.pieces import documents, pieces
from builder.sync import sync_back
from builder.typography import faults_of, typeset
from builder.vocabulary import Glossary, american_in, traps_in

from tests.unit.content.conftest import ROOT, Course
from tests.unit.content.harness import call_name, calls, source_of

CONTENT = ROOT / "content"
GLOSSARY = Glossary((CONTENT / "glossary.yml").read_text("utf-8"))
WORKED = {"d5_02": "torch", "d5_03": "jax"}
FILES = ("papers", "rubric", "critique")


@pytest.fixture(scope="module")
def data() -> Day5:
    found, faults = day5.read(CONTENT)
    assert not faults
    assert found
    return found


# The data of this repository


def test_there_are_15_papers_to_choose_from_besides_those_that_are_taken(data: Day5) -> None:
    assert sum(paper["status"] == "open" for paper in data.papers) >= 15


def test_papers_of_every_difficulty_draw_on_every_day_and_suit_everybody(data: Day5) -> None:
    assert {paper["difficulty"] for paper in data.papers} == {1, 2, 3}
    assert {name[1] for paper in data.papers for name in paper["uses"]} == {"1", "2", "3", "4"}
    for profile in ("engineer", "analyst", "researcher"):
        open_to_them = [p for p in data.papers if profile in p["suits"] and p["status"] == "open"]
        assert len(open_to_them) >= 5, profile


def test_papers_draw_on_notebooks_of_days_that_exist(data: Day5) -> None:
    programme = yaml.safe_load((CONTENT / "programme.yml").read_text("utf-8"))
    days = {str(day["day"]) for day in programme["days"]}
    for paper in data.papers:
        assert {name[1] for name in paper["uses"]} <= days, paper["id"]


def test_nobody_is_sure_of_pages_and_numbers_of_equations(data: Day5) -> None:
    for paper in data.papers:
        assert {"equations", "pages"} <= set(paper["reference"]["uncertain"]), paper["id"]
        if not paper["venue"]:
            assert "venue" in paper["reference"]["uncertain"], paper["id"]


def test_every_check_of_a_paper_has_a_number(data: Day5) -> None:
    for paper in data.papers:
        for language in LANGUAGES:
            assert re.search(r"\d", paper["check"][language]), (paper["id"], language)


def test_the_rubric_weighs_100_in_three_blocks(data: Day5) -> None:
    weights = {
        block["id"]: sum(one["marks"] for one in block["criteria"])
        for block in data.rubric["blocks"]
    }
    assert weights == {"derivation": 40, "implementation": 35, "defence": 25}


def test_the_form_asks_for_marks_once_and_ends_with_a_decision(data: Day5) -> None:
    answers = [section["answer"] for section in data.critique["sections"]]
    assert sum("marks" in answer for answer in answers) == 1
    assert "boxes" in answers[-1]


def documents_in(data: Day5, language: Language) -> dict[str, str]:
    return {p.stem: text for p, text in documents(data).items() if p.parts[0] == language}


@pytest.mark.parametrize("name", FILES)
def test_the_french_of_the_data_is_set_and_says_what_the_course_says(data: Day5, name: str) -> None:
    french, english = (documents_in(data, language)[name] for language in ("fr", "en"))
    assert list(faults_of(french, "fr")) == []
    assert list(faults_of(english, "en")) == []
    assert list(GLOSSARY.banned_in(french)) == []
    assert list(traps_in(english, french)) == []
    assert list(american_in(english)) == []


@pytest.mark.parametrize("name", FILES)
def test_formulas_of_the_data_are_the_same_in_both_languages(data: Day5, name: str) -> None:
    made = pieces(data)
    for piece, text in made.items():
        assert maths.difference(text["en"], text["fr"]) == ([], []), piece
    french, english = (documents_in(data, language)[name] for language in ("fr", "en"))
    assert maths.difference(english, french) == ([], [])


def test_the_french_is_typed_with_ordinary_spaces_and_set_when_it_is_shown() -> None:
    for name in FILES:
        typed = (CONTENT / "day5" / f"{name}.yml").read_text("utf-8")
        assert "\u202f" not in typed
        assert "\u00a0" not in typed


def test_the_lint_sees_a_mistake_in_the_data(data: Day5) -> None:
    papers = [dict(paper) for paper in data.papers]
    papers[0]["check"] = {"en": "The behavior, $x=1$.", "fr": 'Le "batch" vaut 0.5, $x=2$.'}
    spoiled = Day5(papers, data.rubric, data.critique)
    french, english = (documents_in(spoiled, language)["papers"] for language in ("fr", "en"))
    assert {name for name, _ in faults_of(french, "fr")} == {"straight_quotes", "decimal_sign"}
    assert list(GLOSSARY.banned_in(french))
    assert list(american_in(english))
    assert maths.difference(english, french) != ([], [])


# Where they are shown


@pytest.fixture(scope="module")
def built() -> dict[Path, str]:
    return Library(CONTENT).release(["d5-00", "d5-01", "d5-02", "d5-03"])


def texts(built: dict[Path, str], path: str) -> dict[str, str]:
    cells = json.loads(built[Path(path)])["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_notebook_shows_every_paper_the_rubric_and_the_form(
    data: Day5, built: dict[Path, str], language: Language
) -> None:
    shown = texts(built, f"{language}/day5/00-papers.ipynb")
    for name, text in pieces(data).items():
        assert shown.get(name) == text[language], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_shows_the_same_rubric_and_the_same_form(
    data: Day5, built: dict[Path, str], language: Language
) -> None:
    shown = texts(built, f"{language}/day5/01-project.ipynb")
    for name in ("rubric", "critique"):
        assert shown[name] == pieces(data)[name][language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FILES)
def test_instructors_get_the_same_on_paper(
    data: Day5, built: dict[Path, str], language: Language, name: str
) -> None:
    page = built[Path("instructor") / language / "day5" / f"{name}.md"]
    assert Path(language) / "day5" / f"{name}.md" not in built
    parts = {"papers": "choice", "rubric": "grades", "critique": "critique"}
    assert pieces(data)[parts[name]][language] in page


def test_no_text_of_the_data_is_written_a_second_time(data: Day5) -> None:
    made = [one for block in data.rubric["blocks"] for one in block["criteria"]]
    made += data.critique["sections"]
    sources = [path.read_text("utf-8") for path in (CONTENT / "src" / "day5").glob("*.py")]
    told = [
        one[key][lang]
        for one in made
        for key in ("full", "ask")
        if key in one
        for lang in LANGUAGES
    ]
    assert told
    for text in told:
        assert not any(text in source or typeset(text) in source for source in sources), text


# The template and the worked projects

SECTIONS = {
    "en": "Identity, Decomposition, Derivation, Predictions, Implementation, Experiment, Break it, "
    "Limits, Reproducibility",
    "fr": "Identité, Décomposition, Démonstration, Prévisions, Programmation, Expérience, "
    "Casser exprès, Limites, Reproductibilité",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["d5_01", *WORKED])
def test_a_project_has_the_sections_of_the_template(name: str, language: Language) -> None:
    text = "\n".join(block.cell(language).text for block in source_of(name).prose)
    assert re.findall(r"^## (\d\. .+)$", text, re.M) == [
        f"{number}. {title}" for number, title in enumerate(SECTIONS[language].split(", "))
    ]


@pytest.mark.parametrize(("name", "framework"), WORKED.items())
def test_a_worked_project_predicts_measures_and_breaks(name: str, framework: str) -> None:
    source = source_of(name)
    imported = {
        alias.name.split(".")[0]
        for block in source.code
        for node in ast.walk(ast.parse(block.cells[0].text))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported & {"torch", "jax"} == {framework}
    keys = [block.key for block in source.blocks]
    assert keys.index("predictions") < keys.index("algorithm")
    assert len(calls(source, "expect")) >= 15
    broken = [block for block in source.code if block.has("break")]
    assert len(broken) >= 2
    assert all("expect(" in block.cells[0].text for block in broken)
    assert 2 <= sum(block.has("figure") for block in source.code) <= 4
    assert any(
        "SEEDS" in ast.unparse(call.args[0]) or "{seed}" in call_name(call)
        for call in calls(source, "expect")
    )


def test_a_taken_paper_is_a_worked_project_and_the_other_way_round(data: Day5) -> None:
    taken = [paper for paper in data.papers if paper["status"] != "open"]
    assert sorted(paper["status"].replace("-", "_") for paper in taken) == sorted(WORKED)
    for paper in taken:
        source = source_of(paper["status"].replace("-", "_"))
        identity = next(block for block in source.prose if block.key == "identity")
        for language in LANGUAGES:
            for fact in ("arxiv", "authors", "title"):
                told = identity.cell(language).text.replace("\u00a0:", ":")
                assert paper[fact] in told, (paper["id"], fact)


# What an instructor may get wrong


@cache
def typed(name: str) -> str:
    """A file of this repository; of the papers, the first two."""
    found = yaml.safe_load((CONTENT / "day5" / f"{name}.yml").read_text("utf-8"))
    if name == "papers":
        found["papers"] = found["papers"][:2]
    return yaml.safe_dump(found, allow_unicode=True)


class Pack:
    """A course with data of its own to spoil: those of this repository, with two papers."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.folder = course.root / "day5"
        self.folder.mkdir()
        for name in FILES:
            (self.folder / f"{name}.yml").write_text(typed(name), "utf-8")

    def change(self, name: str, edit: Callable[[Any], object]) -> None:
        file = self.folder / f"{name}.yml"
        found = yaml.safe_load(file.read_text("utf-8"))
        edit(found)
        file.write_text(yaml.safe_dump(found, allow_unicode=True), "utf-8")

    def faults(self) -> list[Fault]:
        return day5.read(self.course.root)[1]


@pytest.fixture
def pack(course: Course) -> Pack:
    return Pack(course)


@pytest.fixture
def showing(course: Course) -> Pack:
    """A course whose notebook shows the rubric."""
    course.change(
        '# %% key="imports"\n',
        '# %% [markdown] key="grid" lang="en"\n# {{rubric}}\n\n'
        '# %% [markdown] key="grid" lang="fr"\n# {{rubric}}\n\n# %% key="imports"\n',
    )
    pack = Pack(course)
    assert main(["--lang", "en", "accept", "d1-03"], course.root) == 0
    return pack


def first_paper(data: Any) -> Any:
    return data["papers"][0]


def first_criterion(data: Any) -> Any:
    return data["blocks"][0]["criteria"][0]


@pytest.mark.parametrize(
    ("name", "edit", "fault", "where"),
    [
        ("papers", lambda d: first_paper(d).pop("check"), "data_keys", "papers.papers.lora"),
        ("papers", lambda d: first_paper(d).update(stars=2), "data_keys", "papers.papers.lora"),
        ("papers", lambda d: first_paper(d)["check"].pop("fr"), "data_languages", "lora.check"),
        (
            "papers",
            lambda d: first_paper(d)["derive"].update(en=" "),
            "data_languages",
            "lora.derive",
        ),
        ("papers", lambda d: first_paper(d).update(difficulty=4), "data_value", "lora.difficulty"),
        (
            "papers",
            lambda d: first_paper(d).update(difficulty=True),
            "data_value",
            "lora.difficulty",
        ),
        ("papers", lambda d: first_paper(d).update(uses=["d5-01"]), "data_value", "lora.uses.0"),
        ("papers", lambda d: first_paper(d).update(uses=[]), "data_value", "lora.uses"),
        ("papers", lambda d: first_paper(d).update(arxiv="21.06"), "data_value", "lora.arxiv"),
        ("papers", lambda d: first_paper(d).update(arxiv=2106.09685), "data_value", "lora.arxiv"),
        ("papers", lambda d: first_paper(d).update(year="2021"), "data_value", "lora.year"),
        ("papers", lambda d: first_paper(d).update(status="done"), "data_value", "lora.status"),
        (
            "papers",
            lambda d: first_paper(d)["reference"]["certain"].remove("year"),
            "data_reference",
            "papers.lora",
        ),
        (
            "papers",
            lambda d: first_paper(d)["reference"]["uncertain"].append("year"),
            "data_reference",
            "papers.lora",
        ),
        (
            "papers",
            lambda d: first_paper(d)["reference"].update(certain=[*day5.FACTS, "pages"]),
            "data_reference",
            "papers.lora",
        ),
        ("papers", lambda d: d["papers"][1].update(id="lora"), "data_twice", "papers.lora"),
        ("rubric", lambda d: first_criterion(d).update(marks=11), "data_marks", "rubric"),
        ("rubric", lambda d: first_criterion(d).pop("half"), "data_keys", "decomposition"),
        ("rubric", lambda d: d["grades"].reverse(), "data_grades", "rubric.grades"),
        ("rubric", lambda d: d["pass"].update(total=50), "data_grades", "rubric.grades"),
        ("rubric", lambda d: d["pass"].update(block=0), "data_value", "rubric.pass.block"),
        ("rubric", lambda d: d.update(rules=[]), "data_value", "rubric.rules"),
        (
            "critique",
            lambda d: d["sections"][0].update(answer={"rows": 2}),
            "data_keys",
            "identity.answer",
        ),
        ("critique", lambda d: d["sections"][0].update(id="marks"), "data_twice", "critique.marks"),
        ("critique", lambda d: d.clear(), "data_keys", "critique"),
    ],
)
def test_a_fault_of_the_data_is_told_with_its_place_in_both_languages(
    pack: Pack, name: str, edit: Callable[[Any], object], fault: str, where: str
) -> None:
    assert pack.faults() == []
    pack.change(name, edit)
    (found,) = pack.faults()
    assert (found.name, str(found.file)) == (fault, f"day5/{name}.yml")
    assert found.cell.endswith(where)
    assert "What to do:" in found.said("en")
    assert "Que faire" in found.said("fr")


def test_all_faults_of_the_three_files_are_told_at_once_and_nothing_is_built(
    showing: Pack, capsys: pytest.CaptureFixture[str]
) -> None:
    showing.change("papers", lambda d: first_paper(d).update(difficulty=4, year="then"))
    showing.change("rubric", lambda d: first_criterion(d).update(marks=11))
    (showing.folder / "critique.yml").write_text("rules: [", "utf-8")
    assert main(["--lang", "en"], showing.course.root) == 1
    told = capsys.readouterr().err
    for place in ("lora.difficulty", "lora.year", "rubric.yml", "critique.yml", "grid"):
        assert place in told
    assert not showing.course.library.build.exists()


def test_a_missing_file_is_told(pack: Pack) -> None:
    (pack.folder / "rubric.yml").unlink()
    assert [fault.name for fault in pack.faults()] == ["data_yaml"]


def test_a_course_without_the_folder_builds_as_before(course: Course) -> None:
    assert day5.read(course.root) == (None, [])
    assert course.faults() == []


# How a notebook takes them in


def test_a_notebook_shows_a_piece_in_its_language_typeset(showing: Pack) -> None:
    french = texts(showing.course.library.release(), "fr/day1/03-svd.ipynb")["grid"]
    assert french.startswith("| Critère | Points |")
    assert "l’article" in french
    english = texts(showing.course.library.release(), "en/day1/03-svd.ipynb")["grid"]
    assert english.startswith("| Criterion | Marks |")


def test_an_unknown_piece_and_one_for_any_language_are_refused(showing: Pack) -> None:
    showing.course.change("# {{rubric}}", "# {{rubrik}}")
    assert ("grid", "unknown_piece") in showing.course.faults()
    showing.course.change("# {{rubrik}}", "# {{rubric}}")
    showing.course.change(
        'key="svd-eq" lang="any"\n# $$\\min_{\\operatorname{rank}B\\le k}\\|A-B\\|_F^2$$',
        'key="svd-eq" lang="any"\n# {{rubric}}',
    )
    assert ("svd-eq", "unknown_piece") in showing.course.faults()


def test_a_change_of_the_data_must_be_reviewed_like_any_text(showing: Pack) -> None:
    assert showing.course.faults() == []
    showing.change("rubric", lambda d: first_criterion(d)["full"].update(en="all of it"))
    assert showing.course.faults() == [("grid", "stale_fr")]


def test_typeset_leaves_the_name_of_a_piece_in_its_source(showing: Pack) -> None:
    before = showing.course.source.read_text("utf-8")
    assert main(["--lang", "en", "typeset", "d1-03"], showing.course.root) == 0
    assert showing.course.source.read_text("utf-8") == before


def test_sync_back_sends_an_edit_of_a_piece_to_its_data(showing: Pack) -> None:
    from builder.faults import Refused

    assert main(["--lang", "en"], showing.course.root) == 0
    notebook = showing.course.library.build / "instructor" / "fr" / "day1" / "03-svd.ipynb"
    saved = json.loads(notebook.read_text("utf-8"))
    cell = next(cell for cell in saved["cells"] if cell["id"] == "grid")
    cell["source"].append("\nplus")
    notebook.write_text(json.dumps(saved), "utf-8")
    before = showing.course.source.read_text("utf-8")
    with pytest.raises(Refused) as refused:
        sync_back(showing.course.library, notebook)
    assert [fault.name for fault in refused.value.faults] == ["made_of_data"]
    assert showing.course.source.read_text("utf-8") == before


def test_other_cells_of_such_a_notebook_still_come_back(showing: Pack) -> None:
    assert main(["--lang", "en"], showing.course.root) == 0
    notebook = showing.course.library.build / "instructor" / "fr" / "day1" / "03-svd.ipynb"
    saved = json.loads(notebook.read_text("utf-8"))
    cell = next(cell for cell in saved["cells"] if cell["id"] == "svd-answer")
    cell["source"] = ["La réponse, en détail."]
    notebook.write_text(json.dumps(saved), "utf-8")
    assert sync_back(showing.course.library, notebook) == ["svd-answer"]
    text = showing.course.source.read_text("utf-8")
    assert "# La réponse, en détail." in text
    assert text.count("# {{rubric}}") == 2
