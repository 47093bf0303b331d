"""Checks of d4-01: they know neighbourhoods of their own, sums of cosines, polygons and moments."""

import numpy as np

from airina.checker import Answer, Array, Checker


def ex1(c: Checker, local_pca: Answer) -> None:
    """Neighbours placed in pairs along known axes, strangers outside: spectrum and axes are known."""
    for dimension, count, radius in [(3, 9, 1.5), (5, 20, 0.6)]:
        axes = np.linalg.qr(c.rng.normal(size=(dimension, dimension)))[0].T
        x = 10 * c.rng.normal(size=dimension)
        reach = radius * np.linspace(0.8, 0.3, dimension)
        arms = reach[:, None] * axes
        near = x + 0.1 * radius * axes.sum(axis=0) + np.concatenate([arms, -arms])
        aside = c.rng.normal(size=(count, dimension))
        far = x + (1.6 + c.rng.random((count, 1))) * radius * _unit(aside)
        X = c.rng.permutation(np.concatenate([near, far]))
        variances = reach**2 / dimension
        answer = c.parts(c.call(local_pca, X, x, radius), 2)
        found = c.array(answer[0], (dimension,))
        rows = c.array(answer[1], (dimension, dimension))
        kept = len(near)
        hints = {
            "everybody": np.linalg.eigvalsh(np.cov(X.T, ddof=0))[::-1],
            "squared_distance": _local(X, x, np.sqrt(radius)),
            "not_divided": kept * variances,
            "divided_by_n_minus_1": kept / (kept - 1) * variances,
            "not_squared": np.sqrt(variances * kept) / kept,
            "deviations": np.sqrt(variances),
            "increasing": variances[::-1],
            "centred_at_x": _second_moments(near - x),
            "not_centred": _second_moments(near),
        }
        c.close("variances", found, variances, 1e-9, hints)
        cosines, one = np.abs(rows @ axes.T), np.eye(dimension)
        turned = {
            "axes_transposed": bool(np.allclose(np.abs(rows.T @ axes.T), one, atol=1e-6)),
            "other_order": bool(np.allclose(cosines[::-1], one, atol=1e-6)),
        }
        c.close("axes", cosines, one, 1e-7, turned)


def _unit(v: Array) -> Array:
    return np.asarray(v / np.linalg.norm(v, axis=1, keepdims=True), dtype=np.float64)


def _second_moments(Z: Array) -> Array:
    return np.asarray(np.linalg.eigvalsh(Z.T @ Z / len(Z))[::-1], dtype=np.float64)


def _local(X: Array, x: Array, radius: float) -> Array:
    kept = X[np.sum((X - x) ** 2, axis=1) < radius**2]
    return _second_moments(kept - kept.mean(axis=0)) if len(kept) else np.zeros(len(x))


