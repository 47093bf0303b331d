"""Right and wrong answers to the exercises of d1-04."""

from collections.abc import Callable
from typing import Any

import numpy as np
from airina.derivatives import numerical_gradient

from tests.unit.content.harness import Cases, Mistake

inv = np.linalg.inv


def flow_of(fit: float, log: Callable[[Any], Any]) -> Any:
    return lambda X, W, Y: fit * X.T @ (X @ W - Y) + log(W)


def flow_by_cofactors(X: Any, W: Any, Y: Any) -> Any:
    """The gradient of det is the matrix of cofactors."""
    cofactors = np.empty_like(W)
    for i, j in np.ndindex(W.shape):
        minor = np.delete(np.delete(W, i, 0), j, 1)
        cofactors[i, j] = (-1) ** (i + j) * np.linalg.det(minor)
    return X.T @ X @ W - X.T @ Y - cofactors / np.linalg.det(W)


def inverse_by_basis(B: Any, G: Any) -> Any:
    """The differential in every direction of the canonical basis."""
    C, answer = inv(B), np.empty_like(B)
    for i, j in np.ndindex(B.shape):
        answer[i, j] = -np.sum(G * np.outer(C[:, i], C[j]))
    return answer


def entropy_of(
    value: float = 1.0,
    log: Callable[[Any, Any], Any] = lambda log_p, p: log_p,
    slope: Callable[[Any, Any], Any] = lambda p, y: p - y,
    product: Callable[[Any, Any, Any], Any] = lambda p, y, v: p * (v - p @ v),
) -> Any:
    def answer(z: Any, y: Any, v: Any) -> Any:
        shifted = z - z.max()
        log_p = shifted - np.log(np.exp(shifted).sum())
        p = np.exp(log_p)
        return -value * (y @ log(log_p, p)), slope(p, y), product(p, y, v)

    return answer


def log_of_softmax(z: Any, y: Any, v: Any) -> Any:
    """Stable until an entry of p is zero."""
    with np.errstate(all="ignore"):
        return entropy_of(log=lambda log_p, p: np.log(p))(z, y, v)


def entropy_with_matrix(z: Any, y: Any, v: Any) -> Any:
    top = z.max()
    log_sum = top + np.log(np.sum(np.exp(z - top)))
    p = np.exp(z - log_sum)
    return float(log_sum - y @ z), p - y, (np.diag(p) - np.outer(p, p)) @ v


def overflowing(z: Any, y: Any, v: Any) -> Any:
    with np.errstate(all="ignore"):
        p = np.exp(z) / np.exp(z).sum()
        return -(y @ np.log(p)), p - y, p * (v - p @ v)


def norm_of(
    back: Callable[[Any, Any, Any], Any] = lambda g, parts, s: (g - parts[0] - parts[1]) / s,
    over_rows: Callable[[Any], Any] = lambda M: M.sum(0),
    gain: bool = True,
    raw: bool = False,
    beta_gain: bool = False,
    gamma_gain: bool = False,
) -> Any:
    def answer(X: Any, gamma: Any, G: Any) -> Any:
        s = np.sqrt(X.var(1, keepdims=True) + 1e-5)
        hat = (X - X.mean(1, keepdims=True)) / s
        g = G * gamma if gain else G
        parts = g.mean(1, keepdims=True), hat * (g * hat).mean(1, keepdims=True)
        gamma_bar = over_rows(G * (X if raw else hat)) * (gamma if gamma_gain else 1)
        return back(g, parts, s), gamma_bar, over_rows(G) * (gamma if beta_gain else 1)

    return answer


def norm_with_jacobians(X: Any, gamma: Any, G: Any) -> Any:
    """One Jacobian for each row."""
    d, X_bar, hats = X.shape[1], np.empty_like(X), np.empty_like(X)
    centre = np.eye(d) - np.ones((d, d)) / d
    for k, x in enumerate(X):
        c = centre @ x
        s = np.sqrt(c @ c / d + 1e-5)
        hats[k] = c / s
        X_bar[k] = (centre / s - np.outer(c, c) / (d * s**3)) @ (gamma * G[k])
    return X_bar, np.einsum("ij,ij->j", G, hats), np.ones(len(X)) @ G


