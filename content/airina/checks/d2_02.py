"""Checks of d2-02: closed forms for SGD and AMSGrad, PyTorch for the heavy ball and for Adam."""

from itertools import accumulate
from typing import Any

import numpy as np

from airina.checker import NEAR, Answer, Array, Checker, distance


def ex1(c: Checker, sgd: Answer) -> None:
    """An affine oracle makes the last iterate an explicit sum; the noise of step k tells k from k + 1."""
    for chains in (1, 5):
        steps = 12
        curvature, noise = c.rng.uniform(0.5, 2.0), c.rng.normal(size=(steps, chains))
        etas, start = c.rng.uniform(0.05, 0.4, size=steps), c.rng.normal(size=chains)
        asked: list[int] = []
        oracle = _oracle(curvature, noise, asked)
        hints = {"whole_path": (steps + 1, chains), "one_chain": ()}
        found = c.array(c.call(sgd, oracle, start, etas), (chains,), hints)
        c.require(asked[:1] != [1], "starts_at_one")
        c.require(asked == list(range(steps)), "once_per_step", count=len(asked), steps=steps)
        expected = _affine(curvature, noise, start, etas)
        wrong = {
            "uphill": _affine(-curvature, -noise, start, etas),
            "first_step_only": _affine(curvature, noise, start, np.full(steps, etas[0])),
            "start_only": start - etas @ (curvature * start + noise),
        }
        c.close("error", found, expected, 1e-12, wrong)
    whole = c.array(c.call(sgd, lambda x, k: x, np.array([3, 5]), np.array([0.5])), (2,))
    c.close("error", whole, [1.5, 2.5], 1e-12)


def _oracle(curvature: float, noise: Array, asked: list[int]) -> Answer:
    """An affine gradient with the noise of its step; ``asked`` gets the steps in the order of calls."""

    def oracle(x: Array, k: int) -> Array:
        asked.append(k)
        return np.asarray(curvature * x + noise[k % len(noise)])

    return oracle


def _affine(curvature: float, noise: Array, start: Array, etas: Array) -> Array:
    """The last iterate, from the product of the factors that each term still meets."""
    factors = 1 - etas * curvature
    after = np.append(np.cumprod(factors[::-1])[::-1][1:], 1.0)
    return np.asarray(np.prod(factors) * start - (after * etas) @ noise)


def ex2(c: Checker, heavy_ball: Answer, tuned: Answer) -> None:
    """PyTorch's momentum for the iterates; for the tuning, the spectral radius it must give."""
    for steps in (0, 1, 25):
        curvatures, start = c.rng.uniform(0.5, 4.0, size=3), c.rng.normal(size=3)
        alpha, beta = c.rng.uniform(0.05, 0.3), c.rng.uniform(0.3, 0.9)
        given = (lambda x, a=curvatures: a * x, start, alpha, beta, steps)
        shapes = {"last_only": (3,), "start_twice": (steps + 2, 3), "start_missing": (steps, 3)}
        found = c.array(c.call(heavy_ball, *given), (steps + 1, 3), shapes)
        expected = _torch_momentum(curvatures, start, alpha, beta, steps)
        powers = np.arange(steps + 1)[:, None]
        hints = {
            "no_inertia": start * (1 - alpha * curvatures) ** powers,
            "averaged": _torch_momentum(curvatures, start, alpha * (1 - beta), beta, steps),
            "against": _torch_momentum(curvatures, start, alpha, -beta, steps),
            "nesterov": _is_nesterov(found, curvatures, start, alpha, beta),
            "before_start": _is_near(found[-steps:][:1], start * (1 - alpha * curvatures + beta)),
        }
        c.close("error", found, expected, 1e-12, hints)
    for kappa in (4.0, 100.0, 1e4):
        mu = c.rng.uniform(0.5, 2.0)
        _tuning(c, c.call(tuned, mu, kappa * mu), mu, kappa * mu)