def ex2(c: Checker, shift_spectrum: Answer) -> None:
    """Sums of cosines of known amplitude; a spike, all of whose variances are equal; the trace."""
    for n in (15, 32):
        amplitude = c.rng.uniform(0.5, 2, size=(n - 1) // 2)
        phase = c.rng.uniform(0, 2 * np.pi, size=(n - 1) // 2)
        mode = np.arange(1, (n + 1) // 2)
        pixel = np.arange(n)[:, None]
        template = 3 + np.cos(2 * np.pi * mode * pixel / n + phase) @ amplitude
        expected = np.sort(np.repeat(n * amplitude**2 / 4, 2).tolist() + [0] * (n % 2 or 2))[::-1]
        kept_mean = np.sort([*expected[: n - 1], n * 9])[::-1]
        found = c.array(c.call(shift_spectrum, template), (n,), {"half": (n // 2 + 1,)})
        hints = {
            "mean_kept": kept_mean,
            "not_divided": n * expected,
            "divided_twice": expected / n,
            "not_squared": np.sqrt(expected * n) / n,
            "amplitudes": np.sqrt(expected * n),
            "increasing": expected[::-1],
            "divided_by_n_minus_1": expected * n / (n - 1),
            "not_sorted": bool(np.allclose(np.sort(found)[::-1], expected, atol=1e-8)),
        }
        c.close("cosines", found, expected, 1e-9, hints)
    spike = np.zeros(12)
    spike[5] = 1
    flat = c.array(c.call(shift_spectrum, spike), (12,))
    c.close("spike", flat, np.append(np.full(11, 1 / 12), 0.0), 1e-12)


def ex3(c: Checker, dimension: Answer) -> None:
    """A product of two regular polygons, and one alone: every point sees the same known distances."""
    turn = np.linalg.qr(c.rng.normal(size=(6, 6)))[0]
    for sides, low, high, scale in [((25, 21), 0.02, 0.3, 0.04), ((301,), 0.01, 0.11, 0.3)]:
        angles = np.meshgrid(*[2 * np.pi * np.arange(s) / s for s in sides], indexing="ij")
        squares = sum((2 * (1 + k) * np.sin(angle / 2)) ** 2 for k, angle in enumerate(angles))
        row = scale * np.sqrt(np.ravel(squares)[1:])  # the distances from one vertex
        X = np.zeros((len(row) + 1, 6))
        for k, angle in enumerate(angles):
            X[:, 2 * k] = (1 + k) * np.cos(angle).ravel() + 2
            X[:, 2 * k + 1] = (1 + k) * np.sin(angle).ravel()
        found = c.number(c.call(dimension, scale * c.rng.permutation(X) @ turn, low, high))
        slope, (near, far) = _slope(row, low, high), np.quantile(row, [low, high])
        hints = {
            "inverse": _near(found, 1 / slope),
            "squared": _near(found, slope / 2),
            "diagonal": _near(found, _slope(np.append(row, 0.0), low, high)),
            "radii_not_quantiles": _near(found, _slope_at(row, low, high)),
            "logarithm_missing": _near(found, (high - low) / (far - near))
            or _near(found, np.log(high / low) / (far - near)),
            "sign": _near(found, -slope),
            "one_end": _near(found, np.log(high) / np.log(far)),
        }
        c.close("slope", found, slope, 0.03, hints)


def _slope(distances: Array, low: float, high: float) -> float:
    ordered = np.sort(distances)
    near, far = (ordered[int(np.ceil(q * len(ordered))) - 1] for q in (low, high))
    with np.errstate(divide="ignore"):
        return float(np.log(high / low) / np.log(far / near))


def _slope_at(distances: Array, near: float, far: float) -> float:
    """What comes of taking ``low`` and ``high`` for radii."""
    counts = np.array([np.mean(distances < near), np.mean(distances < far)])
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.log(counts[1] / counts[0]) / np.log(far / near))


def _near(found: float, wrong: float) -> bool:
    return bool(np.isfinite(wrong) and abs(found - wrong) <= 0.01 * (1 + abs(wrong)))


def ex4(c: Checker, gaussian_null: Answer) -> None:
    """Mean, covariance and fourth moment of a lopsided cloud; constant and dependent columns."""
    n = 6000
    source = np.where(c.rng.random((n, 3)) < 0.1, 3.0, -1 / 3) * [1.0, 2.0, 0.5]
    plain = source @ c.rng.normal(size=(3, 3)) + [5.0, -3.0, 1.0]
    singular = np.column_stack([plain, np.full(n, 2.0), plain[:, 0] - plain[:, 1]])
    for X in (plain, singular):
        mean, covariance = X.mean(axis=0), np.cov(X.T)
        found = c.array(c.call(gaussian_null, X, np.random.default_rng(1)), X.shape)
        same = c.call(gaussian_null, X, np.random.default_rng(1))
        c.require(np.array_equal(same, found), "other_generator")
        c.require(not np.array_equal(np.sort(found, axis=0), np.sort(X, axis=0)), "reordered")
        c.require(not np.isin(found[:50, 0], X[:, 0]).all(), "resampled")
        c.require(bool(np.ptp(found[:, 0]) > 0), "one_row")
        error = np.sqrt(np.diag(covariance) / n) + 1e-6
        hints = {
            "mean_missing": bool(np.all(np.abs(found.mean(axis=0)) <= 6 * error)),
            "one_mean": bool(np.ptp(found.mean(axis=0)) < 6 * error.max()),
        }
        c.at_most("mean", np.max(np.abs(found.mean(axis=0) - mean) / error), 6, hints)
        got = np.cov(found.T)
        hints = {
            hint: any(_same(got, one, n) for one in wrong)
            for hint, wrong in _slips(covariance).items()
        }
        c.at_most("covariance", np.max(np.abs(got - covariance) / _errors(covariance, n)), 6, hints)
        line = (found - mean) @ np.linalg.eigh(covariance)[1][:, -1]
        kurtosis = np.mean((line / line.std()) ** 4)
        c.at_most("kurtosis", abs(kurtosis - 3) / np.sqrt(24 / n), 6, {"not_gaussian": True})
        again = c.array(c.call(gaussian_null, X, np.random.default_rng(2)), X.shape)
        c.require(not np.array_equal(again, found), "rng_ignored")


def _slips(covariance: Array) -> dict[str, list[Array]]:
    """The covariances that the usual slips give."""
    values, vectors = np.linalg.eigh(covariance)
    values = values.clip(0)
    slips = {
        "no_square_root": [covariance @ covariance],
        "not_turned_back": [np.diag(values), np.diag(values[::-1])],
        "turned_the_wrong_way": [(vectors.T * values) @ vectors],
        "only_variances": [np.diag(np.diag(covariance))],
        "standard": [np.eye(len(covariance))],
    }
    if values[0] > 1e-8:
        root = np.linalg.cholesky(covariance)
        slips["turned_the_wrong_way"].append(root.T @ root)
    return slips


def _errors(covariance: Array, n: int) -> Array:
    """Standard errors of the entries of the covariance of n Gaussian rows."""
    variances = np.diag(covariance)
    squared = np.outer(variances, variances) + covariance**2
    return np.asarray(np.sqrt(squared / n) + 1e-6, dtype=np.float64)


def _same(found: Array, wrong: Array, n: int) -> bool:
    return bool(np.all(np.abs(found - wrong) <= 6 * _errors(wrong, n)))