def judge(
    step: float = 6e-6,
    tolerance: float = 1e-6,
    relative: bool = True,
    part: Callable[[Any], Any] = lambda g: g,
) -> Any:
    def gradcheck(f: Any, gradient: Any, x: Any) -> bool:
        claimed, judged = part(gradient(x)), part(numerical_gradient(f, x, step))
        size = np.linalg.norm(judged) if relative else 1.0
        return bool(np.linalg.norm(claimed - judged) <= tolerance * size)

    return gradcheck


def judge_by_directions(f: Any, gradient: Any, x: Any) -> Any:
    """A few random directions, by central differences."""
    rng = np.random.default_rng(0)
    verdicts = []
    for _ in range(5):
        v = 1e-4 * rng.normal(size=x.shape)
        moved = f(x + v) - f(x - v)
        verdicts.append(abs(moved - 2 * np.sum(gradient(x) * v)) <= 1e-6 * abs(moved))
    return np.all(verdicts)


def judge_by_entries(f: Any, gradient: Any, x: Any) -> Any:
    """Every entry, with its own relative error."""
    return np.allclose(gradient(x), numerical_gradient(f, x), rtol=1e-5, atol=0)


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"cofactors": flow_by_cofactors},
        mistakes={
            "W⁻¹": Mistake(flow_of(1, lambda W: -inv(W)), "transpose_missing"),
            "2": Mistake(flow_of(2, lambda W: -inv(W).T), "twice"),
            "plus": Mistake(flow_of(1, lambda W: inv(W).T), "log_sign"),
            "minus": Mistake(flow_of(-1, lambda W: -inv(W).T), "fit_sign"),
            "no logarithm": Mistake(flow_of(1, lambda W: 0 * W), "log_missing"),
            "no fit": Mistake(flow_of(0, lambda W: -inv(W).T), "fit_missing"),
            "det": Mistake(flow_of(1, lambda W: -np.linalg.det(W) * inv(W).T), "determinant"),
            "transposed": Mistake(
                lambda X, W, Y: flow_of(1, lambda W: -inv(W).T)(X, W, Y).T, "transposed"
            ),
            "fit transposed": Mistake(lambda X, W, Y: (X @ W - Y).T @ X - inv(W).T, "transposed"),
            "mean": Mistake(lambda X, W, Y: X.T @ (X @ W - Y) / len(X) - inv(W).T, "averaged"),
            "sign of det": Mistake(
                flow_of(1, lambda W: -np.sign(np.linalg.det(W)) * inv(W).T), "log_sign"
            ),
            "in place": Mistake(lambda X, W, Y: W.__imul__(2.0), "modified_input"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={
            "systems": lambda B, G: -np.linalg.solve(B.T, np.linalg.solve(B, G.T).T),
            "basis": inverse_by_basis,
        },
        mistakes={
            "no transpose": Mistake(lambda B, G: -inv(B) @ G @ inv(B), "transposes_missing"),
            "sign": Mistake(lambda B, G: inv(B).T @ G @ inv(B).T, "sign"),
            "left only": Mistake(lambda B, G: -inv(B).T @ G @ inv(B), "one_transpose"),
            "right only": Mistake(lambda B, G: -inv(B) @ G @ inv(B).T, "one_transpose"),
            "both on the left": Mistake(lambda B, G: -inv(B).T @ inv(B).T @ G, "side"),
            "both on the right": Mistake(lambda B, G: -G @ inv(B @ B).T, "side"),
            "Gᵀ": Mistake(lambda B, G: -inv(B).T @ G.T @ inv(B).T, "gradient_transposed"),
            "result": Mistake(lambda B, G: -inv(B) @ G.T @ inv(B), "gradient_transposed"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"with the matrix": entropy_with_matrix},
        mistakes={
            "overflow": Mistake(overflowing, "overflow"),
            "loss": Mistake(entropy_of(value=-1.0), "value_sign"),
            "log p": Mistake(log_of_softmax, "overflow"),
            "log (p + ε)": Mistake(entropy_of(log=lambda log_p, p: np.log(p + 1e-12)), "log_of_p"),
            "clipped": Mistake(
                entropy_of(log=lambda log_p, p: np.log(np.maximum(p, 1e-15))), "log_of_p"
            ),
            "label": Mistake(
                lambda z, y, v: entropy_of()(z, np.eye(len(y))[y.argmax()], v), "one_hot_assumed"
            ),
            "averaged": Mistake(entropy_of(value=0.2), "value_averaged"),
            "y for p": Mistake(
                entropy_of(product=lambda p, y, v: p * (v - y @ v)), "with_gradient"
            ),
            "y − p": Mistake(entropy_of(slope=lambda p, y: y - p), "gradient_sign"),
            "p": Mistake(entropy_of(slope=lambda p, y: p), "softmax_alone"),
            "diagonal": Mistake(entropy_of(product=lambda p, y, v: p * v), "diagonal_only"),
            "sign": Mistake(entropy_of(product=lambda p, y, v: p * (p @ v - v)), "hessian_sign"),
            "p − y": Mistake(entropy_of(product=lambda p, y, v: (p - y) * v), "with_gradient"),
            "centred": Mistake(entropy_of(product=lambda p, y, v: v - p @ v), "projected"),
            "matrix": Mistake(
                entropy_of(product=lambda p, y, v: np.diag(p) - np.outer(p, p)), "whole_hessian"
            ),
            "two": Mistake(lambda *given: entropy_of()(*given)[:2], "parts"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        given=("norm-code",),
        others={"Jacobians": norm_with_jacobians},
        mistakes={
            "not summed": Mistake(norm_of(over_rows=lambda M: M), "not_summed"),
            "features": Mistake(norm_of(over_rows=lambda M: M.sum(1)), "summed_over_features"),
            "averaged": Mistake(norm_of(over_rows=lambda M: M.mean(0)), "averaged"),
            "γ in β": Mistake(norm_of(beta_gain=True), "beta_scaled"),
            "γ in γ": Mistake(norm_of(gamma_gain=True), "gamma_twice"),
            "raw": Mistake(norm_of(raw=True), "input_not_normalised"),
            "no γ": Mistake(norm_of(gain=False), "gamma_forgotten"),
            "no s": Mistake(
                norm_of(lambda g, parts, s: g - parts[0] - parts[1]), "scale_forgotten"
            ),
            "no mean": Mistake(norm_of(lambda g, parts, s: (g - parts[1]) / s), "mean_forgotten"),
            "no x̂": Mistake(norm_of(lambda g, parts, s: (g - parts[0]) / s), "deviation_forgotten"),
            "sum for mean": Mistake(
                norm_of(lambda g, parts, s: (g - parts[0] - g.shape[1] * parts[1]) / s),
                "deviation_forgotten",
            ),
            "γ and β exchanged": Mistake(
                lambda *given: (lambda X, gain, shift: (X, shift, gain))(*norm_of()(*given)),
                "swapped",
            ),
            "g/s": Mistake(norm_of(lambda g, parts, s: g / s), "all_forgotten"),
        },
    ),
    "ex5": Cases(
        cell="ex5",
        given=("judges",),
        others={
            "directions": judge_by_directions,
            "tolerant": judge(step=1e-5, tolerance=1e-5),
            "entries": judge_by_entries,
        },
        mistakes={
            "yes": Mistake(lambda f, gradient, x: True, "always_true"),
            "no": Mistake(lambda f, gradient, x: False, "always_false"),
            "tiny step": Mistake(judge(step=1e-13), "always_false"),
            "long step": Mistake(judge(step=0.1), "right_refused"),
            "absolute": Mistake(judge(relative=False), "not_relative"),
            "sum": Mistake(judge(part=lambda g: np.sum(g)), "transpose_passed"),
            "vectors summed": Mistake(
                judge(part=lambda g: np.sum(g) if g.ndim == 1 else g), "one_direction"
            ),
            "first": Mistake(judge(part=lambda g: g[:3]), "last_entry"),
            "kind": Mistake(judge(tolerance=1e-2), "too_kind"),
            "allclose": Mistake(
                lambda f, gradient, x: bool(np.allclose(gradient(x), numerical_gradient(f, x))),
                "not_relative",
            ),
            "without absolute value": Mistake(
                lambda f, gradient, x: bool(
                    np.max(gradient(x) / (w := numerical_gradient(f, x)) * np.sign(w) - np.sign(w))
                    < 1e-5
                ),
                "one_sided",
            ),
            "number": Mistake(lambda f, gradient, x: 1.0, "not_a_boolean"),
        },
    ),
}
