"""French that a francophone mathematician would sign, British English; and no false alarm."""

import re
from pathlib import Path

import pytest
from build import main
from builder.typography import faults_of, typeset
from builder.vocabulary import Glossary, american_in, traps_in

from tests.unit.content.conftest import ROOT, Course

GLOSSARY = Glossary((ROOT / "content" / "glossary.yml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Pourquoi ?", "Pourquoi\u202f?"),
        ("Pourquoi?", "Pourquoi\u202f?"),
        ("vrai ; faux !", "vrai\u202f; faux\u202f!"),
        ("Ainsi : $x$ ; $y$ : z", "Ainsi\u00a0: $x$\u202f; $y$\u00a0: z"),
        ("**Objectifs :**", "**Objectifs\u00a0:**"),
        ("- **idée** : x", "- **idée**\u00a0: x"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("«oui»", "«\u00a0oui\u00a0»"),
        ("90 % des cas", "90\u00a0% des cas"),
        ("l'image, d'$A$, l'**axe**", "l’image, d’$A$, l’**axe**"),
        ("etc...", "etc…"),
        ("$\\eta=0.05$", "$\\eta=0{,}05$"),
        ("(f(x) ; g)", "(f(x)\u202f; g)"),
    ],
)
def test_french_is_set_and_what_was_typed_is_refused(typed: str, right: str) -> None:
    assert typeset(typed) == right
    assert list(faults_of(typed, "fr"))
    assert list(faults_of(right, "fr")) == []
    assert typeset(right) == right


@pytest.mark.parametrize(
    "text",
    [
        "`a[i] ? b : c;` et `x == 'a'`",
        "$f: E\\to F$ et $a;b$",
        "$$x\\;:\\;y!$$",
        "voir [le site](https://example.org/?a=1;b!)",
        "https://example.org/?q=a:b",
        "<details><summary>Indice</summary>",
        "| a | b |\n|:--|--:|",
        "à 9:00, rapport 2:1",
        "```\nx = 1 ; y = 2 ?\n```",
        "R&nbsp;D",
    ],
)
def test_code_formulas_links_tags_and_hours_are_left_alone(text: str) -> None:
    assert typeset(text) == text
    assert list(faults_of(text, "fr")) == []


def test_the_places_of_an_f_string_are_left_alone() -> None:
    assert typeset("erreur {x:.2f} : {y!r} ?", places=True) == (
        "erreur {x:.2f}\u00a0: {y!r}\u202f?"
    )


@pytest.mark.parametrize(
    ("text", "language", "fault"),
    [
        ('dit "vrai"', "fr", "straight_quotes"),
        ("il vaut 3.14 environ", "fr", "decimal_sign"),
        ("it is about 3,14 units", "en", "decimal_sign"),
        ("$0{,}05$", "en", "decimal_sign"),
        ("Why ?", "en", "space_in_english"),
    ],
)
def test_what_cannot_be_set_by_rule_is_refused(text: str, language: str, fault: str) -> None:
    assert {name for name, _ in faults_of(text, "fr" if language == "fr" else "en")} == {fault}


@pytest.mark.parametrize(
    "text", ["1,797 digits", "d1-03, notebook 3: why?", "(1, 2)", "`3,14`", "version `3.11`"]
)
def test_english_numbers_and_signs_are_left_alone(text: str) -> None:
    assert list(faults_of(text, "en")) == []


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("deux matrices similaires", "matrices semblables"),
        ("la librairie NumPy", "bibliothèque"),
        ("Nous assumons que", "hypothèse"),
        ("le taux de\nconvergence", "vitesse de convergence"),
        ("la défense du projet", "soutenance"),
        ("un embedding des mots", "plongement, représentation vectorielle"),
        ("l’ensemble d’entraînement", "jeu d’entraînement / de test"),
        ("Des points-selles", "point selle (point col)"),
    ],
)
def test_a_calque_is_refused_with_what_to_write(text: str, french: str) -> None:
    found = list(GLOSSARY.banned_in(text))
    assert [values["fr"] for _, values in found] == [french]


@pytest.mark.parametrize(
    "text",
    [
        "deux matrices semblables",
        "un plongement (*embedding*)",
        "`librairie`, `batch`, $\\text{dataset}$",
        "mettre en évidence une structure",
        "une variable aléatoire de loi normale",
        "défendre un choix",
        "{batch}",
    ],
)
def test_right_words_foreign_words_and_code_are_left_alone(text: str) -> None:
    assert list(GLOSSARY.banned_in(text)) == []


