"""In which words a person is told what came, and what it opens."""

import json
from pathlib import Path

import pytest
from course_server.course import page_to_open
from course_server.texts import REFUSALS, RETURNED, arrival, moves

SVD, PCA = "fr/day1/03-svd.ipynb", "fr/day1/04-acp.ipynb"
NEW = "Nouveau dans le cours\u00a0: 03-svd."


@pytest.mark.parametrize(
    ("arrived", "kept", "new", "fr", "en"),
    [
        ([SVD], {}, [SVD], NEW, "The course was updated."),
        ([SVD, PCA], {}, [SVD, PCA], "2 nouveaux notebooks dans le cours.", None),
        (
            [SVD],
            {},
            [],
            "03-svd a été corrigé\u202f; ce que vous y avez écrit est conservé.",
            None,
        ),
        (
            [SVD, PCA],
            {},
            [],
            "2 notebooks ont été corrigés\u202f; ce que vous y avez écrit est conservé.",
            None,
        ),
        (
            [SVD],
            {SVD: "fr/day1/03-svd__original.ipynb"},
            [],
            "Votre version de 03-svd reste\u202f; celle du cours est à côté\u00a0: 03-svd__original.",
            None,
        ),
        (
            [SVD, PCA],
            {SVD: "x.ipynb", PCA: "y.ipynb"},
            [],
            "Vos versions de 2 notebooks restent\u202f; celles du cours sont à côté.",
            None,
        ),
        (
            ["en/day1/a.ipynb", SVD, PCA, "airina/data.csv"],
            {PCA: "fr/day1/04-acp__original.ipynb"},
            ["en/day1/a.ipynb", SVD],
            f"{NEW} Votre version de 04-acp reste\u202f; celle du cours est à côté\u00a0: 04-acp__original.",
            "New in the course: a.",
        ),
        (["airina/data.csv"], {}, [], "Le cours a été mis à jour.", "The course was updated."),
    ],
)
def test_the_words_of_an_arrival(
    arrived: list[str], kept: dict[str, str], new: list[str], fr: str, en: str | None
) -> None:
    assert arrival(arrived, kept, new, "fr") == fr
    assert arrival(arrived, kept, new, "en") == (en or "The course was updated.")


def test_english_has_the_same_cases() -> None:
    a, b = "en/day1/a.ipynb", "en/day1/b.ipynb"
    assert arrival([a, b], {b: "en/day1/b__original.ipynb"}, [a], "en") == (
        "New in the course: a. Your version of b stays; the course’s is beside it: b__original."
    )
    assert arrival([a], {}, [], "en") == "a was corrected; what you wrote in it is kept."


def test_what_had_to_make_way_is_told_by_its_new_name() -> None:
    moved = {
        "fr/day1/a.ipynb": "fr/day1/a__20270301083000.ipynb",
        ".": "course_backup_20270301-0830",
    }
    french, again = moves(moved, "fr")
    assert french == (
        "Votre a.ipynb occupait la place d’un fichier du cours\u00a0: il s’appelle maintenant "
        "a__20270301083000.ipynb."
    )
    assert again.endswith("sous le nom course_backup_20270301-0830.")
    english, anew = moves(moved, "en")
    assert english.endswith("it is called a__20270301083000.ipynb now.")
    assert anew.endswith("under the name course_backup_20270301-0830.")


def test_every_refusal_is_said_in_both_languages_and_in_good_typography() -> None:
    for said in (*REFUSALS.values(), RETURNED):
        assert set(said) == {"fr", "en"}
        assert "'" not in said["fr"] + said["en"]
        assert not any(f" {sign}" in said["fr"] for sign in ";:!?")


def test_an_arrival_opens_the_days_first_notebook(tmp_path: Path) -> None:
    first, second = "fr/day2/01-un.ipynb", "fr/day2/02-deux.ipynb"
    (tmp_path / "fr/day2").mkdir(parents=True)
    for name in (first, second):
        (tmp_path / name).touch()
    release = tmp_path / "release.json"
    release.write_text(json.dumps({"day": 2, "first": {"fr": second}}), "utf-8")
    assert page_to_open(tmp_path, [first, second], "fr") == second
    assert page_to_open(tmp_path, [first], "fr") == first
    assert page_to_open(tmp_path, ["fr/day2/absent.ipynb", "airina/a.py"], "fr") is None
    assert page_to_open(tmp_path, [first], "en") is None
    release.write_text("[]", "utf-8")
    assert page_to_open(tmp_path, [second, first], "fr") == first
