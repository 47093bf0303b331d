"""Right and wrong answers to the exercises of d3-03."""

from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def entropy(p: Any) -> Any:
    p = p[p > 0]
    return -np.sum(p * np.log(p))


def information_by_entropies(joint: Any) -> Any:
    return entropy(joint.sum(axis=0)) - (entropy(joint) - entropy(joint.sum(axis=1)))


def information_by_rows(joint: Any) -> Any:
    """The mean divergence of the conditional laws from the marginal one."""
    total, marginal = 0.0, joint.sum(axis=0)
    for row in joint:
        for share, whole in zip(row, marginal, strict=True):
            if share > 0:
                total += share * np.log(share / row.sum() / whole)
    return total


def with_zeros(joint: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        independent = np.outer(joint.sum(axis=1), joint.sum(axis=0))
        return np.sum(joint * np.log(joint / independent))


def nce(scores: Any, axis: int = -1, log_n: float = 1, others: float = 0, mean: bool = True) -> Any:
    own = np.diagonal(scores, axis1=-2, axis2=-1)
    n = scores.shape[-1]
    kept = scores - others * np.where(np.eye(n, dtype=bool), np.inf, 0) if others else scores
    values = own - np.logaddexp.reduce(kept, axis=axis) + log_n * np.log(n - others)
    return values.mean(axis=-1) if mean else values


def nce_block_by_block(scores: Any) -> Any:
    """Margins to the partner, one input after the other."""
    n = scores.shape[-1]
    flat = scores.reshape(-1, n, n)
    found = []
    for block in flat:
        lost = []
        for i in range(n):
            margins = block[i] - block[i, i]
            lost.append(margins.max() + np.log(np.mean(np.exp(margins - margins.max()))))
        found.append(-np.mean(lost))
    return np.array(found).reshape(scores.shape[:-2])


def naive_nce(scores: Any) -> Any:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        w = np.exp(scores)
        own = np.diagonal(w, axis1=-2, axis2=-1)
        return np.log(own / w.mean(axis=-1)).mean(axis=-1)


def contrast(
    Z: Any,
    tau: float,
    *,
    unit: bool = True,
    own: bool = False,
    neighbours: bool = False,
    both: float = 1,
    project: float = 1,
    size_power: float = 1,
    grad: float = 1,
    score: Any = None,
    factor: float = 1,
) -> Any:
    """NT-Xent as the notebook writes it, with a switch for each mistake."""
    count = len(Z)
    size = np.linalg.norm(Z, axis=1, keepdims=True)
    u = Z / size if unit else Z
    S = u @ u.T / tau if score is None else u @ u.T * score
    if not own:
        S[np.diag_indices(count)] = -np.inf
    partner = np.arange(count) ^ 1 if neighbours else (np.arange(count) + count // 2) % count
    log_pi = S - np.logaddexp.reduce(S, axis=1)[:, None]
    G = np.exp(log_pi) - np.eye(count)[partner]
    g = (G + both * G.T) @ u / (tau * count)
    g = (g - project * u * np.sum(u * g, axis=1, keepdims=True)) / size**size_power
    return -factor * np.mean(log_pi[np.arange(count), partner]), grad * g


def contrast_by_loops(Z: Any, tau: float) -> Any:
    """The pull and the push of each pair, one at a time."""
    count = len(Z)
    norms = np.sqrt((Z**2).sum(axis=1))
    loss, gradient = 0.0, np.zeros_like(Z)

    def slope(i: int, j: int) -> Any:
        cosine = Z[i] @ Z[j] / (norms[i] * norms[j])
        return (Z[j] / norms[j] - cosine * Z[i] / norms[i]) / norms[i]

    for i in range(count):
        mate = (i + count // 2) % count
        others = [j for j in range(count) if j != i]
        scores = np.array([Z[i] @ Z[j] / (norms[i] * norms[j]) / tau for j in others])
        weights = np.exp(scores - scores.max())
        weights /= weights.sum()
        loss -= np.log(weights[others.index(mate)]) / count
        for j, weight in zip(others, weights, strict=True):
            push = (weight - (j == mate)) / tau / count
            gradient[i] += push * slope(i, j)
            gradient[j] += push * slope(j, i)
    return loss, gradient


def first_views(Z: Any, tau: float) -> Any:
    u = Z / np.linalg.norm(Z, axis=1, keepdims=True)
    S, n = u @ u.T / tau, len(Z) // 2
    S[np.diag_indices(len(Z))] = -np.inf
    return np.mean((np.logaddexp.reduce(S, axis=1) - np.roll(S, -n, axis=1).diagonal())[:n]), 0 * Z


def other_views(Z: Any, tau: float) -> Any:
    u = Z / np.linalg.norm(Z, axis=1, keepdims=True)
    n = len(Z) // 2
    S = u[:n] @ u[n:].T / tau
    return np.log(2 * n) - np.log(2) - (nce(S) + nce(S.T)) / 2, 0 * Z


def critic(
    params: Any,
    x: Any,
    y: Any,
    half: float = 0.5,
    axis: int = 1,
    transposed: bool = False,
    log_n: float = 1,
) -> Any:
    import jax
    import jax.numpy as jnp

    A = params["A"].T if transposed else params["A"]
    scores = jnp.einsum("ia,ab,jb->ij", x, A, y) - half * jnp.einsum(
        "ja,ab,jb->j", y, params["B"], y
    )
    lost = jax.nn.logsumexp(scores, axis=axis) - log_n * jnp.log(len(x))
    return jnp.mean(lost - jnp.diag(scores))


def critic_one_by_one(params: Any, x: Any, y: Any) -> Any:
    """The log-posterior of each partner, by log_softmax."""
    import jax
    import jax.numpy as jnp

    def score(a: Any, b: Any) -> Any:
        return a @ params["A"] @ b - b @ params["B"] @ b / 2

    table = jax.vmap(lambda a: jax.vmap(lambda b: score(a, b))(jnp.asarray(y)))(jnp.asarray(x))
    return -jnp.trace(jax.nn.log_softmax(table, axis=1)) / len(x) - jnp.log(len(x))


def critic_with_numpy(params: Any, x: Any, y: Any) -> Any:
    A, B = np.asarray(params["A"]), np.asarray(params["B"])
    scores = x @ A @ y.T - np.sum((y @ B) * y, axis=1) / 2
    return -nce(scores)


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"entropies": information_by_entropies, "row by row": information_by_rows},
        mistakes={
            "0 ln 0": Mistake(with_zeros, "zeros"),
            "a little added": Mistake(lambda j: with_zeros(j + 1e-9), "smoothed"),
            "share of H(Y)": Mistake(
                lambda j: information_by_rows(j) / entropy(j.sum(axis=0)), "wrong"
            ),
            "bits": Mistake(lambda j: information_by_entropies(j) / np.log(2), "bits"),
            "sign": Mistake(lambda j: -information_by_rows(j), "sign"),
            "joint entropy": Mistake(entropy, "entropy"),
            "Σ p ln p": Mistake(lambda j: -entropy(j), "not_compared"),
            "H(Y | X)": Mistake(lambda j: entropy(j) - entropy(j.sum(axis=1)), "given"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"logaddexp": nce, "one by one": nce_block_by_block},
        mistakes={
            "no ln N": Mistake(lambda s: nce(s, log_n=0), "no_log_n"),
            "columns": Mistake(lambda s: nce(s, axis=-2), "columns"),
            "both directions": Mistake(lambda s: (nce(s) + nce(s, axis=-2)) / 2, "both_directions"),
            "all blocks together": Mistake(lambda s: nce(s).mean(), "shape"),
            "partner removed": Mistake(lambda s: nce(s, others=1), "partner_removed"),
            "sum": Mistake(lambda s: nce(s, mean=False).sum(axis=-1), "summed"),
            "per input": Mistake(lambda s: nce(s, mean=False), "per_input"),
            "sign": Mistake(lambda s: -nce(s), "sign"),
            "no shift": Mistake(naive_nce, "overflow"),
            "clipped": Mistake(lambda s: nce(np.clip(s, -1, 5)), "wrong"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"matrices": contrast, "pair by pair": contrast_by_loops},
        mistakes={
            "itself": Mistake(lambda *a: contrast(*a, own=True), "self_included"),
            "no norm": Mistake(lambda *a: contrast(*a, unit=False), "not_normalised"),
            "side by side": Mistake(lambda *a: contrast(*a, neighbours=True), "neighbours"),
            "no τ": Mistake(lambda *a: contrast(*a, score=1), "no_temperature"),
            "times τ": Mistake(lambda z, t: contrast(z, t, score=t), "multiplied"),
            "sum": Mistake(lambda z, t: contrast(z, t, factor=len(z)), "summed"),
            "first views only": Mistake(first_views, "one_way"),
            "other views only": Mistake(other_views, "other_view"),
            "not projected": Mistake(lambda *a: contrast(*a, project=0), "sphere"),
            "with respect to u": Mistake(
                lambda *a: contrast(*a, project=0, size_power=0), "sphere"
            ),
            "not divided by the norm": Mistake(lambda *a: contrast(*a, size_power=0), "no_size"),
            "rows only": Mistake(lambda *a: contrast(*a, both=0), "one_side"),
            "no τ in the gradient": Mistake(
                lambda z, t: contrast(z, t, grad=t), "gradient_temperature"
            ),
            "gradient of the sum": Mistake(lambda z, t: contrast(z, t, grad=len(z)), "not_divided"),
            "gradient sign": Mistake(lambda *a: contrast(*a, grad=-1), "gradient_sign"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        given=("libraries",),
        needs=("jax",),
        others={"einsum": critic, "one by one": critic_one_by_one},
        mistakes={
            "InfoNCE": Mistake(lambda *a: -critic(*a), "sign"),
            "no half": Mistake(lambda *a: critic(*a, half=1), "no_half"),
            "plus": Mistake(lambda *a: critic(*a, half=-0.5), "quadratic_sign"),
            "Aᵀ": Mistake(lambda *a: critic(*a, transposed=True), "a_transposed"),
            "no ln N": Mistake(lambda *a: critic(*a, log_n=0), "no_log_n"),
            "columns": Mistake(lambda *a: critic(*a, axis=0), "columns"),
            "sum": Mistake(lambda p, x, y: len(x) * critic(p, x, y), "summed"),
            "B outside the graph": Mistake(
                lambda p, x, y: critic({"A": p["A"], "B": np.asarray(p["B"])}, x, y),
                "not_differentiable",
            ),
            "NumPy": Mistake(critic_with_numpy, "not_differentiable"),
        },
    ),
}
