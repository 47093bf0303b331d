"""Small data, made or shipped with the packages of the course; nothing is ever fetched."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def digits() -> tuple[Array, NDArray[np.int64]]:
    """1797 handwritten digits of 8 × 8 pixels, from scikit-learn.

    Returns X of shape (1797, 64), grey levels from 0 (paper) to 1 (ink), and y, the digits 0-9.
    Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998.
    """
    from sklearn.datasets import load_digits

    loaded: Any = load_digits()
    return loaded.data / 16.0, loaded.target.astype(np.int64)


def digits_split(seed: int = 0, test: int = 360) -> tuple[Array, Any, Array, Any]:
    """The digits in a random order, cut in two: X and y to learn from, X and y of ``test`` to judge by."""
    X, y = digits()
    order = np.random.default_rng(seed).permutation(len(X))
    learn, judge = order[test:], order[:test]
    return X[learn], y[learn], X[judge], y[judge]
