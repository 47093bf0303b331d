"""Right and wrong answers to the exercises of d2-03."""

from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def newton_with(step: Any) -> Any:
    """Newton's loop with another way to make a step from the gradient and the Hessian."""

    def newton(grad: Any, hess: Any, x0: Any, steps: int) -> Any:
        path = np.empty((steps + 1, len(x0)))
        path[0] = x0
        for k in range(steps):
            path[k + 1] = path[k] + step(grad(path[k]), hess(path[k]))
        return path

    return newton


def least_squares(g: Any, H: Any) -> Any:
    return -np.linalg.lstsq(H, g, rcond=None)[0]


def by_eigenvectors(g: Any, H: Any) -> Any:
    values, vectors = np.linalg.eigh(H)
    return -vectors @ (vectors.T @ g / values)


def chord(grad: Any, hess: Any, x0: Any, steps: int) -> Any:
    """The Hessian of the start for all steps."""
    x = np.array(x0, dtype=float)
    H, path = hess(x), [x]
    for _ in range(steps):
        path.append(path[-1] - np.linalg.solve(H, grad(path[-1])))
    return np.array(path)


def by_inverse(grad: Any, hess: Any, x0: Any, steps: int) -> Any:
    """By recursion, with the inverse that one should not form."""
    x = np.asarray(x0, dtype=float)
    if steps == 0:
        return x[None]
    return np.vstack([x, by_inverse(grad, hess, x - np.linalg.inv(hess(x)) @ grad(x), steps - 1)])


def safeguarded(grad: Any, hess: Any, x0: Any, steps: int) -> Any:
    """A full step only if the gradient gets smaller."""
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        x, move, part = path[-1], np.linalg.solve(hess(path[-1]), grad(path[-1])), 1.0
        while np.linalg.norm(grad(x - part * move)) > np.linalg.norm(grad(x)) and part > 1e-8:
            part /= 2
        path.append(x - part * move)
    return np.array(path)


def old_slope(grad: Any, hess: Any, x0: Any, steps: int) -> Any:
    """The gradient of the start for all steps."""
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - np.linalg.solve(hess(path[-1]), grad(path[0])))
    return np.array(path)


right_newton = newton_with(least_squares)


def variables(
    move: Any = lambda P, z: P @ z,
    first: Any = lambda P, g: P.T @ g,
    second: Any = lambda P, H: P.T @ H @ P,
) -> Any:
    def in_new_variables(grad: Any, hess: Any, P: Any) -> Any:
        return (lambda z: first(P, grad(move(P, z))), lambda z: second(P, hess(move(P, z))))

    return in_new_variables


def by_entries(grad: Any, hess: Any, P: Any) -> Any:
    return (
        lambda z: np.array([grad(P @ z) @ column for column in P.T]),
        lambda z: np.einsum("ia,ij,jb->ab", P, hess(P @ z), P),
    )


def values_at_once(grad: Any, hess: Any, P: Any) -> Any:
    z = np.zeros(len(P))
    return P.T @ grad(P @ z), P.T @ hess(P @ z) @ P


def bfgs_expanded(H: Any, s: Any, y: Any) -> Any:
    """Formula (1) multiplied out: O(n²) operations."""
    c = s @ y
    Hy = H @ y
    cross = np.outer(Hy, s)
    return H - (cross + cross.T) / c + (1 + y @ Hy / c) * np.outer(s, s) / c


def bfgs_dual(H: Any, s: Any, y: Any) -> Any:
    B = np.linalg.inv(H)
    B = B + np.outer(y, y) / (y @ s) - np.outer(B @ s, B @ s) / (s @ B @ s)
    return np.linalg.inv(B)


