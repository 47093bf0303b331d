"""Checks of d1-02, the spectral theorem: by complex steps, identities of matrices and known spectra."""

from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker


def ex1(c: Checker, rayleigh_gradient: Answer) -> None:
    """Every directional derivative of R, by a complex step, which has no rounding to speak of."""
    for symmetric in (True, False):
        for size in (1.0, 3.0):
            A, x = c.rng.normal(size=(5, 5)), size * c.rng.normal(size=5)
            A = A + A.T if symmetric else A
            g = c.array(c.call(rayleigh_gradient, A, x), (5,))
            true = np.array([_along(A, x, v) for v in np.eye(5)])
            square = float(x @ x)
            hints = {
                "half": true / 2,
                "sign": -true,
                "not_divided": _near(g, true * square) or _near(g, true * np.sqrt(square)),
                "not_projected": (A @ x + A.T @ x) / square,
                "symmetric_only": _near(g, true + (A - A.T) @ x / square)
                or _near(g, true + (A.T - A) @ x / square),
            }
            c.close("derivative", g, true, 1e-10, hints)
            c.at_most("radial", abs(g @ x), 1e-10)


def _along(A: Array, x: Array, v: Array) -> float:
    """The derivative of the Rayleigh quotient at x in the direction v."""
    z = x + 1e-30j * v
    return float(((z @ A @ z) / (z @ z)).imag / 1e-30)


def _near(found: Array, wrong: Array) -> bool:
    return bool(np.allclose(found, wrong, rtol=1e-8, atol=1e-9))


def ex2(c: Checker, matrix_function: Answer) -> None:
    """Powers against products, one with f(0) ≠ 0; roots by squaring them; a repeated eigenvalue."""
    basis = np.linalg.qr(c.rng.normal(size=(5, 5)))[0]
    plain, positive, repeated = (
        _symmetric(basis, values)
        for values in ([3, 1.5, -0.5, -1, -2], [4, 2.5, 1, 0.5, 0.2], [3, 3, 3, 1, 1])
    )
    for A, f, expected in [
        (plain, lambda t: t**3, plain @ plain @ plain),
        (plain, lambda t: t**2 - t + 2, plain @ plain - plain + 2 * np.eye(5)),
        (repeated, lambda t: t**2 + t, repeated @ repeated + repeated),
    ]:
        B = c.array(c.call(matrix_function, A, f), (5, 5))
        values, Q = np.linalg.eigh(A)
        seen, size = Q.T @ B @ Q, np.abs(values)
        hints = {
            "zeros_mapped": _near(seen - Q.T @ expected @ Q, f(0.0) * (1 - np.eye(5))),
            "singular_values": any(
                _near(seen, np.diag(sign * f(size))) for sign in (1.0, np.sign(values))
            ),
            "entrywise": np.asarray(f(A)),
            "transposed": _near(Q @ B @ Q.T, np.diag(np.diag(Q @ B @ Q.T))),
            "transpose_missing": _near(Q.T @ B @ Q.T, np.diag(np.diag(Q.T @ B @ Q.T))),
            "oblique_basis": A is repeated,
        }
        c.close("power", B, expected, 1e-10, hints)
    root = c.array(c.call(matrix_function, positive, np.sqrt), (5, 5))
    c.close("root", root @ root, positive, 1e-10)
    c.close("symmetric", root.T, root, 1e-10)
    c.at_least("positive", np.linalg.eigvalsh(root)[0], 0.0)


def _symmetric(basis: Array, values: Any) -> Array:
    A = basis @ np.diag(np.asarray(values, dtype=float)) @ basis.T
    return np.asarray((A + A.T) / 2)


