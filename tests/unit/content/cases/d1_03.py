"""Right and wrong answers to the exercises of d1-03."""

from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def truncated(A: Any, keep: slice, scale: bool = True) -> Any:
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return U[:, keep] @ np.diag(s[keep] if scale else np.ones(len(s[keep]))) @ Vt[keep]


def best_by_eigh(A: Any, k: int) -> Any:
    """Projects on the leading eigenvectors of AᵀA."""
    _, V = np.linalg.eigh(A.T @ A)
    V = V[:, ::-1][:, :k]
    return A @ V @ V.T


def best_by_deflation(A: Any, k: int) -> Any:
    """Takes away one piece of rank one at a time."""
    rest = A.copy()
    for _ in range(k):
        U, s, Vt = np.linalg.svd(rest)
        rest = rest - s[0] * np.outer(U[:, 0], Vt[0])
    return A - rest


def last_columns(A: Any, k: int) -> Any:
    """The last k eigenvectors of AᵀA; for k = 0, all of them."""
    V = np.linalg.eigh(A.T @ A)[1][:, -k:]
    return A @ V @ V.T


def largest_rows(A: Any, k: int) -> Any:
    """Keeps the k longest rows: of rank k, but not the best."""
    keep = np.argsort(-np.linalg.norm(A, axis=1))[:k]
    return np.where(np.isin(np.arange(len(A)), keep)[:, None], A, 0.0)


def v_not_transposed(A: Any, k: int) -> Any:
    U, s, Vt = np.linalg.svd(A)
    U, Vt = U[:, : min(A.shape)], Vt[: min(A.shape)]
    if Vt.shape[0] != Vt.shape[1]:
        return truncated(A, slice(k))
    return (U[:, :k] * s[:k]) @ Vt[:, :k].T


def pca_by_eigh(X: Any) -> Any:
    """The eigenvectors of the covariance, as many as an SVD gives, with other signs."""
    values, vectors = np.linalg.eigh(np.cov(X.T))
    n = min(X.shape)
    return -vectors[:, ::-1][:, :n].T, values[::-1][:n].clip(0)


def pca_of(X: Any, centre: bool = True, ddof: int = 1, power: int = 2, step: int = 1) -> Any:
    centred = X - X.mean(axis=0) if centre else X
    _, s, Vt = np.linalg.svd(centred, full_matrices=False)
    return Vt[::step], (s**power / (len(X) - ddof))[::step]


def pca_by_transpose(X: Any) -> Any:
    U, s, _ = np.linalg.svd((X - X.mean(axis=0)).T, full_matrices=False)
    return U.T, s**2 / (len(X) - 1)


def pca_by_qr(X: Any) -> Any:
    R = np.linalg.qr(X - X.mean(axis=0))[1]
    _, s, Vt = np.linalg.svd(R, full_matrices=False)
    return Vt, s**2 / (len(X) - 1)


def transposed_axes(X: Any) -> Any:
    axes, variances = pca_of(X)
    return axes.T, variances


def transposed_square_axes(X: Any) -> Any:
    axes, variances = pca_of(X)
    return axes.T if axes.shape[0] == axes.shape[1] else axes, variances


def centres_in_place(X: Any) -> Any:
    X -= X.mean(axis=0)
    return pca_of(X)


def not_squared(X: Any) -> Any:
    axes, variances = pca_of(X)
    return axes, np.sqrt(variances / (len(X) - 1))


def adapter_of(D: Any, r: int, left: float = 0.5, right: float = 0.5) -> Any:
    U, s, Vt = np.linalg.svd(D, full_matrices=False)
    return U[:, :r] * s[:r] ** left, s[:r, None] ** right * Vt[:r]


