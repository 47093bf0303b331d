"""Right and wrong answers to the exercises of d1-01."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake

Step = Callable[[Any, Any, Any, float], Any]


def coords_by_qr(B: Any, x: Any) -> Any:
    Q, R = np.linalg.qr(B)
    return np.linalg.solve(R, Q.T @ x)


def coords_by_svd(B: Any, x: Any) -> Any:
    U, s, Vt = np.linalg.svd(B)
    return Vt.T @ (U.T @ x / s)


def change_one_column_at_a_time(A: Any, P: Any, Q: Any) -> Any:
    columns = [coords_by_qr(Q, A @ P[:, j]) for j in range(P.shape[1])]
    return np.stack(columns, axis=1)


def kernel_by_eigenvectors(W: Any) -> Any:
    """Of WᵀW: its kernel is that of W."""
    values, vectors = np.linalg.eigh(W.T @ W)
    return vectors[:, values < 1e-12 * values[-1]]


def kernel_by_projection(W: Any) -> Any:
    """The eigenvectors for 1 of the projector I − W⁺W."""
    projector = np.eye(W.shape[1]) - np.linalg.pinv(W) @ W
    values, vectors = np.linalg.eigh(projector)
    return vectors[:, values > 0.5]


def right_vectors(W: Any, full: bool = True) -> tuple[Any, int]:
    _, s, Vt = np.linalg.svd(W, full_matrices=full)
    return Vt, int(np.sum(s > 1e-12 * s[0]))


def reduced(W: Any) -> Any:
    Vt, rank = right_vectors(W, full=False)
    return Vt[rank:].T


def rank_by_shape(W: Any) -> Any:
    Vt, _ = right_vectors(W)
    return Vt[min(W.shape) :].T


def first_vectors(W: Any) -> Any:
    Vt, rank = right_vectors(W)
    return Vt[:rank].T


def as_rows(W: Any) -> Any:
    Vt, rank = right_vectors(W)
    return Vt[rank:]


def columns_of_vt(W: Any) -> Any:
    Vt, rank = right_vectors(W)
    return Vt[:, rank:]


def absolute(W: Any, threshold: float) -> Any:
    _, s, Vt = np.linalg.svd(W)
    return Vt[np.sum(s > threshold) :].T


def kernel_by_qr(W: Any) -> Any:
    """What the QR decomposition of an orthonormal basis of the rows leaves over."""
    Vt, rank = right_vectors(W)
    return np.linalg.qr(Vt[:rank].T, mode="complete")[0][:, rank:]


def not_orthonormal(W: Any) -> Any:
    return 2 * kernel_by_projection(W)


def iterates(step: Step, gradient: Any, P: Any, y0: Any, eta: float, steps: int) -> Any:
    rows = [y0]
    for _ in range(steps):
        rows.append(step(gradient, P, rows[-1], eta))
    return np.array(rows)


def following(step: Step) -> Any:
    return lambda gradient, P, y0, eta, steps: iterates(step, gradient, P, y0, eta, steps)


def right_step(gradient: Any, P: Any, y: Any, eta: float) -> Any:
    return y - eta * P.T @ gradient(P @ y)


def descend_in_x(gradient: Any, P: Any, y0: Any, eta: float, steps: int) -> Any:
    """Preconditioned descent in x, brought back to y at the end."""
    x, rows = P @ y0, []
    for _ in range(steps + 1):
        rows.append(np.linalg.solve(P, x))
        x = x - eta * P @ P.T @ gradient(x)
    return np.stack(rows)


RIGHT = following(right_step)


def one_array(gradient: Any, P: Any, y0: Any, eta: float, steps: int) -> Any:
    """Changes one array and appends it each time."""
    y, rows = y0.copy(), []
    rows.append(y)
    for _ in range(steps):
        y -= eta * P.T @ gradient(P @ y)
        rows.append(y)
    return np.array(rows)


def first_gradient(gradient: Any, P: Any, y0: Any, eta: float, steps: int) -> Any:
    slope = P.T @ gradient(P @ y0)
    return np.stack([y0 - k * eta * slope for k in range(steps + 1)])


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={
            "QR": coords_by_qr,
            "least squares": lambda B, x: np.linalg.lstsq(B, x, rcond=None)[0],
            "SVD": coords_by_svd,
        },
        mistakes={
            "product": Mistake(lambda B, x: B @ x, "direction"),
            "transposed product": Mistake(lambda B, x: B.T @ x, "projections"),
            "rows": Mistake(lambda B, x: np.linalg.solve(B.T, x), "rows"),
            "inverse": Mistake(lambda B, x: np.linalg.inv(B) @ x, "inverse_formed"),
            "column": Mistake(lambda B, x: np.linalg.solve(B, x[:, None]), "shape"),
            "normal equations": Mistake(
                lambda B, x: np.linalg.solve(B.T @ B, B.T @ x), "inverse_formed"
            ),
            "pseudo-inverse": Mistake(lambda B, x: np.linalg.pinv(B) @ x, "inverse_formed"),
            "scaled projections": Mistake(
                lambda B, x: B.T @ x / np.linalg.norm(B, axis=0) ** 2, "wrong"
            ),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"by columns": change_one_column_at_a_time},
        mistakes={
            "wrong way": Mistake(lambda A, P, Q: Q @ A @ np.linalg.inv(P), "inverted"),
            "P for Q": Mistake(
                lambda A, P, Q: np.linalg.solve(P, A @ Q) if len(A) == len(P) else A,
                "bases_swapped",
            ),
            "Qᵀ": Mistake(lambda A, P, Q: Q.T @ A @ P, "transposed"),
            "without P": Mistake(lambda A, P, Q: np.linalg.solve(Q, A), "one_side"),
            "inverse": Mistake(lambda A, P, Q: np.linalg.inv(Q) @ A @ P, "inverse_formed"),
            "without Q": Mistake(lambda A, P, Q: A @ P, "wrong"),
            "Pᵀ": Mistake(lambda A, P, Q: np.linalg.solve(Q, A @ P.T), "wrong"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={
            "eigenvectors of WᵀW": kernel_by_eigenvectors,
            "projector": kernel_by_projection,
            "QR": kernel_by_qr,
        },
        mistakes={
            "rows": Mistake(as_rows, "rows_given"),
            "reduced SVD": Mistake(reduced, "reduced_svd"),
            "kernel of Wᵀ": Mistake(lambda W: kernel_by_projection(W.T), "wrong_space"),
            "rank by shape": Mistake(rank_by_shape, "rank_by_shape"),
            "image": Mistake(first_vectors, "image_of_transpose"),
            "not orthonormal": Mistake(not_orthonormal, "wrong"),
            "columns of Vᵀ": Mistake(columns_of_vt, "columns_of_vt"),
            "threshold 1e-12": Mistake(lambda W: absolute(W, 1e-12), "absolute_threshold"),
            "threshold 1e-6": Mistake(lambda W: absolute(W, 1e-6), "absolute_threshold"),
            "last of U": Mistake(
                lambda W: np.linalg.svd(W)[0][:, np.linalg.matrix_rank(W) :], "wrong_space"
            ),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        others={"in x": descend_in_x},
        mistakes={
            "without Pᵀ": Mistake(
                following(lambda g, P, y, eta: y - eta * g(P @ y)), "transpose_missing"
            ),
            "P⁻¹ for Pᵀ": Mistake(
                following(lambda g, P, y, eta: y - eta * np.linalg.solve(P, g(P @ y))),
                "inverse_for_transpose",
            ),
            "at y": Mistake(following(lambda g, P, y, eta: y - eta * P.T @ g(y)), "gradient_at_y"),
            "P for Pᵀ": Mistake(
                following(lambda g, P, y, eta: y - eta * P @ g(P @ y)), "not_transposed"
            ),
            "one array": Mistake(one_array, "same_row"),
            "first gradient for ever": Mistake(first_gradient, "wrong"),
            "ascent": Mistake(following(lambda g, P, y, eta: right_step(g, P, y, -eta)), "ascent"),
            "without y0": Mistake(lambda *given: RIGHT(*given)[1:], "start_missing"),
            "columns": Mistake(lambda *given: RIGHT(*given).T, "columns"),
            "last": Mistake(lambda *given: RIGHT(*given)[-1], "last_only"),
            "in x": Mistake(lambda g, P, *rest: RIGHT(g, P, *rest) @ P.T, "start_in_x"),
        },
    ),
}
