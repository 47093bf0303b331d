"""Checks of d1-01, vector spaces and bases: by going back, and by what a change of basis leaves alone."""

import numpy as np

from airina.checker import Answer, Array, Checker


def ex1(c: Checker, coords: Answer) -> None:
    """The combination of the basis with these coordinates is the vector, also in a very bad basis."""
    for n, condition in [(4, 5.0), (7, 50.0), (5, 1e10)]:
        B = _with_condition(c, n, condition)
        x = B @ c.rng.normal(size=n)
        found = c.array(c.call(coords, B, x), (n,))
        back = np.abs(B @ found - x).max() / np.abs(x).max()
        hints = {
            "direction": bool(np.allclose(found, B @ x)),
            "projections": bool(np.allclose(found, B.T @ x)),
            "rows": bool(np.allclose(B.T @ found, x)),
            "inverse_formed": condition > 1e6,
        }
        c.at_most("round_trip", back, 1e-10, hints)


def _with_condition(c: Checker, n: int, condition: float) -> Array:
    """A random n × n matrix of norm 2 with this condition number."""
    left = np.linalg.qr(c.rng.normal(size=(n, n)))[0]
    right = np.linalg.qr(c.rng.normal(size=(n, n)))[0]
    return np.asarray(left @ np.diag(2 * np.geomspace(1, 1 / condition, n)) @ right.T)


def ex2(c: Checker, change_matrix: Answer) -> None:
    """A′ maps the new coordinates of x to those of Ax; with one basis the invariants stay."""
    for m, n in [(3, 3), (3, 5)]:
        A, P, Q = (c.rng.normal(size=shape) for shape in [(m, n), (n, n), (m, m)])
        new = c.array(c.call(change_matrix, A, P, Q), (m, n))
        hints = {}
        if m == n:
            hints = {
                "inverted": Q @ A @ np.linalg.inv(P),
                "bases_swapped": np.linalg.solve(P, A @ Q),
                "transposed": Q.T @ A @ P,
                "one_side": np.linalg.solve(Q, A),
            }
        told = {name: _near(new, wrong) for name, wrong in hints.items()}
        c.close("commutes", Q @ new, A @ P, 1e-9, told)
    A, P = c.rng.normal(size=(5, 5)), c.rng.normal(size=(5, 5))
    new = c.array(c.call(change_matrix, A, P, P), (5, 5))
    c.close("trace", np.trace(new), np.trace(A), 1e-8)
    c.close("determinant", np.linalg.det(new), np.linalg.det(A), 1e-8)
    Q, P = _with_condition(c, 5, 1e10), _with_condition(c, 5, 5.0)
    A = np.linalg.solve(P.T, c.rng.normal(size=(5, 5)).T @ Q.T).T  # so that A′ is of ordinary size
    new = c.array(c.call(change_matrix, A, P, Q), (5, 5))
    c.close("bad_basis", Q @ new, A @ P, 1e-10, {"inverse_formed": True})


def _near(found: Array, wrong: Array) -> bool:
    return bool(np.allclose(found, wrong, rtol=1e-8, atol=1e-10))


def ex3(c: Checker, kernel_basis: Answer) -> None:
    """Orthonormal columns, as many as the rank-nullity theorem says, sent to 0."""
    cases = [((3, 5), 3, 1.0), ((5, 5), 2, 1.0), ((6, 4), 4, 1.0), ((2, 6), 1, 1.0)]
    for (m, n), rank, scale in [*cases, ((4, 6), 2, 1e9), ((6, 4), 4, 1e-14)]:
        W = scale * c.rng.normal(size=(m, rank)) @ c.rng.normal(size=(rank, n))
        hints = {} if scale == 1 else {"absolute_threshold": (n, n - min(m, n) if scale > 1 else n)}
        hints |= {"rows_given": (n - rank, n), "reduced_svd": (n, max(min(m, n) - rank, 0))}
        if m != n:
            hints["wrong_space"] = (m, m - rank)
        hints["rank_by_shape"] = (n, n - min(m, n))
        hints["image_of_transpose"] = (n, rank)
        N = c.array(c.call(kernel_basis, W), (n, n - rank), hints)
        size = float(np.abs(W).max())
        sent = float(np.abs(W @ N).max(initial=0.0)) / size
        told = {
            "wrong_space": m == n and float(np.abs(W.T @ N).max(initial=0.0)) < 1e-10 * size,
            "columns_of_vt": _near(N, np.linalg.svd(W)[2][:, rank:]),
        }
        c.at_most("sent_to_zero", sent, 1e-12, told)
        c.close("orthonormal", N.T @ N, np.eye(n - rank), 1e-10)


def ex4(c: Checker, descend: Answer) -> None:
    """P y_k follows the preconditioned descent of Theorem 3; an orthogonal P changes nothing."""
    n, eta, steps = 4, 0.05, 12
    root = c.rng.normal(size=(n, n))
    A, b = root @ root.T / n + np.eye(n), c.rng.normal(size=n)
    orthogonal = np.linalg.qr(c.rng.normal(size=(n, n)))[0]
    for P in (np.eye(n) + 0.3 * c.rng.normal(size=(n, n)), orthogonal):
        x0 = c.rng.normal(size=n)
        y0 = np.linalg.solve(P, x0)
        given = (lambda x: A @ x - b, P, y0, eta, steps)
        shapes = {"start_missing": (steps, n), "columns": (n, steps + 1), "last_only": (n,)}
        Y = c.array(c.call(descend, *given), (steps + 1, n), shapes)
        shared = bool(np.allclose(Y, Y[-1]))
        c.close("start", Y[0], y0, 1e-12, {"start_in_x": x0, "same_row": shared})
        X = Y @ P.T
        wrong = {
            "transpose_missing": _path(A, b, x0, P, eta),
            "not_transposed": _path(A, b, x0, P @ P, eta),
            "inverse_for_transpose": _path(A, b, x0, np.eye(n), eta),
            "ascent": _path(A, b, x0, P @ P.T, -eta),
        }
        told = {name: _near(X[1], path) for name, path in wrong.items()}
        told["gradient_at_y"] = _near(Y[1], y0 - eta * P.T @ (A @ y0 - b))
        c.close("first_step", X[1], _path(A, b, x0, P @ P.T, eta), 1e-10, told)
        law = X[:-1] - eta * (X[:-1] @ A.T - b) @ (P @ P.T)
        c.close("every_step", X[1:], law, 1e-10)


def _path(A: Array, b: Array, x: Array, metric: Array, eta: float) -> Array:
    """One step of preconditioned descent on ½xᵀAx − bᵀx."""
    return np.asarray(x - eta * metric @ (A @ x - b))
