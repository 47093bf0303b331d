"""Every check accepts right answers of several kinds, and rejects wrong ones with the right hint."""

import re
import string
import tomllib

import pytest
from _pytest.mark import ParameterSet
from airina import check
from airina.language import message
from builder.faults import LANGUAGES, Language

from tests.unit.content.harness import (
    CHECKS,
    CONTENT,
    Mistake,
    call_name,
    calls,
    cases_of,
    check_names,
    judged,
    notebook_answer,
    source_of,
)

LOCALES = {"en": "en_GB.UTF-8", "fr": "fr_FR.UTF-8"}
MESSAGES = CONTENT / "airina" / "messages"


def each(kind: str) -> list[ParameterSet]:
    """(check, name, language) for every case of a kind; those that need the course image are marked."""
    found: list[ParameterSet] = []
    for check_name in check_names():
        cases = cases_of(check_name)
        if cases is None:
            continue
        named = {"others": cases.others, "mistakes": cases.mistakes}.get(kind, [kind])
        marks = [pytest.mark.notebooks] if cases.needs else []
        for name in named:
            for language in LANGUAGES:
                case = f"{check_name}-{name}-{language}"
                found.append(pytest.param(check_name, name, language, marks=marks, id=case))
    return found


def speak(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", LOCALES[language])


@pytest.mark.parametrize("name", check_names())
def test_a_check_has_another_solution_and_two_named_mistakes_to_be_tested_with(name: str) -> None:
    cases = cases_of(name)
    assert cases, f"write CASES[{name.partition('.')[2]!r}] in cases/{name.partition('.')[0]}.py"
    assert cases.others, "a check must accept a solution that goes another way"
    notebook, _, exercise = name.partition(".")
    own = _texts(f"{notebook}.en.toml").get(exercise, {})
    named = {case.hint for case in cases.mistakes.values()} & own.keys()
    assert len(named) >= 2, "at least two mistakes must have a hint of their own"


@pytest.mark.parametrize(("name", "kind", "language"), each("reference"))
def test_a_check_accepts_the_solution_of_its_notebook(
    name: str, kind: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(language, monkeypatch)
    cases = cases_of(name)
    assert cases
    outcome = judged(check, name, notebook_answer(name, cases, language, "instructor"))
    assert outcome.passed, outcome


@pytest.mark.parametrize(("name", "other", "language"), each("others"))
def test_a_check_accepts_a_solution_that_goes_another_way(
    name: str, other: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(language, monkeypatch)
    cases = cases_of(name)
    assert cases
    outcome = judged(check, name, cases.others[other])
    assert outcome.passed, outcome


@pytest.mark.parametrize(("name", "kind", "language"), each("stub"))
def test_a_check_says_that_the_stub_is_not_written_yet(
    name: str, kind: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(language, monkeypatch)
    cases = cases_of(name)
    assert cases
    outcome = judged(check, name, notebook_answer(name, cases, language, "participant"))
    assert (outcome.passed, outcome.hint) == (False, "not_written"), outcome


@pytest.mark.parametrize(("name", "mistake", "language"), each("mistakes"))
def test_a_check_rejects_a_named_mistake_with_its_hint(
    name: str, mistake: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(language, monkeypatch)
    cases = cases_of(name)
    assert cases
    case: Mistake = cases.mistakes[mistake]
    outcome = judged(check, name, case.answer)
    assert (outcome.passed, outcome.hint) == (False, case.hint), outcome
    assert _fixed_part(name, case.hint, language) in outcome.line


def _fixed_part(name: str, hint: str, language: str) -> str:
    """The longest piece of a message without places: it must stand in the line."""
    notebook, _, exercise = name.partition(".")
    own = _texts(f"{notebook}.{language}.toml")
    text = own.get(exercise, {}).get(hint) or own.get(hint) or _texts(f"{language}.toml")[hint]
    return max(re.split(r"\{[^}]*\}", text), key=len)


def _texts(name: str) -> dict[str, dict[str, str]]:
    path = MESSAGES / name
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def test_messages_have_the_same_keys_and_the_same_places_in_both_languages() -> None:
    for english in sorted(MESSAGES.glob("*en.toml")):
        french = english.with_name(english.name.replace("en.toml", "fr.toml"))
        assert french.exists(), french.name
        ours, theirs = _flat(_texts(english.name)), _flat(_texts(french.name))
        assert list(ours) == list(theirs), english.name
        for key in ours:
            assert _places(ours[key]) == _places(theirs[key]), f"{english.name}: {key}"
            assert ours[key].strip(), key
            assert theirs[key].strip(), key


def _flat(texts: dict[str, object], before: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in texts.items():
        flat |= _flat(value, f"{key}.") if isinstance(value, dict) else {before + key: str(value)}
    return flat


def _places(text: str) -> list[str]:
    return sorted(field for _, field, _, _ in string.Formatter().parse(text) if field)


@pytest.mark.parametrize("file", sorted(CHECKS.glob("d*.py")), ids=lambda path: path.stem)
def test_every_message_of_a_notebook_is_used_by_its_checks(file: object) -> None:
    assert hasattr(file, "read_text")
    assert hasattr(file, "stem")
    code = file.read_text("utf-8")
    unused = [
        key
        for key in _flat(_texts(f"{file.stem}.en.toml"))
        if f'"{key.rpartition(".")[2]}"' not in code
    ]
    assert not unused


@pytest.mark.parametrize(
    "path",
    sorted((CONTENT / "src").rglob("*.py")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_a_notebook_calls_each_of_its_checks_and_no_other(path: object) -> None:
    assert hasattr(path, "stem")
    assert hasattr(path, "parent")
    notebook = f"d{path.parent.name[3:]}_{path.stem[:2]}"
    source = source_of(notebook)
    called = [call_name(call) for call in calls(source, "check")]
    assert sorted(called) == [name for name in check_names() if name.startswith(notebook + ".")]
    expected = [call_name(call) for call in calls(source, "expect")]
    assert len(expected) == len(set(expected))
    assert all(name.startswith(notebook + ".") for name in expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_found_for_the_check_then_the_notebook_then_all(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(language, monkeypatch)
    assert message("d9_99.ex1", "error") == {"en": "error", "fr": "erreur"}[language]
    with pytest.raises(KeyError):
        message("d9_99.ex1", "no_such_message")
