"""Checks of d2-03: Newton where its iterates are known, the dual form of BFGS, Hessians from autodiff."""

from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker
from airina.derivatives import numerical_gradient, numerical_jvp


def ex1(c: Checker, newton: Answer) -> None:
    """For Σ√(1 + tᵢ²) with t = Cz each step is t → -t³; a quadratic takes one step."""
    for steps, low in [(0, 0.5), (1, 0.5), (3, 0.5), (2, 1.05)]:  # beyond 1 a full step goes uphill
        C, t = _invertible(c, 4), c.rng.uniform(low, low + 0.15, size=4)
        z = np.linalg.solve(C, t)
        shapes = {"last_only": (4,), "start_missing": (steps, 4)}
        given = (lambda x, C=C: _bowl_grad(C, x), lambda x, C=C: _bowl_hess(C, x), z, steps)
        found = c.array(c.call(newton, *given), (steps + 1, 4), shapes)
        powers = np.array([(-1) ** k * t ** (3**k) for k in range(steps + 1)])
        expected = np.linalg.solve(C, powers.T).T
        hints = _newton_mistakes(C, z, found) if steps else {}
        c.close("error", found, expected, 1e-9, hints)
    A, b = _positive(c, 5), c.rng.normal(size=5)
    path = c.call(newton, lambda x: A @ x - b, lambda x: A, np.zeros(5, dtype=int), 2)
    found = c.array(path, (3, 5))
    c.close("error", found, [np.zeros(5)] + 2 * [np.linalg.solve(A, b)], 1e-9)


def _bowl_grad(C: Array, z: Array) -> Array:
    t = C @ z
    return np.asarray(C.T @ (t / np.sqrt(1 + t**2)))


def _bowl_hess(C: Array, z: Array) -> Array:
    return np.asarray(C.T @ np.diag((1 + (C @ z) ** 2) ** -1.5) @ C)


def _newton_mistakes(C: Array, z: Array, found: Array) -> dict[str, bool]:
    """Which wrong first step, or wrong second one, the answer takes."""
    g, H = _bowl_grad(C, z), _bowl_hess(C, z)
    first = {
        "uphill": z + np.linalg.solve(H, g),
        "no_hessian": z - g,
        "diagonal_only": z - g / np.diag(H),
        "multiplied": z - H @ g,
    }
    told = {name: bool(np.allclose(found[1], wrong)) for name, wrong in first.items()}
    whole, made = np.linalg.solve(H, g), z - found[1]
    part = float(made @ whole / (whole @ whole))
    told["shortened"] = 0 < part < 0.999 and bool(np.allclose(made, part * whole))
    if len(found) > 2:
        stale = found[1] - np.linalg.solve(H, _bowl_grad(C, found[1]))
        told["old_hessian"] = bool(np.allclose(found[2], stale))
    return told


def ex2(c: Checker, in_new_variables: Answer) -> None:
    """Against autodiff of z → f(Pz), twice, and finite differences."""
    C, a = c.rng.normal(size=(5, 3)), c.rng.normal(size=3)
    for _ in range(2):
        P, z = _invertible(c, 3), c.rng.normal(size=3)
        pair = c.parts(c.call(in_new_variables, _wave_grad(C, a), _wave_hess(C, a), P), 2)
        g = c.array(c.call(pair[0], z), (3,))
        H = c.array(c.call(pair[1], z), (3, 3))
        here, old_g, old_h = P @ z, _wave_grad(C, a), _wave_hess(C, a)
        hints: dict[str, Any] = {
            "not_transposed": P @ old_g(here),
            "at_z": P.T @ old_g(z),
            "no_chain": old_g(here),
            "inverse": np.linalg.solve(P, old_g(here)),
            "at_transposed": P.T @ old_g(P.T @ z),
        }
        true_g, true_h = _jax_derivatives(C, a, P, z)
        c.close("gradient", g, true_g, 1e-10, hints)
        c.close("gradient", g, _torch_gradient(C, a, P, z), 1e-10)
        c.close(
            "finite_difference", g, numerical_gradient(lambda u, P=P: _wave(C, a, P @ u), z), 1e-6
        )
        sides = {
            "one_factor": bool(
                np.allclose(H, P.T @ old_h(here)) or np.allclose(H, old_h(here) @ P)
            ),
            "other_sides": P @ old_h(here) @ P.T,
            "at_z": P.T @ old_h(z) @ P,
            "no_chain": old_h(here),
        }
        c.close("hessian", H, true_h, 1e-10, sides)


def _wave(C: Any, a: Any, x: Any, lib: Any = np) -> Any:
    return lib.log(lib.cosh(C @ x)).sum() + (a @ x) ** 4 / 4


def _wave_grad(C: Array, a: Array) -> Answer:
    return lambda x: C.T @ np.tanh(C @ x) + (a @ x) ** 3 * a


def _wave_hess(C: Array, a: Array) -> Answer:
    return lambda x: (C.T / np.cosh(C @ x) ** 2) @ C + 3 * (a @ x) ** 2 * np.outer(a, a)


def _jax_derivatives(C: Array, a: Array, P: Array, z: Array) -> tuple[Array, Array]:
    import jax
    import jax.numpy as jnp

    def g(u: Any, P: Any) -> Any:
        return _wave(C, a, P @ u, jnp)

    both = jax.jit(lambda u, P: (jax.grad(g)(u, P), jax.hessian(g)(u, P)))
    first, second = both(z, P)
    return np.asarray(first), np.asarray(second)