@pytest.mark.parametrize(
    ("english", "french", "fault"),
    [
        ("$x$ is positive", "$x$ est positif", "trap_positive"),
        ("positive entries", "à coefficients positifs", "trap_positive"),
        ("It eventually decreases", "Elle décroît éventuellement", "trap_eventually"),
    ],
)
def test_words_that_look_alike_are_refused(english: str, french: str, fault: str) -> None:
    assert [name for name, _ in traps_in(english, french)] == [fault]


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("$x>0$ is positive", "$x$ est strictement positif"),
        ("non-negative", "positif\nou nul"),
        ("positive definite", "symétrique définie positive, semi-définie positive"),
        ("the positive pair", "la paire positive, le positif, un positif, l’exemple positif"),
        ("possibly", "éventuellement"),
        ("eventually", "à partir d’un certain rang"),
    ],
)
def test_words_that_say_what_they_mean_are_left_alone(english: str, french: str) -> None:
    assert list(traps_in(english, french)) == []


@pytest.mark.parametrize(
    "word",
    ["optimize", "Normalization", "analyzed", "center", "color", "behavior", "neighbors", "gray",
     "modeling", "labeled", "defense", "artifact", "parameterized"],
)  # fmt: skip
def test_american_spelling_is_refused(word: str) -> None:
    assert [values["passage"] for _, values in american_in(f"the {word} here")] == [word]


@pytest.mark.parametrize(
    "text",
    ["the size and sizes, resized", "a prize", "optimise the centre", "colour, behaviour, grey",
     "modelling, labelled", "`color='gray'` and $\\text{center}$", "horizontal, citizen, analyse"],
)  # fmt: skip
def test_british_spelling_and_code_are_left_alone(text: str) -> None:
    assert list(american_in(text)) == []


def test_the_glossary_has_its_terms_once_and_bans_none_of_its_own_words() -> None:
    english = [term.english for term in GLOSSARY.terms]
    assert len(english) >= 168
    assert len(english) == len(set(english))
    for term in GLOSSARY.terms:
        assert list(GLOSSARY.banned_in(term.french)) == [], term.french


@pytest.mark.parametrize(
    "text", ["- a", "algebra: [{en: x}]", "algebra: [{en: x, fr: y, de: z}]", "a: ["]
)
def test_a_glossary_at_fault_is_refused_with_its_reason(course: Course, text: str) -> None:
    (course.root / "glossary.yml").write_text(text, "utf-8")
    assert course.faults() == [("", "glossary")]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Le noyau a", "Le noyau a-t-il ?", "space_before_sign"),
        ("Le noyau a", "Des matrices similaires ;", "banned_term"),
        ("Le noyau a", "Un nombre positif, et", "trap_positive"),
        ("The kernel has", "The center has", "american_spelling"),
        ('"rang $k$"', '"rang : $k$"', "space_before_colon"),
        ("# fr: renvoyer la meilleure", "# fr: renvoyer l'unique", "apostrophe"),
    ],
)
def test_the_builder_refuses_prose_that_is_not_right(
    course: Course, old: str, new: str, fault: str
) -> None:
    course.change(old, new)
    main(["--lang", "en", "accept", "d1-03"], course.root)
    assert fault in {name for _, name in course.faults()}


def test_typeset_mends_the_french_of_a_source_and_nothing_else(course: Course) -> None:
    before = course.source.read_text("utf-8")
    course.change("Le noyau a", "L'image a-t-elle ? Oui ; $0.5$ :")
    course.change('"rang $k$"', '"rang : $k$"')
    course.change("# fr: renvoyer la meilleure", "# fr: renvoyer l'unique")
    course.change("au rang {k}", "au rang : {k:.2f}")
    course.change('f"rank {k}"', 'f"rank {k:.2f}"')
    assert main(["--lang", "en", "typeset", "d1-03"], course.root) == 0
    after = course.source.read_text("utf-8")
    assert "L’image a-t-elle\u202f? Oui\u202f; $0{,}5$\u00a0:" in after
    assert '"rang\u00a0: $k$"' in after
    assert "# fr: renvoyer l’unique" in after
    assert "{k:.2f}" in after
    assert main(["--lang", "en", "typeset", "d1-03"], course.root) == 0
    assert course.source.read_text("utf-8") == after
    plain = re.sub(r"[\u202f\u00a0]", " ", after).replace("’", "'").replace("0{,}5$ :", "0.5$ :")
    assert plain.count("\n") == before.count("\n")


def test_typeset_refuses_the_name_of_nothing(course: Course) -> None:
    assert main(["--lang", "en", "typeset", str(Path("no") / "such.py")], course.root) == 1
