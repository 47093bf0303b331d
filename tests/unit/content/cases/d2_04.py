"""Right and wrong answers to the exercises of d2-04."""

from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def parts(u: Any, v: Any) -> tuple[Any, Any, Any, Any]:
    """The residual, the identity, and the two halves of z."""
    return u @ v - 1, np.eye(len(u)), v, u


def by_blocks(u: Any, v: Any) -> Any:
    r, one, a, b = parts(u, v)
    corner = np.outer(a, b) + r * one
    hessian = np.block([[np.outer(a, a), corner], [corner.T, np.outer(b, b)]])
    return np.concatenate([r * a, r * b]), hessian


def by_entries(u: Any, v: Any) -> Any:
    """Sums over i and j, as one would differentiate by hand."""
    m, r = len(u), float(np.sum(u * v)) - 1
    g, H = np.empty(2 * m), np.empty((2 * m, 2 * m))
    for i in range(m):
        g[i], g[m + i] = r * v[i], r * u[i]
        for j in range(m):
            H[i, j], H[m + i, m + j] = v[i] * v[j], u[i] * u[j]
            H[i, m + j] = H[m + j, i] = v[i] * u[j] + (r if i == j else 0.0)
    return g, H


def hessian_with(blocks: Any) -> Any:
    """The right gradient, and the Hessian of these blocks."""

    def derivatives(u: Any, v: Any) -> Any:
        return by_blocks(u, v)[0], np.block(blocks(u, v, (u @ v - 1) * np.eye(len(u))))

    return derivatives


def gradient_with(gradient: Any) -> Any:
    return lambda u, v: (gradient(u, v), by_blocks(u, v)[1])


def z_of(u: Any, v: Any) -> Any:
    return np.concatenate([v, u])


def column_by_column(product: Any, start: Any, steps: int) -> Any:
    """The whole matrix, then a library."""
    return np.linalg.eigvalsh(np.array([product(e) for e in np.eye(len(start))]))[-1]


def lanczos(product: Any, start: Any, steps: int) -> Any:
    """The largest Ritz value of the Krylov space of the start."""
    basis = [start / np.linalg.norm(start)]
    while len(basis) < min(steps, len(start)):
        new = product(basis[-1])
        for _ in range(2):
            for old in basis:
                new = new - (old @ new) * old
        if np.linalg.norm(new) < 1e-10:
            break
        basis.append(new / np.linalg.norm(new))
    Q = np.array(basis)
    return np.linalg.eigvalsh(Q @ np.array([product(q) for q in Q]).T)[-1]


def powers(product: Any, start: Any, steps: int, shift: float = 0.0) -> tuple[Any, float]:
    """The last direction and the last norm of one pass."""
    w, size = start / np.linalg.norm(start), 0.0
    for _ in range(steps):
        w = product(w) + shift * w
        size = float(np.linalg.norm(w))
        w = w / size
    return w, size


def one_pass(product: Any, start: Any, steps: int) -> Any:
    w, _ = powers(product, start, steps)
    return w @ product(w)


def modulus(product: Any, start: Any, steps: int) -> Any:
    return powers(product, start, steps)[1]


def shifted(sign: int = 1, kept: int = 0) -> Any:
    def sharpness(product: Any, start: Any, steps: int) -> Any:
        rho = sign * modulus(product, start, steps)
        w, _ = powers(product, start, steps, rho)
        return w @ product(w) + kept * rho

    return sharpness


def shift_if_negative(product: Any, start: Any, steps: int) -> Any:
    first = one_pass(product, start, steps)
    if first >= 0:
        return first
    w, _ = powers(product, start, steps, -first)
    return w @ product(w)


def direction(product: Any, start: Any, steps: int) -> Any:
    return powers(product, start, steps, modulus(product, start, steps))[0]


def norm_minus_shift(product: Any, start: Any, steps: int) -> Any:
    """λ_max + ρ is a norm too."""
    rho = modulus(product, start, steps)
    return powers(product, start, steps, rho)[1] - rho


def lowest_of_two(product: Any, start: Any, steps: int) -> Any:
    """H - ρI for H + ρI, and the sign of the norm forgotten."""
    rho = modulus(product, start, steps)
    return powers(product, start, steps, -rho)[1] - rho


