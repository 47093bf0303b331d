"""Right and wrong answers to the exercises of d3-02."""

from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def lengths_by_sorting(p: Any) -> Any:
    """Two sorted piles, no heap; ties go the other way."""
    groups = [(weight, [i]) for i, weight in enumerate(p)]
    lengths = np.zeros(len(p), dtype=int)
    while len(groups) > 1:
        groups.sort(key=lambda group: group[0])
        (a, some), (b, others), *groups = groups
        for i in some + others:
            lengths[i] += 1
        groups.insert(0, (a + b, some + others))
    return lengths


def lengths_by_tree(p: Any) -> list[int]:
    """Builds the tree, then reads the depths of its leaves."""
    nodes: list[tuple[float, Any]] = [(weight, i) for i, weight in enumerate(p)]
    while len(nodes) > 1:
        nodes.sort(key=lambda node: -node[0])
        right, left = nodes.pop(), nodes.pop()
        nodes.append((left[0] + right[0], (left[1], right[1])))
    depths = [0] * len(p)

    def walk(tree: Any, depth: int) -> None:
        if isinstance(tree, tuple):
            walk(tree[0], depth + 1)
            walk(tree[1], depth + 1)
        else:
            depths[tree] = depth

    walk(nodes[0][1], 0)
    return depths


def shannon(p: Any) -> Any:
    return np.ceil(-np.log2(p) - 1e-12).astype(int)


def fixed(p: Any) -> Any:
    return np.full(len(p), int(np.ceil(np.log2(len(p)))))


def shannon_fano(p: Any) -> Any:
    """Top down: sort, cut into two halves of nearly equal weight, again in each half."""
    lengths = np.zeros(len(p), dtype=int)

    def cut(symbols: Any) -> None:
        if len(symbols) > 1:
            lengths[symbols] += 1
            left = np.cumsum(p[symbols])[:-1]
            place = np.argmin(abs(2 * left - p[symbols].sum())) + 1
            cut(symbols[:place])
            cut(symbols[place:])

    cut(np.argsort(-p, kind="stable"))
    return lengths


def lightest_with_heaviest(p: Any) -> Any:
    groups = [(weight, [i]) for i, weight in enumerate(p)]
    lengths = np.zeros(len(p), dtype=int)
    while len(groups) > 1:
        groups.sort(key=lambda group: group[0])
        (a, some), *groups, (b, others) = groups
        lengths[some + others] += 1
        groups.append((a + b, some + others))
    return lengths


def loss_by_logaddexp(
    logits: Any,
    labels: Any,
    scale: float = 1,
    base: float = 1,
    onehot: float = 1,
    mean: bool = True,
) -> Any:
    log_q = logits - np.logaddexp.reduce(logits, axis=1)[:, None]
    y = np.eye(logits.shape[1])[labels]
    n = len(labels) if mean else 1
    return -np.sum(y * log_q) / n / base, scale * (np.exp(log_q) - onehot * y) / n


def loss_row_by_row(logits: Any, labels: Any) -> Any:
    losses, gradient = [], np.zeros_like(logits)
    for i, (z, label) in enumerate(zip(logits, labels, strict=True)):
        gaps = z - z[label]
        losses.append(np.log(np.sum(np.exp(gaps - gaps.max()))) + gaps.max())
        gradient[i] = np.exp(gaps - losses[-1])
        gradient[i, label] -= 1
    return sum(losses) / len(labels), gradient / len(labels)


def naive_loss(logits: Any, labels: Any) -> Any:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        q = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        y = np.eye(logits.shape[1])[labels]
        return -np.mean(np.log((q * y).sum(axis=1))), (q - y) / len(labels)


def clipped_loss(logits: Any, labels: Any) -> Any:
    loss, gradient = loss_by_logaddexp(np.clip(logits, -700, 700), labels)
    return loss, gradient


def losses(logits: Any, labels: Any) -> Any:
    log_q = logits - np.logaddexp.reduce(logits, axis=1)[:, None]
    return -log_q[np.arange(len(labels)), labels], np.exp(log_q)


