"""The pre-reading: the same in both languages, set as the notebooks are, and every number computed again."""

import re
from functools import cache

import numpy as np
import pytest
from airina.derivatives import numerical_gradient
from builder import maths, typography, vocabulary
from builder.faults import LANGUAGES, Language

from tests.unit.content.conftest import ROOT

FOLDER = ROOT / "content" / "preread"
QUESTIONS = range(1, 16)
REVISE = {"en": "**To revise:**", "fr": "**À revoir\u00a0:**"}
ANSWER = {"en": "Answer", "fr": "Réponse"}
CHAPTER = re.compile(r"\b([A-Z][a-z]?), chap(?:ter|itre)s? \d+(?: (?:and|et) \d+)?")
TITLE = re.compile(r"(?<!\*)\*(?!\*)[^*\n]+\*(?!\*)")  # of a book: in its own language


@cache
def text(language: Language) -> str:
    return (FOLDER / f"preread.{language}.md").read_text("utf-8")


def sections(language: Language) -> list[tuple[int, str]]:
    """(depth, body) of each heading, in order."""
    pieces = re.split(r"^(#+) .*$", _without_code(text(language)), flags=re.M)[1:]
    return [(len(marks), body) for marks, body in zip(pieces[::2], pieces[1::2], strict=True)]


def _without_code(written: str) -> str:
    return re.sub(r"```.*?```", "", written, flags=re.S)


def question(number: int, language: Language) -> tuple[str, str]:
    """The words of a question, and its answer."""
    found = re.search(rf"^### Question {number}$(.*?)(?=^##)", text(language), re.M | re.S)
    assert found
    asked, mark, rest = found[1].partition(f"<details><summary>{ANSWER[language]}</summary>")
    assert mark
    answer, end, after = rest.partition("</details>")
    assert end
    assert not after.strip()
    return asked, answer


def test_both_languages_have_the_same_sections() -> None:
    english, french = (sections(language) for language in LANGUAGES)
    assert [depth for depth, _ in english] == [depth for depth, _ in french]
    shapes = [
        [(body.count("\n- "), body.count("\n| ")) for _, body in part] for part in (english, french)
    ]
    assert shapes[0] == shapes[1]


def test_both_languages_have_the_same_formulas_section_by_section() -> None:
    for (_, english), (_, french) in zip(sections("en"), sections("fr"), strict=True):
        assert maths.difference(english, french) == ([], [])


def test_both_languages_have_the_same_code() -> None:
    blocks, pieces = re.compile(r"```.*?```", re.S), re.compile(r"`[^`\n]+`")
    assert blocks.findall(text("en")) == blocks.findall(text("fr"))
    english, french = (sorted(pieces.findall(_without_code(text(one)))) for one in LANGUAGES)
    assert english == french


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_has_an_answer_and_something_to_revise(language: Language) -> None:
    assert len(re.findall(r"^### ", text(language), re.M)) == len(QUESTIONS)
    for number in QUESTIONS:
        asked, answer = question(number, language)
        assert "?" in asked or maths.formulas(asked)
        assert answer.count(REVISE[language]) == 1
        assert CHAPTER.search(answer.partition(REVISE[language])[2])


def test_both_languages_send_to_the_same_chapters_of_books_that_are_listed() -> None:
    for number in QUESTIONS:
        found = [
            [
                re.sub(r"[^A-Z\d]+", " ", match[0])
                for match in CHAPTER.finditer(question(number, one)[1])
            ]
            for one in LANGUAGES
        ]
        assert found[0] == found[1]
    for language in LANGUAGES:
        listed = set(re.findall(r"^\| ([A-Z][a-z]?) \|", text(language), re.M))
        assert {match[1] for match in CHAPTER.finditer(text(language))} == listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_takes_three_hours(language: Language) -> None:
    assert sum(map(int, re.findall(r"^\| \d \| (\d+) \|", text(language), re.M))) == 180


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_set_as_the_notebooks_are(language: Language) -> None:
    assert list(typography.faults_of(text(language), language)) == []
    if language == "fr":
        assert typography.typeset(text("fr")) == text("fr")


def test_its_words_are_those_of_the_course() -> None:
    glossary = vocabulary.Glossary((ROOT / "content" / "glossary.yml").read_text("utf-8"))
    french = TITLE.sub(" ", text("fr"))
    assert list(glossary.banned_in(french)) == []
    assert list(vocabulary.traps_in(text("en"), french)) == []
    assert list(vocabulary.american_in(text("en"))) == []


