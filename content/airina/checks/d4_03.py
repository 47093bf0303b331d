"""Checks of d4-03: the plane in crooked coordinates, graphs of functions, rings of points."""

from collections.abc import Callable

import numpy as np

from airina.checker import Answer, Array, Checker


def ex1(c: Checker, path_length: Answer) -> None:
    """Straight lines of the plane in polar coordinates, linear images, and a path walked backwards."""
    t = np.linspace(0, 1, 801)
    for end in (c.rng.normal(size=2) + 3, np.array([-1.0, 2.5])):
        line = np.array([2.0, 0.5]) + t[:, None] * (end - [2.0, 0.5])
        polar = np.stack([np.hypot(*line.T), np.arctan2(line[:, 1], line[:, 0])], axis=1)
        exact = float(np.linalg.norm(line[-1] - line[0]))
        found = c.number(c.call(path_length, _polar, polar))
        c.close("straight", found, exact, 1e-5, _mistakes(_polar, polar))
    A = c.rng.normal(size=(5, 3))
    path = np.cumsum(c.rng.normal(size=(7, 3)), axis=0)
    exact = float(np.sum(np.linalg.norm(np.diff(path @ A.T, axis=0), axis=1)))

    def flat(u: Array) -> Array:
        return A.T @ A

    hints = _mistakes(flat, path)
    for way in (path, path[::-1].copy()):
        c.close("linear", c.number(c.call(path_length, flat, way)), exact, 1e-10, hints)
    ring = np.stack([1 + 0 * t, 2 * np.pi * t], axis=1)
    found = c.number(c.call(path_length, _polar, ring))
    c.close("circle", found, 2 * np.pi, 1e-10, _mistakes(_polar, ring))


def _polar(u: Array) -> Array:
    return np.diag([1.0, u[0] ** 2])


def _mistakes(metric: Callable[[Array], Array], path: Array) -> dict[str, float]:
    moves = np.diff(path, axis=0)
    at_start = [v @ metric(u) @ v for u, v in zip(path, moves, strict=False)]
    at_middle = [v @ metric(u + v / 2) @ v for u, v in zip(path, moves, strict=False)]
    at_end = [v @ metric(u + v) @ v for u, v in zip(path, moves, strict=False)]
    whole = path[-1] - path[0]
    return {
        "no_metric": float(np.sum(np.linalg.norm(moves, axis=1))),
        "no_root": float(np.sum(at_middle)),
        "root_of_sum": float(np.sqrt(np.sum(at_middle))),
        "left": float(np.sum(np.sqrt(at_start))),
        "right": float(np.sum(np.sqrt(at_end))),
        "one_step": float(np.sqrt(whole @ metric(path[0] + whole / 2) @ whole)),
        "mean_of_steps": float(np.mean(np.sqrt(at_middle))),
    }


def ex2(c: Checker, gaussian_curvature: Answer) -> None:
    """Graphs of functions, moved in space and seen through another chart; the scale; a cylinder."""
    for f in [(2.0, 0.0, 3.0), (1.0, 0.4, -2.0), tuple(c.rng.normal(size=3)), (1.0, 0.0, 0.0)]:
        slope = c.rng.normal(size=2)
        J = np.vstack([np.eye(2), slope])
        H = np.zeros((3, 2, 2))
        H[2] = [[f[0], f[1]], [f[1], f[2]]]
        det_G = 1 + slope @ slope
        exact = (f[0] * f[2] - f[1] ** 2) / det_G**2
        found = c.number(c.call(gaussian_curvature, J, H))
        c.close("graph", found, exact, 1e-10, _wrong(J, H, exact, found))
        turned, M = np.linalg.qr(c.rng.normal(size=(3, 3)))[0], c.rng.normal(size=(2, 2))
        J, H = turned @ J, np.einsum("ab,bij->aij", turned, H)
        bent = c.rng.normal(size=(2, 2, 2))  # second derivatives of the change of chart
        bent = bent + bent.transpose(0, 2, 1)
        H = np.einsum("aij,ik,jl->akl", H, M, M) + np.einsum("ak,kij->aij", J, bent)
        J = J @ M
        found = c.number(c.call(gaussian_curvature, J, H))
        c.close("other_chart", found, exact, 1e-8, _wrong(J, H, exact, found))
        found = c.number(c.call(gaussian_curvature, 10 * J, 10 * H))
        c.close("scaled", found, exact / 100, 1e-8, _wrong(10 * J, 10 * H, exact / 100, found))


def _wrong(J: Array, H: Array, exact: float, found: float) -> dict[str, float | bool]:
    """What the usual slips give."""
    G = J.T @ J
    first = np.linalg.det(G)
    II = np.tensordot(np.linalg.svd(J)[0][:, 2], H, axes=1)
    mean = abs(np.trace(np.linalg.solve(G, II))) / 2
    return {
        "determinant_of_metric": exact * first,
        "area_once": exact * np.sqrt(first),
        "normal_not_unit": exact * first**2,
        "mean_curvature": min(abs(abs(found) - mean), abs(abs(found) - 2 * mean)) < 1e-8,
        "absolute": abs(exact),
        "opposite": -exact,
    }