def ex3(c: Checker, leading_pairs: Answer) -> None:
    """Known spectra, one with negative eigenvalues; steps enough to overflow, and three steps only."""
    for spectrum, count, steps in [([10, 8, 5, 3, 1], 5, 400), ([-9, 6, -4, 1, 0.5, 0.1], 3, 150)]:
        n, true = len(spectrum), np.array(spectrum[:count], dtype=float)
        A = _symmetric(np.linalg.qr(c.rng.normal(size=(n, n)))[0], spectrum)
        given = (A, c.rng.normal(size=(n, count)), steps)
        values, vectors = c.parts(c.call(leading_pairs, *given), 2)
        for part in (values, vectors):
            c.require(not _overflowed(part), "overflow")
        shapes = {"rows_given": (count, n)} if count != n else {}
        values = c.array(values, (count,), {"values_in_a_matrix": (count, count)})
        vectors = c.array(vectors, (n, count), shapes)
        hints = {
            "overflow": values[0] == 0,
            "not_deflated": count > 1 and _near(values, np.full(count, true[0])),
            "deflated_by_one": count > 1 and abs(abs(true[0] - values[1]) - 1) < 1e-6,
            "sign_lost": np.abs(true),
            "increasing": np.sort(true),
        }
        c.close("eigenvalues", values, true, 1e-8, hints)
        unit = np.linalg.norm(vectors, axis=0)
        c.close("unit", unit, np.ones(count), 1e-8, {"rows_given": _pairs(A, vectors.T, true)})
        told = {"rows_given": _pairs(A, vectors.T, true)}
        c.close("residual", A @ vectors, vectors * true, 1e-7, told)
    A, start = (
        _symmetric(np.linalg.qr(c.rng.normal(size=(4, 4)))[0], [5, -4, 2, 1]),
        np.ones((4, 1)),
    )
    values, vectors = c.parts(c.call(leading_pairs, A, start, 3), 2)
    line = c.array(vectors, (4, 1))[:, 0]
    c.close("three_steps", np.outer(line, line), _ray(A, start, 3), 1e-10, {"steps_ignored": True})
    told = {"not_rayleigh": True}
    c.close("three_steps_value", c.array(values, (1,))[0], line @ A @ line, 1e-10, told)


def _ray(A: Array, start: Array, steps: int) -> Array:
    """The projector onto the line of a power of A times the start."""
    u = np.linalg.matrix_power(A, steps) @ start
    return np.asarray(u @ u.T / (u * u).sum())


def _pairs(A: Array, vectors: Array, values: Array) -> bool:
    """Whether these columns are eigenvectors for these values."""
    return len(A) == len(vectors) and _near(A @ vectors, vectors * values)


def _overflowed(value: Any) -> bool:
    return (
        isinstance(value, np.ndarray)
        and value.dtype.kind == "f"
        and not bool(np.isfinite(value).all())
    )


def ex4(c: Checker, components: Answer) -> None:
    """A known number of pieces, some isolated, one held by a weak edge; weights of all sizes."""
    graphs = [((6,), 0.0), ((3, 2), 0.0), ((4, 3, 5), 0.0), ((5, 1, 4, 1), 0.0), ((6, 6), 1e-5)]
    matrices = [_graph(c, sizes, weak) for sizes, weak in graphs]
    for scale in (1e-12, 1e12):  # zero is relative to the largest eigenvalue
        graphs.append(((4, 2, 1), 0.0))
        matrices.append(scale * _graph(c, *graphs[-1]))
    found = [c.whole(c.call(components, W)) for W in matrices]
    true = [len(sizes) - (weak > 0) for sizes, weak in graphs]
    hints = {
        "complement": [len(W) - count for W, count in zip(matrices, true, strict=True)],
        "adjacency": [_zeros(W) for W in matrices],
        "signless": [_zeros(np.diag(W.sum(axis=1)) + W) for W in matrices],
        "one_missing": [count - 1 for count in true],
        "weak_edge": [count + (weak > 0) for count, (_, weak) in zip(true, graphs, strict=True)],
        "exact_zero": [_zeros(np.diag(W.sum(axis=1)) - W, 0.0) for W in matrices],
    }
    told = {hint: found == wrong for hint, wrong in hints.items()}
    told["absolute_threshold"] = found[:5] == true[:5]
    for one, count in zip(found, true, strict=True):
        c.equal("components", one, count, told)


def _zeros(M: Array, threshold: float = 1e-10) -> int:
    """How many eigenvalues are zero up to a share of the largest."""
    spectrum = np.abs(np.linalg.eigvalsh(M))
    return int(np.sum(spectrum <= threshold * spectrum.max()))


def _graph(c: Checker, sizes: tuple[int, ...], weak: float) -> Array:
    """Paths, the long ones with triangles, joined by an edge of weight ``weak``, in random order."""
    n, first = sum(sizes), 0
    W = np.zeros((n, n))
    for size in sizes:
        for i in range(first, first + size - 1):
            W[i, i + 1] = c.rng.uniform(0.5, 1.5)
            if size > 4 and i + 2 < first + size:
                W[i, i + 2] = c.rng.uniform(0.5, 1.5)
        first += size
    if weak:
        W[sizes[0] - 1, sizes[0]] = weak
    order = c.rng.permutation(n)
    return np.asarray((W + W.T)[order][:, order])
