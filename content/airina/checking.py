"""``check`` and ``expect``: one line for the learner, never a traceback through this package."""

from collections.abc import Callable
from math import isnan
from pathlib import Path
from types import ModuleType
from typing import Any

from airina.checker import Checker, Stop
from airina.language import message
from airina.outcome import Outcome, failed, number, passed, shown

FOLDER = Path(__file__).with_name("checks")
Check = Callable[..., None]

_loaded: dict[Path, tuple[tuple[int, int], dict[str, Check]]] = {}


def check(name: str, *answers: Any) -> Outcome:
    """Judges the answer to an exercise: ``check("d1_03.ex1", best_rank_k)``.

    Prints one line, in the language of ``LANG``, and returns it as an object. Raises nothing, save
    CheckFailed when ``AIRINA_STRICT`` is 1.
    """
    notebook, _, exercise = name.partition(".")
    judge = checks_of(notebook).get(exercise)
    if judge is None:
        return shown(failed(name, "unknown_check", [], message(name, "unknown_check")))
    checker = Checker(name)
    try:
        judge(checker, *answers)
        return shown(checker.verdict())
    except Stop as stop:
        outcome = stop.outcome
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        text = message(name, "check_itself", error=told)
        outcome = failed(name, "check_itself", [], text)
    return shown(outcome)


def expect(
    name: str,
    measured: float,
    predicted: float | None = None,
    *,
    rtol: float = 0.0,
    atol: float = 0.0,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Outcome:
    """Compares what a cell measured with what theory predicted, and prints both.

    ``expect("d2_02.break1", value, 3.1623, rtol=1e-3)`` asks |measured - predicted| to be at most
    atol + rtol·|predicted|; NaN is expected by predicting NaN, infinity by predicting infinity.
    ``at_most`` and ``at_least`` predict a bound. Raises nothing, save CheckFailed when
    ``AIRINA_STRICT`` is 1.
    """
    try:
        value = float(measured)
    except (TypeError, ValueError) as error:
        text = message(name, "not_measured", error=type(error).__name__)
        return shown(failed(name, "not_measured", [], text))
    told: list[str] = []
    good = True
    for sign, bound in (("≥", at_least), ("≤", at_most)):
        if bound is not None:
            told.append(message(name, "predicted", value=f"{sign} {number(bound)}"))
            good &= value <= bound if sign == "≤" else value >= bound
    if predicted is not None:
        told.append(message(name, "predicted", value=f"{predicted:.6g}"))
    told.append(message(name, "measured", value=f"{value:.6g}"))
    if predicted is not None and not _same(value, predicted):
        gap, room = abs(value - predicted), atol + rtol * abs(predicted)
        good &= gap <= room
        sign = "≤" if gap <= room else ">"
        told.append(message(name, "gap", gap=number(gap), sign=sign, room=number(room)))
    if good:
        return shown(passed(name, told))
    return shown(failed(name, "prediction", told, message(name, "prediction")))


def _same(one: float, other: float) -> bool:
    """Equal, or both NaN."""
    return one == other or (isnan(one) and isnan(other))


def checks_of(notebook: str) -> dict[str, Check]:
    """The checks of a notebook by name: the public functions of its file in ``checks/``.

    The file is read again when it changed, so that a corrected check reaches a running kernel; Python's
    own import would not, nor notice two changes within a second.
    """
    path = FOLDER / f"{notebook}.py"
    if not notebook.isidentifier() or not path.exists():
        return {}
    state = path.stat()
    seen = (state.st_mtime_ns, state.st_size)
    if path not in _loaded or _loaded[path][0] != seen:
        module = ModuleType(f"airina.checks.{notebook}")
        exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)  # noqa: S102
        _loaded[path] = (seen, _public(module))
    return _loaded[path][1]


def _public(module: ModuleType) -> dict[str, Check]:
    return {
        name: value
        for name, value in vars(module).items()
        if callable(value)
        and not name.startswith("_")
        and getattr(value, "__module__", "") == module.__name__
    }
