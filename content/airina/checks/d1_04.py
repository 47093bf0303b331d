"""Checks of d1-04, matrix calculus: by complex steps of the forward pass, which subtract nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker

_STEP = 1e-30


def _gradient(f: Callable[[Any], Any], x: Array) -> Array:
    """The gradient of an analytic function, entry by entry, by complex steps."""
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[place] += 1j * _STEP
        gradient[place] = f(moved).imag / _STEP
    return gradient


def _near(found: Array, wrong: Array) -> bool:
    return bool(np.allclose(found, wrong, rtol=1e-7, atol=1e-9))


def ex1(c: Checker, flow_gradient: Answer) -> None:
    """The two terms of the loss, each by complex steps; one W with a negative determinant."""
    for n, count, sign in [(3, 5, 1.0), (4, 7, -1.0)]:
        X, Y = c.rng.normal(size=(count, n)), c.rng.normal(size=(count, n))
        W = np.eye(n) + 0.4 * c.rng.normal(size=(n, n))
        W[0] *= sign * np.sign(np.linalg.det(W))
        size = np.linalg.det(W)
        fit = _gradient(lambda V, X=X, Y=Y: 0.5 * ((X @ V - Y) ** 2).sum(), W)
        log = _gradient(lambda V, size=size: np.linalg.det(V) / size, W)
        g = c.array(c.call(flow_gradient, X, W, Y), (n, n))
        hints = {
            "transpose_missing": fit - log.T,
            "twice": 2 * fit - log,
            "log_sign": fit + log,
            "fit_sign": -fit - log,
            "log_missing": fit,
            "fit_missing": -log,
            "determinant": _near(g, fit - size * log) or _near(g, fit - abs(size) * log),
            "transposed": _near(g, (fit - log).T) or _near(g, fit.T - log),
            "averaged": fit / count - log,
        }
        c.close("gradient", g, fit - log, 1e-10, hints)


def ex2(c: Checker, inverse_vjp: Answer) -> None:
    """⟨answer, H⟩ = ⟨G, derivative of the inverse along H⟩ for every H of the canonical basis."""
    for n in (3, 5):
        B = c.rng.normal(size=(n, n)) + 2 * np.eye(n)
        G = c.rng.normal(size=(n, n))
        true = _gradient(lambda M, G=G: np.sum(G * np.linalg.inv(M)), B)
        found = c.array(c.call(inverse_vjp, B, G), (n, n))
        told = {
            "sign": _near(found, -true),
            "side": _near(-B.T @ B.T @ found, G) or _near(-found @ B.T @ B.T, G),
            "transposes_missing": _near(-B @ found @ B, G),
            "one_transpose": _near(-B @ found @ B.T, G) or _near(-B.T @ found @ B, G),
            "gradient_transposed": _near(-B.T @ found @ B.T, G.T) or _near(found, true.T),
        }
        c.close("adjoint", found, true, 1e-9, told)


def ex3(c: Checker, cross_entropy: Answer) -> None:
    """Gradient by complex steps; Hessian as a covariance; entries large or far apart; any y."""
    n = 5
    one_hot, spread = np.eye(n)[1], c.rng.dirichlet(np.ones(n))
    near = [(one_hot, 0.0, 0.0), (spread, 0.0, 0.0), (spread, 1000.0, 0.0), (spread, -1000.0, 0.0)]
    for y, shift, depth in [*near, (one_hot, 0.0, 900.0), (spread, 0.0, 900.0)]:
        # Multiples of 2⁻¹⁰, so that adding the shift rounds nothing.
        z, v = np.round(c.rng.normal(size=n) * 2**10) / 2**10, c.rng.normal(size=n)
        z[-1] -= depth  # the softmax of this entry is zero in float64, its logarithm is not
        p = np.exp(z) / np.exp(z).sum()
        parts = c.parts(c.call(cross_entropy, z + shift, y, v), 3)
        c.require(not any(_overflowed(part) for part in parts), "overflow")
        value = c.number(parts[0])
        slope = c.array(parts[1], (n,))
        product = c.array(parts[2], (n,), {"whole_hessian": (n, n)})
        true_value = float(np.log(np.exp(z).sum()) - y @ z)
        told = {
            "value_sign": -true_value,
            "one_hot_assumed": float(np.log(np.exp(z).sum()) - z[y.argmax()]),
            "value_averaged": true_value / n,
            "log_of_p": depth > 0,
        }
        c.close("value", value, true_value, 1e-10, told)
        true = _gradient(lambda w, y=y: np.log(np.exp(w).sum()) - y @ w, z)
        told = {"gradient_sign": -true, "softmax_alone": p}
        c.close("gradient", slope, true, 1e-10, told)
        covariances = np.cov(np.vstack([v, np.eye(n)]), aweights=p, ddof=0)[0, 1:]
        hints = {
            "diagonal_only": p * v,
            "hessian_sign": -covariances,
            "with_gradient": _near(product, true * v) or _near(product, p * (v - y @ v)),
            "projected": v - p @ v,
        }
        c.close("product", product, covariances, 1e-10, hints)


def _overflowed(value: Any) -> bool:
    """Whether a float, or an array of floats, has NaN or infinity in it."""
    if not isinstance(value, float | np.ndarray):
        return False
    array = np.asarray(value)
    return array.dtype.kind == "f" and not bool(np.isfinite(array).all())


def ex4(c: Checker, norm_vjp: Answer) -> None:
    """β, γ, then X, against complex steps of the forward pass; one row nearly constant."""
    n, d = 4, 6
    X, G = c.rng.normal(size=(n, d)), c.rng.normal(size=(n, d))
    gamma = c.rng.uniform(0.5, 2, size=d)
    X[1] = 3 + 0.01 * X[1]  # here ε matters

    def loss(Z: Any, gain: Any) -> Any:
        centred = Z - Z.mean(axis=1, keepdims=True)
        return (G * gain * centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-5)).sum()

    parts = c.parts(c.call(norm_vjp, X, gamma, G), 3)
    X_bar = c.array(parts[0], (n, d))
    shapes = {"not_summed": (n, d), "summed_over_features": (n,)}
    gamma_bar, beta_bar = (c.array(part, (d,), shapes) for part in parts[1:])
    total = np.einsum("ij->j", G)
    true = _gradient(lambda gain: loss(X, gain), gamma)
    told = {"averaged": total / n, "beta_scaled": gamma * total, "swapped": _near(beta_bar, true)}
    c.close("beta", beta_bar, total, 1e-10, told)
    raw = np.einsum("ij,ij->j", G, X)
    told = {"averaged": true / n, "input_not_normalised": raw, "gamma_twice": gamma * true}
    c.close("gamma", gamma_bar, true, 1e-10, told)
    true = _gradient(lambda Z: loss(Z, gamma), X)
    scale = np.sqrt(X.var(axis=1, keepdims=True) + 1e-5)
    deviation = (X_bar - true) * scale
    hints = {
        "gamma_forgotten": _near(X_bar, _gradient(lambda Z: loss(Z, np.ones(d)), X)),
        "scale_forgotten": _near(X_bar, true * scale),
        "mean_forgotten": _along(deviation, np.ones_like(X)),
        "deviation_forgotten": _along(deviation, X - X.mean(axis=1, keepdims=True)),
        "all_forgotten": _near(X_bar * scale, gamma * G),
    }
    c.close("X", X_bar, true, 1e-9, hints)


def _along(rows: Array, directions: Array) -> bool:
    """Whether each row is a multiple of its direction, and not all are zero."""
    shares = (rows * directions).sum(1) / (directions**2).sum(1)
    return bool(np.abs(shares).max() > 1e-6) and _near(rows, shares[:, None] * directions)


def ex5(c: Checker, gradcheck: Answer) -> None:
    """Right gradients of all sizes must pass; each planted mistake must not."""
    A, x = c.rng.normal(size=(6, 6)), c.rng.normal(size=6)
    M = 3 * np.eye(3) + c.rng.normal(size=(3, 3))
    square = A + A.T

    def form(z: Array) -> float:
        return float(z @ A @ z)

    def slope(z: Array) -> Array:
        return np.asarray(square @ z)

    def log(Z: Array) -> float:
        return float(np.linalg.slogdet(Z)[1])

    def log_slope(Z: Array) -> Array:
        return np.asarray(np.linalg.inv(Z).T)

    unseen = np.array([1.0, -1.0, 2.0, -2.0, 0.5, -0.5])  # of sum zero
    last = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    cases: list[tuple[str, Any, Any, Array, bool]] = [
        ("right_refused", form, slope, x, True),
        ("right_refused", log, log_slope, M, True),
        ("not_relative", lambda z: 1e8 * form(z), lambda z: 1e8 * slope(z), x, True),
        ("right_refused", lambda z: 1e-8 * form(z), lambda z: 1e-8 * slope(z), x, True),
        ("always_true", form, lambda z: -slope(z), x, False),
        ("transpose_passed", log, lambda Z: log_slope(Z).T, M, False),
        ("one_direction", form, lambda z: slope(z) + unseen, x, False),
        ("last_entry", form, lambda z: slope(z) + last, x, False),
        ("too_kind", form, lambda z: 1.001 * slope(z), x, False),
        ("one_sided", form, lambda z: slope(z) - 0.1 * np.abs(slope(z)), x, False),
        ("not_relative", lambda z: 1e-8 * form(z), lambda z: -1e-8 * slope(z), x, False),
        ("not_relative", lambda z: 1e-8 * form(z), lambda z: 1.01e-8 * slope(z), x, False),
    ]
    verdicts: list[bool] = []
    for _, f, gradient, place, _ in cases:
        verdict = c.call(gradcheck, f, gradient, place)
        found = type(verdict).__name__
        c.require(isinstance(verdict, bool | np.bool_), "not_a_boolean", found=found)
        verdicts.append(bool(verdict))
    good = [verdict == case[4] for verdict, case in zip(verdicts, cases, strict=True)]
    told = {"always_true": all(verdicts), "always_false": not any(verdicts)}
    told |= {case[0]: True for case, right in zip(cases, good, strict=True) if not right}
    c.equal("verdicts", sum(good), len(cases), told)
