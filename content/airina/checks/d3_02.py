"""Checks of d3-02: they know exhaustive searches, limits and Gaussian pairs of known divergence."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker
from airina.derivatives import numerical_gradient


def ex1(c: Checker, huffman_lengths: Answer) -> None:
    """Kraft's equality, and the least mean length among all complete codes, tried one by one."""
    for p in _laws(c):
        value = c.call(huffman_lengths, p)
        if not isinstance(value, np.ndarray | list | tuple):
            c.fail("not_an_array", found=type(value).__name__)
        found = list(value.flat) if isinstance(value, np.ndarray) else value
        lengths = np.array([c.whole(length) for length in found])
        if lengths.shape != p.shape:
            c.fail("shape", found=lengths.shape, expected=p.shape)
        wasted = 1 - np.sum(0.5**lengths)
        shannon = np.ceil(-np.log2(p) - 1e-12)
        hints = {
            "shannon": bool(np.array_equal(lengths, shannon)),
            "fixed": len(set(lengths)) == 1,
            "no_code": wasted < 0,
        }
        c.close("kraft", wasted, 0.0, 1e-12, hints)
        best = min(np.sort(p)[::-1] @ np.array(code) for code in _complete_codes(len(p)))
        reordered = abs(np.sort(p)[::-1] @ np.sort(lengths) - best) < 1e-9
        hints = {"fixed": len(set(lengths)) == 1, "order": reordered}
        c.close("mean_length", p @ lengths, best, 1e-10, hints)


def _laws(c: Checker) -> Iterator[Array]:
    """Any law, one with ties, one whose best lengths are its surprises, one of two symbols."""
    yield c.rng.dirichlet(np.full(8, 0.7))
    yield np.array([3, 1, 3, 2, 2, 1, 1]) / 13
    yield c.rng.permutation([0.5, 0.25, 0.125, 0.0625, 0.0625])
    yield np.array([0.99, 0.01])


def _complete_codes(size: int, depth: int = 0, nodes: int = 1) -> Iterator[list[int]]:
    """Word lengths, in order, with Σ 2^(-length) = 1: at each depth some nodes are words, others fork."""
    if nodes == size:
        yield [depth] * size
    for words in range(nodes):
        forks = nodes - words
        if words + 2 * forks <= size:
            for deeper in _complete_codes(size - words, depth + 1, 2 * forks):
                yield [depth] * words + deeper


def ex2(c: Checker, cross_entropy: Answer) -> None:
    """ln K for equal logits, differences of logits beyond overflow, gradient by differences."""
    loss, gradient = _loss(c, cross_entropy, np.zeros((3, 5)), np.array([0, 4, 2]))
    log_k = np.log(5)
    hints = {"summed": 3 * log_k, "bits": np.log2(5), "sign": -log_k}
    c.close("uniform", loss, log_k, 1e-12, hints)
    q, labels = c.rng.dirichlet(np.ones(4), size=3), np.array([3, 0, 0])
    loss, gradient = _loss(c, cross_entropy, np.log(q) + np.array([[0.3], [-2.0], [1.0]]), labels)
    known = -float(np.mean(np.log(q[[0, 1, 2], labels])))
    hints = {"every_column": -np.mean(np.log(q[:, labels])), "label_ignored": np.mean([0.3, -2, 1])}
    c.close("known", loss, known, 1e-12, hints)
    logits = c.rng.normal(scale=3, size=(4, 3))
    labels = np.array([2, 0, 1, 1])
    loss, gradient = _loss(c, cross_entropy, logits, labels)
    true = numerical_gradient(lambda z: float(cross_entropy(z, labels)[0]), logits)
    onehot = np.eye(3)[labels]
    hints = {
        "not_divided": bool(np.allclose(gradient, 4 * true, atol=1e-6)),
        "without_label": bool(np.allclose(gradient, true + onehot / 4, atol=1e-6)),
        "gradient_sign": bool(np.allclose(gradient, -true, atol=1e-6)),
    }
    c.close("finite_difference", gradient, true, 1e-8, hints)
    c.close("rows", gradient.sum(axis=1), np.zeros(4), 1e-12)
    far = np.array([[1000.0, 0.0, -1000.0], [-5000.0, -5001.0, -5000.0]])
    told = c.parts(c.call(cross_entropy, far, np.array([1, 2])), 2)
    if not np.isfinite(told[0]) or not np.isfinite(np.asarray(told[1])).all():
        c.fail("overflow")
    expected = (1000 + np.log(2 + np.exp(-1))) / 2
    c.close("far", c.number(told[0]), expected, 1e-12, {"overflow": True})