def loss_by_known_sums(logits: Any, labels: Any, kind: str) -> Any:
    """Consistent loss and gradient of a wrong loss."""
    n, total = len(labels), np.logaddexp.reduce(logits, axis=1)
    q = np.exp(logits - total[:, None])
    if kind == "every column":
        mean_onehot = np.eye(logits.shape[1])[labels].mean(axis=0)
        return (total[:, None] - logits[:, labels]).mean(), (q - mean_onehot) / n
    if kind == "label ignored":
        return total.mean(), q / n
    shifted = (labels - 1) % logits.shape[1]
    return loss_by_logaddexp(logits, shifted)


def kl_by_cholesky(m1: Any, S1: Any, m2: Any, S2: Any) -> Any:
    L1, L2 = np.linalg.cholesky(S1), np.linalg.cholesky(S2)
    whitened = np.linalg.solve(L2, L1)
    shift = np.linalg.solve(L2, m2 - m1)
    logs = np.log(np.diag(L2)).sum() - np.log(np.diag(L1)).sum()
    return (np.sum(whitened**2) + np.sum(shift**2) - len(m1)) / 2 + logs


def kl_by_eigenvalues(m1: Any, S1: Any, m2: Any, S2: Any) -> Any:
    values = np.linalg.eigvals(np.linalg.inv(S2) @ S1).real
    gap = m1 - m2
    return 0.5 * (np.sum(values - 1 - np.log(values)) + gap @ np.linalg.inv(S2) @ gap)


def kl_with_determinants(m1: Any, S1: Any, m2: Any, S2: Any) -> Any:
    inverse = np.linalg.inv(S2)
    with np.errstate(all="ignore"):
        logs = np.log(np.linalg.det(S2) / np.linalg.det(S1))
    delta = m2 - m1
    return (np.trace(inverse @ S1) + delta @ inverse @ delta - len(m1) + logs) / 2


def without_mean(m1: Any, S1: Any, m2: Any, S2: Any) -> Any:
    return kl_by_cholesky(m1, S1, m1, S2)


def mixed(m1: Any, S1: Any, m2: Any, S2: Any, trace: bool = False) -> Any:
    """The quadratic form, or the trace, with the wrong covariance inverted."""
    d, right = m2 - m1, kl_by_cholesky(m1, S1, m2, S2)
    if trace:
        return right + np.trace(np.linalg.solve(S1, S2) - np.linalg.solve(S2, S1)) / 2
    return right + (d @ np.linalg.solve(S1, d) - d @ np.linalg.solve(S2, d)) / 2


def log_sign(m1: Any, S1: Any, m2: Any, S2: Any) -> Any:
    logs = np.linalg.slogdet(S2)[1] - np.linalg.slogdet(S1)[1]
    return kl_by_cholesky(m1, S1, m2, S2) - logs


def reverse(
    theta: Any, log_p: Any, nodes: Any, weights: Any, scale: float = 1, constant: float = 1
) -> Any:
    import jax.numpy as jnp

    log_q = -(nodes**2) / 2 - scale * theta[1] - constant * jnp.log(2 * jnp.pi) / 2
    return jnp.sum(weights * (log_q - log_p(theta[0] + jnp.exp(theta[1]) * nodes)))


def reverse_by_entropy(theta: Any, log_p: Any, nodes: Any, weights: Any) -> Any:
    """Minus the entropy of a Gaussian, known in closed form, minus the mean of ln p."""
    import jax.numpy as jnp

    cross = -jnp.dot(weights, log_p(nodes * jnp.exp(theta[1]) + theta[0]))
    return cross - 0.5 * jnp.log(2 * jnp.pi * jnp.e) - theta[1]


def cross_only(theta: Any, log_p: Any, nodes: Any, weights: Any) -> Any:
    import jax.numpy as jnp

    return -jnp.sum(weights * log_p(theta[0] + jnp.exp(theta[1]) * nodes))


def not_moved(theta: Any, log_p: Any, nodes: Any, weights: Any) -> Any:
    import jax.numpy as jnp

    log_q = -(nodes**2) / 2 - theta[1] - jnp.log(2 * jnp.pi) / 2
    return jnp.sum(weights * (log_q - log_p(nodes)))


def log_variance(theta: Any, log_p: Any, nodes: Any, weights: Any) -> Any:
    return reverse(theta * np.array([1, 0.5]), log_p, nodes, weights)