def with_diagonals(W1: Any, b1: Any, W2: Any, alpha: Any) -> Any:
    D = np.diag(alpha)
    return W1 @ D, D @ b1, np.linalg.solve(D, W2)


def unit_by_unit(W1: Any, b1: Any, W2: Any, alpha: Any) -> Any:
    W1, b1, W2 = W1.copy(), b1.copy(), W2.copy()
    for j, factor in enumerate(alpha):
        W1[:, j] *= factor
        b1[j] *= factor
        W2[j] /= factor
    return W1, b1, W2


def by_rows(W1: Any, b1: Any, W2: Any, alpha: Any) -> Any:
    square = W1.shape[0] == W1.shape[1]
    return (W1 * alpha[:, None] if square else W1 * alpha), b1 * alpha, W2 / alpha[:, None]


def in_place(W1: Any, b1: Any, W2: Any, alpha: Any) -> Any:
    W1 *= alpha
    return W1, b1 * alpha, W2 / alpha[:, None]


def second_by_columns(W1: Any, b1: Any, W2: Any, alpha: Any) -> Any:
    square = W2.shape[0] == W2.shape[1]
    return W1 * alpha, b1 * alpha, W2 / (alpha if square else alpha[:, None])


def by_partition(weights: Any, density: float) -> Any:
    count = round(density * weights.size)
    chosen = np.argpartition(np.abs(weights).ravel(), weights.size - count)[-count:]
    return np.isin(np.arange(weights.size), chosen).reshape(weights.shape).astype(float)


def by_ranks(weights: Any, density: float) -> Any:
    order = np.argsort(np.abs(weights), axis=None, kind="stable")
    ranks = np.empty(weights.size)
    ranks[order] = np.arange(weights.size)
    return 1.0 * (ranks >= weights.size - round(density * weights.size)).reshape(weights.shape)


def threshold(weights: Any, density: float) -> Any:
    sizes = np.sort(np.abs(weights), axis=None)
    return 1.0 * (np.abs(weights) >= sizes[-round(density * weights.size)])


def floored(weights: Any, density: float) -> Any:
    return by_ranks(weights, int(density * weights.size) / weights.size)


def row_by_row(weights: Any, density: float) -> Any:
    if weights.ndim == 1:
        return by_ranks(weights, density)
    return np.array([by_ranks(row, density) for row in weights])