def _torch_gradient(C: Array, a: Array, P: Array, z: Array) -> Array:
    import torch

    C_, a_, P_, z_ = map(torch.tensor, (C, a, P, z))
    z_.requires_grad_()
    (found,) = torch.autograd.grad(_wave(C_, a_, P_ @ z_, torch), z_)
    return np.asarray(found)


def ex3(c: Checker, bfgs_update: Answer) -> None:
    """The secant equation, then the update of the Hessian itself, inverted."""
    for n in (2, 5, 8):
        H, bent = _positive(c, n), _positive(c, n)
        s = c.rng.normal(size=n)
        y = bent @ s
        found = c.array(c.call(bfgs_update, H, s, y), (n, n), {"number": ()})
        hints = _bfgs_mistakes(H, s, y)
        c.close("secant", found @ y, s, 1e-9, {name: wrong @ y for name, wrong in hints.items()})
        B = np.linalg.inv(H)
        Bs = B @ s
        dual = B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(y, y) / (s @ y)
        c.close("symmetric", found, found.T, 1e-9, hints)
        c.close("error", found, np.linalg.inv(dual), 1e-8, hints)


def _bfgs_mistakes(H: Array, s: Array, y: Array) -> dict[str, Array]:
    n = len(s)
    E = np.eye(n) - np.outer(s, y) / (s @ y)
    last = np.outer(s, s) / (s @ y)
    Hy = H @ y
    turned = np.eye(n) - np.outer(y, s) / (s @ y)
    short = np.eye(n) - np.outer(s, y) / (s @ s)
    return {
        "last_term": E @ H @ E.T,
        "exchanged": turned @ H @ turned.T + np.outer(y, y) / (s @ y),
        "same_factor": E @ H @ E + last,
        "one_factor": E @ H + last,
        "rho": short @ H @ short.T + np.outer(s, s) / (s @ s),
        "sr1": H + np.outer(s - Hy, s - Hy) / (y @ (s - Hy)),
        "dfp": H - np.outer(Hy, Hy) / (y @ Hy) + last,
    }


def ex4(c: Checker, hvp_jax: Answer, hvp_torch: Answer) -> None:
    """Against whole Hessians of both libraries, and a finite difference of the gradient."""
    import jax
    import jax.numpy as jnp
    import torch

    d = 7
    hessian = jax.jit(jax.hessian(_twisted))
    slope = jax.jit(jax.grad(_twisted))
    for _ in range(2):
        x, v = c.rng.normal(size=d), c.rng.normal(size=d)
        H, g = np.asarray(hessian(x)), np.asarray(slope(x))
        hints = {"gradient_only": g, "product_of_entries": g * v, "column_missing": H @ np.ones(d)}
        number = {"number": (), "whole_hessian": (d, d)}
        in_jax = c.array(c.call(hvp_jax, _twisted, jnp.asarray(x), jnp.asarray(v)), (d,), number)
        c.close("jax", in_jax, H @ v, 1e-10, hints)
        nearby = numerical_jvp(lambda u: np.asarray(slope(u)), x, v)
        c.close("finite_difference", in_jax, nearby, 1e-6)
        given = (_twisted, torch.tensor(x), torch.tensor(v))
        in_torch = c.array(c.call(hvp_torch, *given), (d,), number)
        whole = torch.autograd.functional.hessian(_twisted, given[1]).numpy()
        c.close("torch", in_torch, whole @ v, 1e-10, hints)
        c.require(_largest_tensor(lambda given=given: hvp_torch(*given)) < d * d, "dense")
    traced = jax.make_jaxpr(lambda x, v: hvp_jax(_twisted, x, v))(x, v)
    c.require(_largest(traced.jaxpr) < d * d, "dense")


def _twisted(x: Any) -> Any:
    """A function of seven variables that NumPy, JAX and PyTorch all read; none of its arrays is large."""
    return ((x[1:] - x[:-1] ** 2) ** 2).sum() + x.prod() / 3 + (x**4).mean()


def _largest(program: Any) -> int:
    """The number of entries of the largest array that a traced program, or one inside it, makes."""
    sizes = [0]
    for equation in program.eqns:
        sizes += [int(np.prod(out.aval.shape)) for out in equation.outvars]
        inner = [getattr(value, "jaxpr", value) for value in equation.params.values()]
        sizes += [_largest(part) for part in inner if hasattr(part, "eqns")]
    return max(sizes)


def _largest_tensor(run: Answer) -> int:
    """The number of entries of the largest tensor that a function of PyTorch returns during a run."""
    from torch import Tensor
    from torch.overrides import TorchFunctionMode

    sizes = [0]

    class Watch(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            made = func(*args, **(kwargs or {}))
            sizes.extend([made.numel()] if isinstance(made, Tensor) else [])
            return made

    with Watch():
        run()
    return max(sizes)


def _invertible(c: Checker, n: int) -> Array:
    """A generic matrix, not symmetric, of moderate condition number."""
    left, right = (np.linalg.qr(c.rng.normal(size=(n, n)))[0] for _ in range(2))
    return np.asarray(left @ np.diag(np.linspace(0.6, 2.0, n)) @ right)


def _positive(c: Checker, n: int) -> Array:
    basis = _invertible(c, n)
    return np.asarray(basis @ basis.T)
