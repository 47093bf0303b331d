"""Checks of d1-03, SVD: they know singular values from the library, never a truncated matrix."""

import numpy as np

from airina.checker import Answer, Array, Checker


def ex1(c: Checker, best_rank_k: Answer) -> None:
    """Both errors of Eckart-Young-Mirsky, the rank, and 200 rivals of the same rank."""
    for shape, k in [((8, 6), 2), ((5, 9), 3), ((7, 7), 0), ((6, 4), 4)]:
        A = c.rng.normal(size=shape)
        B = c.array(c.call(best_rank_k, A, k), shape)
        s = _singular_values(A)
        tail = np.append(s[k:], 0.0)
        spectral, frobenius = np.linalg.norm(A - B, 2), np.linalg.norm(A - B)
        hints = {
            "off_by_one": abs(spectral - np.append(s, [0, 0])[k + 1]) < 1e-8
            or (k > 0 and abs(spectral - s[k - 1]) < 1e-8),
            "smallest_kept": abs(frobenius - np.linalg.norm(s[: len(s) - k])) < 1e-8,
            "values_missing": k > 0 and bool(np.allclose(_singular_values(B)[:k], 1)),
            "nothing_kept": k == 0,
            "v_not_transposed": _looks_untransposed(A, B, k),
        }
        c.close("spectral", spectral, tail[0], 1e-10, hints)
        c.close("frobenius", frobenius, np.linalg.norm(tail), 1e-10, hints)
        c.at_most("rank", np.append(_singular_values(B), 0.0)[k], 1e-10)
        if 0 < k < min(shape):
            rivals = [np.linalg.norm(A - _rival(c, A, B, k)) for _ in range(100)]
            c.at_least("rivals", min(rivals) / frobenius, 1.0)


def _singular_values(A: Array) -> Array:
    return np.asarray(np.linalg.svd(A, compute_uv=False), dtype=np.float64)


def _looks_untransposed(A: Array, B: Array, k: int) -> bool:
    """Columns of Vᵀ taken for rows: possible only where the shapes still agree."""
    left, s, right = np.linalg.svd(A, full_matrices=False)
    wrong = left[:, :k] @ np.diag(s[:k]) @ right[:, :k].T
    return wrong.shape == B.shape and bool(np.allclose(B, wrong))


def _rival(c: Checker, A: Array, B: Array, k: int) -> Array:
    """The best that can be done within a column space of dimension k close to that of B."""
    near = B @ c.rng.normal(size=(B.shape[1], k)) + 0.1 * c.rng.normal(size=(B.shape[0], k))
    basis, _ = np.linalg.qr(near)
    rival: Array = basis @ (basis.T @ A)
    return rival


def ex2(c: Checker, pca: Answer) -> None:
    """Axes orthonormal, variances those of the data along them and those of the covariance."""
    for shape in [(50, 5), (5, 8)]:
        scales = np.linspace(3, 1, shape[1])
        X = c.rng.normal(size=shape) * scales + c.rng.uniform(2, 4, size=shape[1])
        n, d = min(shape), shape[1]
        axes, variances = c.parts(c.call(pca, X), 2)
        axes = c.array(axes, (n, d), hints={"axes_transposed": (d, n)})
        variances = c.array(variances, (n,))
        covariance = np.cov(X.T)
        true, vectors = (part[..., ::-1] for part in np.linalg.eigh(covariance))
        true = true[:n]
        c.close("orthonormal", axes @ axes.T, np.eye(n), 1e-10)
        along = {name: (X @ rows.T).var(axis=0, ddof=1) for name, rows in _readings(axes)}
        hints = {
            "not_centred": _singular_values(X) ** 2 / (len(X) - 1),
            "divided_by_n": true * (len(X) - 1) / len(X),
            "not_squared": np.sqrt(true.clip(0) / (len(X) - 1)),
            "increasing": true[::-1],
            "standardised": np.linalg.eigvalsh(np.corrcoef(X.T))[::-1][:n],
            "rows_centred": _singular_values(X - X.mean(1, keepdims=True)) ** 2 / (len(X) - 1),
            "one_mean": _singular_values(X - X.mean()) ** 2 / (len(X) - 1),
        }
        c.close("variances", variances, true, 1e-8, hints)
        transposed = "columns" in along and np.allclose(along["columns"], true)
        c.close("along", along["rows"], variances, 1e-8, {"axes_transposed": transposed})
        k = n // 2
        c.close("subspaces", axes[:k].T @ axes[:k], vectors[:, :k] @ vectors[:, :k].T, 1e-8)
    _small_variance(c, pca)


