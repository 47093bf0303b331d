"""Right and wrong answers to the exercises of d3-04."""

from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def bound(
    x: Any,
    W: Any,
    mu: Any,
    noise: Any,
    m: Any,
    S: Any,
    *,
    spread: float = 1,
    kl: float = 1,
    constant: float = 1,
    dimension: float = 1,
    log_sign: float = 1,
) -> Any:
    """The ELBO as the notebook writes it, with a switch for each mistake."""
    gap = x - mu - W @ m
    square = gap @ gap + spread * np.sum((W.T @ W) * S)
    divergence = np.trace(S) + m @ m - dimension * len(m) - log_sign * np.linalg.slogdet(S)[1]
    return (
        -square / (2 * noise)
        - constant * len(x) / 2 * np.log(2 * np.pi * noise)
        - kl * divergence / 2
    )


def bound_by_entropy(x: Any, W: Any, mu: Any, noise: Any, m: Any, S: Any) -> Any:
    """E ln p(x, z) plus the entropy of q."""
    k, v = len(m), x - mu
    second = S + np.outer(m, m)
    likelihood = v @ v - 2 * v @ W @ m + np.trace(W @ second @ W.T)
    log_joint = -likelihood / (2 * noise) - len(x) / 2 * np.log(2 * np.pi * noise)
    log_joint -= np.trace(second) / 2 + k / 2 * np.log(2 * np.pi)
    return log_joint + np.log(np.linalg.det(2 * np.pi * np.e * S)) / 2


def bound_below_the_truth(x: Any, W: Any, mu: Any, noise: Any, m: Any, S: Any) -> Any:
    """ln p(x) minus the divergence from the posterior."""
    cov = W @ W.T + noise * np.eye(len(x))
    log_px = -((x - mu) @ np.linalg.inv(cov) @ (x - mu) + np.linalg.slogdet(2 * np.pi * cov)[1]) / 2
    precision = np.eye(len(m)) + W.T @ W / noise
    gap = m - np.linalg.inv(precision) @ W.T @ (x - mu) / noise
    logs = np.linalg.slogdet(precision)[1] + np.linalg.slogdet(S)[1]
    return log_px - (np.trace(precision @ S) + gap @ precision @ gap - len(m) - logs) / 2


def bound_with_diagonal(x: Any, W: Any, mu: Any, noise: Any, m: Any, S: Any) -> Any:
    """Right but for the off-diagonal entries of S in tr(W S Wᵀ)."""
    lost = np.trace(W @ (S - np.diag(np.diag(S))) @ W.T) / (2 * noise)
    return bound(x, W, mu, noise, m, S) + lost


def bound_with_reversed_divergence(x: Any, W: Any, mu: Any, noise: Any, m: Any, S: Any) -> Any:
    inverse = np.linalg.inv(S)
    other = np.trace(inverse) + m @ inverse @ m - len(m) + np.linalg.slogdet(S)[1]
    return bound(x, W, mu, noise, m, S, kl=0) - other / 2


def centred_samples(g: Any, dg: Any, mu: Any, s: Any, eps: Any) -> Any:
    pathwise, _ = samples(g, dg, mu, s, eps)
    z = mu + s * eps
    return pathwise, samples(g, dg, mu, s, eps, held=g(z) - g(z).mean())[1]


def samples(
    g: Any,
    dg: Any,
    mu: Any,
    s: Any,
    eps: Any,
    *,
    along: Any = None,
    held: Any = None,
    minus: float = 1,
    power: float = 1,
) -> Any:
    z = mu + s * eps
    along = eps if along is None else along
    pathwise = np.column_stack([dg(z), dg(z) * along])
    value = g(z) if held is None else held
    score = np.column_stack([value * eps, value * (eps**2 - minus)]) / s**power
    return pathwise, score


def samples_one_by_one(g: Any, dg: Any, mu: Any, s: Any, eps: Any) -> Any:
    """From z alone, without ε."""
    pathwise, score = [], []
    for z in mu + s * eps:
        pathwise.append(dg(z) * np.array([1.0, (z - mu) / s]))
        score.append(g(z) * np.array([(z - mu) / s**2, (z - mu) ** 2 / s**3 - 1 / s]))
    return np.array(pathwise), np.array(score)


def not_standardised(g: Any, dg: Any, mu: Any, s: Any, eps: Any) -> Any:
    pathwise, score = samples(g, dg, mu, s, eps)
    score[:, 0] = g(mu + s * eps) * s * eps
    return pathwise, score


