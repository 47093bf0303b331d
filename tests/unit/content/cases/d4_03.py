"""Right and wrong answers to the exercises of d4-03."""

from itertools import pairwise
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def squares(metric: Any, path: Any, where: float = 0.5) -> Any:
    moves = np.diff(path, axis=0)
    metrics = np.array([metric(u) for u in path[:-1] + where * moves])
    return np.einsum("ni,nij,nj->n", moves, metrics, moves)


def length(metric: Any, path: Any) -> Any:
    """All steps at once."""
    return np.sqrt(squares(metric, path)).sum()


def length_by_cholesky(metric: Any, path: Any) -> Any:
    """The norm of each step seen by a square root of the metric."""
    return sum(
        np.linalg.norm(np.linalg.cholesky(metric((p + q) / 2)).T @ (q - p))
        for p, q in pairwise(path)
    )


def length_in_place(metric: Any, path: Any) -> Any:
    path -= path[0]
    return length(metric, path)


def curvature(J: Any, H: Any, *, unit: bool = True, power: float = 1) -> Any:
    """The quotient of determinants, with a switch for each mistake."""
    n = np.cross(J.T[0], J.T[1])
    if unit:
        n = n / np.sqrt(n @ n)
    L, M, N = n @ H[:, 0, 0], n @ H[:, 0, 1], n @ H[:, 1, 1]
    return (L * N - M * M) / np.linalg.det(J.T @ J) ** power


def curvature_of_weingarten(J: Any, H: Any) -> Any:
    """The determinant of the shape operator; the normal from a QR decomposition."""
    n = np.linalg.qr(J, mode="complete")[0][:, 2]
    return np.linalg.det(np.linalg.solve(J.T @ J, np.tensordot(n, H, 1)))


def mixed_entry(J: Any, H: Any) -> Any:
    """L N − M instead of L N − M²."""
    n = np.cross(J[:, 0], J[:, 1]) / np.linalg.norm(np.cross(J[:, 0], J[:, 1]))
    L, M, N = n @ H[:, 0, 0], n @ H[:, 0, 1], n @ H[:, 1, 1]
    return (L * N - 2 * M) / np.linalg.det(J.T @ J)


def mean_curvature(J: Any, H: Any) -> Any:
    n = np.linalg.qr(J, mode="complete")[0][:, 2]
    return np.trace(np.linalg.solve(J.T @ J, np.tensordot(n, H, 1))) / 2


def ratios(D: Any, E: Any) -> Any:
    off = ~np.eye(len(D), dtype=bool)
    return E[off] / D[off]


def distortion_by_loops(D: Any, E: Any) -> Any:
    stretch = shrink = 0.0
    for i in range(len(D)):
        for j in range(i):
            stretch = max(stretch, E[i, j] / D[i, j])
            shrink = max(shrink, D[i, j] / E[i, j])
    return stretch * shrink


def distortion_by_logarithms(D: Any, E: Any) -> Any:
    return np.exp(np.ptp(np.log(ratios(D, E))))


def neighbours(D: Any, k: Any, first: int = 1) -> Any:
    return np.sort(D, axis=1)[:, first : first + k]


def dimension(
    D: Any,
    k: Any,
    *,
    first: int = 1,
    more: int = 0,
    minus: float = 1,
    count: Any = None,
    log: Any = np.log,
) -> Any:
    T = neighbours(D, k + more, first)
    total = np.sum(log(T[:, -1:] / T[:, :-1]))
    m = len(D) * (k + more - 1) if count is None else count(len(D), k)
    return (m - minus) / total


def dimension_by_differences(D: Any, k: Any) -> Any:
    """By partial sorting, one point after another, from differences of logarithms."""
    total = 0.0
    for i, row in enumerate(D):
        near = np.log(np.partition(np.delete(row, i), k - 1)[:k])
        total += k * near.max() - near.sum()
    return (len(D) * (k - 1) - 1) / total


def first_and_last(D: Any, k: Any, every: bool = True) -> Any:
    T = neighbours(D, k)
    return (len(D) * (k - 1 if every else 1) - 1) / np.sum(np.log(T[:, -1] / T[:, 0]))


