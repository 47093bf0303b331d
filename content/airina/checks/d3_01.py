"""Checks of d3-01: they know definitions, precision blocks and finite differences."""

from collections.abc import Iterator

import numpy as np

from airina.checker import Answer, Array, Checker
from airina.derivatives import numerical_jvp


def ex1(c: Checker, conditional_moments: Answer) -> None:
    """m(X) is orthogonal to Y - m(X) on every event {X = x}; the two parts add up to the variance."""
    for joint in _tables(c):
        rows, columns = joint.shape
        values = c.rng.normal(size=columns) + 2
        m, within, between = c.parts(c.call(conditional_moments, joint, values), 3)
        m = c.array(m, (rows,), hints={"other_variable": (columns,)})
        within, between = c.number(within), c.number(between)
        p_x, p_y = joint.sum(axis=1), joint.sum(axis=0)
        left = (joint * (values - m[:, None])).sum(axis=1)
        hints = {"joint_used": bool(np.allclose(m, joint @ values))}
        c.close("orthogonal", left, np.zeros(rows), 1e-12, hints)
        inside = np.sum(joint * (values - m[:, None]) ** 2, axis=1)
        hints = {
            "unweighted": np.mean(inside / p_x),
            "swapped": bool(abs(between - inside.sum()) < 1e-8),
        }
        c.close("within", within, inside.sum(), 1e-10, hints)
        total = p_y @ (values - p_y @ values) ** 2
        c.close("total", within + between, total, 1e-10, {"unweighted": within + np.var(m)})


def _tables(c: Checker) -> Iterator[Array]:
    """Any table, one with zeros, independent variables, and a variable that X determines."""
    yield c.rng.dirichlet(np.ones(20)).reshape(4, 5)
    yield np.array([[0.3, 0.0, 0.1], [0.0, 0.2, 0.0], [0.05, 0.05, 0.0], [0.1, 0.1, 0.1]])
    yield np.outer(c.rng.dirichlet(np.ones(3)), c.rng.dirichlet(np.ones(4)))
    yield np.diag(c.rng.dirichlet(np.ones(3)))[:, [0, 1, 2, 0]] * [0.5, 1, 1, 0.5]


class _Loader:
    """Batches of unequal sizes that all live in one buffer, as those of many data loaders do."""

    def __init__(self, data: Array, sizes: list[int]) -> None:
        self.parts = np.split(data, np.cumsum(sizes)[:-1])
        self.passes = 0

    def __deepcopy__(self, _: object) -> "_Loader":
        return self  # the check counts how often the learner reads it

    def __iter__(self) -> Iterator[Array]:
        self.passes += 1
        buffer = np.empty(max(map(len, self.parts)))
        for part in self.parts:
            buffer[: len(part)] = part
            yield buffer[: len(part)]


def ex2(c: Checker, running_mean: Answer) -> None:
    """The mean and s/√n of all the values, read once; also when the mean dwarfs the spread."""
    for centre, tolerance in [(3.0, 1e-10), (1e8, 1e-6)]:
        data = np.repeat([0.0, 4.0, -1.0, 2.0], [5, 1, 40, 14]) + c.rng.normal(size=60) + centre
        loader = _Loader(data, [5, 1, 40, 14])
        mean, error = map(c.number, c.parts(c.call(running_mean, loader), 2))
        c.equal("passes", loader.passes, 1, {"two_passes": loader.passes > 1})
        kept = np.concatenate(list(_Loader(data, [5, 1, 40, 14])))
        n, s = len(data), data.std(ddof=1)
        inside = sum(len(part) * part.var() for part in loader.parts)
        far = centre > 1e6
        hints = {
            "batch_means": np.mean([part.mean() for part in loader.parts]),
            "kept_batches": kept.mean(),
            "cancellation": far,
        }
        c.close("mean", mean, data.mean(), tolerance, hints)
        hints = {
            "divided_by_n": data.std() / np.sqrt(n),
            "not_divided": s,
            "variance": s**2 / n,
            "no_between": np.sqrt(inside / (n - 1) / n),
            "cancellation": far,
        }
        c.close("standard_error", error, s / np.sqrt(n), tolerance, hints)


def ex3(c: Checker, condition: Answer) -> None:
    """The precision matrix says it another way: Λ_aa C = I and Λ_aa (m − μ_a) + Λ_ab (b − μ_b) = 0."""
    for n, k in [(5, 2), (4, 1), (4, 3)]:
        factor = c.rng.normal(size=(n, n))
        cov, mean, value = factor @ factor.T + np.eye(n), *c.rng.normal(size=(2, n))
        value = value[k:]
        m, C = c.parts(c.call(condition, mean, cov, k, value), 2)
        m = c.array(m, (k,), hints={"wrong_block": (n - k,)})
        C = c.array(C, (k, k))
        precision = np.linalg.inv(cov)
        true = np.linalg.inv(precision[:k, :k])
        shift = -true @ precision[:k, k:]
        hints = {
            "marginal": cov[:k, :k],
            "added": 2 * cov[:k, :k] - true,
            "precision": precision[:k, :k],
        }
        c.close("covariance", C, true, 1e-10, hints)
        hints = {
            "not_centred": mean[:k] + shift @ value,
            "mean_forgotten": shift @ (value - mean[k:]),
            "sign": mean[:k] - shift @ (value - mean[k:]),
        }
        c.close("mean", m, mean[:k] + shift @ (value - mean[k:]), 1e-10, hints)


def ex4(c: Checker, log_density: Answer) -> None:
    """Against the Jacobian of x ↦ tanh(Ax + b) by central differences, which knows no formula."""
    for n, d in [(6, 2), (4, 3)]:
        A, b = c.rng.normal(size=(d, d)) / 2, c.rng.normal(size=d) / 4
        A[0] *= 1.0 if d == 2 else -1.0
        x = c.rng.normal(size=(n, d))
        y = np.tanh(x @ A.T + b)
        found = c.array(c.call(log_density, y, A, b), (n,), hints={"one_per_point": (n, d)})
        gaussian = -0.5 * np.sum(x**2, axis=1) - d / 2 * np.log(2 * np.pi)
        stretch = np.array([_log_stretch(A, b, point) for point in x])
        linear = np.linalg.slogdet(A)[1]
        twisted = x @ A.T @ np.linalg.inv(A)
        hints = {
            "no_determinant": gaussian,
            "sign": gaussian + stretch,
            "no_tanh": gaussian - linear,
            "no_matrix": gaussian - stretch + linear,
            "no_constant": gaussian - stretch + d / 2 * np.log(2 * np.pi),
            "transposed": gaussian
            - stretch
            + (np.sum(x**2, axis=1) - np.sum(twisted**2, axis=1)) / 2,
        }
        hints = {hint: bool(np.allclose(found, wrong, atol=1e-6)) for hint, wrong in hints.items()}
        c.close("finite_difference", found, gaussian - stretch, 1e-7, hints)


def _log_stretch(A: Array, b: Array, x: Array) -> float:
    columns = [numerical_jvp(lambda point: np.tanh(A @ point + b), x, v) for v in np.eye(len(x))]
    return float(np.linalg.slogdet(np.stack(columns, axis=1))[1])
