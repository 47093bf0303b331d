"""Right and wrong answers to the exercises of d1-02."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def gradient_of(
    A: Any, x: Any, factor: float = 1.0, both: bool = True, quotient: bool = True
) -> Any:
    top = A @ x + (A.T @ x if both else A @ x)
    shift = 2 * (x @ A @ x) / (x @ x) * x if quotient else 0 * x
    return factor * (top - shift) / (x @ x)


def gradient_by_projection(A: Any, x: Any) -> Any:
    """The symmetric part, applied to the unit vector and projected on its orthogonal complement."""
    length = np.linalg.norm(x)
    unit = x / length
    sent = (A + A.T) @ unit
    return (sent - np.outer(unit, unit) @ sent) / length


def function_of(way: Callable[[Any, Any], Any], solver: Any = np.linalg.eigh) -> Any:
    def answer(A: Any, f: Any) -> Any:
        values, vectors = solver(A)
        return way(vectors, np.diag(f(values)))

    return answer


def function_by_svd(A: Any, f: Any) -> Any:
    """The singular vectors of A + cI, which is positive definite, are eigenvectors of A."""
    shift = 1 + np.linalg.norm(A)
    U, sigma, _ = np.linalg.svd(A + shift * np.eye(len(A)))
    return sum(f(s - shift) * np.outer(u, u) for s, u in zip(sigma, U.T, strict=True))


def function_by_interpolation(A: Any, f: Any) -> Any:
    """Lagrange's polynomial through the distinct eigenvalues."""
    values = np.linalg.eigvalsh(A)
    values = values[np.diff(values, prepend=-np.inf) > 1e-8]
    answer = np.zeros_like(A)
    for value, image in zip(values, f(values), strict=True):
        term = image * np.eye(len(A))
        for other in values[values != value]:
            term = term @ (A - other * np.eye(len(A))) / (value - other)
        answer += term
    return answer


def function_of_diagonal(A: Any, f: Any) -> Any:
    values, Q = np.linalg.eigh(A)
    return Q @ f(np.diag(values)) @ Q.T


def pairs_by_eigh(A: Any, starts: Any, steps: int) -> Any:
    values, Q = np.linalg.eigh(A)
    order = np.argsort(-np.abs(values))[: starts.shape[1]]
    return values[order], Q[:, order]


def pairs(
    A: Any,
    starts: Any,
    steps: int,
    *,
    normalise: bool = True,
    scale: Callable[[float], float] = lambda value: value,
    value_of: Callable[[Any, Any], Any] = lambda q, M: q @ M @ q,
) -> Any:
    rest, values, vectors = A, [], []
    with np.errstate(all="ignore"):
        for q in starts.T:
            for _ in range(steps):
                q = rest @ q
                if normalise:
                    q /= np.linalg.norm(q)
            q = q / np.linalg.norm(q)
            values.append(value_of(q, rest))
            vectors.append(q)
            rest = rest - scale(q @ rest @ q) * np.outer(q, q)
    return np.array(values), np.array(vectors).T


def pairs_at_once(A: Any, starts: Any, steps: int) -> Any:
    """Orthogonal iteration: all the vectors together, made orthonormal at each step."""
    Q = starts
    for _ in range(steps):
        Q, _ = np.linalg.qr(A @ Q)
    return np.diag(Q.T @ A @ Q).copy(), Q


def pairs_by_projection(A: Any, starts: Any, steps: int) -> Any:
    """Keeps each vector orthogonal to those found, and leaves A alone."""
    found = np.zeros((len(A), 0))
    for q in starts.T:
        for _ in range(steps):
            q = A @ q
            q = q - found @ (found.T @ q)
            q = q / np.linalg.norm(q)
        found = np.column_stack([found, q])
    return np.array([q @ A @ q for q in found.T]), found


def components_by_search(W: Any) -> int:
    """Depth-first search."""
    seen: set[int] = set()
    count = 0
    for first in range(len(W)):
        count += first not in seen
        waiting = [first]
        while waiting:
            vertex = waiting.pop()
            if vertex not in seen:
                seen.add(vertex)
                waiting.extend(np.flatnonzero(W[vertex]).tolist())
    return count


def spectrum_of(W: Any, sign: float = -1.0) -> Any:
    return np.linalg.eigvalsh(np.diag(W.sum(axis=1)) + sign * W)


def zeros(values: Any, threshold: float = 1e-10) -> int:
    return int(np.sum(np.abs(values) <= threshold * np.abs(values).max()))


