"""Right and wrong answers to the exercises of d4-02."""

import heapq
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def centred(squared: Any) -> Any:
    """−½JΔJ from the means."""
    rows = squared.mean(axis=1)
    return -(squared - rows[:, None] - rows + squared.mean()) / 2


def mds_by_means(squared: Any, k: Any) -> Any:
    values, vectors = np.linalg.eig(centred(squared))
    order = np.argsort(-values.real)
    values, vectors = values.real[order], vectors.real[:, order]
    return -vectors[:, :k] @ np.diag(values[:k] ** 0.5), values


def mds_rotated(squared: Any, k: Any) -> Any:
    """Another orthonormal basis of the same points."""
    points, values = mds_by_means(squared, k)
    turn = np.linalg.qr(np.arange(1.0, k * k + 1).reshape(k, k) + np.eye(k))[0]
    return points @ turn, list(values) and values


def mds(
    squared: Any,
    k: Any,
    *,
    matrix: Any = centred,
    power: float = 0.5,
    step: int = -1,
    change: Any = None,
) -> Any:
    values, vectors = np.linalg.eigh(matrix(squared))
    values, vectors = values[::-1], vectors[:, ::-1]
    points = vectors[:, :k] * np.abs(values[:k]) ** power
    return points, (values if change is None else change(values))[::-step]


def mds_by_svd(squared: Any, k: Any) -> Any:
    U, s, _ = np.linalg.svd(centred(squared))
    return U[:, :k] * np.sqrt(s[:k]), s


def smallest_axes(squared: Any, k: Any) -> Any:
    values, vectors = np.linalg.eigh(centred(squared))
    return vectors[:, :k] * np.sqrt(np.abs(values[:k])), values[::-1]


def graph(X: Any, k: Any, *, by: Any = np.minimum, own: int = 0, edge: Any = None) -> Any:
    lengths = np.linalg.norm(X[:, None] - X[None], axis=2)
    nearest = np.argsort(lengths, axis=1)[:, 1 : k + 1 - own]
    found = np.full(lengths.shape, np.inf)
    for i, row in enumerate(nearest):
        for j in row:
            found[i, j] = lengths[i, j] if edge is None else edge(lengths[i, j])
    return found if by is None else by(found, found.T)


def floyd(found: Any) -> Any:
    found = found.copy()
    np.fill_diagonal(found, 0)
    for middle in range(len(found)):
        found = np.minimum(found, found[:, [middle]] + found[[middle]])
    return found


def min_plus_squaring(X: Any, k: Any) -> Any:
    paths = graph(X, k)
    np.fill_diagonal(paths, 0)
    for _ in range(6):
        paths = np.array([np.min(paths + row, axis=1) for row in paths])
    return paths


def zero_diagonal(found: Any) -> Any:
    np.fill_diagonal(found, 0)
    return found


def plain(X: Any, k: Any) -> Any:
    return np.linalg.norm(X[:, None] - X[None], axis=2)


def finite(X: Any, k: Any) -> Any:
    found = floyd(graph(X, k))
    return np.where(np.isfinite(found), found, 1e9)


def minus_one(X: Any, k: Any) -> Any:
    found = floyd(graph(X, k))
    return np.where(np.isfinite(found), found, -1.0)


def both(X: Any, k: Any, factor: float) -> Any:
    """From A + Aᵀ with 0 for a missing edge, as with a sparse matrix."""
    A = graph(X, k, by=None)
    A[np.isinf(A)] = 0
    A = factor * (A + A.T)
    return floyd(np.where(A > 0, A, np.inf))


def dijkstra(X: Any, k: Any) -> Any:
    edges = graph(X, k)
    found = np.full(edges.shape, np.inf)
    for start in range(len(X)):
        heap = [(0.0, start)]
        while heap:
            length, i = heapq.heappop(heap)
            if length < found[start, i]:
                found[start, i] = length
                for j in np.flatnonzero(np.isfinite(edges[i])):
                    heapq.heappush(heap, (length + edges[i, j], j))
    return found


