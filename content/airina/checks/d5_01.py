"""Checks of d5-01: they know no paper, only what any project owes: a true gradient, risks taken and won."""

import time
from typing import Any

import numpy as np

from airina.checker import Answer, Checker
from airina.derivatives import numerical_gradient

SEEDS = (0, 1, 2)
MINUTES = 5
Table = dict[str, tuple[float, float]]


def broken(c: Checker, predictions: Answer, broken_predictions: Answer, broken: Answer) -> None:
    """What was broken was predicted too, and is not what the sound experiment gives."""
    sound, after = _table(c, predictions), _table(c, broken_predictions)
    c.require(after.keys() <= sound.keys(), "other_names", names=_list(set(after) - set(sound)))
    apart = [
        abs(after[name][0] - sound[name][0]) > after[name][1] + sound[name][1] for name in after
    ]
    c.require(any(apart), "nothing_breaks")
    _came_true(c, after, broken)


def experiment(c: Checker, predictions: Answer, experiment: Answer) -> None:
    """Every prediction came true with each seed, within its tolerance, which left room for failure."""
    _came_true(c, _table(c, predictions), experiment)


def gradient(c: Checker, value: Answer, gradient: Answer, point: Any) -> None:
    """The gradient against differences of the function, at the point given and at three near it."""
    point = np.asarray(point)
    c.require(point.dtype == np.float64 and bool(np.isfinite(point).all()), "point")
    scale = 0.1 * (1 + np.abs(point))
    for x in [point, *(point + scale * c.rng.normal(size=point.shape) for _ in range(3))]:
        c.number(c.call(value, x))
        expected = numerical_gradient(lambda z: float(c.number(c.call(value, z))), x)
        found = c.array(c.call(gradient, x), point.shape, {"one_number": ()})
        size = np.max(np.abs(expected), initial=1e-3)
        near = {
            "sign": _is(found, -expected, size),
            "factor": any(_is(found, k * expected, size) for k in (0.5, 2.0)),
        }
        c.at_most("finite_difference", np.max(np.abs(found - expected)) / size, 1e-6, near)


def _is(found: Any, wrong: Any, size: float) -> bool:
    return bool(np.max(np.abs(found - wrong)) <= 1e-6 * size)


def _table(c: Checker, predictions: Answer) -> Table:
    """The predictions, each a number and a tolerance that leaves it a risk."""
    told = c.call(predictions)
    c.require(isinstance(told, dict) and bool(told), "not_a_table", found=type(told).__name__)
    table: Table = {}
    for name, pair in told.items():
        parts = c.parts(pair, 2)
        number, tolerance = (c.number(part) for part in parts)
        c.require(tolerance >= 0, "negative", name=name)
        c.require(number == 0 or tolerance <= abs(number) / 2, "no_risk", name=name)
        table[str(name)] = (number, tolerance)
    return table


def _came_true(c: Checker, table: Table, experiment: Answer) -> None:
    begin = time.process_time()
    runs = [_measured(c, experiment, seed, table) for seed in (*SEEDS, SEEDS[0])]
    c.require(runs[0] == runs[-1], "not_reproducible")
    for name, (number, tolerance) in table.items():
        for run in runs[:-1]:
            gap = abs(run[name] - number)
            missed = gap > tolerance
            ratio = gap / tolerance if tolerance else float(missed) * 2
            c.at_most("gap_to_tolerance", ratio, 1.0, {"missed": missed})
    spent = (time.process_time() - begin) / 60
    c.at_most("minutes", spent, MINUTES, {"too_slow": True})


def _measured(c: Checker, experiment: Answer, seed: int, table: Table) -> dict[str, float]:
    found = c.call(experiment, seed)
    c.require(isinstance(found, dict), "not_measures", found=type(found).__name__)
    missing = table.keys() - found.keys()
    c.require(not missing, "missing", names=_list(missing))
    return {name: c.number(found[name]) for name in table}


def _list(names: Any) -> str:
    return ", ".join(sorted(map(str, names)))
