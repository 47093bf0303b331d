"""What a learner meets when an answer is not what was asked: one line, a hint, never a traceback."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import airina.checking
import airina.language
import numpy as np
import pytest
from airina import check, expect
from airina.checker import Checker, Stop, distance
from airina.derivatives import numerical_gradient, numerical_jvp
from airina.outcome import CheckFailed, number

from tests.unit.content.conftest import ROOT

CHECK_FILE = '''\
"""Twice a vector."""
import numpy as np


def ex1(c, double):
    x = c.rng.normal(size=3)
    y = c.array(c.call(double, x), (3,), hints={"flipped": (1, 3)})
    c.close("error", y, 2 * x, 1e-10, hints={"halved": x / 2, "long": len(y) > 5})


def broken(c, answer):
    raise RuntimeError("the check is wrong")


def whole(c, answer):
    c.equal("error", c.whole(answer), 3, hints={"long": answer > 3})


def real(c, answer):
    c.at_least("error", c.number(answer), 3.0)


def kept(c, answer):
    c.at_most("error", c.number(c.call(answer, {1.0})), 1.0)


def several(c, answer):
    a, b = c.parts(c.call(answer), 2)
    c.require(a < b, "long")
'''
ELSE = '[whole]\nlong = "x"\n[several]\nlong = "y"\n'
MESSAGES = {
    "en": 'bound = "text"\n[ex1]\nhalved = "twice, not half"\nflipped = "a row"\n' + ELSE,
    "fr": 'bound = "texte"\n[ex1]\nhalved = "le double"\nflipped = "une ligne"\n' + ELSE,
}


@pytest.fixture(autouse=True)
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one small file of checks, in English."""
    (tmp_path / "d9_99.py").write_text(CHECK_FILE, "utf-8")
    for language, text in MESSAGES.items():
        (tmp_path / f"d9_99.{language}.toml").write_text(text, "utf-8")
        common = airina.language.FOLDER / f"{language}.toml"
        (tmp_path / f"{language}.toml").write_text(common.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(airina.checking, "FOLDER", tmp_path)
    monkeypatch.setattr(airina.language, "FOLDER", tmp_path)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return tmp_path


def not_written(x: Any) -> Any:
    raise NotImplementedError


def divides(x: Any) -> Any:
    return x / {}["missing"]


def modifies(x: Any) -> Any:
    x *= 2
    return x


WRONG: dict[str, tuple[Any, str]] = {
    "stub": (not_written, "not_written"),
    "not a function": (np.ones(3), "not_a_function"),
    "exception": (divides, "raised"),
    "wrong number of arguments": (lambda: 1, "raised"),
    "modified input": (modifies, "modified_input"),
    "None": (lambda x: None, "returned_none"),
    "list": (lambda x: list(2 * x), "not_an_array"),
    "shape": (lambda x: 2 * x[:2], "shape"),
    "shape of a named mistake": (lambda x: 2 * x[None], "flipped"),
    "float32": (lambda x: (2 * x).astype(np.float32), "dtype"),
    "complex": (lambda x: 2 * x + 0j, "dtype"),
    "NaN": (lambda x: x * np.nan, "not_finite"),
    "named mistake": (lambda x: x / 2, "halved"),
    "unnamed mistake": (lambda x: x + 2, "wrong"),
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_gets_one_line_with_a_hint(
    name: str, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", f"{language}_XX.UTF-8")
    answer, hint = WRONG[name]
    outcome = check("d9_99.ex1", answer)
    assert (outcome.passed, outcome.hint) == (False, hint)
    assert capsys.readouterr().out == repr(outcome) + "\n"
    assert "\n" not in outcome.line
    if hint != "not_written":
        assert ("indice\u00a0:" if language == "fr" else "hint:") in outcome.line


def test_a_right_answer_gets_its_number_and_the_tolerance() -> None:
    outcome = check("d9_99.ex1", lambda x: x + x)
    assert repr(outcome) == "✔ d9_99.ex1 | error 0 ≤ 1e-10"
    assert outcome.passed


def test_a_failure_keeps_the_number_measured() -> None:
    outcome = check("d9_99.ex1", lambda x: x / 2)
    assert "| error 0." in outcome.line
    assert outcome.line.endswith("> 1e-10 | hint: twice, not half")


def test_an_exception_is_told_with_its_line_in_the_learners_cell() -> None:
    space: dict[str, Callable[..., Any]] = {}
    code = compile("def f(x):\n    y = 1\n    return x / {}['a']\n", "cell", "exec")
    exec(code, space)  # noqa: S102 (a cell is executed so)
    assert "KeyError: 'a' (line 3 of the cell)" in check("d9_99.ex1", space["f"]).line


@pytest.mark.parametrize(
    ("name", "answer", "hint"),
    [
        ("whole", 3, ""),
        ("whole", np.int64(3), ""),
        ("whole", 4, "long"),
        ("whole", 2, "wrong"),
        ("whole", 3.0, "not_an_integer"),
        ("whole", True, "not_an_integer"),
        ("real", 3.5, ""),
        ("real", np.array(3.0), ""),
        ("real", 2, "wrong"),
        ("real", "3", "not_a_number"),
        ("real", None, "not_a_number"),
        ("real", np.ones(1), "not_a_number"),
        ("real", [[1.0], [2.0, 3.0]], "not_a_number"),
        ("real", float("nan"), "not_finite"),
        ("several", lambda: (1, 2), ""),
        ("several", lambda: (2, 1), "long"),
        ("several", lambda: 3, "parts"),
        ("several", lambda: (1, 2, 3), "parts"),
        ("kept", lambda x: 1.0, ""),
        ("kept", lambda x: x.pop(), "modified_input"),
    ],
)
def test_numbers_and_several_results_are_judged(name: str, answer: Any, hint: str) -> None:
    outcome = check(f"d9_99.{name}", answer)
    assert (outcome.passed, outcome.hint) == (not hint, hint)


def test_a_check_that_is_wrong_itself_says_so_without_a_traceback() -> None:
    outcome = check("d9_99.broken", 1)
    assert outcome.hint == "check_itself"
    assert "RuntimeError: the check is wrong" in outcome.line


@pytest.mark.parametrize("name", ["d9_99.ex7", "d8_88.ex1", "ex1", "", "../x.ex1", "d9_99.np"])
def test_an_unknown_check_says_so(name: str) -> None:
    assert check(name, 1).hint == "unknown_check"


def test_a_corrected_check_reaches_a_kernel_that_already_used_it(checks: Path) -> None:
    assert check("d9_99.ex1", lambda x: 3 * x).passed is False
    file = checks / "d9_99.py"
    file.write_text(CHECK_FILE.replace("2 * x, 1e-10", "3 * x, 1e-10"), "utf-8")
    assert check("d9_99.ex1", lambda x: 3 * x).passed


def test_a_corrected_hint_reaches_a_kernel_that_already_used_it(checks: Path) -> None:
    check("d9_99.ex1", lambda x: x / 2)
    file = checks / "d9_99.en.toml"
    file.write_text(MESSAGES["en"].replace("twice, not half", "double it"), "utf-8")
    assert "double it" in check("d9_99.ex1", lambda x: x / 2).line


def test_a_strict_run_raises_on_a_failure_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRINA_STRICT", "1")
    check("d9_99.ex1", lambda x: 2 * x)
    expect("d9_99.b", 1.0, 1.0)
    with pytest.raises(CheckFailed):
        check("d9_99.ex1", lambda x: x)
    with pytest.raises(CheckFailed):
        expect("d9_99.b", 1.0, 2.0)
    with pytest.raises(CheckFailed):
        check("d9_99.ex7", lambda x: x)


@pytest.mark.parametrize(
    ("measured", "predicted", "bounds", "good"),
    [
        (3.16, 3.1623, {"rtol": 1e-3}, True),
        (3.15, 3.1623, {"rtol": 1e-3}, False),
        (0.001, 0.0, {"atol": 1e-2}, True),
        (float("nan"), float("nan"), {}, True),
        (float("inf"), float("inf"), {}, True),
        (float("nan"), 1.0, {"rtol": 1.0}, False),
        (1.0, float("nan"), {"rtol": 1.0}, False),
        (5, None, {"at_least": 3, "at_most": 6}, True),
        (7, None, {"at_least": 3, "at_most": 6}, False),
        (float("nan"), None, {"at_most": 6}, False),
        (0, None, {"at_most": 0}, True),
        ("seven", 7, {}, False),
    ],
)
def test_a_prediction_is_compared_with_its_tolerance(
    measured: Any, predicted: float | None, bounds: dict[str, float], good: bool
) -> None:
    assert expect("d9_99.b", measured, predicted, **bounds).passed is good


def test_a_prediction_is_told_beside_the_measurement() -> None:
    told = "✔ d9_99.b | predicted 3.1623 | measured 3.162 | gap 0.0003 ≤ 0.0032"
    assert repr(expect("d9_99.b", 3.162, 3.1623, rtol=1e-3)) == told


def test_a_prediction_may_bear_the_name_of_a_message() -> None:
    assert expect("d9_99.bound", 1.0, 1.0).passed


def test_the_distance_is_absolute_near_zero_and_relative_far_from_it() -> None:
    assert distance([1e-12], [0.0]) == pytest.approx(1e-12)
    assert distance([1e6 + 1], [1e6]) == pytest.approx(1e-6, rel=1e-3)


def test_the_worst_measure_of_several_cases_is_told() -> None:
    checker = Checker("d9_99.ex1")
    for measured in (1e-3, 3e-3, 2e-3):
        checker.at_most("error", measured, 1.0)
    assert checker.verdict().line == "✔ d9_99.ex1 | error 0.003 ≤ 1"


@pytest.mark.parametrize("bound", ["at_most", "at_least"])
def test_a_measure_that_is_not_a_number_never_passes(bound: str) -> None:
    with pytest.raises(Stop):
        getattr(Checker("d9_99.ex1"), bound)("error", float("nan"), 1.0)


def test_everybody_meets_the_same_random_cases() -> None:
    one, other = (Checker("d9_99.ex1").rng.normal(size=4) for _ in range(2))
    assert np.array_equal(one, other)


def test_numbers_are_told_with_few_digits() -> None:
    told = [number(x) for x in (0.0, 3.14159265, 2.123e-15, 1e-10, 123456.0, 42)]
    assert told == ["0", "3.14159", "2.1e-15", "1e-10", "1.2e5", "42"]


def test_finite_differences_find_the_derivatives_of_a_cubic() -> None:
    x, v = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, 0.0], [2.0, 1.0]])
    assert np.allclose(numerical_gradient(lambda z: (z**3).sum(), x), 3 * x**2, atol=1e-8)
    assert np.allclose(numerical_jvp(lambda z: z**3, x, v), 3 * x**2 * v, atol=1e-8)


def test_importing_the_package_imports_neither_torch_nor_jax() -> None:
    code = (
        "import sys, airina; print([m for m in ('torch', 'jax', 'matplotlib') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT / "content", check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


TORCH = """\
calls = []
float64 = "float64"
def set_default_dtype(kind): calls.append(kind)
def set_num_threads(count): calls.append(count)
"""


ASKED = "import airina, importlib.util; importlib.util.find_spec('torch'); import torch"


@pytest.mark.parametrize("order", ["import airina, torch", "import torch, airina", ASKED])
def test_torch_computes_in_float64_whichever_is_imported_first(order: str, tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text(TORCH, "utf-8")
    path = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT / 'content')!r}]; "
    code = path + order + "; print(torch.calls, torch.__spec__.name)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "['float64', 1] torch"
