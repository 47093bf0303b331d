"""Right and wrong projects for the template d5-01."""

from itertools import count
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake

POINT = np.array([[0.3, -0.8, 1.1], [0.2, 0.5, -0.4]])


def log_sum(x: Any) -> Any:
    """ln Σ exp, over the rows."""
    return np.sum(np.log(np.sum(np.exp(x), axis=1)))


def softmax(x: Any) -> Any:
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)


def halves(x: Any) -> Any:
    return 0.5 * softmax(x)


def on_the_diagonal_only(x: Any) -> Any:
    found = softmax(x)
    found[0, 1] = 0.0
    return found


def mean_of_squares() -> Any:
    """Two predictions, one of them 0 with a tolerance of five standard errors."""
    return {"variance": (1.0, 5 * (2 / 20_000) ** 0.5), "mean": (0.0, 5 * 20_000**-0.5)}


def draws(seed: Any) -> Any:
    x = np.random.default_rng(seed).normal(size=20_000)
    return {"mean": x.mean(), "variance": np.mean(x**2), "not asked for": 7.0}


def exact() -> Any:
    return {"half": (0.5, 0.0)}


def always_half(seed: Any) -> Any:
    return {"half": np.float64(0.5)}


def heavy_tails() -> Any:
    return {"variance": (3.0, 0.75)}


def draws_of_student(seed: Any) -> Any:
    x = np.random.default_rng(seed).standard_t(3, size=200_000)
    return {"variance": x.var()}


def quartiles_of_cauchy() -> Any:
    return {"mean": (0.0, 0.1), "variance": (9.0, 0.5)}


def wide(seed: Any) -> Any:
    x = np.random.default_rng(seed).normal(scale=3.0, size=200_000)
    return {"variance": x.var(), "mean": x.mean()}


_turns = count()


def unseeded(seed: Any) -> Any:
    return {"half": 0.5 + 1e-12 * next(_turns)}


def risky(tolerance: float) -> Any:
    return lambda: {"half": (0.5, tolerance)}


CASES = {
    "gradient": Cases(
        cell="algorithm",
        others={
            "of a matrix": (log_sum, softmax, POINT),
            "of a number": (lambda x: np.sin(x[()]), lambda x: np.cos(x), np.array(0.4)),
            "constant": (lambda x: 3.0, np.zeros_like, np.array([1.0, 2.0])),
        },
        mistakes={
            "minus": Mistake((log_sum, lambda x: -softmax(x), POINT), "sign"),
            "half": Mistake((log_sum, halves, POINT), "factor"),
            "twice": Mistake((log_sum, lambda x: 2 * softmax(x), POINT), "factor"),
            "sum": Mistake((log_sum, lambda x: np.sum(softmax(x)), POINT), "one_number"),
            "one place": Mistake((log_sum, on_the_diagonal_only, POINT), "wrong"),
            "whole numbers": Mistake((log_sum, softmax, np.array([[1, 2]])), "point"),
            "not a function": Mistake((log_sum, softmax(POINT), POINT), "not_a_function"),
            "nothing": Mistake((log_sum, lambda x: None, POINT), "returned_none"),
            "an error": Mistake((lambda x: 1 / 0, softmax, POINT), "raised"),
        },
    ),
    "experiment": Cases(
        cell="experiment",
        given=("predictions", "algorithm"),
        others={"statistics": (mean_of_squares, draws), "exact": (exact, always_half)},
        mistakes={
            "too wide": Mistake((risky(0.4), always_half), "no_risk"),
            "negative": Mistake((risky(-0.1), always_half), "negative"),
            "not a number": Mistake((risky(np.nan), always_half), "not_finite"),
            "no table": Mistake((lambda: (0.5, 0.1), always_half), "not_a_table"),
            "empty": Mistake((dict, always_half), "not_a_table"),
            "no tolerance": Mistake((lambda: {"half": 0.5}, always_half), "parts"),
            "other name": Mistake((exact, draws), "missing"),
            "a number": Mistake((exact, lambda seed: 0.5), "not_measures"),
            "unseeded": Mistake((risky(0.1), unseeded), "not_reproducible"),
            "missed": Mistake((heavy_tails, draws), "missed"),
            "missed exactly": Mistake((exact, lambda seed: {"half": 0.5 + 1e-9}), "missed"),
            "infinite": Mistake((exact, lambda seed: {"half": np.inf}), "not_finite"),
        },
    ),
    "broken": Cases(
        cell="broken",
        given=("predictions", "algorithm"),
        others={
            "heavy tails": (mean_of_squares, heavy_tails, draws_of_student),
            "one of two": (mean_of_squares, quartiles_of_cauchy, wide),
        },
        mistakes={
            "not broken": Mistake((mean_of_squares, mean_of_squares, draws), "nothing_breaks"),
            "another name": Mistake((mean_of_squares, exact, always_half), "other_names"),
            "otherwise": Mistake((mean_of_squares, heavy_tails, wide), "missed"),
            "too wide": Mistake((exact, lambda: {"half": (2.0, 1.5)}, always_half), "no_risk"),
        },
    ),
}