def mean_of_estimates(D: Any, k: Any) -> Any:
    T = neighbours(D, k)
    return np.mean((k - 1) / np.log(T[:, -1:] / T[:, :-1]).sum(axis=1))


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"all at once": length, "Cholesky": length_by_cholesky},
        mistakes={
            "no metric": Mistake(
                lambda _, path: np.linalg.norm(np.diff(path, axis=0), axis=1).sum(), "no_metric"
            ),
            "no root": Mistake(lambda *a: squares(*a).sum(), "no_root"),
            "root of the sum": Mistake(lambda *a: np.sqrt(squares(*a).sum()), "root_of_sum"),
            "start of the step": Mistake(lambda *a: np.sqrt(squares(*a, where=0)).sum(), "left"),
            "end of the step": Mistake(lambda *a: np.sqrt(squares(*a, where=1)).sum(), "right"),
            "ends only": Mistake(lambda metric, path: length(metric, path[[0, -1]]), "one_step"),
            "mean": Mistake(lambda *a: np.sqrt(squares(*a)).mean(), "mean_of_steps"),
            "changes the path": Mistake(length_in_place, "modified_input"),
            "all steps": Mistake(lambda *a: np.sqrt(squares(*a)), "not_a_number"),
            "NaN": Mistake(lambda *a: np.sqrt(-length(*a) + 0j).real * np.nan, "not_finite"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"L N − M²": curvature, "shape operator": curvature_of_weingarten},
        mistakes={
            "no division": Mistake(lambda *a: curvature(*a, power=0), "determinant_of_metric"),
            "normal not unit": Mistake(
                lambda *a: curvature(*a, unit=False), "determinant_of_metric"
            ),
            "both": Mistake(lambda *a: curvature(*a, unit=False, power=0), "normal_not_unit"),
            "square root": Mistake(lambda *a: curvature(*a, power=0.5), "area_once"),
            "mean curvature": Mistake(mean_curvature, "mean_curvature"),
            "trace": Mistake(lambda *a: 2 * mean_curvature(*a), "mean_curvature"),
            "absolute": Mistake(lambda *a: abs(curvature(*a)), "absolute"),
            "sign": Mistake(lambda *a: -curvature(*a), "opposite"),
            "mixed entry twice": Mistake(mixed_entry, "wrong"),
            "axes": Mistake(lambda J, H: curvature(J.T, H), "raised"),
            "a matrix": Mistake(lambda J, H: H[0], "not_a_number"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"loops": distortion_by_loops, "logarithms": distortion_by_logarithms},
        mistakes={
            "diagonal": Mistake(lambda D, E: (E / D).max() / (E / D).min(), "diagonal"),
            "expansion": Mistake(lambda *a: ratios(*a).max(), "expansion_only"),
            "contraction": Mistake(lambda *a: 1 / ratios(*a).min(), "contraction_only"),
            "the larger": Mistake(
                lambda *a: max(ratios(*a).max(), 1 / ratios(*a).min()), "contraction_only"
            ),
            "difference": Mistake(lambda D, E: np.abs(E - D).max(), "difference"),
            "spread": Mistake(lambda *a: np.ptp(ratios(*a)), "spread"),
            "means": Mistake(lambda *a: ratios(*a).mean() * (1 / ratios(*a)).mean(), "means"),
            "diameters": Mistake(lambda D, E: E.max() / D.max(), "diameters"),
            "inverse": Mistake(lambda *a: ratios(*a).min() / ratios(*a).max(), "inverse"),
            "successive points": Mistake(
                lambda D, E: (lambda r: r.max() / r.min())(np.diag(E, 1) / np.diag(D, 1)), "wrong"
            ),
            "from the first point": Mistake(
                lambda D, E: (lambda r: r.max() / r.min())(E[0, 1:] / D[0, 1:]), "wrong"
            ),
            "squares": Mistake(lambda *a: distortion_by_loops(*a) ** 2, "squares"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        others={"sorted": dimension, "partial sorting": dimension_by_differences},
        mistakes={
            "oneself": Mistake(lambda *a: dimension(*a, first=0), "oneself"),
            "m": Mistake(lambda *a: dimension(*a, minus=0), "not_corrected"),
            "N k": Mistake(lambda *a: dimension(*a, count=lambda N, k: N * k), "k_per_point"),
            "N": Mistake(lambda *a: dimension(*a, count=lambda N, k: N), "one_per_point"),
            "upside down": Mistake(lambda *a: -dimension(*a), "negative"),
            "first and last": Mistake(first_and_last, "nearest_only"),
            "first and last, N": Mistake(
                lambda *a: first_and_last(*a, every=False), "nearest_only"
            ),
            "squares": Mistake(lambda D, k: dimension(D**2, k), "squared"),
            "inverse": Mistake(lambda *a: 1 / dimension(*a), "inverse"),
            "a mean of estimates": Mistake(mean_of_estimates, "per_point"),
            "k + 1": Mistake(lambda *a: dimension(*a, more=1), "one_neighbour_more"),
            "first one left out": Mistake(lambda *a: dimension(*a, first=2), "shifted"),
            "decimal": Mistake(lambda *a: dimension(*a, log=np.log10), "decimal"),
            "one for each point": Mistake(lambda D, k: neighbours(D, k)[:, 0], "not_a_number"),
        },
    ),
}
