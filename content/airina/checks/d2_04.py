"""Checks of d2-04: derivatives against autodiff, known spectra, one function twice, sizes of what is kept."""

from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker
from airina.derivatives import numerical_gradient


def ex1(c: Checker, derivatives: Answer) -> None:
    """Against autodiff of JAX and of PyTorch, and finite differences."""
    for m in (1, 2, 4):
        u, v = c.rng.normal(size=m), c.rng.normal(size=m)
        pair = c.parts(c.call(derivatives, u, v), 2)
        gradient = c.array(pair[0], (2 * m,), {"two_rows": (2, m)})
        hessian = c.array(pair[1], (2 * m, 2 * m), {"four_blocks": (2, 2, m, m)})
        true_gradient, true_hessian = _jax_derivatives(u, v)
        c.close("gradient", gradient, true_gradient, 1e-10, _gradient_mistakes(u, v))
        c.close("hessian", hessian, true_hessian, 1e-10, _hessian_mistakes(u, v))
        c.close("torch", hessian, _torch_hessian(u, v), 1e-10)
        nearby = numerical_gradient(_model, np.concatenate([u, v]))
        c.close("finite_difference", gradient, nearby, 1e-6)


def _model(x: Any) -> Any:
    m = len(x) // 2
    return (x[:m] @ x[m:] - 1) ** 2 / 2


def _jax_derivatives(u: Array, v: Array) -> tuple[Array, Array]:
    import jax

    both = jax.jit(lambda x: (jax.grad(_model)(x), jax.hessian(_model)(x)))
    gradient, hessian = both(np.concatenate([u, v]))
    return np.asarray(gradient), np.asarray(hessian)


def _torch_hessian(u: Array, v: Array) -> Array:
    import torch

    x = torch.tensor(np.concatenate([u, v]))
    return np.asarray(torch.autograd.functional.hessian(_model, x))


def _gradient_mistakes(u: Array, v: Array) -> dict[str, Array]:
    r = u @ v - 1
    return {
        "not_exchanged": r * np.concatenate([u, v]),
        "no_residual": np.concatenate([v, u]),
        "target_missing": (r + 1) * np.concatenate([v, u]),
        "half": 2 * r * np.concatenate([v, u]),
    }


def _hessian_mistakes(u: Array, v: Array) -> dict[str, Array]:
    r, one = u @ v - 1, np.eye(len(u))
    uu, uv, vv = np.outer(u, u), np.outer(u, v), np.outer(v, v)
    return {
        "residual_term": np.block([[vv, uv.T], [uv, uu]]),
        "wrong_corner": np.block([[vv, uv + r * one], [uv.T + r * one, uu]]),
        "exchanged_blocks": np.block([[uu, uv + r * one], [uv.T + r * one, vv]]),
        "interleaved": np.block([[vv, uv.T], [uv, uu]]) + r * np.kron(one, [[0, 1], [1, 0]]),
        "on_diagonal": np.block([[vv + r * one, uv.T], [uv, uu + r * one]]),
    }


def ex2(c: Checker, sharpness: Answer) -> None:
    """Known spectra: led by a positive eigenvalue, by a negative one, all negative, and a tie."""
    spectra = [[5.0, 3, 1, 0, -2], [-6.0, -2, 0.5, 3], [-5.0, -4, -3, -1], [-1.0, 1]]
    for values in map(np.array, spectra):
        axes = np.linalg.qr(c.rng.normal(size=(len(values), len(values))))[0]
        H = (axes * values) @ axes.T
        start = axes @ c.rng.uniform(1, 2, size=len(values)) * 3  # never orthogonal to an axis
        answer = c.call(sharpness, lambda w, H=H: H @ w, start, 300)
        c.require(getattr(answer, "shape", None) != start.shape, "vector")
        if not isinstance(answer, int | float) and not hasattr(answer, "__array__"):
            c.fail("not_a_number", found=type(answer).__name__)
        found = c.number(answer)
        radius, top = np.abs(values).max(), values.max()
        tie = bool(radius == top == -values.min())
        rho = values[np.argmax(np.abs(values))]
        hints = {
            "tie": tie and abs(found) < 1 - 1e-6,
            "dominant": bool(rho < 0 and abs(found - rho) < 1e-6),
            "modulus": bool(abs(found - radius) < 1e-6),
            "shift_kept": bool(abs(found - top - radius) < 1e-6),
            "lowest": bool(abs(found - values.min()) < 1e-6),
        }
        c.close("error", found, top, 1e-6, hints)


