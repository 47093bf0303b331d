"""Right and wrong answers to the exercises of d2-02."""

from functools import reduce
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def sgd(oracle: Any, x0: Any, etas: Any) -> Any:
    """Without a loop of its own."""
    return reduce(
        lambda x, k: x - etas[k] * oracle(x, k), range(len(etas)), np.array(x0, dtype=float)
    )


def sgd_by_while(oracle: Any, x0: Any, etas: Any) -> Any:
    x, k = np.array(x0, dtype=float), 0
    while k < len(etas):
        x -= etas[k] * oracle(x, k)
        k += 1
    return x


def sgd_whole_path(oracle: Any, x0: Any, etas: Any) -> Any:
    path = [np.array(x0, dtype=float)]
    for k, eta in enumerate(etas):
        path.append(path[-1] - eta * oracle(path[-1], k))
    return np.array(path)


def sgd_from_one(oracle: Any, x0: Any, etas: Any) -> Any:
    return sgd(lambda x, k: oracle(x, k + 1), x0, etas)


def sgd_twice(oracle: Any, x0: Any, etas: Any) -> Any:
    return sgd(lambda x, k: (oracle(x, k) + oracle(x, k)) / 2, x0, etas)


def sgd_recursive(oracle: Any, x0: Any, etas: Any, k: int = 0) -> Any:
    x = np.asarray(x0, dtype=float)
    return x if k == len(etas) else sgd_recursive(oracle, x - etas[k] * oracle(x, k), etas, k + 1)


def sgd_chain_by_chain(oracle: Any, x0: Any, etas: Any) -> Any:
    return np.array([sgd(oracle, np.array([x]), etas)[0] for x in x0])


def sgd_averaged(oracle: Any, x0: Any, etas: Any) -> Any:
    return sgd_whole_path(oracle, x0, etas).mean(axis=0)


def heavy_ball(grad: Any, x0: Any, alpha: float, beta: float, steps: int) -> Any:
    """With a velocity, as a physicist writes it."""
    x, velocity = np.array(x0, dtype=float), np.zeros(len(x0))
    path = np.empty((steps + 1, len(x0)))
    path[0] = x
    for k in range(steps):
        velocity = beta * velocity - alpha * grad(x)
        x = x + velocity
        path[k + 1] = x
    return path


def heavy_ball_by_pairs(grad: Any, x0: Any, alpha: float, beta: float, steps: int) -> Any:
    start = np.array(x0, dtype=float)
    pairs = [(start, start)]
    for _ in range(steps):
        before, now = pairs[-1]
        pairs.append((now, (1 + beta) * now - beta * before - alpha * grad(now)))
    return np.array([now for _, now in pairs])


def nesterov(grad: Any, x0: Any, alpha: float, beta: float, steps: int) -> Any:
    """As torch.optim.SGD(nesterov=True) writes it."""
    x, buffer = np.array(x0, dtype=float), np.zeros(len(x0))
    path = [x]
    for _ in range(steps):
        g = grad(x)
        buffer = beta * buffer + g
        x = x - alpha * (g + beta * buffer)
        path.append(x)
    return np.array(path)


def nesterov_of_the_books(grad: Any, x0: Any, alpha: float, beta: float, steps: int) -> Any:
    path = [np.array(x0, dtype=float)] * 2
    for _ in range(steps):
        ahead = path[-1] + beta * (path[-1] - path[-2])
        path.append(ahead - alpha * grad(ahead))
    return np.array(path[1:])


def from_zero(grad: Any, x0: Any, alpha: float, beta: float, steps: int) -> Any:
    path = [0.0 * x0, 1.0 * x0]
    for _ in range(steps):
        path.append(path[-1] - alpha * grad(path[-1]) + beta * (path[-1] - path[-2]))
    return np.array(path[1:])


def old_gradient(grad: Any, x0: Any, alpha: float, beta: float, steps: int) -> Any:
    path = [1.0 * x0, 1.0 * x0]
    for _ in range(steps):
        path.append(path[-1] - alpha * grad(path[-2]) + beta * (path[-1] - path[-2]))
    return np.array(path[1:])