def with_numpy(theta: Any, log_p: Any, nodes: Any, weights: Any) -> Any:
    x = float(theta[0]) + np.exp(float(theta[1])) * nodes
    log_q = -(nodes**2) / 2 - float(theta[1]) - np.log(2 * np.pi) / 2
    return (weights * (log_q - log_p(x))).sum()


CASES = {
    "ex1": Cases(
        cell="ex1",
        given=("libraries",),
        needs=("jax",),
        others={"two piles": lengths_by_sorting, "depths of a tree": lengths_by_tree},
        mistakes={
            "Shannon": Mistake(shannon, "shannon"),
            "fixed": Mistake(fixed, "fixed"),
            "sorted": Mistake(lambda p: np.sort(lengths_by_sorting(p)), "order"),
            "too short": Mistake(lambda p: np.maximum(shannon(p) - 1, 0), "no_code"),
            "Shannon-Fano": Mistake(shannon_fano, "wrong"),
            "lightest with heaviest": Mistake(lightest_with_heaviest, "wrong"),
            "whole numbers as floats": Mistake(lambda p: shannon(p) * 1.0, "not_an_integer"),
            "floats": Mistake(lambda p: -np.log2(p), "not_an_integer"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"logaddexp": loss_by_logaddexp, "row by row": loss_row_by_row},
        mistakes={
            "no shift": Mistake(naive_loss, "overflow"),
            "clipped": Mistake(clipped_loss, "overflow"),
            "sum": Mistake(lambda z, y: loss_by_logaddexp(z, y, mean=False), "summed"),
            "bits": Mistake(lambda z, y: loss_by_logaddexp(z, y, base=np.log(2)), "bits"),
            "sign": Mistake(lambda z, y: loss_by_logaddexp(z, y, base=-1), "sign"),
            "gradient of the sum": Mistake(
                lambda z, y: loss_by_logaddexp(z, y, scale=len(y)), "not_divided"
            ),
            "gradient p": Mistake(lambda z, y: loss_by_logaddexp(z, y, onehot=0), "without_label"),
            "y − p": Mistake(lambda z, y: loss_by_logaddexp(z, y, scale=-1), "gradient_sign"),
            "all columns": Mistake(
                lambda z, y: loss_by_known_sums(z, y, "every column"), "every_column"
            ),
            "no label": Mistake(
                lambda z, y: loss_by_known_sums(z, y, "label ignored"), "label_ignored"
            ),
            "labels from 1": Mistake(lambda z, y: loss_by_known_sums(z, y, "from 1"), "wrong"),
            "one per row": Mistake(losses, "one_per_row"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"Cholesky": kl_by_cholesky, "eigenvalues": kl_by_eigenvalues},
        mistakes={
            "swapped": Mistake(lambda m, S, n, R: kl_by_cholesky(n, R, m, S), "swapped"),
            "not halved": Mistake(lambda *a: 2 * kl_by_cholesky(*a), "not_halved"),
            "no d": Mistake(lambda *a: kl_by_cholesky(*a) + len(a[0]) / 2, "no_dimension"),
            "log sign": Mistake(log_sign, "log_sign"),
            "δ with Σ₁": Mistake(mixed, "first_covariance"),
            "trace upside down": Mistake(lambda *a: mixed(*a, trace=True), "trace"),
            "no means": Mistake(without_mean, "no_mean"),
            "determinants": Mistake(kl_with_determinants, "determinant"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        given=("libraries",),
        needs=("jax",),
        others={"entropy in closed form": reverse_by_entropy},
        mistakes={
            "no ln q": Mistake(cross_only, "no_entropy"),
            "nodes not moved": Mistake(not_moved, "not_moved"),
            "no λ": Mistake(lambda *a: reverse(*a, scale=0), "no_lambda"),
            "no constant": Mistake(lambda *a: reverse(*a, constant=0), "no_constant"),
            "sign": Mistake(lambda *a: -reverse(*a), "sign"),
            "logarithm of the variance": Mistake(log_variance, "variance"),
            "no weights": Mistake(lambda t, p, x, w: reverse(t, p, x, 0 * w + 1 / len(w)), "wrong"),
            "NumPy": Mistake(with_numpy, "not_differentiable"),
        },
    ),
}