def bfgs_with(
    left: Any = lambda s, y: (s, y),
    right: str = "transpose",
    last: int = 1,
    scale: Any = lambda s, y: y @ s,
) -> Any:
    def update(H: Any, s: Any, y: Any) -> Any:
        a, b = left(s, y)
        F = np.eye(len(s)) - np.outer(a, b) / scale(s, y)
        factor = {"transpose": F.T, "same": F, "none": np.eye(len(s))}[right]
        return F @ H @ factor + last * np.outer(a, a) / scale(s, y)

    return update


def sr1(H: Any, s: Any, y: Any) -> Any:
    gap = s - H @ y
    return H + np.outer(gap, gap) / (gap @ y)


def bfgs_in_place(H: Any, s: Any, y: Any) -> Any:
    H[:] = bfgs_expanded(H, s, y)
    return H


def bfgs_without_outer(H: Any, s: Any, y: Any) -> Any:
    E = np.eye(len(s)) - s * y / (s @ y)
    return E @ H @ E.T + np.outer(s, s) / (s @ y)


def dfp(H: Any, s: Any, y: Any) -> Any:
    return H - np.outer(H @ y, H @ y) / (y @ H @ y) + np.outer(s, s) / (s @ y)


def hvp_reverse(f: Any, x: Any, v: Any) -> Any:
    """Reverse over reverse in JAX."""
    import jax

    return jax.grad(lambda u: jax.grad(f)(u) @ v)(x)


def hvp_dense(f: Any, x: Any, v: Any) -> Any:
    import jax

    return jax.hessian(f)(x) @ v


def jax_gradient(f: Any, x: Any) -> Any:
    import jax

    return jax.grad(f)(x)


def torch_with(product: Any) -> Any:
    """A double backward pass whose middle is ``product(gradient, v)``."""

    def hvp(f: Any, x: Any, v: Any) -> Any:
        import torch

        u = x.clone().requires_grad_(True)
        (g,) = torch.autograd.grad(f(u), u, create_graph=True)
        return torch.autograd.grad(product(g, v), u)[0]

    return hvp


def torch_functional(f: Any, x: Any, v: Any) -> Any:
    import torch

    return torch.autograd.functional.hvp(f, x, v)[1]


def torch_scalar(f: Any, x: Any, v: Any) -> Any:
    import torch

    return torch.autograd.functional.jvp(f, x, v)[1]


def torch_dense(f: Any, x: Any, v: Any) -> Any:
    import torch

    return torch.autograd.functional.hessian(f, x) @ v


def torch_row_by_row(f: Any, x: Any, v: Any) -> Any:
    import torch

    u = x.clone().requires_grad_(True)
    (g,) = torch.autograd.grad(f(u), u, create_graph=True)
    return torch.stack([torch.autograd.grad(e, u, retain_graph=True)[0] for e in g]) @ v


def torch_symmetric(f: Any, x: Any, v: Any) -> Any:
    import torch

    return torch.autograd.functional.vhp(f, x, v)[1]


def hvp_linearised(f: Any, x: Any, v: Any) -> Any:
    import jax

    return jax.linearize(jax.grad(f), x)[1](v)


def hvp_by_difference(f: Any, x: Any, v: Any) -> Any:
    return (jax_gradient(f, x + 1e-5 * v) - jax_gradient(f, x - 1e-5 * v)) / 2e-5


right_torch = torch_with(lambda g, v: (g * v).sum())

