"""Checks of d4-02: they know chosen spectra, Bellman's equations, differences and symmetric cases."""

from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker
from airina.derivatives import numerical_gradient


def ex1(c: Checker, classical_mds: Answer) -> None:
    """Dissimilarities whose matrix B has chosen eigenvalues; one of them negative in the second case."""
    for n, chosen, k in [(9, [9.0, 4.0, 1.0], 3), (8, [6.0, 2.5, 1.0, -1.7, -4.0], 2)]:
        wanted = np.array(chosen)
        centred = c.rng.normal(size=(n, len(wanted)))
        U = np.linalg.qr(centred - centred.mean(axis=0))[0]
        squared = np.sum(wanted * (U[:, None] - U[None]) ** 2, axis=2)
        answer = c.parts(c.call(classical_mds, squared, k), 2)
        points = c.array(answer[0], (n, k), {"transposed": (k, n)})
        wrong_shapes = {"kept_only": (k,), "matrix_of_values": (n, n)}
        found = c.array(answer[1], (n,), wrong_shapes)
        spectrum = np.sort(np.append(wanted, np.zeros(n - len(wanted))))[::-1]
        hints = {
            "not_halved": 2 * spectrum,
            "sign": np.sort(-spectrum)[::-1],
            "increasing": spectrum[::-1],
            "signs_lost": np.sort(np.abs(spectrum))[::-1],
            "clipped": spectrum.clip(0),
            "not_centred": np.linalg.eigvalsh(-squared / 2)[::-1],
            "squared_again": _centred_spectrum(squared**2),
            "root_taken": _centred_spectrum(np.sqrt(np.abs(squared))),
        }
        c.close("eigenvalues", found, spectrum, 1e-9, hints)
        gram = (U[:, :k] * wanted[:k]) @ U[:, :k].T
        first = np.argsort(-np.abs(wanted))[:k]
        told = {
            "by_modulus": (U[:, first] * np.abs(wanted[first])) @ U[:, first].T,
            "root_missing": (U[:, :k] * wanted[:k] ** 2) @ U[:, :k].T,
            "not_scaled": U[:, :k] @ U[:, :k].T,
            "other_axes": bool(np.linalg.norm(U[:, :k].T @ points) < 1e-6),
        }
        c.close("points", points @ points.T, gram, 1e-9, told)


def _centred_spectrum(M: Array) -> Array:
    rows = M - M.mean(axis=0)
    return np.asarray(np.linalg.eigvalsh((rows.mean(axis=1)[:, None] - rows) / 2)[::-1])


def ex2(c: Checker, graph_distances: Answer) -> None:
    """Bellman's equations, whose only solution is the shortest paths; two groups far apart."""
    cloud = c.rng.normal(size=(24, 3))
    groups = np.concatenate([c.rng.normal(size=(6, 2)), c.rng.normal(size=(7, 2)) + 100])
    for X, k in [(cloud, 3), (groups, 2)]:
        n = len(X)
        lengths = np.linalg.norm(X[:, None] - X[None], axis=2)
        found = c.array(_without_inf(c.call(graph_distances, X, k)), (n, n))
        c.require(bool(np.all((found >= 0) | (found == -7.0))), "negative")
        found = np.where(found == -7.0, np.inf, found)
        hints = {
            "directed": _bellman(found, _chosen(lengths, k)) < 1e-9
            or _bellman(found, _chosen(lengths, k).T) < 1e-9,
            "mutual": _bellman(found, _joined(_chosen(lengths, k), np.maximum)) < 1e-9,
            "self_counted": _bellman(found, _joined(_chosen(lengths, k - 1), np.minimum)) < 1e-9,
            "hops": _bellman(found, _joined(_chosen(lengths**0, k, lengths), np.minimum)) < 1e-9,
            "squared_lengths": _bellman(found, _joined(_chosen(lengths**2, k), np.minimum)) < 1e-9,
            "averaged": _bellman(found, _both(_chosen(lengths, k), 0.5)) < 1e-9,
            "doubled": _bellman(found, _both(_chosen(lengths, k), 1.0)) < 1e-9,
            "no_graph": bool(np.allclose(found, lengths)),
            "edges_only": bool(
                np.allclose(np.where(np.isfinite(found), found, 0), _edges(lengths, k))
            ),
            "infinity": bool(np.all(np.isfinite(found))) and X is groups,
        }
        graph = _joined(_chosen(lengths, k), np.minimum)
        c.at_most("bellman", _bellman(found, graph), 1e-10, hints)
        c.close("diagonal", np.diag(found), np.zeros(n), 1e-12)


