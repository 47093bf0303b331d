"""Right and wrong answers to the exercises of d4-01."""

from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def local(
    X: Any,
    x: Any,
    r: Any,
    *,
    power: float = 1,
    centre: str = "mean",
    ddof: int = 0,
    step: int = -1,
    all_rows: bool = False,
) -> Any:
    """By the spectral theorem, with a switch for each mistake."""
    kept = X if all_rows else X[np.sqrt(((X - x) ** 2).sum(axis=1)) ** power < r]
    origin = {"mean": kept.mean(axis=0), "x": x, "0": 0 * x}[centre]
    values, vectors = np.linalg.eigh((kept - origin).T @ (kept - origin))
    return (values / (len(kept) - ddof))[::step], vectors.T[::step]


def local_with_other_signs(X: Any, x: Any, r: Any) -> Any:
    kept = np.array([row for row in X if np.linalg.norm(row - x) < r])
    values, vectors = np.linalg.eig(np.cov(kept.T, bias=True))
    order = np.argsort(-values.real)
    return [values.real[order], -vectors.real[:, order].T]


def local_changed(change: Any) -> Any:
    return lambda X, x, r: change(*local(X, x, r), np.sum(np.linalg.norm(X - x, axis=1) < r))


def shifts(
    template: Any,
    *,
    mean: bool = False,
    power: float = 2,
    divisor: float = 1,
    less: int = 0,
    step: int = -1,
    order: bool = True,
) -> Any:
    spectrum = np.abs(np.fft.fft(template - (0 if mean else template.mean()))) ** power
    spectrum = spectrum / (len(template) - less) ** divisor
    return np.sort(spectrum)[::step] if order else spectrum


def shifts_one_by_one(template: Any) -> Any:
    every = np.array([np.roll(template, s) for s in range(len(template))])
    return np.linalg.eigvalsh(np.cov(every.T, ddof=0))[::-1]


def shifts_by_svd(template: Any) -> Any:
    every = np.array([np.roll(template, s) for s in range(len(template))])
    return np.linalg.svd(every - every.mean(axis=0), compute_uv=False) ** 2 / len(template)


def distances(X: Any) -> Any:
    return np.linalg.norm(X[:, None] - X[None], axis=-1)


def slope_by_sorting(X: Any, low: Any, high: Any) -> Any:
    apart = np.sort(distances(X)[np.triu_indices(len(X), 1)])
    near, far = apart[int(low * len(apart))], apart[int(high * len(apart))]
    return (np.log(high) - np.log(low)) / (np.log(far) - np.log(near))


def slope(
    X: Any, low: Any, high: Any, *, power: float = 1, diagonal: bool = False, sign: float = 1
) -> Any:
    apart = distances(X) if diagonal else distances(X)[np.triu_indices(len(X), 1)]
    near, far = np.quantile(apart**power, [low, high])
    return sign * np.log(high / low) / np.log(far / near)


def slope_with_radii(X: Any, low: Any, high: Any) -> Any:
    apart = distances(X)[np.triu_indices(len(X), 1)]
    return np.log(np.mean(apart < high) / np.mean(apart < low)) / np.log(high / low)


def slope_to_the_end(X: Any, low: Any, high: Any) -> Any:
    """As if the largest distance were the quantile of order high."""
    apart = distances(X)[np.triu_indices(len(X), 1)]
    return np.log(high / low) / np.log(apart.max() / np.quantile(apart, low))


def slope_of_one_end(X: Any, low: Any, high: Any) -> Any:
    far = np.quantile(distances(X)[np.triu_indices(len(X), 1)], high)
    return np.log(high) / np.log(far)


def slope_without_logarithms(X: Any, low: Any, high: Any) -> Any:
    near, far = np.quantile(distances(X)[np.triu_indices(len(X), 1)], [low, high])
    return (high - low) / (far - near)