def _small_variance(c: Checker, pca: Answer) -> None:
    """A standard deviation of 1e-8 beside 1: there in the data, lost in their covariance."""
    centred = c.rng.normal(size=(30, 4))
    left = np.linalg.qr(centred - centred.mean(axis=0))[0]
    right = np.linalg.qr(c.rng.normal(size=(4, 4)))[0]
    deviations = np.array([1.0, 0.5, 0.1, 1e-8])
    X = np.sqrt(29) * (left * deviations) @ right.T + c.rng.normal(size=4)
    found = c.array(c.parts(c.call(pca, X), 2)[1], (4,))
    measured = np.sqrt(np.abs(found)) / deviations
    c.close("smallest", measured, np.ones(4), 1e-4, {"covariance_formed": True})


def _readings(axes: Array) -> list[tuple[str, Array]]:
    """The axes as rows; for a square array they could have been given as columns."""
    square = axes.shape[0] == axes.shape[1]
    return [("rows", axes), ("columns", axes.T)] if square else [("rows", axes)]


def ex3(c: Checker, projector: Answer) -> None:
    """Idempotent, symmetric, fixes the columns, of the right rank; also when badly conditioned."""
    for condition, tolerance in [(1.0, 1e-12), (10.0, 1e-12), (1e7, 1e-7)]:
        A = _with_condition(c, 12, 4, condition)
        P = c.array(c.call(projector, A), (12, 12), hints={"wrong_side": (4, 4)})
        badly = condition > 1e3
        hints = {
            "complement": bool(np.abs(P @ A).max() < 1e-6),
            "gram": bool(np.allclose(P, A @ A.T)),
            "squared_condition": badly,
        }
        c.close("fixes", P @ A, A, tolerance, hints)
        c.close("idempotent", P @ P, P, tolerance, hints)
        c.close("symmetric", P.T, P, tolerance, hints)
        c.close("trace", np.trace(P), 4.0, 1e-6, {"everything": bool(np.allclose(P, np.eye(12)))})


def _with_condition(c: Checker, m: int, n: int, condition: float) -> Array:
    """A random m × n matrix whose singular values go from 2 down to 2/condition."""
    left = np.linalg.qr(c.rng.normal(size=(m, n)))[0]
    right = np.linalg.qr(c.rng.normal(size=(n, n)))[0]
    A: Array = left @ np.diag(2 * np.geomspace(1, 1 / condition, n)) @ right.T
    return A


def ex4(c: Checker, adapter: Answer) -> None:
    """The product is a best approximation, and the factors are balanced."""
    for m, n, r in [(9, 7, 3), (6, 10, 1)]:
        D = c.rng.normal(size=(m, n))
        B, A = c.parts(c.call(adapter, D, r), 2)
        B = c.array(B, (m, r), hints={"swapped": (r, n)})
        A = c.array(A, (r, n))
        s = _singular_values(D)
        product = _singular_values(B @ A)[:r]
        hints = {
            "values_twice": bool(np.allclose(product, s[:r] ** 2)),
            "values_missing": bool(np.allclose(product, 1)),
        }
        best = np.linalg.norm(s[r:])
        c.close("frobenius", np.linalg.norm(D - B @ A), best, 1e-10, hints)
        one_sided = np.allclose(B.T @ B, np.eye(r)) or np.allclose(A @ A.T, np.eye(r))
        c.close("balance", B.T @ B, A @ A.T, 1e-10, {"unbalanced": bool(one_sided)})
