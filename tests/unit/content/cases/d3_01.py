"""Right and wrong answers to the exercises of d3-01."""

from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def moments_by_loop(joint: Any, values: Any) -> Any:
    """Row after row, the variance as a mean of squared deviations."""
    m, within = [], 0.0
    for row in joint:
        m.append(np.average(values, weights=row))
        within += row.sum() * np.average((values - m[-1]) ** 2, weights=row)
    mean = np.sum(joint @ values)
    return np.array(m), within, np.sum(joint.sum(axis=1) * (np.array(m) - mean) ** 2)


def moments_by_difference(joint: Any, values: Any) -> Any:
    """What is explained is what is left of the variance."""
    p_x, p_y = joint.sum(axis=1), joint.sum(axis=0)
    m = joint @ values / p_x
    within = np.sum(joint * (values[None, :] - m[:, None]) ** 2)
    return m, within, p_y @ values**2 - (p_y @ values) ** 2 - within


def given_columns(joint: Any, values: Any) -> Any:
    xs = np.arange(float(len(joint)))
    return xs @ joint / joint.sum(axis=0), 0.0, 0.0


def joint_used(joint: Any, values: Any) -> Any:
    m = joint @ values
    return m, joint.sum(axis=1) @ (joint @ values**2 - m**2), np.var(m)


def unweighted(joint: Any, values: Any) -> Any:
    m, _, _ = moments_by_loop(joint, values)
    v = joint @ values**2 / joint.sum(axis=1) - m**2
    return m, np.mean(v), np.var(m)


def between_unweighted(joint: Any, values: Any) -> Any:
    m, within, _ = moments_by_loop(joint, values)
    return m, within, np.var(m)


def swapped(joint: Any, values: Any) -> Any:
    m, within, between = moments_by_loop(joint, values)
    return m, between, within


def total_for_within(joint: Any, values: Any) -> Any:
    m, within, between = moments_by_loop(joint, values)
    return m, within + between, between


def variances(joint: Any, values: Any) -> Any:
    m, _, between = moments_by_loop(joint, values)
    return m, joint @ values**2 / joint.sum(axis=1) - m**2, between


def welford(batches: Any) -> Any:
    """One value at a time."""
    n, mean, squares = 0, 0.0, 0.0
    for batch in batches:
        for value in batch:
            n += 1
            step = value - mean
            mean += step / n
            squares += step * (value - mean)
    return mean, np.sqrt(squares / (n * (n - 1)))


def shifted_sums(batches: Any) -> Any:
    """Sums of x − c and (x − c)² with c the first value: no cancellation."""
    n, first, total, squares = 0, None, 0.0, 0.0
    for batch in batches:
        first = float(batch[0]) if first is None else first
        n, total = n + batch.size, total + (batch - first).sum()
        squares += ((batch - first) ** 2).sum()
    return first + total / n, np.sqrt((squares - total**2 / n) / (n - 1) / n)


def raw_sums(batches: Any) -> Any:
    n, total, squares = 0, 0.0, 0.0
    for batch in batches:
        n, total, squares = n + batch.size, total + batch.sum(), squares + (batch**2).sum()
    variance = max(squares / n - (total / n) ** 2, 0.0) * n / (n - 1)
    return total / n, np.sqrt(variance / n)


def merged(batches: Any, between: bool = True, ddof: int = 1) -> Any:
    n, mean, squares = 0, 0.0, 0.0
    for batch in batches:
        k, gap = len(batch), batch.mean() - mean
        squares += k * batch.var() + between * gap**2 * n * k / (n + k)
        mean, n = mean + gap * k / (n + k), n + k
    return mean, np.sqrt(squares / (n - ddof) / n), n


def merged_without_factor(batches: Any) -> Any:
    """The gap between the means weighs k, not nk/(n + k)."""
    n, mean, squares = 0, 0.0, 0.0
    for batch in batches:
        k, gap = len(batch), batch.mean() - mean
        squares += k * batch.var() + (n > 0) * gap**2 * k
        mean, n = mean + gap * k / (n + k), n + k
    return mean, np.sqrt(squares / (n - 1) / n)