def _tuning(c: Checker, pair: Any, mu: float, L: float) -> None:
    """The smallest spectral radius is reached where both ends have a double root."""
    alpha, beta = (c.number(part) for part in c.parts(pair, 2))
    c.require(alpha > 0 and beta >= 0, "wrong")
    low, high = np.sqrt(alpha * mu), np.sqrt(alpha * L)
    # The discriminant at an end λ vanishes if and only if √β = |1 - √(αλ)|.
    c.require(abs(beta - abs(1 - low)) > 1e-9, "root_not_squared")
    c.require(abs(beta - (1 - low) ** 4) > 1e-9, "squared_twice")
    swapped = abs(alpha - (1 - np.sqrt(mu / L)) ** 2 / (1 + np.sqrt(mu / L)) ** 2) < 1e-9
    c.require(not swapped, "swapped")
    c.require(abs(alpha * (L + mu) - 2) > 1e-9, "step_of_descent")
    c.close("tuning", [high - low, high + low], [2 * np.sqrt(beta), 2.0], 1e-9)


def _is_nesterov(found: Array, curvatures: Array, start: Array, alpha: float, beta: float) -> bool:
    """Whether these are the points of PyTorch, where the gradient is taken, or those of the books."""
    ahead = _torch_momentum(curvatures, start, alpha, beta, len(found) - 1, nesterov=True)
    after = np.vstack([start, ahead[:-1] * (1 - alpha * curvatures)])
    return _is_near(found, ahead) or _is_near(found, after)


def _is_near(found: Array, wrong: Array) -> bool:
    return distance(found, wrong) <= NEAR


def _torch_momentum(
    curvatures: Array, start: Array, alpha: float, beta: float, steps: int, nesterov: bool = False
) -> Array:
    import torch

    a, x = torch.tensor(curvatures), torch.tensor(start, requires_grad=True)
    options: dict[str, Any] = {"lr": alpha, "momentum": abs(beta), "nesterov": nesterov}
    optimiser = torch.optim.SGD([x], **options)
    optimiser.param_groups[0]["momentum"] = beta
    path = [start]
    for _ in range(steps):
        optimiser.zero_grad()
        (a * x**2 / 2).sum().backward()
        optimiser.step()
        path.append(x.detach().clone().numpy())
    return np.array(path)


def ex3(c: Checker, adam_step: Answer) -> None:
    """The averages after one step are known; then two hundred steps of ``torch.optim.Adam``."""
    for _ in range(3):
        x, m, g = c.rng.normal(size=(3, 4))
        v, t = c.rng.uniform(0.1, 2.0, size=4), int(c.rng.integers(2, 9))
        lr, b1, b2, eps = 0.05, 0.7, 0.9, 1e-3
        new = c.parts(c.call(adam_step, x, m, v, t, g, lr, b1, b2, eps), 3)
        new_x, new_m, new_v = (c.array(part, (4,)) for part in new)
        first, second = g + b1 * (m - g), g * g + b2 * (v - g * g)
        rest1, rest2 = 1 - b1**t, 1 - b2**t
        stored = {"stored_corrected": first / rest1, "swapped_weights": m + b1 * (g - m)}
        c.close("first_moment", new_m, first, 1e-12, stored)
        hints = {"stored_corrected": second / rest2, "not_squared": g + b2 * (v - g)}
        c.close("second_moment", new_v, second, 1e-12, hints)
        ratio, root = first / rest1, np.sqrt(second / rest2)
        move = lr * ratio / (root + eps)
        wrong = {
            "no_correction": x - lr * first / (np.sqrt(second) + eps),
            "one_hat": _is_near(new_x, x - lr * ratio / (np.sqrt(second) + eps))
            or _is_near(new_x, x - lr * first / (root + eps)),
            "no_power": x - lr * first / (1 - b1) / (np.sqrt(second / (1 - b2)) + eps),
            "eps_early": x - lr * ratio / (root + eps / np.sqrt(rest2)),
            "eps_inside": x - lr * ratio / np.sqrt(root**2 + eps),
            "eps_on_parameter": x - lr * ratio / root + eps,
            "no_root": x - lr * ratio / (root**2 + eps),
            "uphill": x + move,
            "old_averages": x - lr * (m / rest1) / (np.sqrt(v / rest2) + eps),
        }
        c.close("step", new_x, x - move, 1e-12, wrong)
    _against_torch(c, adam_step)
    _compiles(c, adam_step)


