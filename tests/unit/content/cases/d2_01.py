"""Right and wrong answers to the exercises of d2-01."""

from functools import reduce
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def descend_into_array(grad: Any, x0: Any, eta: Any, steps: int) -> Any:
    """Fills an array that was made beforehand."""
    path = np.empty((steps + 1, len(x0)))
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - eta * grad(path[k])
    return path


def descend_by_folding(grad: Any, x0: Any, eta: Any, steps: int) -> Any:
    start = np.array(x0, dtype=float)[None]
    return reduce(
        lambda path, _: np.vstack([path, path[-1] - eta * grad(path[-1])]), range(steps), start
    )


def same_array(grad: Any, x0: Any, eta: Any, steps: int) -> Any:
    x = np.array(x0, dtype=float)
    path = [x]
    for _ in range(steps):
        x -= eta * grad(x)
        path.append(x)
    return np.array(path)


def in_place(grad: Any, x0: Any, eta: Any, steps: int) -> Any:
    path = []
    for _ in range(steps + 1):
        path.append(x0.copy())
        x0 -= eta * grad(x0)
    return np.array(path)


def whole_numbers(grad: Any, x0: Any, eta: Any, steps: int) -> Any:
    path = np.empty((steps + 1, len(x0)), dtype=np.asarray(x0).dtype)
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - eta * grad(path[k])
    return path.astype(float)


def arrays_only(grad: Any, x0: Any, eta: Any, steps: int) -> Any:
    path = np.zeros((steps + 1, x0.size))
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - eta * grad(path[k])
    return path


def first_slope(grad: Any, x0: Any, eta: Any, steps: int) -> Any:
    g = grad(np.array(x0, dtype=float))
    return np.array([x0 - k * eta * g for k in range(steps + 1)])


def logistic(w: Any, X: Any, y: Any) -> Any:
    return -(y / (1 + np.exp(np.minimum(y * (X @ w), 700)))) @ X / len(y)


def logistic_overflow(w: Any, X: Any, y: Any) -> Any:
    with np.errstate(all="ignore"):
        e = np.exp(-y * (X @ w))
        return -(y * e / (1 + e)) @ X / len(y)


def logistic_one_by_one(w: Any, X: Any, y: Any) -> Any:
    total = np.zeros_like(w)
    for row, label in zip(X, y, strict=True):
        total -= label * row * np.exp(-np.logaddexp(0.0, label * (row @ w)))
    return total / len(y)


def logistic_zero_one(w: Any, X: Any, y: Any) -> Any:
    """The gradient of Σ ln(1 + exp(-tᵢ⟨xᵢ,w⟩)) for labels moved to 0 and 1."""
    return logistic(w, X, (y + 1) / 2)


def smoothness(X: Any) -> Any:
    return np.linalg.eigvalsh(X.T @ X)[-1] / (4 * len(X))


def smoothness_by_powers(X: Any) -> Any:
    """Power iteration on XXᵀ, which has the same non-zero eigenvalues."""
    v = np.ones(len(X))
    for _ in range(5000):
        v = X @ (X.T @ v)
        v = v / np.linalg.norm(v)
    return (X.T @ v) @ (X.T @ v) / (4 * len(X))


def per_example(w: Any, X: Any, y: Any) -> Any:
    return -(y / (1 + np.exp(y * (X @ w))))[:, None] * X


def robust(w: Any, X: Any, y: Any, power: int = 2, factor: float = 2.0) -> Any:
    r = X @ w - y
    return factor * (r / (1 + r**2) ** power) @ X / len(y)


def robust_one_by_one(w: Any, X: Any, y: Any) -> Any:
    """Uses ρ = 1 - 1/(1 + r²), whose derivative is 2r times the square of 1/(1 + r²)."""
    rows = []
    for row, target in zip(X, y, strict=True):
        weight = 1 / (1 + (row @ w - target) ** 2)
        rows.append(2 * weight**2 * (row @ w - target) * row)
    return np.mean(rows, axis=0)


def armijo(f: Any, grad: Any, x: Any, eta0: Any, beta: Any, c: Any) -> Any:
    """Tries the exponents one after the other."""
    g = grad(x)
    for j in range(10_000):
        eta = eta0 * beta**j
        if f(x) - f(x - eta * g) >= c * eta * np.sum(g**2):
            break
    return x - eta * g, eta


def armijo_with(
    power: int = 2, moved: int = 1, shift: int = 0, keeps: bool = False, share: float = 1.0
) -> Any:
    def step(f: Any, grad: Any, x: Any, eta0: Any, beta: Any, c: Any) -> Any:
        g, eta = grad(x), eta0
        while f(x - eta * g) > f(x) - share * c * eta * np.linalg.norm(g) ** power:
            eta = eta if keeps else beta * eta
        eta = eta * beta**shift
        return x - moved * eta * g, eta

    return step


def frozen(f: Any, grad: Any, x: Any, eta0: Any, beta: Any, c: Any) -> Any:
    g, eta = grad(x), eta0
    wanted = f(x) - c * eta * (g @ g)
    while f(x - eta * g) > wanted:
        eta = beta * eta
    return x - eta * g, eta