def copied(batches: Any) -> Any:
    """Keeps copies: too much memory, but the right numbers."""
    data = np.concatenate([np.array(batch) for batch in batches])
    return data.mean(), data.std(ddof=1) / np.sqrt(len(data))


def mean_of_means(batches: Any) -> Any:
    means = [batch.mean() for batch in batches]
    return np.mean(means), np.std(means, ddof=1) / np.sqrt(len(means))


def kept(batches: Any) -> Any:
    data = np.concatenate(list(batches))
    return data.mean(), data.std(ddof=1) / np.sqrt(len(data))


def two_passes(batches: Any) -> Any:
    n = sum(len(batch) for batch in batches)
    mean = sum(batch.sum() for batch in batches) / n
    return mean, np.sqrt(sum(((b - mean) ** 2).sum() for b in batches) / (n - 1) / n)


def by_precision(mean: Any, cov: Any, k: int, value: Any) -> Any:
    precision = np.linalg.inv(cov)
    c = np.linalg.inv(precision[:k, :k])
    return mean[:k] - c @ precision[:k, k:] @ (value - mean[k:]), c


def one_at_a_time(mean: Any, cov: Any, k: int, value: Any) -> Any:
    """Conditions on the last coordinate, again and again, as a Kalman filter does."""
    for seen in value[::-1]:
        gain = cov[:-1, -1] / cov[-1, -1]
        mean, cov = (
            mean[:-1] + gain * (seen - mean[-1]),
            cov[:-1, :-1] - np.outer(gain, cov[-1, :-1]),
        )
    return mean, cov


def conditioned(
    mean: Any, cov: Any, k: int, value: Any, sign: float = 1, reduce: float = 1, centre: float = 1
) -> Any:
    gain = np.linalg.solve(cov[k:, k:], cov[k:, :k]).T
    m = mean[:k] + sign * gain @ (value - centre * mean[k:])
    return m, cov[:k, :k] - reduce * gain @ cov[k:, :k]


def elementwise(mean: Any, cov: Any, k: int, value: Any) -> Any:
    """Regresses on each coordinate of b alone, as if those were uncorrelated."""
    gain = cov[:k, k:] / np.diag(cov)[k:]
    return mean[:k] + gain @ (value - mean[k:]), cov[:k, :k] - gain @ cov[k:, :k]


def mean_forgotten(mean: Any, cov: Any, k: int, value: Any) -> Any:
    m, c = conditioned(mean, cov, k, value)
    return m - mean[:k], c


def density(y: Any, A: Any, b: Any, matrix: float = 1, tanh: float = 1, constant: float = 1) -> Any:
    x = (np.arctanh(y) - b) @ np.linalg.inv(A).T
    gaussian = -0.5 * (x**2).sum(axis=1) - constant * len(b) / 2 * np.log(2 * np.pi)
    return (
        gaussian
        - matrix * np.log(abs(np.linalg.det(A)))
        - tanh * np.log((1 - y) * (1 + y)).sum(axis=1)
    )


def transposed(y: Any, A: Any, b: Any) -> Any:
    """(arctanh y − b) A⁻¹ row by row, where A⁻ᵀ belongs."""
    u = np.arctanh(y) - b
    right, wrong = u @ np.linalg.inv(A).T, u @ np.linalg.inv(A)
    return density(y, A, b) + (np.sum(right**2, axis=1) - np.sum(wrong**2, axis=1)) / 2


