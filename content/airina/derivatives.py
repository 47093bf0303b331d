"""Derivatives by finite differences, the judge that knows no calculus."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STEP = 6e-6  # about u^(1/3) in float64, where truncation and rounding weigh the same


def numerical_gradient(f: Callable[[Array], Any], x: Array, step: float = STEP) -> Array:
    """The gradient at ``x`` of a function with one value, by central differences; same shape as ``x``."""
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        there = np.zeros_like(x)
        there[place] = step
        gradient[place] = (f(x + there) - f(x - there)) / (2 * step)
    return gradient


def numerical_jvp(f: Callable[[Array], Any], x: Array, v: Array, step: float = STEP) -> Array:
    """The derivative of ``f`` at ``x`` in the direction ``v``, by a central difference."""
    return np.asarray((f(x + step * v) - f(x - step * v)) / (2 * step))