def matrix(rows: object) -> str:
    lines = ["&".join(f"{entry:g}" for entry in row) for row in np.atleast_2d(np.asarray(rows))]
    return r"\begin{pmatrix}" + r"\\".join(lines) + r"\end{pmatrix}"


def pair(values: object) -> str:
    return ",".join(f"{value:g}" for value in np.asarray(values))


@cache
def computed() -> dict[int, list[str]]:
    """What must stand in each answer, computed again."""
    a, x = np.array([[1, 2], [0, 1], [3, -1]]), np.array([[2], [-1]])
    b = np.array([[1, 2, 3], [2, 4, 6], [1, 0, 1]])
    assert not (b @ [1, 1, -1]).any()
    largest = np.linalg.eigvalsh(np.array([[2.0, 1], [1, 2]]))[-1]
    point, u = np.array([1.0, 2, 6]), np.ones(3)
    foot = (point @ u) / (u @ u) * u
    d = np.array([[1.0, 2], [2, 1]])
    low, high = np.linalg.eigvalsh(d)
    slopes = numerical_gradient(
        lambda z: z[0] ** 2 * z[1] + np.exp(z[0] * z[1]), np.array([1.0, 0])
    )
    slope = numerical_gradient(lambda w: np.log(1 + np.exp(-3 * w[0])), np.zeros(1))[0]
    images = (lambda z: z[0] * z[1], lambda z: z[0] + z[1] ** 2)
    j = np.array([numerical_gradient(image, np.array([1.0, 2])) for image in images]).round(6)
    near = [2, 5] + j @ [0.01, -0.02]
    heights = [t**4 - 2 * t**2 for t in np.linspace(-2, 2, 401)]
    fraud = 0.01 * 0.9 / (0.01 * 0.9 + 0.99 * 0.05)
    joint = np.array([[0.3, 0.2], [0.1, 0.4]])
    covariance = joint[1, 1] - joint[1].sum() * joint[:, 1].sum()
    table = np.arange(6).reshape(2, 3)
    one = np.zeros(3)
    other = one
    other += 1
    return {
        1: [f"Ax={matrix(a @ x)}", f"A={matrix(a.T @ a)}"],
        2: [f"${np.linalg.matrix_rank(b)}$", "$(1,1,-1)$"],
        3: [f"$3^{{10}}={largest**10:.0f}$"],
        4: [f"({pair(foot)})", f"({pair(point - foot)})", f"{np.linalg.norm(point - foot):.3f}"],
        5: [matrix(d), f"${high:g}$", f"${low:g}$", f"q(1,-1)={np.array([1, -1]) @ d @ [1, -1]:g}"],
        6: [rf"\nabla f(1,0)=({pair(slopes.round(6) + 0.0)})"],
        7: [rf"L'(0)=-\frac{round(-2 * slope)}2"],
        8: [
            matrix(j),
            rf"=({near[0]:g},\ {near[1]:g})",
            rf"({1.01 * 1.98:g},\ {1.01 + 1.98**2:g})",
        ],
        9: [f"${12 * t**2 - 4}$" for t in (-1, 0)] + [f"${min(heights):g}$"],
        10: [rf"\frac2{{{round(2 / fraud)}}}", f"{fraud:.3f}"],
        11: [f"={2 * 1 - 2 + 3}$", f"={2**2 * 4 + 9}$"],
        12: [f"={joint[1, 1] / joint[1].sum():g}$", f"={covariance:g}$"],
        13: [f"={np.sqrt(4 / 100):g}$", f"${4 * 100}$"],
        14: [str(found.tolist()) for found in (table, table - table.mean(axis=0), table @ table.T)],
        15: [str(one), str(np.zeros(3))],
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", QUESTIONS)
def test_every_answer_is_right(number: int, language: Language) -> None:
    answer = question(number, language)[1].replace("{,}", ".")
    for wanted in computed()[number]:
        assert wanted in answer


def test_the_last_exercise_has_its_minimum_where_it_is_said() -> None:
    rows, y = np.array([[1.0], [2.0]]), np.array([1.0, 1.0])
    assert np.isclose(np.linalg.lstsq(rows, y, rcond=None)[0][0], 3 / 5)
    for w in (np.array([-1.0]), np.array([0.5])):
        slope = numerical_gradient(lambda v: np.sum((rows @ v - y) ** 2), w)
        assert np.allclose(slope, 10 * w - 6)
        assert np.allclose(slope, 2 * rows.T @ (rows @ w - y))