def oblique(A: Any) -> Any:
    """Unit eigenvectors, not orthogonal within the eigenspaces."""
    values, Q = np.linalg.eigh(A)
    Q[:, 1] = (Q[:, 0] + Q[:, 1]) / np.sqrt(2)
    return values, Q


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"projection": gradient_by_projection},
        mistakes={
            "half": Mistake(lambda A, x: gradient_of(A, x, factor=0.5), "half"),
            "descent": Mistake(lambda A, x: gradient_of(A, x, factor=-1), "sign"),
            "sphere": Mistake(lambda A, x: gradient_of(A, x, factor=x @ x), "not_divided"),
            "numerator": Mistake(lambda A, x: gradient_of(A, x, quotient=False), "not_projected"),
            "symmetric": Mistake(lambda A, x: gradient_of(A, x, both=False), "symmetric_only"),
            "transposed": Mistake(lambda A, x: gradient_of(A.T, x, both=False), "symmetric_only"),
            "unit vector": Mistake(
                lambda A, x: gradient_of(A, x / np.linalg.norm(x)), "not_divided"
            ),
            "in place": Mistake(lambda A, x: x.__imul__(2.0), "modified_input"),
            "wrong type": Mistake(lambda A, x: [0.0] * len(x), "not_an_array"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={
            "singular vectors": function_by_svd,
            "interpolation": function_by_interpolation,
            "inverse": function_of(lambda Q, D: np.linalg.solve(Q.T, (Q @ D).T).T),
        },
        mistakes={
            "entries": Mistake(lambda A, f: f(A), "entrywise"),
            "rows": Mistake(function_of(lambda Q, D: Q.T @ D @ Q), "transposed"),
            "no transpose": Mistake(function_of(lambda Q, D: Q @ D @ Q), "transpose_missing"),
            "oblique": Mistake(
                lambda A, f: function_of(
                    lambda Q, D: Q @ D @ Q.T,
                    np.linalg.eigh if np.ptp(np.linalg.eigvalsh(A)) > 3 else oblique,
                )(A, f),
                "oblique_basis",
            ),
            "eigenvalues only": Mistake(lambda A, f: f(np.linalg.eigvalsh(A)), "shape"),
            "f of the diagonal matrix": Mistake(function_of_diagonal, "zeros_mapped"),
            "SVD": Mistake(
                lambda A, f: (lambda U, s, V: (U * f(s)) @ V)(*np.linalg.svd(A)), "singular_values"
            ),
            "absolute values": Mistake(
                lambda A, f: function_of(lambda Q, D: Q @ D @ Q.T)(A, lambda t: f(np.abs(t))),
                "singular_values",
            ),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"orthogonal iteration": pairs_at_once, "projection": pairs_by_projection},
        mistakes={
            "never normalised": Mistake(lambda *given: pairs(*given, normalise=False), "overflow"),
            "no deflation": Mistake(
                lambda *given: pairs(*given, scale=lambda value: 0.0), "not_deflated"
            ),
            "without λ": Mistake(
                lambda *given: pairs(*given, scale=lambda value: 1.0), "deflated_by_one"
            ),
            "length": Mistake(
                lambda *given: pairs(*given, value_of=lambda q, M: np.linalg.norm(M @ q)),
                "sign_lost",
            ),
            "rows": Mistake(
                lambda *given: (lambda w, V: (w, np.ascontiguousarray(V.T)))(*pairs(*given)),
                "rows_given",
            ),
            "increasing": Mistake(
                lambda *given: (lambda w, V: (w[::-1], V[:, ::-1]))(*pairs(*given)), "increasing"
            ),
            "eigenvalues only": Mistake(lambda *given: pairs(*given)[0], "parts"),
            "eigh": Mistake(pairs_by_eigh, "steps_ignored"),
            "always a thousand": Mistake(
                lambda A, starts, steps: pairs(A, starts, 1000), "steps_ignored"
            ),
            "one step more": Mistake(
                lambda A, starts, steps: pairs(A, starts, steps + 1), "steps_ignored"
            ),
            "quotient of entries": Mistake(
                lambda *given: pairs(*given, value_of=lambda q, M: np.mean(M @ q / q)),
                "not_rayleigh",
            ),
            "diagonal": Mistake(
                lambda *given: (lambda w, V: (np.diag(w), V))(*pairs(*given)), "values_in_a_matrix"
            ),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        others={
            "search": components_by_search,
            "rank": lambda W: int(len(W) - np.linalg.matrix_rank(np.diag(W.sum(0)) - W)),
        },
        mistakes={
            "adjacency": Mistake(lambda W: zeros(np.linalg.eigvalsh(W)), "adjacency"),
            "signless": Mistake(lambda W: zeros(spectrum_of(W, 1.0)), "signless"),
            "non-zero": Mistake(lambda W: len(W) - zeros(spectrum_of(W)), "complement"),
            "high threshold": Mistake(lambda W: zeros(spectrum_of(W), 1e-3), "weak_edge"),
            "exactly zero": Mistake(lambda W: int(np.sum(spectrum_of(W) == 0)), "exact_zero"),
            "one less": Mistake(lambda W: zeros(spectrum_of(W)) - 1, "one_missing"),
            "absolute": Mistake(
                lambda W: int(np.sum(spectrum_of(W) <= 1e-10)), "absolute_threshold"
            ),
            "isclose": Mistake(
                lambda W: int(np.isclose(spectrum_of(W), 0).sum()), "absolute_threshold"
            ),
            "float": Mistake(lambda W: float(zeros(spectrum_of(W))), "not_an_integer"),
        },
    ),
}