def signed_determinant(y: Any, A: Any, b: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return density(y, A, b) + np.log(abs(np.linalg.det(A))) - np.log(np.linalg.det(A))


def shift_after(y: Any, A: Any, b: Any) -> Any:
    """x = A⁻¹ arctanh y − b."""
    return density(y, A, A @ b)


def density_of_the_gaussian_layer(y: Any, A: Any, b: Any) -> Any:
    """First Ax + b, a Gaussian of covariance AAᵀ, then the tanh, coordinate by coordinate."""
    u = np.arctanh(y) - b
    cov = A @ A.T
    quadratic = np.einsum("ni,ij,nj->n", u, np.linalg.inv(cov), u)
    gaussian = -0.5 * (quadratic + np.linalg.slogdet(2 * np.pi * cov)[1])
    return gaussian + 2 * np.log(np.cosh(np.arctanh(y))).sum(axis=1)


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"row after row": moments_by_loop, "by difference": moments_by_difference},
        mistakes={
            "given the columns": Mistake(given_columns, "other_variable"),
            "joint for conditional": Mistake(joint_used, "joint_used"),
            "equal weights": Mistake(unweighted, "unweighted"),
            "equal weights between": Mistake(between_unweighted, "unweighted"),
            "swapped": Mistake(swapped, "swapped"),
            "total for within": Mistake(total_for_within, "wrong"),
            "one variance per line": Mistake(variances, "not_a_number"),
            "two results": Mistake(
                lambda joint, values: moments_by_loop(joint, values)[:2], "parts"
            ),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"Welford": welford, "shifted sums": shifted_sums, "copies": copied},
        mistakes={
            "sums of squares": Mistake(raw_sums, "cancellation"),
            "mean of means": Mistake(mean_of_means, "batch_means"),
            "keeps the batches": Mistake(kept, "kept_batches"),
            "reads twice": Mistake(two_passes, "two_passes"),
            "within only": Mistake(lambda b: merged(b, between=False)[:2], "no_between"),
            "no factor": Mistake(merged_without_factor, "wrong"),
            "divided by n": Mistake(lambda b: merged(b, ddof=0)[:2], "divided_by_n"),
            "s": Mistake(
                lambda b: (lambda m, e, n: (m, e * np.sqrt(n)))(*merged(b)), "not_divided"
            ),
            "variance": Mistake(lambda b: (lambda m, e, n: (m, e**2))(*merged(b)), "variance"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"precision": by_precision, "one at a time": one_at_a_time},
        mistakes={
            "marginal": Mistake(lambda *a: conditioned(*a, reduce=0), "marginal"),
            "added": Mistake(lambda *a: conditioned(*a, reduce=-1), "added"),
            "precision block": Mistake(
                lambda m, C, k, v: (conditioned(m, C, k, v)[0], np.linalg.inv(C)[:k, :k]),
                "precision",
            ),
            "not centred": Mistake(lambda *a: conditioned(*a, centre=0), "not_centred"),
            "sign": Mistake(lambda *a: conditioned(*a, sign=-1), "sign"),
            "elementwise": Mistake(elementwise, "wrong"),
            "deviations": Mistake(
                lambda *a: (conditioned(*a)[0], np.sqrt(np.abs(conditioned(*a)[1]))), "wrong"
            ),
            "without the mean": Mistake(mean_forgotten, "mean_forgotten"),
            "the other block": Mistake(lambda m, C, k, v: (m[k:], C[k:, k:]), "wrong_block"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        others={"inverse": density, "in two steps": density_of_the_gaussian_layer},
        mistakes={
            "no determinant": Mistake(lambda *a: density(*a, matrix=0, tanh=0), "no_determinant"),
            "wrong sign": Mistake(lambda *a: density(*a, matrix=-1, tanh=-1), "sign"),
            "transposed": Mistake(transposed, "transposed"),
            "ln det without modulus": Mistake(signed_determinant, "not_finite"),
            "b taken away last": Mistake(shift_after, "wrong"),
            "no tanh": Mistake(lambda *a: density(*a, tanh=0), "no_tanh"),
            "no matrix": Mistake(lambda *a: density(*a, matrix=0), "no_matrix"),
            "no 2π": Mistake(lambda *a: density(*a, constant=0), "no_constant"),
            "not summed": Mistake(lambda y, A, b: np.log(1 - y**2), "one_per_point"),
        },
    ),
}