def importance(
    x: Any,
    W: Any,
    mu: Any,
    noise: Any,
    m: Any,
    s: Any,
    eps: Any,
    *,
    log_k: float = 1,
    scale: float = 1,
    proposal: float = 1,
    axis: int = 1,
) -> Any:
    z = m + s * eps
    gap = x - mu - np.einsum("dk,nik->nid", W, z)
    log_w = -(gap**2).sum(axis=-1) / (2 * noise) - len(x) / 2 * np.log(2 * np.pi * noise)
    log_w -= (z**2 + np.log(2 * np.pi)).sum(axis=-1) / 2
    log_w += proposal * ((eps**2 + np.log(2 * np.pi)) / 2 + scale * np.log(s)).sum(axis=-1)
    return np.mean(np.logaddexp.reduce(log_w, axis=axis) - log_k * np.log(eps.shape[axis]))


def importance_by_repetition(x: Any, W: Any, mu: Any, noise: Any, m: Any, s: Any, eps: Any) -> Any:
    """One repetition after the other, the largest weight taken out."""
    found = []
    for draws in eps:
        logs = [importance(x, W, mu, noise, m, s, draw[None, None]) for draw in draws]
        top = max(logs)
        found.append(top + np.log(np.mean([np.exp(log - top) for log in logs])))
    return np.mean(found)


def mean_of_logarithms(*given: Any) -> Any:
    eps = given[-1]
    return importance(*given[:-1], eps.reshape(-1, 1, eps.shape[-1]))


def one_mean(*given: Any) -> Any:
    eps = given[-1]
    return importance(*given[:-1], eps.reshape(1, -1, eps.shape[-1]))


def largest_weight(*given: Any) -> Any:
    *model, eps = given
    logs = [[importance(*model, draw[None, None]) for draw in draws] for draws in eps]
    return np.mean(np.max(logs, axis=1)) - np.log(eps.shape[1])


def naive_importance(*given: Any) -> Any:
    *model, m, s, eps = given
    found = []
    with np.errstate(divide="ignore"):
        for draws in eps:
            w = [np.exp(importance(*model, m, s, draw[None, None])) for draw in draws]
            found.append(np.log(np.mean(w)))
    return np.mean(found)


def loss(
    x: Any,
    logits: Any,
    m: Any,
    log_var: Any,
    beta: Any,
    *,
    half: float = 0.5,
    sign: float = 1,
    use_beta: bool = True,
    pixels: float = 1,
    latents: float = 1,
) -> Any:
    """From softplus, with a switch for each mistake."""
    import torch

    lost = torch.nn.functional.softplus(logits) - x * logits
    kl = half * (m.square() + torch.exp(log_var) - 1 - log_var)
    weight = beta if use_beta else 1.0
    return (lost.sum(1) / pixels + sign * weight * kl.sum(1) / latents).mean()


def loss_by_distributions(x: Any, logits: Any, m: Any, log_var: Any, beta: Any) -> Any:
    from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

    decoder = Independent(Bernoulli(logits=logits), 1)
    kl = kl_divergence(Normal(m, (log_var / 2).exp()), Normal(0.0, 1.0))
    return (beta * kl.sum(dim=1) - decoder.log_prob(x)).mean()


def loss_by_probabilities(x: Any, logits: Any, m: Any, log_var: Any, beta: Any) -> Any:
    import torch

    black = torch.sigmoid(logits)
    lost = -(x * torch.log(black) + (1 - x) * torch.log(1 - black)).sum()
    return (lost + beta * (m**2 + log_var.exp() - 1 - log_var).sum() / 2) / len(x)


def loss_in_place(x: Any, logits: Any, m: Any, log_var: Any, beta: Any) -> Any:
    import torch

    lost = (torch.nn.functional.softplus(logits) - x * logits).sum()
    kl = (m**2 - 1 - log_var).sum() + log_var.exp_().sum()
    return (lost + beta * kl / 2) / len(x)


def loss_with_numpy(x: Any, logits: Any, m: Any, log_var: Any, beta: Any) -> Any:
    import torch

    return torch.tensor(loss(x, logits, m, log_var, beta).item())