def by_quantile(weights: Any, density: float) -> Any:
    return 1.0 * (np.abs(weights) > np.quantile(np.abs(weights), 1 - density))


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"four blocks": by_blocks, "entry by entry": by_entries},
        mistakes={
            "only zzᵀ": Mistake(
                hessian_with(
                    lambda u, v, r: [
                        [np.outer(v, v), np.outer(v, u)],
                        [np.outer(u, v), np.outer(u, u)],
                    ]
                ),
                "residual_term",
            ),
            "uvᵀ for vuᵀ": Mistake(
                hessian_with(
                    lambda u, v, r: [
                        [np.outer(v, v), np.outer(u, v) + r],
                        [np.outer(v, u) + r, np.outer(u, u)],
                    ]
                ),
                "wrong_corner",
            ),
            "blocks exchanged": Mistake(
                hessian_with(
                    lambda u, v, r: [
                        [np.outer(u, u), np.outer(u, v) + r],
                        [np.outer(v, u) + r, np.outer(v, v)],
                    ]
                ),
                "exchanged_blocks",
            ),
            "r on the diagonal": Mistake(
                hessian_with(
                    lambda u, v, r: [
                        [np.outer(v, v) + r, np.outer(v, u)],
                        [np.outer(u, v), np.outer(u, u) + r],
                    ]
                ),
                "on_diagonal",
            ),
            "u for v": Mistake(
                gradient_with(lambda u, v: (u @ v - 1) * z_of(v, u)), "not_exchanged"
            ),
            "no residual": Mistake(gradient_with(z_of), "no_residual"),
            "no target": Mistake(
                gradient_with(lambda u, v: (u @ v) * z_of(u, v)), "target_missing"
            ),
            "no half": Mistake(gradient_with(lambda u, v: 2 * (u @ v - 1) * z_of(u, v)), "half"),
            "residual plus 1": Mistake(
                gradient_with(lambda u, v: (u @ v + 1) * z_of(u, v)), "wrong"
            ),
            "interleaved": Mistake(
                lambda u, v: (
                    by_blocks(u, v)[0],
                    np.outer(z_of(u, v), z_of(u, v))
                    + (u @ v - 1) * np.kron(np.eye(len(u)), [[0, 1], [1, 0]]),
                ),
                "interleaved",
            ),
            "two rows": Mistake(
                gradient_with(lambda u, v: (u @ v - 1) * np.array([v, u])), "two_rows"
            ),
            "four arrays": Mistake(
                lambda u, v: (by_blocks(u, v)[0], by_blocks(u, v)[1].reshape(2, len(u), 2, -1)),
                "shape",
            ),
            "blocks apart": Mistake(
                lambda u, v: (by_blocks(u, v)[0], np.zeros((2, 2, len(u), len(u)))), "four_blocks"
            ),
            "gradient alone": Mistake(lambda u, v: by_blocks(u, v)[0][:1], "parts"),
        },
        needs=("jax", "torch"),
    ),
    "ex2": Cases(
        cell="ex2",
        others={
            "column by column": column_by_column,
            "Lanczos": lanczos,
            "norm minus shift": norm_minus_shift,
        },
        mistakes={
            "one pass": Mistake(one_pass, "dominant"),
            "norm": Mistake(modulus, "modulus"),
            "modulus of one pass": Mistake(lambda *a: abs(one_pass(*a)), "modulus"),
            "shifted down": Mistake(lowest_of_two, "wrong"),
            "not unitary": Mistake(lambda p, w, n: 9 * shifted()(p, w, n), "wrong"),
            "shift kept": Mistake(shifted(kept=1), "shift_kept"),
            "lowest": Mistake(shifted(sign=-1), "lowest"),
            "shift if negative": Mistake(shift_if_negative, "tie"),
            "direction": Mistake(direction, "vector"),
            "not normalised": Mistake(lambda p, w, n: np.inf * (w @ p(w)), "not_finite"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"diagonal matrices": with_diagonals, "unit by unit": unit_by_unit},
        mistakes={
            "no bias": Mistake(
                lambda W1, b1, W2, a: (W1 * a, b1, W2 / a[:, None]), "bias_forgotten"
            ),
            "first only": Mistake(lambda W1, b1, W2, a: (W1 * a, b1 * a, W2), "second_forgotten"),
            "bias divided": Mistake(
                lambda W1, b1, W2, a: (W1 * a, b1 / a, W2 / a[:, None]), "wrong"
            ),
            "square roots": Mistake(
                lambda W1, b1, W2, a: (W1 * a**0.5, b1 * a**0.5, W2 / a[:, None] ** 0.5), "wrong"
            ),
            "one factor for all": Mistake(
                lambda W1, b1, W2, a: (W1 * a.mean(), b1 * a.mean(), W2 / a.mean()), "wrong"
            ),
            "both multiplied": Mistake(
                lambda W1, b1, W2, a: (W1 * a, b1 * a, W2 * a[:, None]), "second_multiplied"
            ),
            "exchanged": Mistake(
                lambda W1, b1, W2, a: (W1 / a, b1 / a, W2 * a[:, None]), "exchanged"
            ),
            "untouched": Mistake(lambda W1, b1, W2, a: (W1, b1, W2), "untouched"),
            "rows": Mistake(by_rows, "by_rows"),
            "columns of W2": Mistake(second_by_columns, "second_by_columns"),
            "in place": Mistake(in_place, "modified_input"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        others={"partition": by_partition, "ranks": by_ranks},
        mistakes={
            "threshold": Mistake(threshold, "ties"),
            "floor": Mistake(floored, "not_rounded"),
            "row by row": Mistake(row_by_row, "row_by_row"),
            "quantile": Mistake(by_quantile, "ties"),
            "smallest": Mistake(lambda w, d: by_ranks(1 / (1 + np.abs(w)), d), "smallest"),
            "signed": Mistake(lambda w, d: by_ranks(w - w.min(), d), "signed"),
            "removed": Mistake(lambda w, d: by_ranks(w, 1 - d), "removed"),
            "weights": Mistake(lambda w, d: w * by_ranks(w, d), "weights_returned"),
            "moduli": Mistake(lambda w, d: np.abs(w), "not_zero_one"),
            "booleans": Mistake(lambda w, d: by_ranks(w, d) > 0, "dtype"),
        },
    ),
}
