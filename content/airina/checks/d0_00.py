"""Check of d0-00: a first exercise, to learn how a check answers."""

import numpy as np

from airina.checker import Answer, Checker


def ex1(c: Checker, distance: Answer) -> None:
    """A distance known beforehand, then random vectors, their order exchanged, and a shift."""
    pairs = [(np.array([1.0, 2.0]), np.array([4.0, 6.0]))]
    pairs += [(c.rng.normal(size=n), c.rng.normal(size=n)) for n in (1, 3, 8)]
    for x, y in pairs:
        answer = c.call(distance, x, y)
        c.require(getattr(answer, "shape", ()) != x.shape, "vector")
        found = c.number(answer)
        gap = x - y
        true = float(np.hypot.reduce(gap))
        hints = {
            "root_forgotten": true**2,
            "absolute": float(np.abs(gap).sum()),
            "added": float(np.hypot.reduce(x + y)),
            "norms": abs(float(np.hypot.reduce(x) - np.hypot.reduce(y))),
        }
        c.close("error", found, true, 1e-12, hints)
        c.close("symmetry", c.number(c.call(distance, y, x)), found, 1e-12)