def ex3(c: Checker, rescale: Answer) -> None:
    """The same outputs, and a first layer multiplied unit by unit."""
    for inputs, hidden, outputs in [(4, 4, 4), (3, 6, 2), (5, 1, 1)]:
        W1, W2 = c.rng.normal(size=(inputs, hidden)), c.rng.normal(size=(hidden, outputs))
        b1, alpha = c.rng.normal(size=hidden), c.rng.uniform(2, 5, size=hidden)
        parts = c.parts(c.call(rescale, W1, b1, W2, alpha), 3)
        shapes = (inputs, hidden), (hidden,), (hidden, outputs)
        new1, new_b, new2 = (
            c.array(part, shape) for part, shape in zip(parts, shapes, strict=True)
        )
        hints = {
            "exchanged": W1 / alpha,
            "untouched": W1,
            "by_rows": inputs == hidden and bool(np.allclose(new1, W1 * alpha[:, None])),
        }
        c.close("first_layer", new1, W1 * alpha, 1e-12, hints)
        X = c.rng.normal(size=(7, inputs))
        told = {
            "bias_forgotten": bool(np.allclose(new_b, b1)),
            "second_forgotten": bool(np.allclose(new2, W2)),
            "second_multiplied": bool(np.allclose(new2, W2 * alpha[:, None])),
            "second_by_columns": hidden == outputs > 1 and bool(np.allclose(new2, W2 / alpha)),
        }
        new = np.maximum(X @ new1 + new_b, 0) @ new2
        c.close("outputs", new, np.maximum(X @ W1 + b1, 0) @ W2, 1e-12, told)


def ex4(c: Checker, magnitude_mask: Answer) -> None:
    """So many ones, and no weight outside that is larger than one inside; ties and the whole too."""
    cases = [(c.rng.normal(size=(6, 5)), 0.2), (c.rng.normal(size=40), 0.75)]
    cases += [(c.rng.integers(-2, 3, size=(8, 4)).astype(float), 0.25), (np.ones((2, 3)), 0.5)]
    cases += [(c.rng.normal(size=(3, 2)), 1.0)]
    cases += [(c.rng.normal(size=23), 0.25), (c.rng.normal(size=(7, 3)), 0.25)]  # 5.75 and 5.25
    for weights, density in cases:
        mask = c.array(c.call(magnitude_mask, weights, density), weights.shape)
        sizes, wanted = np.abs(weights), round(density * weights.size)
        pruned = bool(np.any(mask != 0) and np.allclose(mask[mask != 0], weights[mask != 0]))
        zero_one = bool(np.isin(mask, (0, 1)).all())
        c.require(zero_one or not pruned, "weights_returned")
        c.require(zero_one, "not_zero_one")
        count = int(mask.sum())
        level = np.sort(sizes, axis=None)[-wanted]
        hints = {
            "removed": count == weights.size - wanted,
            "not_rounded": count
            in (np.floor(density * weights.size), np.ceil(density * weights.size)),
            "ties": count == np.sum(sizes >= level) or count == np.sum(sizes > level),
        }
        c.equal("count", count, wanted, hints)
        inside, outside = sizes[mask == 1], sizes[mask == 0]
        if outside.size:
            signed = bool(weights[mask == 1].min() >= weights[mask == 0].max())
            smallest = bool(inside.max() <= outside.min())
            rows = weights.ndim > 1 and len(set(mask.sum(axis=-1))) == 1
            told = {"smallest": smallest, "signed": signed, "row_by_row": rows}
            c.at_least("margin", inside.min() - outside.max(), 0.0, told)