def _without_inf(value: Any) -> Any:
    """The same with −7 for +∞, which is a right answer here, and −1 for −7."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        value = np.where(value < 0, -1.0, value)  # no negative value stands for +∞
        return np.where(value == np.inf, -7.0, value)
    return value


def _chosen(lengths: Array, k: int, order: Array | None = None) -> Array:
    """The edges that each point chooses."""
    order = (lengths if order is None else order) + np.diag(np.full(len(lengths), np.inf))
    limit = np.sort(order, axis=1)[:, [k - 1]] if k else np.zeros((len(lengths), 1))
    return np.asarray(np.where(order <= limit, lengths, np.inf))


def _joined(graph: Array, by: Any) -> Array:
    return np.asarray(by(graph, graph.T))


def _both(graph: Array, factor: float) -> Array:
    """A + Aᵀ times a factor, where an edge that is missing counts for 0."""
    A = np.where(np.isfinite(graph), graph, 0.0)
    total = factor * (A + A.T)
    return np.asarray(np.where(total > 0, total, np.inf))


def _edges(lengths: Array, k: int) -> Array:
    graph = _joined(_chosen(lengths, k), np.minimum)
    return np.asarray(np.where(np.isfinite(graph), graph, 0.0))


def _bellman(found: Array, graph: Array) -> float:
    """How far d(i, j) is from min over l of w(i, l) + d(l, j), for i ≠ j."""
    best = np.min(graph[:, :, None] + found[None], axis=1)
    off = ~np.eye(len(found), dtype=bool)
    one, other = found[off], best[off]
    if np.any(np.isinf(one) != np.isinf(other)):
        return float("inf")
    here = np.isfinite(one)
    return float(np.max(np.abs(one[here] - other[here]), initial=0.0))


def ex3(c: Checker, calibrate: Answer) -> None:
    """ln p is affine in the squared distances, and the perplexity is the one wanted, at every scale."""
    plain = c.rng.gamma(4.0, size=40)
    for number, (squared, wanted) in enumerate(
        [
            (plain, 5.0),
            (plain[:25], 18.0),
            (plain + 5e4, 8.0),
            (plain * 1e-8, 5.0),
            (plain * 1e8, 12.0),
        ]
    ):
        p = c.array(c.call(calibrate, squared, wanted), squared.shape)
        c.require(bool(np.all(p >= 0)), "negative")
        c.close("total", p.sum(), 1.0, 1e-9, {"not_normalised": True})
        c.require(bool(p[np.argmin(squared)] >= (1 - 1e-9) * p.max()), "backwards")
        logarithm = np.log(np.maximum(p, 1e-300))
        perplexity = float(np.exp(-p @ logarithm))
        ratio = perplexity / wanted
        hints = {
            "bits": abs(np.log(perplexity) - np.log2(wanted)) < 1e-3
            or abs(np.log(perplexity) - np.log(wanted) * np.log(2)) < 1e-3,
            "bounds": number > 1 and not 0.9 < ratio < 1.1,
            "wrong_way": perplexity > 0.97 * len(p) or perplexity < 1.1,
            "imprecise": 0.95 < ratio < 1.05,
        }
        c.at_most("perplexity", abs(ratio - 1), 3e-6, hints)
        c.require(bool(np.all(p > 0)), "truncated")  # none of the right ones underflows
        gaps = squared - squared.min()
        hints = {"distances": _bend(logarithm, np.sqrt(squared)) < 1e-6}
        c.at_most("affine", _bend(logarithm, gaps / gaps.max()), 1e-6, hints)


def _bend(logarithm: Array, x: Array) -> float:
    """How far ln p is from an affine function of x, where p can be told from 0."""
    seen = logarithm > -300
    if seen.sum() < 3:
        return float("inf")
    fit = np.polyfit(x[seen] - x[seen].min(), logarithm[seen], 1)
    gaps = np.polyval(fit, x[seen] - x[seen].min()) - logarithm[seen]
    return float(np.max(np.abs(gaps)) / (1 + np.ptp(logarithm[seen])))


def ex4(c: Checker, tsne_cost: Answer) -> None:
    """The divergence pair by pair, and the gradient against its differences."""
    for n, dimension in [(7, 2), (6, 3)]:
        P = c.rng.random((n, n)) * (c.rng.random((n, n)) < 0.6)
        P = P + P.T
        np.fill_diagonal(P, 0)
        P, Y = P / P.sum(), c.rng.normal(size=(n, dimension))
        answer = c.parts(c.call(tsne_cost, P, Y), 2)
        cost, gradient = c.number(answer[0]), c.array(answer[1], (n, dimension))
        exact, slope = _divergence(P, Y), _slope(P, Y)
        hints = {
            "bits": exact / np.log(2),
            "half": exact / 2,
            "diagonal_in_z": _divergence(P, Y, more=n),
            "gaussian": _divergence(P, Y, gaussian=True),
            "not_a_law": _divergence(P, Y, normalised=False),
            "cross_entropy": exact - float(np.sum(P[P > 0] * np.log(P[P > 0]))),
            "sign": -exact,
            "reversed": _reversed(P, Y),
        }
        c.close("cost", cost, exact, 1e-9, hints)
        w = 1 / (1 + np.sum((Y[:, None] - Y[None]) ** 2, axis=2))
        np.fill_diagonal(w, 0)
        F = P - w / w.sum()
        hints = {
            "factor": bool(np.allclose(2 * gradient, slope, atol=1e-6))
            or bool(np.allclose(4 * gradient, slope, atol=1e-6)),
            "upwards": bool(np.allclose(-gradient, slope, atol=1e-6)),
            "no_weight": bool(np.allclose(gradient, _spread(4 * F, Y), atol=1e-6)),
            "weight_twice": bool(np.allclose(gradient, _spread(4 * F * w**2, Y), atol=1e-6)),
            "one_term": bool(np.allclose(gradient, -4 * (F * w) @ Y, atol=1e-6)),
            "attraction_only": bool(np.allclose(gradient, _spread(4 * P * w, Y), atol=1e-6)),
        }
        c.close("gradient", gradient, slope, 1e-7, hints)
    Q = w / w.sum()
    answer = c.parts(c.call(tsne_cost, Q, Y), 2)
    c.close("minimum", c.number(answer[0]), 0.0, 1e-12)


def _slope(P: Array, Y: Array) -> Array:
    return numerical_gradient(lambda Z: _divergence(P, Z), Y)


def _divergence(
    P: Array, Y: Array, *, more: float = 0, gaussian: bool = False, normalised: bool = True
) -> float:
    n = len(P)
    s = [[float(np.sum((Y[i] - Y[j]) ** 2)) for j in range(n)] for i in range(n)]
    w = [[np.exp(-a) if gaussian else 1 / (1 + a) for a in row] for row in s]
    Z = sum(w[i][j] for i in range(n) for j in range(n) if i != j) + more if normalised else 1.0
    pairs = [(i, j) for i in range(n) for j in range(n) if P[i, j] > 0]
    return float(sum(P[i, j] * (np.log(P[i, j]) - np.log(w[i][j] / Z)) for i, j in pairs))


def _reversed(P: Array, Y: Array) -> float:
    """KL(Q ‖ P) over the pairs where P is not 0."""
    w = 1 / (1 + np.sum((Y[:, None] - Y[None]) ** 2, axis=2)) * ~np.eye(len(P), dtype=bool)
    Q, seen = w / w.sum(), P > 0
    return float(np.sum(Q[seen] * np.log(Q[seen] / P[seen])))


def _spread(F: Array, Y: Array) -> Array:
    return np.asarray(np.einsum("ij,ijk->ik", F, Y[:, None] - Y[None]))


def ex5(c: Checker, fuzzy_weights: Answer) -> None:
    """Outliers that nobody chooses show one row of weights; a ring shows the union in closed form."""
    core = c.rng.normal(size=(12, 3))
    X = np.concatenate([core, 60 * np.eye(3), -60 * np.eye(3)])
    k = 5
    distances = np.linalg.norm(X[:, None] - X[None], axis=2)
    V = _weights(c, fuzzy_weights, distances, k)
    for lonely in range(12, 18):
        row, near = V[lonely], np.sort(distances[lonely])[1 : k + 1]
        count = int(np.sum(row > 0))
        hints = {
            "one_less": count == k - 1,
            "intersected": count == 0,
            "everybody": count == len(X) - 1,
        }
        c.equal("neighbours", count, k, hints)
        order = np.argsort(distances[lonely])[1 : k + 1]
        weights = row[order]
        logarithm = np.log(np.maximum(weights, 1e-300))
        total = weights.sum()
        hints = {
            "averaged": bool(abs(total - np.log2(k) / 2) < 1e-3),
            "natural": bool(abs(total - np.log(k)) < 1e-3),
            "perplexity": bool(abs(_perplexity(weights) - k) < 1e-3),
            "nearest_not_1": weights[0] < 1 - 1e-9,
            "imprecise": abs(total - np.log2(k)) < 0.05,
        }
        c.at_most("sum", abs(total - np.log2(k)), 3e-6, hints)
        c.close("nearest", weights[0], 1.0, 1e-12, {"nearest_not_1": True})
        hints = {"squares": _bend(logarithm, near**2) < 1e-6}
        c.at_most("exponential", _bend(logarithm, near / near.max()), 1e-6, hints)
    step = np.abs(np.arange(15)[:, None] - np.arange(15))
    ring = 0.3 + 0.7 * np.minimum(step, 15 - step)
    np.fill_diagonal(ring, 0)
    x = (np.sqrt(1 + 2 * (np.log2(6) - 2)) - 1) / 2  # 2 + 2x + 2x² = log₂ 6
    one_way = np.array([1.0, x, x**2])
    found = _weights(c, fuzzy_weights, ring, 6)[0, 1:4]
    hints = {
        "not_united": one_way,
        "added": 2 * one_way,
        "intersected": one_way**2,
    }
    c.close("union", found, 2 * one_way - one_way**2, 1e-5, hints)


def _weights(c: Checker, fuzzy_weights: Answer, distances: Array, k: int) -> Array:
    n = len(distances)
    V = c.array(c.call(fuzzy_weights, distances, k), (n, n))
    c.require(bool(np.all(np.diag(V) == 0)), "own_neighbour")
    c.require(bool(np.all((V >= 0) & (V <= 2))), "not_weights")
    c.close("symmetry", V, V.T, 1e-12, {"one_direction": True})
    return V


def _perplexity(weights: Array) -> float:
    p = weights / weights.sum()
    return float(np.exp(-np.sum(p * np.log(np.maximum(p, 1e-300)))))