def start_twice(grad: Any, x0: Any, alpha: float, beta: float, steps: int) -> Any:
    path = heavy_ball(grad, x0, alpha, beta, steps)
    return np.vstack([path[:1], path])


def tuned(mu: float, L: float) -> Any:
    """From the condition number."""
    q = np.sqrt(L / mu)
    return (2 / (1 + 1 / q)) ** 2 / L, ((q - 1) / (q + 1)) ** 2


def tuned_from_rate(mu: float, L: float) -> Any:
    """α and β from √(αμ) = 1 - √β and √(αL) = 1 + √β, solved as a linear system."""
    step, rate = np.linalg.solve([[np.sqrt(mu), 1.0], [np.sqrt(L), -1.0]], [1.0, 1.0])
    return step**2, rate**2


def adam_by_torch_formula(
    x: Any, m: Any, v: Any, t: Any, g: Any, lr: Any, b1: Any, b2: Any, e: Any
) -> Any:
    """The order of operations of Algorithm 1's last remark: the corrections go into the step length."""
    m, v = m + (1 - b1) * (g - m), v + (1 - b2) * (g * g - v)
    root2 = (1 - b2**t) ** 0.5
    return x - lr * root2 / (1 - b1**t) * m / (v**0.5 + e * root2), m, v


def adam(
    correct: bool = True,
    store: bool = False,
    swap: bool = False,
    square: bool = True,
    sign: int = -1,
    divide: Any = lambda m, v, e: m / (v**0.5 + e),
    shift: float = 0.0,
    old: bool = False,
) -> Any:
    def step(x: Any, m: Any, v: Any, t: Any, g: Any, lr: Any, b1: Any, b2: Any, e: Any) -> Any:
        a1, a2 = (1 - b1, 1 - b2) if swap else (b1, b2)
        new_m = a1 * m + (1 - a1) * g
        new_v = a2 * v + (1 - a2) * (g * g if square else g)
        used = (m, v) if old else (new_m, new_v)
        hats = (used[0] / (1 - b1**t), used[1] / (1 - b2**t)) if correct else used
        x = x + sign * lr * divide(*hats, e) + shift * e
        return (x, *hats) if store else (x, new_m, new_v)

    return step


def adam_corrected_by(first: Any, second: Any, early: bool = False) -> Any:
    """Other corrections than 1 - βᵗ; ``early``: ε before the correction."""

    def step(x: Any, m: Any, v: Any, t: Any, g: Any, lr: Any, b1: Any, b2: Any, e: Any) -> Any:
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        root = second(b2, t) ** 0.5
        denominator = (v**0.5 + e) / root if early else v**0.5 / root + e
        return x - lr * m / first(b1, t) / denominator, m, v

    return step


def full(b: Any, t: Any) -> Any:
    return 1 - b**t


def no_power(b: Any, t: Any) -> Any:
    return 1 - b


def none(b: Any, t: Any) -> Any:
    return 1.0


def numpy_root(m: Any, v: Any, e: Any) -> Any:
    return m / (np.sqrt(v) + e)


def adam_with_if(x: Any, m: Any, v: Any, t: Any, g: Any, lr: Any, b1: Any, b2: Any, e: Any) -> Any:
    if t < 1:
        raise ValueError("t")
    return adam()(x, m, v, t, g, lr, b1, b2, e)


def online(slopes: Any, alpha: float, beta2: float, amsgrad: bool) -> Any:
    """All the averages first, then the points."""
    averages = reduce(lambda a, s: [*a, beta2 * a[-1] + (1 - beta2) * s * s], slopes, [0.0])[1:]
    divisors = np.maximum.accumulate(averages) if amsgrad else np.array(averages)
    points = [1.0]
    for t in range(len(slopes)):
        moved = points[-1] - alpha * slopes[t] / np.sqrt((t + 1) * divisors[t])
        points.append(float(np.clip(moved, -1, 1)))
    return np.array(points)