def law(
    squared: Any,
    perplexity: Any,
    *,
    target: Any = np.log,
    low: float = -60,
    high: float = 60,
    steps: int = 100,
    shift: bool = True,
    power: float = 1,
    way: int = 1,
    normalise: bool = True,
) -> Any:
    """Bisection on ln β, with a switch for each mistake."""
    a = (squared - squared.min() if shift else squared) ** power
    with np.errstate(all="ignore"):
        for _ in range(steps):
            beta = np.exp((low + high) / 2)
            p = np.exp(-beta * a) / np.sum(np.exp(-beta * a))
            entropy = -np.sum(p * np.log(np.maximum(p, 1e-300)))
            if way * (entropy - target(perplexity)) > 0:
                low = np.log(beta)
            else:
                high = np.log(beta)
        return p if normalise else np.exp(-beta * a)


def uniform_law(squared: Any, perplexity: Any) -> Any:
    """Of the right perplexity, but not of the right form."""
    p = np.zeros(len(squared))
    p[np.argsort(squared)[: int(perplexity)]] = 1 / int(perplexity)
    return p


def truncated_law(squared: Any, perplexity: Any) -> Any:
    """On three times as many neighbours as the perplexity, as in the fast versions of t-SNE."""
    near = np.argsort(squared)[: int(3 * perplexity)]
    p = np.zeros(len(squared))
    p[near] = law(squared[near], perplexity)
    return p


def law_by_newton(squared: Any, perplexity: Any) -> Any:
    """Newton's method in ln β, with halved steps; dH/dβ = −β Var a."""
    a = (squared - squared.min()) / (squared.max() - squared.min())
    log_beta = 0.0
    for _ in range(200):
        p = np.exp(-np.exp(log_beta) * a)
        p /= p.sum()
        entropy = -np.sum(p * np.log(np.maximum(p, 1e-300)))
        slope = -np.exp(2 * log_beta) * (p @ a**2 - (p @ a) ** 2)
        log_beta -= np.clip((entropy - np.log(perplexity)) / (slope - 1e-12), -0.5, 0.5)
    return p


def cost(
    P: Any,
    Y: Any,
    *,
    kernel: Any = None,
    own: float = 0,
    factor: float = 4,
    weight: float = 1,
    unit: float = 1,
    share: float = 1,
    entropy: float = 1,
    normalise: bool = True,
    first: bool = True,
) -> Any:
    difference = Y[:, None] - Y[None]
    squared = np.sum(difference**2, axis=2)
    w = 1 / (1 + squared) if kernel is None else kernel(squared)
    np.fill_diagonal(w, own)
    Q = w / w.sum() if normalise else w.copy()
    seen = P > 0
    value = np.sum(P[seen] * (entropy * np.log(P[seen]) - np.log(Q[seen])))
    F = (P - Q) * w**weight
    np.fill_diagonal(F, 0)
    gradient = np.einsum("ij,ijk->ik", F, difference) if first else -F @ Y
    return share * value / unit, factor * gradient


def reversed_cost(P: Any, Y: Any) -> Any:
    w = 1 / (1 + np.sum((Y[:, None] - Y[None]) ** 2, axis=2))
    np.fill_diagonal(w, 0)
    Q, seen = w / w.sum(), P > 0
    return np.sum(Q[seen] * np.log(Q[seen] / P[seen])), cost(P, Y)[1]


def attraction(P: Any, Y: Any) -> Any:
    difference = Y[:, None] - Y[None]
    w = 1 / (1 + np.sum(difference**2, axis=2))
    return cost(P, Y)[0], 4 * np.einsum("ij,ijk->ik", P * w, difference)


def softened_cost(P: Any, Y: Any) -> Any:
    """With 1e-12 in the logarithms, a usual way to allow zeros."""
    w = 1 / (1 + np.sum((Y[:, None] - Y[None]) ** 2, axis=2))
    np.fill_diagonal(w, 0)
    return np.sum(P * np.log((P + 1e-12) / (w / w.sum() + 1e-12))), cost(P, Y)[1]


def cost_by_loops(P: Any, Y: Any) -> Any:
    n = len(P)
    w = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j:
                w[i, j] = 1 / (1 + (Y[i] - Y[j]) @ (Y[i] - Y[j]))
    Q, total, gradient = w / w.sum(), 0.0, np.zeros_like(Y)
    for i in range(n):
        for j in range(n):
            if P[i, j] > 0:
                total += P[i, j] * np.log(P[i, j] / Q[i, j])
            gradient[i] += 4 * (P[i, j] - Q[i, j]) * w[i, j] * (Y[i] - Y[j])
    return total, gradient


