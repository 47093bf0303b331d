"""Checks of d2-01, gradient descent: closed forms on quadratics, three witnesses for each gradient."""

from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker
from airina.derivatives import numerical_gradient

N, D = 14, 4  # one shape for all cases, so that JAX compiles once


def ex1(c: Checker, descend: Answer) -> None:
    """On a quadratic the iterates are known in closed form, eigenvalue by eigenvalue."""
    for steps in (0, 1, 7, 30):
        curvatures = c.rng.uniform(0.5, 4.0, size=3)
        start = c.rng.normal(size=3)
        eta = c.rng.uniform(0.05, 0.45)
        found = c.array(
            c.call(descend, lambda x, a=curvatures: a * x, start, eta, steps),
            (steps + 1, 3),
            {"last_only": (3,), "start_missing": (steps, 3), "by_columns": (3, steps + 1)},
        )
        rates = 1 - eta * curvatures
        expected = start * rates ** np.arange(steps + 1)[:, None]
        hints = {
            "same_rows": steps > 0 and bool(np.ptp(found, axis=0).max() == 0),
            "uphill": start * (2 - rates) ** np.arange(steps + 1)[:, None],
        }
        c.close("error", found, expected, 1e-12, hints)
    whole = c.array(c.call(descend, lambda x: 0.5 * x, np.array([4, 2]), 1.0, 2), (3, 2))
    c.close("error", whole, [[4, 2], [2, 1], [1, 0.5]], 1e-12, {"whole_numbers": True})
    listed = c.array(c.call(descend, lambda x: 0.5 * np.asarray(x), [4.0, 2.0], 1.0, 2), (3, 2))
    c.close("error", listed, [[4, 2], [2, 1], [1, 0.5]], 1e-12)


def ex2(c: Checker, gradient: Answer, smoothness: Answer) -> None:
    """Three witnesses for the gradient; for L, the curvature at w = 0, where the bound 1/4 is reached."""
    for _ in range(3):
        X, w = c.rng.normal(size=(N, D)), c.rng.normal(size=D)
        y = c.rng.choice([-1.0, 1.0], size=N)
        found = c.array(c.call(gradient, w, X, y), (D,), {"one_per_example": (N, D)})
        expected = _jax_gradient(_logistic_jax, w, X, y)
        zero_one = _jax_gradient(_logistic_jax, w, X, (y + 1) / 2)
        hints = {"not_the_mean": N * expected, "sign": -expected, "zero_one": zero_one}
        hints["divided_by_d"] = N / D * expected
        c.close("autodiff", found, expected, 1e-10, hints)
        c.close("autodiff", found, _torch_gradient(_logistic_torch, w, X, y), 1e-10)
        c.close("finite_difference", found, numerical_gradient(_logistic(X, y), w), 1e-6)
        _smoothness(c, smoothness, X)
    far = np.array([[1000.0, 0.0], [0.0, -900.0]])
    limit = c.array(c.call(gradient, np.ones(2), far, np.ones(2)), (2,))
    c.close("error", limit, [0.0, 450.0], 1e-12)


def _smoothness(c: Checker, smoothness: Answer, X: Array) -> None:
    found = c.number(c.call(smoothness, X))
    values = np.linalg.eigvalsh(X.T @ X)
    hints = {
        "not_squared": np.sqrt(values[-1]) / (4 * N),
        "quarter": values[-1] / N,
        "not_divided": values[-1] / 4,
        "trace": np.sum(values) / (4 * N),
        "smallest": values[0] / (4 * N),
        "divided_by_d": values[-1] / (4 * D),
    }
    c.close("smoothness", found, values[-1] / (4 * N), 1e-10, hints)


def ex3(c: Checker, gradient: Answer) -> None:
    """Three witnesses, with residuals on both sides of the inflection at 1/√3."""
    for _ in range(3):
        X, w, y = c.rng.normal(size=(N, D)), c.rng.normal(size=D), 2 * c.rng.normal(size=N)
        found = c.array(c.call(gradient, w, X, y), (D,), {"one_per_example": (N, D)})
        expected = _jax_gradient(_robust_jax, w, X, y)
        r = X @ w - y
        hints = {
            "not_the_mean": N * expected,
            "sign": -expected,
            "not_squared": (2 * r / (1 + r**2)) @ X / N,
            "half": expected / 2,
            "least_squares": 2 * r @ X / N,
            "divided_by_d": N / D * expected,
        }
        c.close("autodiff", found, expected, 1e-10, hints)
        c.close("autodiff", found, _torch_gradient(_robust_torch, w, X, y), 1e-10)
        c.close("finite_difference", found, numerical_gradient(_robust(X, y), w), 1e-6)