def online_with(
    length: Any = lambda alpha, t: alpha / np.sqrt(t),
    divide: Any = np.sqrt,
    corrected: bool = False,
    late: bool = False,
    wall: float = 1.0,
    start: float = 1.0,
) -> Any:
    def play(slopes: Any, alpha: float, beta2: float, amsgrad: bool) -> Any:
        x, v, top, points = start, 0.0, 0.0, [start]
        for t, a in enumerate(slopes, start=1):
            old = top if amsgrad else v
            v = beta2 * v + (1 - beta2) * a * a
            top = max(top, v)
            use = old if late and t > 1 else (top if amsgrad else v)
            use = v / (1 - beta2**t) if corrected else use
            x = min(wall, max(-wall, x - length(alpha, t) * a / divide(use)))
            points.append(x)
        return np.array(points)

    return play


def fed_back(slopes: Any, alpha: float, beta2: float, amsgrad: bool) -> Any:
    v, points = 0.0, [1.0]
    for t, a in enumerate(slopes, start=1):
        new = beta2 * v + (1 - beta2) * a * a
        v = max(v, new) if amsgrad else new
        points.append(float(np.clip(points[-1] - alpha * a / np.sqrt(t * v), -1, 1)))
    return np.array(points)


def largest_of_all(slopes: Any, alpha: float, beta2: float, amsgrad: bool) -> Any:
    """AMSGrad with a maximum that knows the future."""
    if not amsgrad:
        return online(slopes, alpha, beta2, False)
    top = max(reduce(lambda a, s: [*a, beta2 * a[-1] + (1 - beta2) * s * s], slopes, [0.0]))
    points = [1.0]
    for t, a in enumerate(slopes, start=1):
        points.append(float(np.clip(points[-1] - alpha * a / np.sqrt(t * top), -1, 1)))
    return np.array(points)


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"folding": sgd, "while": sgd_by_while, "recursion": sgd_recursive},
        mistakes={
            "uphill": Mistake(lambda g, x, e: sgd(g, x, -e), "uphill"),
            "whole path": Mistake(sgd_whole_path, "whole_path"),
            "mean of the chains": Mistake(lambda *a: sgd(*a).mean(), "one_chain"),
            "first step": Mistake(
                lambda g, x, e: sgd(g, x, np.full(len(e), e[0])), "first_step_only"
            ),
            "at the start": Mistake(lambda g, x, e: sgd(lambda _, k: g(x, k), x, e), "start_only"),
            "from one": Mistake(sgd_from_one, "starts_at_one"),
            "two calls": Mistake(sgd_twice, "once_per_step"),
            "chain by chain": Mistake(sgd_chain_by_chain, "once_per_step"),
            "same noise": Mistake(lambda g, x, e: sgd(lambda z, _: g(z, 0), x, e), "once_per_step"),
            "averaged": Mistake(sgd_averaged, "wrong"),
            "steps backwards": Mistake(lambda g, x, e: sgd(g, x, e[::-1]), "wrong"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={
            "velocity": (heavy_ball, tuned),
            "pairs": (heavy_ball_by_pairs, tuned_from_rate),
        },
        mistakes={
            "no inertia": Mistake(
                (lambda g, x, a, b, n: heavy_ball(g, x, a, 0.0, n), tuned), "no_inertia"
            ),
            "averaged": Mistake(
                (lambda g, x, a, b, n: heavy_ball(g, x, a * (1 - b), b, n), tuned), "averaged"
            ),
            "backwards": Mistake(
                (lambda g, x, a, b, n: heavy_ball(g, x, a, -b, n), tuned), "against"
            ),
            "Nesterov": Mistake((nesterov, tuned), "nesterov"),
            "Nesterov of the books": Mistake((nesterov_of_the_books, tuned), "nesterov"),
            "from zero": Mistake((from_zero, tuned), "before_start"),
            "old gradient": Mistake((old_gradient, tuned), "wrong"),
            "condition number for its root": Mistake(
                (heavy_ball, lambda m, L: (tuned(m, L)[0], ((L - m) / (L + m)) ** 2)), "wrong"
            ),
            "Nesterov's tuning": Mistake(
                (heavy_ball, lambda m, L: (1 / L, tuned(m, L)[1] ** 0.5)), "wrong"
            ),
            "start twice": Mistake((start_twice, tuned), "start_twice"),
            "no start": Mistake((lambda *a: heavy_ball(*a)[1:], tuned), "start_missing"),
            "last only": Mistake((lambda *a: heavy_ball(*a)[-1], tuned), "last_only"),
            "root": Mistake(
                (heavy_ball, lambda m, L: (tuned(m, L)[0], tuned(m, L)[1] ** 0.5)),
                "root_not_squared",
            ),
            "squared twice": Mistake(
                (heavy_ball, lambda m, L: (tuned(m, L)[0], tuned(m, L)[1] ** 2)), "squared_twice"
            ),
            "swapped": Mistake((heavy_ball, lambda m, L: tuned(m, L)[::-1]), "swapped"),
            "step of descent": Mistake(
                (heavy_ball, lambda m, L: (2 / (m + L), tuned(m, L)[1])), "step_of_descent"
            ),
        },
        needs=("torch",),
    ),
    "ex3": Cases(
        cell="ex3",
        others={"corrections in the step": adam_by_torch_formula},
        mistakes={
            "no correction": Mistake(adam(correct=False), "no_correction"),
            "stored": Mistake(adam(store=True), "stored_corrected"),
            "weights exchanged": Mistake(adam(swap=True), "swapped_weights"),
            "not squared": Mistake(adam(square=False), "not_squared"),
            "ε inside": Mistake(adam(divide=lambda m, v, e: m / (v + e) ** 0.5), "eps_inside"),
            "ε on the parameter": Mistake(
                adam(divide=lambda m, v, e: m / v**0.5, shift=1.0), "eps_on_parameter"
            ),
            "no root": Mistake(adam(divide=lambda m, v, e: m / (v + e)), "no_root"),
            "uphill": Mistake(adam(sign=1), "uphill"),
            "old averages": Mistake(adam(old=True), "old_averages"),
            "one hat, on m": Mistake(adam_corrected_by(full, none), "one_hat"),
            "one hat, on v": Mistake(adam_corrected_by(none, full), "one_hat"),
            "no power": Mistake(adam_corrected_by(no_power, no_power), "no_power"),
            "ε early": Mistake(adam_corrected_by(full, full, early=True), "eps_early"),
            "ε forgotten": Mistake(adam(divide=lambda m, v, e: m / v**0.5), "wrong"),
            "NumPy's root": Mistake(adam(divide=numpy_root), "not_pure"),
            "a test on t": Mistake(adam_with_if, "not_pure"),
        },
        needs=("jax", "torch"),
    ),
    "ex4": Cases(
        cell="ex4",
        others={"averages first": online},
        mistakes={
            "variants exchanged": Mistake(
                lambda s, a, b, ams: online(s, a, b, not ams), "other_variant"
            ),
            "never AMSGrad": Mistake(lambda s, a, b, ams: online(s, a, b, False), "other_variant"),
            "constant step": Mistake(online_with(length=lambda a, t: a), "constant_step"),
            "step 1/t": Mistake(online_with(length=lambda a, t: a / t), "fast_step"),
            "corrected": Mistake(online_with(corrected=True), "corrected"),
            "no root": Mistake(online_with(divide=lambda v: v), "no_root"),
            "late": Mistake(online_with(late=True), "late_average"),
            "maximum fed back": Mistake(fed_back, "fed_back"),
            "maximum of all rounds": Mistake(largest_of_all, "wrong"),
            "projected at the end": Mistake(
                lambda *a: np.clip(online_with(wall=np.inf)(*a), -1, 1), "copy_projected"
            ),
            "no walls": Mistake(online_with(wall=np.inf), "not_projected"),
            "from 0": Mistake(online_with(start=0.0), "start"),
            "without the start": Mistake(lambda *a: online(*a)[1:], "too_short"),
            "last only": Mistake(lambda *a: online(*a)[-1], "last_only"),
        },
    ),
}