def _against_torch(c: Checker, adam_step: Answer) -> None:
    import torch

    start, options = c.rng.normal(size=3), {"lr": 0.03, "betas": (0.8, 0.95), "eps": 1e-6}
    theirs = torch.tensor(start, requires_grad=True)
    optimiser = torch.optim.Adam([theirs], **options)  # type: ignore[arg-type]
    x, m, v = start, np.zeros(3), np.zeros(3)
    for t in range(1, 201):
        optimiser.zero_grad()
        (theirs**2 + theirs**4 / 4).sum().backward()
        optimiser.step()
        g = 2 * x + x**3
        x, m, v = c.parts(c.call(adam_step, x, m, v, t, g, 0.03, 0.8, 0.95, 1e-6), 3)
    c.close("torch", x, theirs.detach().numpy(), 1e-10)


def _compiles(c: Checker, adam_step: Answer) -> None:
    """A function of NumPy cannot be traced by JAX, nor one that asks whether ``t`` is 1."""
    import jax

    try:
        jax.jit(adam_step)(1.0, 0.5, 0.5, 2.0, 1.0, 0.1, 0.9, 0.99, 1e-8)
    except Exception:  # whatever JAX says, the reason is one of the two
        c.fail("not_pure")


def ex4(c: Checker, online_adam: Answer) -> None:
    """Away from the walls the path is a sum; then the walls themselves."""
    rounds, beta2, alpha = 30, 0.6, 0.05
    t = np.arange(1, rounds + 1)
    for amsgrad in (False, True):
        slopes = c.rng.uniform(0.5, 3.0, size=rounds)
        slopes[5::4] *= -0.2
        shapes = {"too_short": (rounds,), "last_only": ()}
        found = c.array(c.call(online_adam, slopes, alpha, beta2, amsgrad), (rounds + 1,), shapes)
        c.require(found[0] == 1.0, "start")
        second = _averages(slopes, beta2)
        pair = (second, np.maximum.accumulate(second))
        divisor, other = pair[amsgrad], pair[not amsgrad]
        before = np.append(divisor[0], divisor[:-1])
        hints = {
            "other_variant": _path(alpha * slopes / np.sqrt(t * other)),
            "constant_step": _path(alpha * slopes / np.sqrt(divisor)),
            "fast_step": _path(alpha * slopes / (t * np.sqrt(divisor))),
            "corrected": _path(alpha * slopes / np.sqrt(t * second / (1 - beta2**t))),
            "no_root": _path(alpha * slopes / (np.sqrt(t) * divisor)),
            "late_average": _path(alpha * slopes / np.sqrt(t * before)),
            "fed_back": _path(alpha * slopes / np.sqrt(t * _fed_back(slopes, beta2))),
        }
        c.close("error", found, _path(alpha * slopes / np.sqrt(t * divisor)), 1e-10, hints)
    walls = c.array(c.call(online_adam, np.array([5.0, -1.0, -1.0, -1.0]), 4.0, 0.5, False), (5,))
    c.require(bool(np.abs(walls).max() <= 1.0), "not_projected")
    c.close("error", walls[[1, 4]], [-1.0, 1.0], 1e-12, {"copy_projected": walls[4] < 0.0})


def _averages(slopes: Array, beta2: float) -> Array:
    """The moving averages of the squares, as one matrix of weights times the squares."""
    age = np.subtract.outer(np.arange(len(slopes)), np.arange(len(slopes)))
    return np.asarray(
        np.where(age >= 0, (1 - beta2) * beta2 ** np.maximum(age, 0), 0.0) @ slopes**2
    )


def _fed_back(slopes: Array, beta2: float) -> Array:
    """What the averages become when each starts from the running maximum of the others."""
    grow = accumulate(slopes**2, lambda v, s: max(v, v + (1 - beta2) * (s - v)), initial=0.0)
    return np.array(list(grow)[1:])


def _path(steps: Array) -> Array:
    """The path from 1 with these steps, all short enough for no wall to be met again."""
    return np.append(1.0, 1.0 - np.cumsum(steps))