def weights(
    distances: Any,
    k: Any,
    *,
    target: Any = np.log2,
    nearest: bool = True,
    power: float = 1,
    own: int = 0,
    union: Any = lambda a, b: a + b - a * b,
    steps: int = 100,
    measure: Any = np.sum,
) -> Any:
    """Bisection on ln σ, with a switch for each mistake."""
    V = np.zeros(distances.shape)
    for i, row in enumerate(distances):
        near = np.argsort(row)[1 : k + 1 - own]
        a = row[near] ** power
        a = a - a.min() if nearest else a
        low, high = -20.0, 20.0
        for _ in range(steps):
            sigma = np.exp((low + high) / 2)
            v = np.exp(-a / sigma)
            low, high = (low, np.log(sigma)) if measure(v) > target(k) else (np.log(sigma), high)
        V[i, near] = v
    return union(V, V.T)


def entropy_of(v: Any) -> Any:
    p = v / np.maximum(v.sum(), 1e-300)
    return np.exp(-np.sum(p * np.log(np.maximum(p, 1e-300))))


def everybody(distances: Any, k: Any) -> Any:
    return weights(distances, len(distances) - 1, target=lambda _: np.log2(k))


def with_own(distances: Any, k: Any) -> Any:
    V = weights(distances, k)
    np.fill_diagonal(V, 1)
    return V


def weights_with_complements(distances: Any, k: Any) -> Any:
    return weights(distances, k, union=lambda a, b: 1 - (1 - a) * (1 - b))


