"""Right and wrong answers to the exercise of d0-00."""

from math import dist
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def in_a_loop(x: Any, y: Any) -> float:
    total = 0.0
    for a, b in zip(x, y, strict=True):
        total += (a - b) ** 2
    return float(total**0.5)


def in_place(x: Any, y: Any) -> Any:
    x -= y
    return np.sqrt(x @ x)


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={
            "as the text says": lambda x, y: np.sqrt(np.sum((x - y) ** 2)),
            "loop": in_a_loop,
            "Python's own": dist,
        },
        mistakes={
            "no root": Mistake(lambda x, y: np.sum((x - y) ** 2), "root_forgotten"),
            "absolute values": Mistake(lambda x, y: np.abs(x - y).sum(), "absolute"),
            "sum": Mistake(lambda x, y: np.linalg.norm(x + y), "added"),
            "lengths": Mistake(lambda x, y: abs(np.linalg.norm(x) - np.linalg.norm(y)), "norms"),
            "vector": Mistake(lambda x, y: np.sqrt((x - y) ** 2), "vector"),
            "in place": Mistake(in_place, "modified_input"),
            "text": Mistake(lambda x, y: "5", "not_a_number"),
        },
    ),
}