def ex4(c: Checker, armijo_step: Answer) -> None:
    """The first accepted step is the largest of the list that satisfies (3), so its exponent is known."""
    for beta, fraction in ((0.9, 0.6), (0.7, 0.1), (0.3, 0.9)):
        curvatures = c.rng.uniform(1.0, 200.0, size=4)
        x = c.rng.normal(size=4)
        x = 2 * x / np.linalg.norm(curvatures * x)  # a gradient of norm 2: not 1, to see its square
        for eta0 in (1.0, 0.5 * _longest(curvatures, x, fraction)):
            _one_step(c, armijo_step, curvatures, x, eta0, beta, fraction)


def _one_step(
    c: Checker,
    armijo_step: Answer,
    curvatures: Array,
    x: Array,
    eta0: float,
    beta: float,
    fraction: float,
) -> None:
    values = _Values(curvatures)
    given = (values, lambda z: curvatures * z, x, eta0, beta, fraction)
    try:
        new_x, eta = c.parts(c.call(armijo_step, *given), 2)
    except _TooMany:
        c.fail("never_stops")
    c.require(np.ndim(new_x) > 0 or np.ndim(eta) == 0, "order")
    new_x, eta = c.array(new_x, (4,)), c.number(eta)
    g = curvatures * x
    trials = [
        _trials(_longest(curvatures, x, part) / eta0, beta)
        for part in (fraction, fraction / np.linalg.norm(g), 0.0)
    ]
    exponent = trials[0]
    hints: dict[str, Any] = {
        "one_too_few": eta0 * beta ** (exponent - 1) if exponent else False,
        "one_too_many": eta0 * beta ** (exponent + 1),
        "norm_not_squared": eta0 * beta ** trials[1],
        "any_decrease": eta0 * beta ** trials[2],
    }
    c.close("step", eta, eta0 * beta**exponent, 1e-12, hints)
    moved = x - eta * g
    c.close("error", new_x, moved, 1e-12, {"not_moved": x, "uphill": 2 * x - moved})


def _longest(curvatures: Array, x: Array, fraction: float) -> float:
    """On a quadratic, (3) holds for the steps up to this one, and for no other."""
    g = curvatures * x
    return float(2 * (1 - fraction) * (g @ g) / (g @ (curvatures * g)))


def _trials(ratio: float, beta: float) -> int:
    """The first power of beta that is at most ``ratio``."""
    return max(0, int(np.ceil(np.log(ratio) / np.log(beta))))


class _TooMany(BaseException):
    """Not an Exception: it must pass through the learner's function and the call of it."""


class _Values:
    """A quadratic that stops a search which never accepts, long after any right one has ended."""

    def __init__(self, curvatures: Array) -> None:
        self.curvatures = curvatures
        self.left = 500

    def __call__(self, z: Array) -> float:
        self.left -= 1
        if self.left < 0:
            raise _TooMany
        return 0.5 * float(self.curvatures @ z**2)


def _logistic(X: Array, y: Array) -> Any:
    return lambda w: np.logaddexp(0.0, -y * (X @ w)).mean()


def _logistic_jax(w: Any, X: Any, y: Any) -> Any:
    import jax.numpy as jnp

    return jnp.logaddexp(0.0, -y * (X @ w)).mean()


def _logistic_torch(w: Any, X: Any, y: Any) -> Any:
    import torch

    return torch.nn.functional.softplus(-y * (X @ w)).mean()


def _robust(X: Array, y: Array) -> Any:
    return lambda w: np.mean(1 - 1 / (1 + (X @ w - y) ** 2))


def _robust_jax(w: Any, X: Any, y: Any) -> Any:
    return (1 - 1 / (1 + (X @ w - y) ** 2)).mean()


_robust_torch = _robust_jax


def _jax_gradient(f: Any, w: Array, X: Array, y: Array) -> Array:
    import jax

    return np.asarray(jax.grad(f)(w, X, y))


def _torch_gradient(f: Any, w: Array, X: Array, y: Array) -> Array:
    import torch

    w_, X_, y_ = (torch.tensor(a) for a in (w, X, y))
    w_.requires_grad_()
    (g,) = torch.autograd.grad(f(w_, X_, y_), w_)
    return np.asarray(g)
