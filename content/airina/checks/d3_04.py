"""Checks of d3-04: they know marginal likelihoods, Gaussians of known divergence and differences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker
from airina.derivatives import numerical_gradient

Model = tuple[Array, Array, Array, float]  # x, W, mu and the variance of the noise


def ex1(c: Checker, elbo: Answer) -> None:
    """ln p(x) at the posterior; below it by a divergence chosen beforehand elsewhere."""
    for d, k, noise in [(4, 2, 0.5), (3, 1, 2.0), (2, 3, 1.3)]:
        x, W, mu, noise = model = _model(c, d, k, noise)
        centre, root = _posterior(model)
        exact = _log_marginal(model)
        found = c.number(c.call(elbo, x, W, mu, noise, centre, root @ root.T))
        c.close("posterior", found, exact, 1e-10, _mistakes(model, centre, root @ root.T, exact))
        ratio, delta = np.exp(c.rng.normal(size=k)), c.rng.normal(size=k)
        m, S = centre + root @ delta, root * ratio @ root.T
        gap = np.sum(ratio + delta**2 - 1 - np.log(ratio)) / 2
        found = c.number(c.call(elbo, x, W, mu, noise, m, S))
        c.close("elsewhere", found, exact - gap, 1e-10, _mistakes(model, m, S, exact - gap))


def _model(c: Checker, d: int, k: int, noise: float) -> Model:
    W, mu = c.rng.normal(size=(d, k)), c.rng.normal(size=d)
    return mu + 2 * c.rng.normal(size=d), W, mu, noise


def _posterior(model: Model) -> tuple[Array, Array]:
    """Its mean, and a square root of its covariance, by conditioning the joint Gaussian (D3-01)."""
    x, W, mu, noise = model
    gain = np.linalg.solve(W @ W.T + noise * np.eye(len(x)), W).T
    covariance = np.eye(W.shape[1]) - gain @ W
    return gain @ (x - mu), np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)


def _log_marginal(model: Model) -> float:
    x, W, mu, noise = model
    return _log_normal(x - mu, W @ W.T + noise * np.eye(len(x)))


def _log_normal(v: Array, cov: Array) -> float:
    logs = np.linalg.slogdet(2 * np.pi * cov)[1]
    return -float(v @ np.linalg.solve(cov, v) + logs) / 2


def _mistakes(model: Model, m: Array, S: Array, exact: float) -> dict[str, float]:
    """What the usual slips add to the ELBO."""
    x, W, mu, noise = model
    spread = np.trace(W @ S @ W.T) / (2 * noise)
    square = np.sum((x - mu - W @ m) ** 2) + np.trace(W @ S @ W.T)
    d, k = len(x), len(m)
    kl = (np.trace(S) + m @ m - k - np.linalg.slogdet(S)[1]) / 2
    return {
        "no_spread": exact + spread,
        "kl_added": exact + 2 * kl,
        "kl_missing": exact + kl,
        "no_constant": exact + d / 2 * np.log(2 * np.pi * noise),
        "no_dimension": exact - k / 2,
        "noise_squared": exact + square / 2 * (1 / noise - 1 / noise**2) - d / 2 * np.log(noise),
        "log_sign": exact - np.linalg.slogdet(S)[1],
        "diagonal_only": exact + spread - np.sum((W**2) @ np.diag(S)) / (2 * noise),
    }


def ex2(c: Checker, gradient_samples: Answer) -> None:
    """Each sample against differences: of g along the path, and of ln q at a fixed point."""
    g, dg = _cubic, _slope_of_cubic
    for mu, s in [(0.5, 1.0), (-1.2, 0.6)]:
        eps = c.rng.normal(size=5)
        answers = c.parts(c.call(gradient_samples, g, dg, mu, s, eps), 2)
        pathwise, score = (c.array(part, (5, 2), {"transposed": (2, 5)}) for part in answers)
        place = np.array([mu, s])
        along = np.array([numerical_gradient(_path(e), place) for e in eps])
        z = mu + s * eps
        surprise = np.array([numerical_gradient(_log_q(point), place) for point in z])
        held = surprise * g(z)[:, None]
        hints = {
            "swapped": _near(pathwise, held),
            "no_eps": _near(pathwise, along[:, :1] * [1, 1]),
            "scaled": _near(pathwise, along * [1, s]),
        }
        c.close("pathwise", pathwise, along, 1e-7, hints)
        plain = np.stack([eps, eps**2 - 1], axis=1)
        hints = {
            "no_minus_one": _near(score[:, 1], g(z) * eps**2 / s),
            "not_standardised": _near(score[:, 0], g(z) * (z - mu)) and s != 1,
            "not_divided": _near(score, g(z)[:, None] * plain),
            "divided_twice": _near(score[:, 0], g(z) * eps / s**2),
            "without_g": _near(score, surprise),
            "centred": _near(score, surprise * (g(z) - g(z).mean())[:, None]),
        }
        c.close("score", score, held, 1e-7, hints)


def _cubic(z: Array) -> Array:
    return z**3 - 2 * z + 1


def _slope_of_cubic(z: Array) -> Array:
    return 3 * z**2 - 2


def _path(eps: float) -> Callable[[Array], Any]:
    return lambda place: _cubic(place[0] + place[1] * eps)


def _log_q(z: float) -> Callable[[Array], Any]:
    return lambda place: -(((z - place[0]) / place[1]) ** 2) / 2 - np.log(place[1])


def _near(found: Array, wrong: Array) -> bool:
    return np.shape(found) == np.shape(wrong) and bool(np.allclose(found, wrong, atol=1e-6))


def ex3(c: Checker, importance_bound: Answer) -> None:
    """The posterior itself gives ln p(x) for any draws; elsewhere, weights from the joint Gaussian."""
    x, W, mu, noise = model = _model(c, 4, 2, 0.7)
    W[:] = np.linalg.qr(W)[0] * [1.5, 0.8]  # orthogonal columns: the posterior factorises
    centre, root = _posterior(model)
    eps = c.rng.normal(size=(3, 4, 2))
    for name, m, s in [
        ("posterior", centre, np.diag(root).copy()),
        ("elsewhere", np.array([0.4, -0.3]), np.array([0.9, 1.4])),
    ]:
        log_p, log_q = _logs(model, m, s, eps)
        exact = _log_marginal(model) if name == "posterior" else _mean_log_mean(log_p - log_q)
        squared, _ = _logs((x, W, mu, noise**2), m, s, eps)
        hints = {
            "not_averaged": exact + np.log(4),
            "no_scale": exact - np.sum(np.log(s)),
            "no_proposal": _mean_log_mean(log_p),
            "noise_squared": _mean_log_mean(squared - log_q),
            "mean_of_logarithms": np.mean(log_p - log_q),
            "one_mean": np.log(np.mean(np.exp(log_p - log_q))),
            "other_axis": _mean_log_mean((log_p - log_q).T),
        }
        found = c.number(c.call(importance_bound, x, W, mu, noise, m, s, eps))
        c.close(name, found, exact, 1e-10, hints)
    far = c.call(importance_bound, x + 200, W, mu, noise, m, s, eps)
    c.require(bool(np.isfinite(far)), "underflow")


def _mean_log_mean(log_w: Array) -> float:
    return float(np.mean(np.log(np.mean(np.exp(log_w), axis=1))))


def _logs(model: Model, m: Array, s: Array, eps: Array) -> tuple[Array, Array]:
    """ln p(x, z) and ln q(z) for each draw of z."""
    x, W, mu, noise = model
    d, k = W.shape
    joint = np.block([[W @ W.T + noise * np.eye(d), W], [W.T, np.eye(k)]])
    log_p = np.empty(eps.shape[:2])
    for place in np.ndindex(log_p.shape):
        log_p[place] = _log_normal(np.concatenate([x - mu, m + s * eps[place]]), joint)
    return log_p, -np.sum(eps**2 / 2 + np.log(s) + np.log(2 * np.pi) / 2, axis=-1)


def ex4(c: Checker, vae_loss: Answer) -> None:
    """Image by image and pixel by pixel; large logits; β counts only for KL."""
    import torch

    n, k = 5, 3
    x = torch.tensor(c.rng.integers(2, size=(n, 64)), dtype=torch.float64)
    logits = torch.tensor(3 * c.rng.normal(size=(n, 64)))
    m, log_var = (torch.tensor(c.rng.normal(size=(n, k))) for _ in range(2))
    black = 1 / (1 + np.exp(-logits.numpy()))
    lost = -np.log(np.where(x.numpy() > 0, black, 1 - black))
    kl = (m.numpy() ** 2 + np.exp(log_var.numpy()) - 1 - log_var.numpy()) / 2
    spread = (m.numpy() ** 2 + log_var.numpy() ** 2 - 1 - np.log(log_var.numpy() ** 2)) / 2
    for beta in (1.0, 4.0):
        found = c.number(c.call(vae_loss, x, logits, m, log_var, beta))
        exact = (lost.sum() + beta * kl.sum()) / n
        hints = {
            "mean_of_pixels": lost.mean() + beta * kl.sum() / n,
            "mean_of_all": lost.mean() + beta * kl.mean(),
            "summed": exact * n,
            "not_halved": (lost.sum() + 2 * beta * kl.sum()) / n,
            "kl_subtracted": (lost.sum() - beta * kl.sum()) / n,
            "deviation": (lost.sum() + beta * spread.sum()) / n,
            "no_beta": beta != 1 and abs(found - (lost.sum() + kl.sum()) / n) < 1e-8,
            "sign": -exact,
        }
        c.close("loss", found, exact, 1e-10, hints)
    far = c.call(vae_loss, x, (2 * x - 1) * 2000, m, log_var, 1.0)
    c.require(bool(np.isfinite(float(far))), "overflow")
    c.close("sure", c.number(far), kl.sum() / n, 1e-10)
    leaf = log_var.clone().requires_grad_(True)
    try:
        vae_loss(x, logits, m, leaf, 2.0).backward()
    except Exception:  # a plain number, a detached tensor, an operation in place
        c.fail("not_differentiable")
    slope = c.array(leaf.grad, (n, k))
    c.close("gradient", slope, (np.exp(log_var.numpy()) - 1) / n, 1e-10)