def ex3(c: Checker, distortion: Answer) -> None:
    """A ratio of two extremes known beforehand; symmetric in D and E, blind to the unit of length."""
    for n in (6, 30, 2):
        D = _symmetric(c.rng.uniform(1, 2, size=(n, n)))
        factor = _symmetric(c.rng.uniform(0.4, 0.7, size=(n, n)))
        pairs = np.argwhere(np.triu(np.ones((n, n)), 1))
        low, high = pairs[min(1, len(pairs) - 1)], pairs[-min(2, len(pairs))]
        factor[tuple(low)] = factor[tuple(low[::-1])] = 0.3
        exact = 1.0 if n == 2 else 0.9 / 0.3
        if n > 2:
            factor[tuple(high)] = factor[tuple(high[::-1])] = 0.9
        E = D * factor
        off = ~np.eye(n, dtype=bool)
        hints = {
            "expansion_only": np.max(factor[off]),
            "contraction_only": 1 / np.min(factor[off]),
            "difference": np.max(np.abs(E - D)),
            "spread": np.max(factor[off]) - np.min(factor[off]),
            "means": np.mean(factor[off]) * np.mean(1 / factor[off]),
            "diameters": np.max(E) / np.max(D),
            "inverse": 1 / exact if n > 2 else False,
            "squares": exact**2 if n > 2 else False,
        }
        for one, other in ((D, E), (E, D), (D, 50 * E)):
            with np.errstate(divide="ignore", invalid="ignore"):
                answer = c.call(distortion, one, other)
            c.require(not _is_nan(answer), "diagonal")
            c.close("distortion", c.number(answer), exact, 1e-12, hints)


def _symmetric(A: Array) -> Array:
    upper = np.triu(A, 1)
    return np.asarray(upper + upper.T, dtype=np.float64)


def _is_nan(value: object) -> bool:
    return isinstance(value, float | np.floating) and not np.isfinite(value)


def ex4(c: Checker, dimension: Answer) -> None:
    """Rings of points, where each has the same neighbours; then points at random, one after another."""
    for N, k in [(40, 2), (11, 4), (8, 3), (9, 5)]:
        steps = np.cumsum(c.rng.uniform(0.5, 1.5, size=N // 2 + 1)) - 0.4
        steps[0] = 0.0
        apart = np.abs(np.subtract.outer(np.arange(N), np.arange(N)))
        D = steps[np.minimum(apart, N - apart)]
        if k == 2:  # two neighbours at one distance say nothing: these points are drawn
            places = c.rng.normal(size=(N, 3))
            D = np.linalg.norm(places[:, None] - places[None], axis=2)
        logs = [_logarithms(row, k) for row in D]
        total, m = float(np.sum(logs)), N * (k - 1)
        hints = {
            "not_corrected": m / total,
            "k_per_point": (N * k - 1) / total,
            "one_per_point": k > 2 and np.array([(N - 1) / total, N / total]),
            "nearest_only": k > 2
            and np.array([m - 1, m, N - 1, N]) / np.sum([row[0] for row in logs]),
            "negative": -(m - 1) / total,
            "squared": (m - 1) / total / 2,
            "inverse": total / (m - 1),
            "per_point": float(np.mean([(k - 1) / np.sum(row) for row in logs])),
            "one_neighbour_more": (N * k - 1) / np.sum([_logarithms(row, k + 1) for row in D]),
            "shifted": (m - 1) / np.sum([_logarithms(row, k + 1)[1:] for row in D]),
            "decimal": (m - 1) / total * np.log(10),
        }
        with np.errstate(divide="ignore", invalid="ignore"):
            answer = c.call(dimension, D, k)
        c.require(not _is_nan(answer) and not _is_zero(answer), "oneself")
        found = c.number(answer)
        told = {hint: _any_near(found, wrong) for hint, wrong in hints.items()}
        c.close("estimate", found, (m - 1) / total, 1e-10, told)
        with np.errstate(divide="ignore", invalid="ignore"):
            c.close("other_unit", c.number(c.call(dimension, 1000 * D, k)), found, 1e-10)


def _logarithms(row: Array, k: int) -> list[float]:
    others = sorted(float(distance) for distance in row if distance > 0)
    return [float(np.log(others[k - 1] / others[j])) for j in range(k - 1)]


def _is_zero(value: object) -> bool:
    return isinstance(value, float | np.floating) and float(value) == 0.0


def _any_near(found: float, wrong: object) -> bool:
    if isinstance(wrong, bool):
        return wrong
    return bool(np.any(np.abs(found - np.asarray(wrong)) <= 1e-8 * (1 + abs(found))))