CASES = {
    "ex1": Cases(
        cell="ex1",
        given=("libraries",),
        needs=("scipy",),
        others={"by means": mds_by_means, "rotated": mds_rotated},
        mistakes={
            "no half": Mistake(lambda *a: mds(*a, matrix=lambda s: 2 * centred(s)), "not_halved"),
            "sign": Mistake(lambda *a: mds(*a, matrix=lambda s: -centred(s)), "sign"),
            "increasing": Mistake(lambda *a: mds(*a, step=1), "increasing"),
            "SVD": Mistake(mds_by_svd, "signs_lost"),
            "clipped": Mistake(lambda *a: mds(*a, change=lambda v: v.clip(0)), "clipped"),
            "not centred": Mistake(lambda *a: mds(*a, matrix=lambda s: -s / 2), "not_centred"),
            "squared again": Mistake(
                lambda *a: mds(*a, matrix=lambda s: centred(s**2)), "squared_again"
            ),
            "roots": Mistake(
                lambda *a: mds(*a, matrix=lambda s: centred(np.sqrt(np.abs(s)))), "root_taken"
            ),
            "λ": Mistake(lambda *a: mds(*a, power=1), "root_missing"),
            "not scaled": Mistake(lambda *a: mds(*a, power=0), "not_scaled"),
            "points by SVD": Mistake(
                lambda s, k: (mds_by_svd(s, k)[0], mds(s, k)[1]), "by_modulus"
            ),
            "smallest": Mistake(smallest_axes, "other_axes"),
            "transposed": Mistake(lambda *a: (mds(*a)[0].T, mds(*a)[1]), "transposed"),
            "k values": Mistake(lambda s, k: (mds(s, k)[0], mds(s, k)[1][:k]), "kept_only"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        given=("libraries",),
        needs=("scipy",),
        others={
            "Floyd": lambda X, k: floyd(graph(X, k)),
            "squaring": min_plus_squaring,
            "Dijkstra": dijkstra,
        },
        mistakes={
            "directed": Mistake(lambda X, k: floyd(graph(X, k, by=None)), "directed"),
            "mutual": Mistake(lambda X, k: floyd(graph(X, k, by=np.maximum)), "mutual"),
            "oneself": Mistake(lambda X, k: floyd(graph(X, k, own=1)), "self_counted"),
            "hops": Mistake(lambda X, k: floyd(graph(X, k, edge=lambda e: 1.0)), "hops"),
            "squares": Mistake(
                lambda X, k: floyd(graph(X, k, edge=lambda e: e**2)), "squared_lengths"
            ),
            "plain": Mistake(plain, "no_graph"),
            "edges": Mistake(lambda X, k: zero_diagonal(graph(X, k)), "edges_only"),
            "large number": Mistake(finite, "infinity"),
            "-1 for infinity": Mistake(minus_one, "negative"),
            "mean of A and its transpose": Mistake(lambda X, k: both(X, k, 0.5), "averaged"),
            "sum of A and its transpose": Mistake(lambda X, k: both(X, k, 1.0), "doubled"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"bisection of ln β": law, "Newton": law_by_newton},
        mistakes={
            "ln K in bits": Mistake(lambda *a: law(*a, target=np.log2), "bits"),
            "bits": Mistake(lambda *a: law(*a, target=lambda k: np.log(k) * np.log(2)), "bits"),
            "bounds": Mistake(lambda *a: law(*a, low=-7, high=7), "bounds"),
            "wrong way": Mistake(lambda *a: law(*a, way=-1), "wrong_way"),
            "few steps": Mistake(lambda *a: law(*a, low=-3, high=3, steps=8), "imprecise"),
            "distances": Mistake(lambda s, k: law(s, k, power=0.5, shift=False), "distances"),
            "sign": Mistake(lambda s, k: law(s.max() - s, k), "backwards"),
            "uniform on K points": Mistake(uniform_law, "truncated"),
            "no shift": Mistake(lambda *a: law(*a, shift=False), "truncated"),
            "3K neighbours": Mistake(truncated_law, "truncated"),
            "not normalised": Mistake(lambda *a: law(*a, normalise=False), "not_normalised"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        given=("libraries",),
        needs=("scipy",),
        others={"einsum": cost, "loops": cost_by_loops, "softened": softened_cost},
        mistakes={
            "bits": Mistake(lambda *a: cost(*a, unit=np.log(2)), "bits"),
            "half": Mistake(lambda *a: cost(*a, share=0.5), "half"),
            "diagonal": Mistake(lambda *a: cost(*a, own=1), "diagonal_in_z"),
            "Gauss": Mistake(lambda *a: cost(*a, kernel=lambda s: np.exp(-s)), "gaussian"),
            "not a law": Mistake(lambda *a: cost(*a, normalise=False), "not_a_law"),
            "cross-entropy": Mistake(lambda *a: cost(*a, entropy=0), "cross_entropy"),
            "sign": Mistake(lambda *a: cost(*a, share=-1), "sign"),
            "factor 2": Mistake(lambda *a: cost(*a, factor=2), "factor"),
            "upwards": Mistake(lambda *a: cost(*a, factor=-4), "upwards"),
            "no w": Mistake(lambda *a: cost(*a, weight=0), "no_weight"),
            "w²": Mistake(lambda *a: cost(*a, weight=2), "weight_twice"),
            "KL(Q, P)": Mistake(reversed_cost, "reversed"),
            "attraction": Mistake(attraction, "attraction_only"),
            "one term": Mistake(lambda *a: cost(*a, first=False), "one_term"),
        },
    ),
    "ex5": Cases(
        cell="ex5",
        others={"bisection of ln σ": weights, "complements": weights_with_complements},
        mistakes={
            "ln k": Mistake(lambda *a: weights(*a, target=np.log), "natural"),
            "no ρ": Mistake(lambda *a: weights(*a, nearest=False), "nearest_not_1"),
            "squares": Mistake(lambda *a: weights(*a, power=2), "squares"),
            "k − 1": Mistake(lambda *a: weights(*a, own=1), "one_less"),
            "few steps": Mistake(lambda *a: weights(*a, steps=11), "imprecise"),
            "perplexity": Mistake(
                lambda *a: weights(*a, measure=entropy_of, target=lambda k: k - 1e-6), "perplexity"
            ),
            "one direction": Mistake(lambda *a: weights(*a, union=lambda a, b: a), "one_direction"),
            "mean": Mistake(lambda *a: weights(*a, union=lambda a, b: (a + b) / 2), "averaged"),
            "larger": Mistake(lambda *a: weights(*a, union=np.maximum), "not_united"),
            "sum": Mistake(lambda *a: weights(*a, union=lambda a, b: a + b), "added"),
            "product": Mistake(lambda *a: weights(*a, union=lambda a, b: a * b), "intersected"),
            "all points": Mistake(everybody, "everybody"),
            "own neighbour": Mistake(with_own, "own_neighbour"),
        },
    ),
}
