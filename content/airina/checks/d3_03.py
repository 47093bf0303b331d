"""Checks of d3-03: they know entropies, weights whose ratios are plain numbers, and differences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker
from airina.derivatives import numerical_gradient


def ex1(c: Checker, mutual_information: Answer) -> None:
    """0 for independence, H(X) for a bijection, H(X) + H(Y) − H(X, Y) for any table."""
    p, q = c.rng.dirichlet(np.ones(4)), c.rng.dirichlet(np.ones(3))
    tables = {
        "independent": np.outer(p, q),
        "table": c.rng.dirichlet(np.full(15, 0.5)).reshape(3, 5),
        "bijection": np.diag(p)[:, [2, 0, 3, 1]],
    }
    for name, joint in tables.items():
        rows, columns = joint.sum(axis=1), joint.sum(axis=0)
        exact = _entropy(rows) + _entropy(columns) - _entropy(joint)
        answer = c.call(mutual_information, joint)
        if name == "bijection" and np.ndim(answer) == 0 and np.isnan(answer):
            c.fail("zeros")
        hints = {
            "bits": exact / np.log(2),
            "sign": -exact,
            "entropy": _entropy(joint),
            "not_compared": -_entropy(joint),
            "given": _entropy(joint) - _entropy(rows),
            "smoothed": np.ndim(answer) == 0 and bool(abs(answer - exact) < 1e-5),
        }
        c.close(name, c.number(answer), exact, 1e-12, hints)


def _entropy(p: Array) -> float:
    return -float(np.sum(p * np.log(np.where(p > 0, p, 1))))


def ex2(c: Checker, info_nce: Answer) -> None:
    """Scores that are logarithms of known weights; equal scores; scores that overflow."""
    for shape in [(3, 5, 5), (2, 2, 4, 4)]:
        weights = c.rng.uniform(0.2, 3, size=shape)
        found = c.array(c.call(info_nce, np.log(weights)), shape[:-2], {"per_input": shape[:-1]})
        n = shape[-1]
        own = np.diagonal(weights, axis1=-2, axis2=-1)
        exact = np.mean(np.log(own / weights.mean(axis=-1)), axis=-1)
        others = weights.sum(axis=-1) - own
        hints = {
            "no_log_n": exact - np.log(n),
            "columns": np.mean(np.log(own / weights.mean(axis=-2)), axis=-1),
            "partner_removed": bool(
                np.allclose(found, np.mean(np.log(own * n / others), axis=-1))
                or np.allclose(found, np.mean(np.log(own * (n - 1) / others), axis=-1))
            ),
            "both_directions": np.mean(
                np.log(own / np.sqrt(weights.mean(axis=-1) * weights.mean(axis=-2))), axis=-1
            ),
            "summed": exact * n,
            "sign": -exact,
        }
        c.close("value", found, exact, 1e-12, hints)
    same = c.array(c.call(info_nce, np.full((1, 6, 6), 2.5)), (1,))
    c.close("equal_scores", same, [0.0], 1e-12)
    large = c.call(info_nce, 2000 * np.eye(8)[None] - 1000)
    if not np.isfinite(large).all():
        c.fail("overflow")
    c.close("ceiling", c.array(large, (1,)), [np.log(8)], 1e-12, {"overflow": True})


def ex3(c: Checker, nt_xent: Answer) -> None:
    """The loss pair by pair, and its gradient by differences."""
    for n, d, tau in [(3, 4, 0.5), (4, 2, 0.2)]:
        Z = c.rng.normal(size=(2 * n, d)) * c.rng.uniform(0.5, 2, size=(2 * n, 1))
        loss, gradient = c.parts(c.call(nt_xent, Z, tau), 2)
        loss, gradient = c.number(loss), c.array(gradient, Z.shape)
        size = np.linalg.norm(Z, axis=1, keepdims=True)
        u = Z / size
        partners = np.concatenate([np.arange(n, 2 * n), np.arange(n)])
        exact = _game(u @ u.T / tau, partners)
        hints = {
            "self_included": _game(u @ u.T / tau, partners, own=True),
            "not_normalised": _game(Z @ Z.T / tau, partners),
            "neighbours": _game(u @ u.T / tau, np.arange(2 * n) ^ 1),
            "no_temperature": _game(u @ u.T, partners),
            "multiplied": _game(u @ u.T * tau, partners),
            "summed": exact * 2 * n,
            "one_way": _game((u @ u.T / tau)[:n], partners),
            "other_view": _across(u @ u.T / tau, n),
        }
        c.close("loss", loss, exact, 1e-12, hints)
        true = numerical_gradient(_loss_of(nt_xent, tau), Z)
        tangent = gradient - u * np.sum(u * gradient, axis=1, keepdims=True)
        hints = {
            "no_size": _near(gradient / size, true),
            "sphere": _near(tangent, true) or _near(tangent / size, true),
            "one_side": _near(gradient, _one_side(u, tau, partners, size)),
            "gradient_temperature": _near(gradient / tau, true),
            "not_divided": _near(gradient / (2 * n), true),
            "gradient_sign": _near(-gradient, true),
        }
        c.close("finite_difference", gradient, true, 1e-7, hints)


def _loss_of(nt_xent: Answer, tau: float) -> Callable[[Array], float]:
    return lambda z: float(nt_xent(z, tau)[0])


def _game(scores: Array, partners: Any, own: bool = False) -> float:
    """Mean surprise at the partner, one view after the other; ``own``: itself among the candidates."""
    lost = [
        np.log(np.sum(np.exp(row[np.arange(len(row)) != (-1 if own else i)] - row[partners[i]])))
        for i, row in enumerate(scores)
    ]
    return float(np.mean(lost))


def _across(scores: Array, n: int) -> float:
    """The game in which the candidates are the other views only."""
    block = scores[:n, n:]
    return (_game(block, np.arange(n), own=True) + _game(block.T, np.arange(n), own=True)) / 2


def _one_side(u: Array, tau: float, partners: Any, size: Array) -> Array:
    """The gradient when a vector is thought to appear in its row only."""
    weights = np.exp(u @ u.T / tau) * (1 - np.eye(len(u)))
    weights /= weights.sum(axis=1, keepdims=True)
    pull = (weights @ u - u[partners]) / (tau * len(u))
    wrong: Array = (pull - u * np.sum(u * pull, axis=1, keepdims=True)) / size
    return wrong


def _near(found: Array, wrong: Array) -> bool:
    return bool(np.allclose(found, wrong, atol=1e-7))


def ex4(c: Checker, contrastive_loss: Answer) -> None:
    """The scores one pair at a time; 0 for the critic that knows nothing; JAX can differentiate it."""
    import jax
    import jax.numpy as jnp

    x, y = c.rng.normal(size=(2, 6, 3))
    params = {
        "A": jnp.asarray(c.rng.normal(size=(3, 3))),
        "B": jnp.asarray(c.rng.normal(size=(3, 3))),
    }
    found = c.number(c.call(contrastive_loss, params, x, y))
    A, B = np.asarray(params["A"]), np.asarray(params["B"])
    exact = _lost(x, y, A, B / 2)
    hints = {
        "sign": -exact,
        "no_half": _lost(x, y, A, B),
        "quadratic_sign": _lost(x, y, A, -B / 2),
        "a_transposed": _lost(x, y, A.T, B / 2),
        "no_log_n": exact + np.log(6),
        "columns": _lost(x, y, A, B / 2, axis=0),
        "summed": exact * 6,
    }
    c.close("loss", found, exact, 1e-10, hints)
    nothing = {"A": jnp.zeros((3, 3)), "B": jnp.zeros((3, 3))}
    c.close("ignorant", c.number(c.call(contrastive_loss, nothing, x, y)), 0.0, 1e-12)
    try:
        slope = jax.grad(contrastive_loss)(params, x, y)
    except Exception:
        c.fail("not_differentiable")
    bump = numerical_gradient(lambda a: _lost(x, y, a, B / 2), A)
    c.close("finite_difference", c.array(slope["A"], (3, 3)), bump, 1e-8)
    bump = numerical_gradient(lambda b: _lost(x, y, A, b / 2), B)
    c.close("finite_difference", c.array(slope["B"], (3, 3)), bump, 1e-8)


def _lost(x: Array, y: Array, A: Array, half: Array, axis: int = 1) -> float:
    """Minus InfoNCE of xᵀAy − yᵀ(half)y, from weights and not from logarithms."""
    weights = np.array([[np.exp(a @ A @ b - b @ half @ b) for b in y] for a in x])
    return -float(np.mean(np.log(np.diag(weights) / weights.mean(axis=axis))))