def mixed_rows(X: Any, rng: Any) -> Any:
    """Gaussian combinations of the centred rows."""
    mean = X.mean(axis=0)
    size, kind = (100, len(X)), np.float32
    draws = [rng.standard_normal(size, kind) @ (X - mean) for _ in range(len(X) // 100)]
    return mean + np.concatenate(draws) / np.sqrt(len(X))


def by_library(X: Any, rng: Any) -> Any:
    return rng.multivariate_normal(X.mean(axis=0), np.cov(X.T), size=len(X), method="svd")


def by_svd(X: Any, rng: Any) -> Any:
    centred = X - X.mean(axis=0)
    _, s, Vt = np.linalg.svd(centred, full_matrices=False)
    return X.mean(axis=0) + rng.normal(size=X.shape) * s / np.sqrt(len(X) - 1) @ Vt


def gaussian(
    X: Any,
    rng: Any,
    *,
    power: float = 0.5,
    back: str = "T",
    mean: Any = None,
    draw: Any = None,
) -> Any:
    values, vectors = np.linalg.eigh(np.cov(X.T))
    noise = rng.standard_normal(X.shape) if draw is None else draw(rng, X.shape)
    turn = {"T": vectors.T, "": vectors, "none": np.eye(len(values))}[back]
    return (X.mean(axis=0) if mean is None else mean) + noise * values.clip(0) ** power @ turn


def by_cholesky(X: Any, rng: Any) -> Any:
    return X.mean(axis=0) + rng.standard_normal(X.shape) @ np.linalg.cholesky(np.cov(X.T)).T


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"spectral theorem": local, "a list, other signs": local_with_other_signs},
        mistakes={
            "all rows": Mistake(lambda *a: local(*a, all_rows=True), "everybody"),
            "squared distance": Mistake(lambda *a: local(*a, power=2), "squared_distance"),
            "centred at x": Mistake(lambda *a: local(*a, centre="x"), "centred_at_x"),
            "not centred": Mistake(lambda *a: local(*a, centre="0"), "not_centred"),
            "n − 1": Mistake(lambda *a: local(*a, ddof=1), "divided_by_n_minus_1"),
            "increasing": Mistake(lambda *a: local(*a, step=1), "increasing"),
            "not divided": Mistake(local_changed(lambda v, a, n: (n * v, a)), "not_divided"),
            "deviations": Mistake(local_changed(lambda v, a, n: (np.sqrt(v), a)), "deviations"),
            "not squared": Mistake(
                local_changed(lambda v, a, n: (np.sqrt(v / n), a)), "not_squared"
            ),
            "whitened axes": Mistake(
                local_changed(lambda v, a, n: (v, a * np.sqrt(v)[:, None])), "wrong"
            ),
            "columns": Mistake(local_changed(lambda v, a, n: (v, a.T)), "axes_transposed"),
            "other order": Mistake(local_changed(lambda v, a, n: (v, a[::-1])), "other_order"),
            "variances only": Mistake(lambda *a: local(*a)[0], "parts"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"all the shifts": shifts_one_by_one, "their SVD": shifts_by_svd},
        mistakes={
            "mean": Mistake(lambda t: shifts(t, mean=True), "mean_kept"),
            "not divided": Mistake(lambda t: shifts(t, divisor=0), "not_divided"),
            "divided twice": Mistake(lambda t: shifts(t, divisor=2), "divided_twice"),
            "n − 1": Mistake(lambda t: shifts(t, less=1), "divided_by_n_minus_1"),
            "not squared": Mistake(lambda t: shifts(t, power=1), "not_squared"),
            "moduli": Mistake(lambda t: shifts(t, power=1, divisor=0), "amplitudes"),
            "increasing": Mistake(lambda t: shifts(t, step=1), "increasing"),
            "not sorted": Mistake(lambda t: shifts(t, order=False), "not_sorted"),
            "k = 0 left out": Mistake(lambda t: shifts(t)[:-1], "shape"),
            "half": Mistake(lambda t: np.abs(np.fft.rfft(t)) ** 2 / len(t), "half"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        given=("libraries",),
        needs=("scipy",),
        others={"sorted": slope_by_sorting, "all pairs": slope},
        mistakes={
            "inverse": Mistake(lambda *a: 1 / slope(*a), "inverse"),
            "squared": Mistake(lambda *a: slope(*a, power=2), "squared"),
            "diagonal": Mistake(lambda *a: slope(*a, diagonal=True), "diagonal"),
            "radii": Mistake(slope_with_radii, "radii_not_quantiles"),
            "no logarithm": Mistake(slope_without_logarithms, "logarithm_missing"),
            "sign": Mistake(lambda *a: slope(*a, sign=-1), "sign"),
            "largest distance": Mistake(slope_to_the_end, "wrong"),
            "decimal over natural": Mistake(lambda *a: slope(*a) / np.log(10), "wrong"),
            "one end": Mistake(slope_of_one_end, "one_end"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        others={"mixed rows": mixed_rows, "library": by_library, "SVD": by_svd},
        mistakes={
            "shuffled": Mistake(lambda X, rng: rng.permuted(X, axis=0), "reordered"),
            "resampled": Mistake(lambda X, rng: X[rng.integers(len(X), size=len(X))], "resampled"),
            "one row": Mistake(
                lambda X, rng: gaussian(
                    X, rng, draw=lambda r, shape: np.ones(shape) * r.normal(size=shape[1])
                ),
                "one_row",
            ),
            "no mean": Mistake(lambda X, rng: gaussian(X, rng, mean=0), "mean_missing"),
            "one mean": Mistake(lambda X, rng: gaussian(X, rng, mean=X.mean()), "one_mean"),
            "no root": Mistake(lambda X, rng: gaussian(X, rng, power=1), "no_square_root"),
            "not turned back": Mistake(
                lambda X, rng: gaussian(X, rng, back="none"), "not_turned_back"
            ),
            "V for Vᵀ": Mistake(lambda X, rng: gaussian(X, rng, back=""), "turned_the_wrong_way"),
            "variances": Mistake(
                lambda X, rng: X.mean(axis=0) + rng.normal(size=X.shape) * X.std(axis=0),
                "only_variances",
            ),
            "standard": Mistake(
                lambda X, rng: X.mean(axis=0) + rng.normal(size=X.shape), "standard"
            ),
            "uniform": Mistake(
                lambda X, rng: gaussian(
                    X, rng, draw=lambda r, shape: r.uniform(-(3**0.5), 3**0.5, shape)
                ),
                "not_gaussian",
            ),
            "unseeded generator": Mistake(
                lambda X, rng: gaussian(X, np.random.default_rng()), "other_generator"
            ),
            "own generator": Mistake(
                lambda X, rng: gaussian(X, np.random.default_rng(0)), "rng_ignored"
            ),
            "Cholesky": Mistake(by_cholesky, "raised"),
        },
    ),
}