def loss_with_deviation(x: Any, logits: Any, m: Any, log_var: Any, beta: Any) -> Any:
    import torch

    return loss(x, logits, m, torch.log(log_var**2), beta)


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"entropy": bound_by_entropy, "below ln p(x)": bound_below_the_truth},
        mistakes={
            "no tr(WSWᵀ)": Mistake(lambda *a: bound(*a, spread=0), "no_spread"),
            "plus KL": Mistake(lambda *a: bound(*a, kl=-1), "kl_added"),
            "no KL": Mistake(lambda *a: bound(*a, kl=0), "kl_missing"),
            "no constant": Mistake(lambda *a: bound(*a, constant=0), "no_constant"),
            "no k": Mistake(lambda *a: bound(*a, dimension=0), "no_dimension"),
            "σ⁴": Mistake(
                lambda x, W, mu, noise, m, S: bound(x, W, mu, noise**2, m, S), "noise_squared"
            ),
            "only the diagonal": Mistake(bound_with_diagonal, "diagonal_only"),
            "other divergence": Mistake(bound_with_reversed_divergence, "wrong"),
            "σ for σ²": Mistake(
                lambda x, W, mu, noise, m, S: bound(x, W, mu, noise**0.5, m, S), "wrong"
            ),
            "log sign": Mistake(lambda *a: bound(*a, log_sign=-1), "log_sign"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        others={"columns": samples, "one by one": samples_one_by_one},
        mistakes={
            "swapped": Mistake(lambda *a: samples(*a)[::-1], "swapped"),
            "transposed": Mistake(lambda *a: [part.T for part in samples(*a)], "transposed"),
            "no ε": Mistake(lambda *a: samples(*a, along=1), "no_eps"),
            "s ε": Mistake(
                lambda g, dg, mu, s, eps: samples(g, dg, mu, s, eps, along=s * eps), "scaled"
            ),
            "no −1": Mistake(lambda *a: samples(*a, minus=0), "no_minus_one"),
            "z − μ": Mistake(not_standardised, "not_standardised"),
            "not divided": Mistake(lambda *a: samples(*a, power=0), "not_divided"),
            "divided twice": Mistake(lambda *a: samples(*a, power=2), "divided_twice"),
            "centred": Mistake(centred_samples, "centred"),
            "s² for s": Mistake(lambda g, dg, mu, s, eps: samples(g, dg, mu, s**2, eps), "wrong"),
            "z for ε": Mistake(
                lambda g, dg, mu, s, eps: samples(g, dg, mu, s, eps, along=mu + s * eps), "wrong"
            ),
            "without g": Mistake(lambda *a: samples(*a, held=1), "without_g"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        others={"einsum": importance, "one repetition at a time": importance_by_repetition},
        mistakes={
            "no ln K": Mistake(lambda *a: importance(*a, log_k=0), "not_averaged"),
            "no ln s": Mistake(lambda *a: importance(*a, scale=0), "no_scale"),
            "no q": Mistake(lambda *a: importance(*a, proposal=0), "no_proposal"),
            "σ⁴": Mistake(
                lambda x, W, mu, noise, *a: importance(x, W, mu, noise**2, *a), "noise_squared"
            ),
            "ELBO": Mistake(mean_of_logarithms, "mean_of_logarithms"),
            "one mean": Mistake(one_mean, "one_mean"),
            "s² for s": Mistake(
                lambda x, W, mu, noise, m, s, eps: importance(x, W, mu, noise, m, s**2, eps),
                "wrong",
            ),
            "uncentred": Mistake(
                lambda x, W, mu, noise, m, s, eps: importance(x, W, mu, noise, 0 * m, s, eps),
                "wrong",
            ),
            "largest weight": Mistake(largest_weight, "wrong"),
            "other axis": Mistake(lambda *a: importance(*a, axis=0), "other_axis"),
            "exponentials": Mistake(naive_importance, "underflow"),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        needs=("torch",),
        others={"softplus": loss, "distributions": loss_by_distributions},
        mistakes={
            "mean of pixels": Mistake(lambda *a: loss(*a, pixels=64), "mean_of_pixels"),
            "mean of all": Mistake(lambda *a: loss(*a, pixels=64, latents=3), "mean_of_all"),
            "sum": Mistake(lambda *a: len(a[0]) * loss(*a), "summed"),
            "no half": Mistake(lambda *a: loss(*a, half=1), "not_halved"),
            "minus KL": Mistake(lambda *a: loss(*a, sign=-1), "kl_subtracted"),
            "ln s² for s": Mistake(loss_with_deviation, "deviation"),
            "no β": Mistake(lambda *a: loss(*a, use_beta=False), "no_beta"),
            "ELBO": Mistake(lambda *a: -loss(*a), "sign"),
            "probabilities": Mistake(loss_by_probabilities, "overflow"),
            "in place": Mistake(loss_in_place, "not_differentiable"),
            "ln s for ln s²": Mistake(
                lambda x, logits, m, log_var, beta: loss(x, logits, m, 2 * log_var, beta), "wrong"
            ),
            "β on everything": Mistake(
                lambda x, logits, m, log_var, beta: beta * loss(x, logits, m, log_var, 1.0), "wrong"
            ),
            "colours exchanged": Mistake(
                lambda x, logits, m, log_var, beta: loss(1 - x, logits, m, log_var, beta), "wrong"
            ),
            "detached": Mistake(loss_with_numpy, "not_differentiable"),
            "a plain number": Mistake(lambda *a: loss(*a).item(), "not_differentiable"),
        },
    ),
}