CASES = {
    "ex1": Cases(
        cell="ex1",
        others={
            "least squares": right_newton,
            "eigenvectors": newton_with(by_eigenvectors),
            "recursion": by_inverse,
        },
        mistakes={
            "uphill": Mistake(newton_with(lambda g, H: -least_squares(g, H)), "uphill"),
            "no Hessian": Mistake(newton_with(lambda g, H: -g), "no_hessian"),
            "diagonal": Mistake(newton_with(lambda g, H: -g / np.diag(H)), "diagonal_only"),
            "multiplied": Mistake(newton_with(lambda g, H: -H @ g), "multiplied"),
            "chord": Mistake(chord, "old_hessian"),
            "old gradient": Mistake(old_slope, "wrong"),
            "damped": Mistake(newton_with(lambda g, H: least_squares(g, H) / 2), "shortened"),
            "safeguarded": Mistake(safeguarded, "shortened"),
            "rank one": Mistake(newton_with(lambda g, H: -g * (g @ g) / (g @ H @ g)), "wrong"),
            "last only": Mistake(lambda *a: right_newton(*a)[-1], "last_only"),
            "no start": Mistake(lambda *a: right_newton(*a)[1:], "start_missing"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"entry by entry": by_entries},
        mistakes={
            "P for Pᵀ": Mistake(variables(first=lambda P, g: P @ g), "not_transposed"),
            "at z": Mistake(variables(move=lambda P, z: z), "at_z"),
            "at Pᵀz": Mistake(variables(move=lambda P, z: P.T @ z), "at_transposed"),
            "Hessian inverse": Mistake(
                variables(second=lambda P, H: np.linalg.solve(P, np.linalg.solve(P, H).T)), "wrong"
            ),
            "Hessian without chain rule": Mistake(variables(second=lambda P, H: H), "no_chain"),
            "no chain rule": Mistake(variables(first=lambda P, g: g), "no_chain"),
            "inverse": Mistake(variables(first=lambda P, g: np.linalg.solve(P, g)), "inverse"),
            "one factor": Mistake(variables(second=lambda P, H: P.T @ H), "one_factor"),
            "other sides": Mistake(variables(second=lambda P, H: P @ H @ P.T), "other_sides"),
            "values": Mistake(values_at_once, "not_a_function"),
        },
        needs=("jax", "torch"),
    ),
    "ex3": Cases(
        cell="ex3",
        others={"multiplied out": bfgs_expanded, "through the Hessian": bfgs_dual},
        mistakes={
            "no last term": Mistake(bfgs_with(last=0), "last_term"),
            "s and y": Mistake(bfgs_with(left=lambda s, y: (y, s)), "exchanged"),
            "same factor": Mistake(bfgs_with(right="same"), "same_factor"),
            "one factor": Mistake(bfgs_with(right="none"), "one_factor"),
            "ρ": Mistake(bfgs_with(scale=lambda s, y: s @ s), "rho"),
            "DFP": Mistake(dfp, "dfp"),
            "SR1": Mistake(sr1, "sr1"),
            "in place": Mistake(bfgs_in_place, "modified_input"),
            "no outer product": Mistake(bfgs_without_outer, "wrong"),
            "a number": Mistake(lambda H, s, y: s @ H @ y, "number"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        others={
            "reverse over reverse": (hvp_reverse, right_torch),
            "torch.autograd.functional": (hvp_reverse, torch_functional),
            "linearised, vector-Hessian": (hvp_linearised, torch_symmetric),
        },
        mistakes={
            "gradient": Mistake((lambda f, x, v: jax_gradient(f, x), right_torch), "gradient_only"),
            "entries": Mistake(
                (lambda f, x, v: jax_gradient(f, x) * v, right_torch), "product_of_entries"
            ),
            "a number": Mistake((lambda f, x, v: jax_gradient(f, x) @ v, right_torch), "number"),
            "dense": Mistake((hvp_dense, right_torch), "dense"),
            "dense in PyTorch": Mistake((hvp_reverse, torch_dense), "dense"),
            "row by row in PyTorch": Mistake((hvp_reverse, torch_row_by_row), "dense"),
            "difference": Mistake((hvp_by_difference, right_torch), "wrong"),
            "v² for v": Mistake((hvp_reverse, torch_with(lambda g, v: (g * v * v).sum())), "wrong"),
            "no v in PyTorch": Mistake(
                (hvp_reverse, torch_with(lambda g, v: g.sum())), "column_missing"
            ),
            "a number in PyTorch": Mistake((hvp_reverse, torch_scalar), "number"),
        },
        needs=("jax", "torch"),
    ),
}