def refused(f: Any, grad: Any, x: Any, eta0: Any, beta: Any, c: Any) -> Any:
    """Returns the step before the one that was accepted."""
    _, eta = armijo(f, grad, x, eta0, beta, c)
    eta = eta0 if eta == eta0 else eta / beta
    return x - eta * grad(x), eta


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"an array filled": descend_into_array, "folding": descend_by_folding},
        mistakes={
            "ascent": Mistake(lambda g, x, eta, n: descend_into_array(g, x, -eta, n), "uphill"),
            "last only": Mistake(lambda *a: descend_into_array(*a)[-1], "last_only"),
            "no start": Mistake(lambda *a: descend_into_array(*a)[1:], "start_missing"),
            "columns": Mistake(lambda *a: descend_into_array(*a).T, "by_columns"),
            "one array": Mistake(same_array, "same_rows"),
            "in place": Mistake(in_place, "modified_input"),
            "integers": Mistake(whole_numbers, "whole_numbers"),
            "arrays only": Mistake(arrays_only, "raised"),
            "first slope for ever": Mistake(first_slope, "wrong"),
            "step shrinks": Mistake(
                lambda g, x, eta, n: np.array(
                    reduce(
                        lambda path, k: [*path, path[-1] - eta / (k + 1) * g(path[-1])],
                        range(n),
                        [np.array(x, dtype=float)],
                    )
                ),
                "wrong",
            ),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={
            "one by one": (logistic_one_by_one, smoothness),
            "power iteration": (logistic, smoothness_by_powers),
        },
        mistakes={
            "sum": Mistake(
                (lambda w, X, y: len(y) * logistic(w, X, y), smoothness), "not_the_mean"
            ),
            "sign": Mistake((lambda w, X, y: -logistic(w, X, y), smoothness), "sign"),
            "labels 0 and 1": Mistake((logistic_zero_one, smoothness), "zero_one"),
            "per example": Mistake((per_example, smoothness), "one_per_example"),
            "divided by d": Mistake(
                (lambda w, X, y: len(y) / len(w) * logistic(w, X, y), smoothness), "divided_by_d"
            ),
            "overflow": Mistake((logistic_overflow, smoothness), "not_finite"),
            "no label inside": Mistake(
                (lambda w, X, y: logistic(w, X, np.ones_like(y)), smoothness), "wrong"
            ),
            "L over d": Mistake(
                (logistic, lambda X: len(X) / X.shape[1] * smoothness(X)), "divided_by_d"
            ),
            "σ not squared": Mistake(
                (logistic, lambda X: np.linalg.norm(X, 2) / (4 * len(X))), "not_squared"
            ),
            "no quarter": Mistake((logistic, lambda X: 4 * smoothness(X)), "quarter"),
            "not divided": Mistake((logistic, lambda X: len(X) * smoothness(X)), "not_divided"),
            "trace": Mistake((logistic, lambda X: np.sum(X**2) / (4 * len(X))), "trace"),
            "smallest": Mistake(
                (logistic, lambda X: np.linalg.eigvalsh(X.T @ X)[0] / (4 * len(X))), "smallest"
            ),
        },
        needs=("jax", "torch"),
    ),
    "ex3": Cases(
        cell="ex3",
        others={"one by one": robust_one_by_one},
        mistakes={
            "sum": Mistake(lambda w, X, y: len(y) * robust(w, X, y), "not_the_mean"),
            "sign": Mistake(lambda w, X, y: -robust(w, X, y), "sign"),
            "denominator": Mistake(lambda w, X, y: robust(w, X, y, power=1), "not_squared"),
            "half": Mistake(lambda w, X, y: robust(w, X, y, factor=1.0), "half"),
            "cube": Mistake(lambda w, X, y: robust(w, X, y, power=3), "wrong"),
            "divided by d": Mistake(
                lambda w, X, y: len(y) / len(w) * robust(w, X, y), "divided_by_d"
            ),
            "sum of residuals": Mistake(lambda w, X, y: robust(w, X, -y), "wrong"),
            "least squares": Mistake(lambda w, X, y: robust(w, X, y, power=0), "least_squares"),
        },
        needs=("jax", "torch"),
    ),
    "ex4": Cases(
        cell="ex4",
        others={"by exponents": armijo},
        mistakes={
            "norm not squared": Mistake(armijo_with(power=1), "norm_not_squared"),
            "any decrease": Mistake(armijo_with(share=0.0), "any_decrease"),
            "too far": Mistake(armijo_with(shift=1), "one_too_many"),
            "refused step": Mistake(refused, "one_too_few"),
            "not moved": Mistake(armijo_with(moved=0), "not_moved"),
            "uphill": Mistake(armijo_with(moved=-1), "uphill"),
            "frozen right-hand side": Mistake(frozen, "never_stops"),
            "wrong order": Mistake(lambda *given: armijo(*given)[::-1], "order"),
            "step alone": Mistake(lambda *given: armijo(*given)[1], "parts"),
            "never shrinks": Mistake(armijo_with(keeps=True), "never_stops"),
        },
    ),
}