def _loss(c: Checker, answer: Answer, logits: Array, labels: Any) -> tuple[float, Array]:
    loss, gradient = c.parts(c.call(answer, logits, labels), 2)
    if np.shape(loss) == (len(labels),):
        c.fail("one_per_row")
    return c.number(loss), c.array(gradient, logits.shape)


def ex3(c: Checker, kl_gaussians: Answer) -> None:
    """Pairs built from their divergence: L, λ and δ first, then Σ₂ = LLᵀ and Σ₁ = L diag(λ) Lᵀ."""
    for d, scale in [(1, 1.0), (3, 1.0), (4, 1.0), (400, 0.05)]:
        L = (np.tril(c.rng.normal(size=(d, d))) / d + np.eye(d)) * scale
        ratio = np.exp(c.rng.normal(size=d) / 2)
        delta = c.rng.normal(size=d) + 0.5
        m1 = c.rng.normal(size=d)
        answer = c.call(kl_gaussians, m1, L * ratio @ L.T, m1 + L @ delta, L @ L.T)
        if d > 100 and not np.isfinite(answer):
            c.fail("determinant")
        exact = np.sum(ratio + delta**2 - 1 - np.log(ratio)) / 2
        swapped = np.sum(1 / ratio + delta**2 / ratio - 1 + np.log(ratio)) / 2
        hints = {
            "swapped": swapped,
            "not_halved": 2 * exact,
            "no_dimension": exact + d / 2,
            "log_sign": exact + np.sum(np.log(ratio)),
            "no_mean": exact - np.sum(delta**2) / 2,
            "first_covariance": exact + np.sum(delta**2 / ratio - delta**2) / 2,
            "trace": exact + np.sum(1 / ratio - ratio) / 2,
        }
        c.close("divergence", c.number(answer), exact, 1e-9, hints)


def ex4(c: Checker, reverse_kl: Answer) -> None:
    """Gaussian p, whose divergence and gradient are known, and half of a mixture far away."""
    import jax
    import jax.numpy as jnp

    nodes = jnp.linspace(-9, 9, 401)
    weights = jnp.exp(-(nodes**2) / 2) / jnp.sum(jnp.exp(-(nodes**2) / 2))
    for mean, spread in [(1.0, 2.0), (-0.5, 0.7)]:

        def log_p(x: Any, mean: float = mean, spread: float = spread) -> Any:
            return -(((x - mean) / spread) ** 2) / 2 - jnp.log(spread) - jnp.log(2 * jnp.pi) / 2

        theta = jnp.array([0.3, -0.4])
        value = c.number(c.call(reverse_kl, theta, log_p, nodes, weights))
        m, s = 0.3, float(np.exp(-0.4))
        exact = (s**2 + (m - mean) ** 2) / (2 * spread**2) - 0.5 - np.log(s / spread)
        forward = (spread**2 + (m - mean) ** 2) / (2 * s**2) - 0.5 + np.log(s / spread)
        cross = exact + 0.5 + np.log(s) + np.log(2 * np.pi) / 2
        at_nodes = float(jnp.sum(weights * -log_p(nodes)))
        hints = {
            "forward": forward,
            "no_entropy": cross,
            "not_moved": exact - cross + at_nodes,
            "no_constant": exact + np.log(2 * np.pi) / 2,
            "no_lambda": exact - 0.4,
            "variance": (m - mean) ** 2 / (2 * spread**2) + _standard(np.exp(-0.2) / spread),
            "sign": -exact,
        }
        c.close("divergence", value, exact, 1e-9, hints)
        try:
            slope = jax.grad(reverse_kl)(theta, log_p, nodes, weights)
        except Exception:
            c.fail("not_differentiable")
        known = np.array([(m - mean) / spread**2, s**2 / spread**2 - 1])
        c.close("autodiff", c.array(slope, (2,)), known, 1e-8)


def _standard(ratio: float) -> float:
    """KL(q || p) of two centred Gaussians whose standard deviations have this ratio."""
    return float(ratio**2 / 2 - 0.5 - np.log(ratio))