def rotated_adapter(D: Any, r: int) -> Any:
    """Balanced factors are unique up to a rotation."""
    B, A = adapter_of(D, r)
    Q, _ = np.linalg.qr(np.arange(1.0, r * r + 1).reshape(r, r) + np.eye(r))
    return B @ Q, Q.T @ A


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"eigenvectors": best_by_eigh, "deflation": best_by_deflation},
        mistakes={
            "one term too many": Mistake(lambda A, k: truncated(A, slice(k + 1)), "off_by_one"),
            "one term too few": Mistake(
                lambda A, k: truncated(A, slice(max(k - 1, 0))), "off_by_one"
            ),
            "smallest": Mistake(
                lambda A, k: truncated(A, slice(min(A.shape) - k, None)), "smallest_kept"
            ),
            "without σ": Mistake(lambda A, k: truncated(A, slice(k), False), "values_missing"),
            "V for Vᵀ": Mistake(
                lambda A, k: (
                    (lambda U, s, Vt: (U[:, :k] * s[:k]) @ Vt[:, :k].T)(
                        *np.linalg.svd(A, full_matrices=False)
                    )
                    if A.shape[0] >= A.shape[1]
                    else truncated(A, slice(k))
                ),
                "v_not_transposed",
            ),
            "full matrix": Mistake(lambda A, k: A, "wrong"),
            "last columns": Mistake(last_columns, "nothing_kept"),
            "σ squared": Mistake(
                lambda A, k: truncated(A, slice(k)) @ A.T @ truncated(A, slice(k)), "wrong"
            ),
            "largest entries": Mistake(largest_rows, "wrong"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"SVD of the transpose": pca_by_transpose, "QR first": pca_by_qr},
        mistakes={
            "eigenvectors of the covariance": Mistake(pca_by_eigh, "covariance_formed"),
            "standardised": Mistake(lambda X: pca_of(X / X.std(axis=0, ddof=1)), "standardised"),
            "mean of the rows": Mistake(
                lambda X: pca_of(X - X.mean(1, keepdims=True), centre=False), "rows_centred"
            ),
            "one mean": Mistake(lambda X: pca_of(X - X.mean(), centre=False), "one_mean"),
            "not centred": Mistake(lambda X: pca_of(X, centre=False), "not_centred"),
            "divided by N": Mistake(lambda X: pca_of(X, ddof=0), "divided_by_n"),
            "not squared": Mistake(not_squared, "not_squared"),
            "increasing": Mistake(lambda X: pca_of(X, step=-1), "increasing"),
            "transposed": Mistake(transposed_axes, "axes_transposed"),
            "square transposed": Mistake(transposed_square_axes, "axes_transposed"),
            "in place": Mistake(centres_in_place, "modified_input"),
            "one result": Mistake(lambda X: pca_of(X)[0], "parts"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={
            "pseudo-inverse": lambda A: A @ np.linalg.pinv(A),
            "left singular vectors": lambda A: (lambda U: U @ U.T)(
                np.linalg.svd(A, full_matrices=False)[0]
            ),
        },
        mistakes={
            "QᵀQ": Mistake(lambda A: (lambda Q: Q.T @ Q)(np.linalg.qr(A)[0]), "wrong_side"),
            "AAᵀ": Mistake(lambda A: A @ A.T, "gram"),
            "complement": Mistake(lambda A: np.eye(12) - A @ np.linalg.pinv(A), "complement"),
            "normal equations": Mistake(
                lambda A: A @ np.linalg.solve(A.T @ A, A.T), "squared_condition"
            ),
            "identity": Mistake(lambda A: np.eye(len(A)), "everything"),
            "complete Q": Mistake(
                lambda A: (lambda Q: Q @ Q.T)(np.linalg.qr(A, mode="complete")[0]), "everything"
            ),
            "inverse of AᵀA": Mistake(
                lambda A: A @ np.linalg.inv(A.T @ A) @ A.T, "squared_condition"
            ),
            "rows": Mistake(lambda A: np.linalg.pinv(A) @ A, "wrong_side"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        others={"rotated": rotated_adapter},
        mistakes={
            "σ in both": Mistake(lambda D, r: adapter_of(D, r, 1, 1), "values_twice"),
            "no σ": Mistake(lambda D, r: adapter_of(D, r, 0, 0), "values_missing"),
            "σ on the left": Mistake(lambda D, r: adapter_of(D, r, 1, 0), "unbalanced"),
            "σ on the right": Mistake(lambda D, r: adapter_of(D, r, 0, 1), "unbalanced"),
            "swapped": Mistake(lambda D, r: adapter_of(D, r)[::-1], "swapped"),
            "quarter and three quarters": Mistake(
                lambda D, r: adapter_of(D, r, 0.25, 0.75), "wrong"
            ),
            "one piece too many": Mistake(lambda D, r: adapter_of(D, r + 1), "shape"),
            "product": Mistake(lambda D, r: np.matmul(*adapter_of(D, r)), "parts"),
        },
    ),
}
