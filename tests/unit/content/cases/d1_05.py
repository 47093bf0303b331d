"""Right and wrong answers to the exercises of d1-05."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def ordered(root: Any) -> list[Any]:
    order: list[Any] = []
    seen: set[int] = set()

    def visit(node: Any) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            for earlier in node.inputs:
                visit(earlier)
            order.append(node)

    visit(root)
    return order[::-1]


def backward_by_counting(root: Any) -> Any:
    """Kahn's algorithm: a node is dealt with when all its successors have been."""
    waiting: dict[int, int] = {}
    nodes = ordered(root)
    for node in nodes:
        for earlier in node.inputs:
            waiting[id(earlier)] = waiting.get(id(earlier), 0) + 1
    root.gradient, ready = 1.0, [root]
    while ready:
        node = ready.pop()
        for earlier, slope in zip(node.inputs, node.slopes, strict=True):
            earlier.gradient += slope * node.gradient
            waiting[id(earlier)] -= 1
            if not waiting[id(earlier)]:
                ready.append(earlier)
    return root


def engine(seed: float = 1.0, add: bool = True, order: Callable[[Any], Any] = ordered) -> Any:
    def backward(root: Any) -> Any:
        nodes = order(root)
        root.gradient = seed
        for node in nodes:
            for earlier, slope in zip(node.inputs, node.slopes, strict=True):
                before = earlier.gradient if add else 0.0
                earlier.gradient = before + slope * node.gradient
        return root

    return backward


def breadth_first(root: Any) -> list[Any]:
    order, seen = [root], {id(root)}
    for node in order:
        for earlier in node.inputs:
            if id(earlier) not in seen:
                seen.add(id(earlier))
                order.append(earlier)
    return order


def depth_first(root: Any) -> list[Any]:
    """Each node before its inputs, but not after all its successors."""
    order: list[Any] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if not any(node is other for other in order):
            order.append(node)
            stack.extend(node.inputs)
    return order


def ordered_by_value(root: Any) -> list[Any]:
    order: list[Any] = []
    seen: set[float] = set()

    def visit(node: Any) -> None:
        if node.value not in seen:
            seen.add(node.value)
            for earlier in node.inputs:
                visit(earlier)
            order.append(node)

    visit(root)
    return order[::-1]


def every_path(root: Any) -> Any:
    def push(node: Any, amount: float) -> None:
        node.gradient += amount
        for earlier, slope in zip(node.inputs, node.slopes, strict=True):
            push(earlier, amount * slope)

    push(root, 1.0)
    return root


def mlp(top: Callable[[Any, Any], Any], relu: bool = True, bias: str = "sum") -> Any:
    def gradients(weights: Any, inputs: Any, P: Any, Y: Any) -> Any:
        delta, W_bars, b_bars = top(P, Y), [], []
        for W, A in zip(weights[::-1], inputs[::-1], strict=True):
            W_bars.append(delta.T @ A)
            b_bars.append({"sum": delta.sum(0), "mean": delta.mean(0), "all": delta}[bias])
            delta = delta @ W
            delta = delta * (A > 0) if relu else delta
        return W_bars[::-1], b_bars[::-1]

    return gradients


def mlp_by_examples(weights: Any, inputs: Any, P: Any, Y: Any) -> Any:
    """One example at a time, with outer products."""
    W_bars = [np.zeros_like(W) for W in weights]
    b_bars = [np.zeros(len(W)) for W in weights]
    for k in range(len(Y)):
        delta = (P[k] - Y[k]) / len(Y)
        for layer in range(len(weights) - 1, -1, -1):
            W_bars[layer] += np.outer(delta, inputs[layer][k])
            b_bars[layer] += delta
            delta = np.diag(inputs[layer][k] > 0) @ weights[layer].T @ delta
    return W_bars, b_bars


def right_top(P: Any, Y: Any) -> Any:
    return (P - Y) / len(Y)


def transposed_mlp(*given: Any) -> Any:
    W_bars, b_bars = mlp(right_top)(*given)
    return [W.T for W in W_bars], b_bars


def soft(S: Any) -> Any:
    E = np.exp(S)
    return E / E.sum(1, keepdims=True)


def attention_of(power: float = 0.5, rows: bool = True, weighted: bool = True) -> Any:
    def vjp(Q: Any, K: Any, V: Any, G: Any) -> Any:
        d = Q.shape[1]
        A = soft(Q @ K.T / np.sqrt(d))
        dA = G @ V.T
        dS = A * (dA - ((dA * A).sum(1, keepdims=True) if rows else 0)) / d**power
        dV = A.T @ G if weighted else np.ones_like(A.T) @ G
        return dS @ K, dS.T @ Q, dV

    return vjp


def attention_with_jacobians(Q: Any, K: Any, V: Any, G: Any) -> Any:
    """The softmax Jacobian formed for each row."""
    root = np.sqrt(Q.shape[1])
    A = soft(Q @ K.T / root)
    dS = np.stack([(np.diag(a) - np.outer(a, a)) @ V @ g for a, g in zip(A, G, strict=True)])
    return dS @ (K / root), dS.T @ (Q / root), A.T @ G


def attention_by_columns(Q: Any, K: Any, V: Any, G: Any) -> Any:
    root = np.sqrt(Q.shape[1])
    A = soft(Q @ K.T / root)
    dA = G @ V.T
    dS = A * (dA - (dA * A).sum(0, keepdims=True)) / root
    return dS @ K, dS.T @ Q, A.T @ G


def block_of(
    straight: bool = True, norm: bool = True, branches: str = "qkv", turned: bool = True
) -> Any:
    def vjp(X: Any, Wq: Any, Wk: Any, Wv: Any, G: Any) -> Any:
        s = np.sqrt(X.var(1, keepdims=True) + 1e-5)
        H = (X - X.mean(1, keepdims=True)) / s
        dQ, dK, dV = attention_of()(H @ Wq, H @ Wk, H @ Wv, G)
        Mq, Mk, Mv = (W.T if turned else W for W in (Wq, Wk, Wv))
        parts = {"q": dQ @ Mq, "k": dK @ Mk, "v": dV @ Mv}
        dH = sum(parts[name] for name in branches)
        back = (dH - dH.mean(1, keepdims=True) - H * (dH * H).mean(1, keepdims=True)) / s
        dX = (back if norm else dH) + (G if straight else 0)
        return dX, H.T @ dQ, H.T @ dK, H.T @ dV

    return vjp


def x_for_h(X: Any, Wq: Any, Wk: Any, Wv: Any, G: Any) -> Any:
    H = (X - X.mean(1, keepdims=True)) / np.sqrt(X.var(1, keepdims=True) + 1e-5)
    bars = attention_of()(H @ Wq, H @ Wk, H @ Wv, G)
    return block_of()(X, Wq, Wk, Wv, G)[0], *(X.T @ bar for bar in bars)


CASES = {
    "ex1": Cases(
        cell="ex1",
        others={"counting": backward_by_counting},
        mistakes={
            "=": Mistake(engine(add=False), "overwritten"),
            "no seed": Mistake(engine(seed=0.0), "seed_missing"),
            "breadth first": Mistake(engine(order=breadth_first), "order"),
            "by value": Mistake(engine(order=ordered_by_value), "by_value"),
            "depth first": Mistake(engine(order=depth_first), "order"),
            "nothing returned": Mistake(lambda root: None, "returned_none"),
            "every path": Mistake(every_path, "every_path"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        given=("forward",),
        others={"by examples": mlp_by_examples, "by layers": mlp(right_top)},
        mistakes={
            "sum for mean": Mistake(mlp(lambda P, Y: P - Y), "not_averaged"),
            "mean twice": Mistake(mlp(lambda P, Y: (P - Y) / len(Y) ** 2), "averaged_twice"),
            "mean of the biases": Mistake(mlp(right_top, bias="mean"), "averaged_twice"),
            "sign": Mistake(mlp(lambda P, Y: (Y - P) / len(Y)), "sign"),
            "no relu": Mistake(mlp(right_top, relu=False), "relu_forgotten"),
            "biases by example": Mistake(mlp(right_top, bias="all"), "bias_by_example"),
            "transposed": Mistake(transposed_mlp, "transposed"),
            "last layer first": Mistake(
                lambda *given: [part[::-1] for part in mlp(right_top)(*given)], "reversed"
            ),
            "≥ for >": Mistake(
                lambda W, A, P, Y: mlp(right_top)(
                    W, [A[0], *(np.maximum(a, 1e-30) for a in A[1:])], P, Y
                ),
                "relu_forgotten",
            ),
            "P for P − Y": Mistake(mlp(lambda P, Y: P / len(Y)), "wrong"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        given=("forward", "attention-code"),
        others={"Jacobians": attention_with_jacobians},
        mistakes={
            "no scale": Mistake(attention_of(power=0), "scale_missing"),
            "scale twice": Mistake(attention_of(power=1), "scale_twice"),
            "diagonal softmax": Mistake(attention_of(rows=False), "softmax_diagonal"),
            "no weights": Mistake(attention_of(weighted=False), "weights_forgotten"),
            "sum over columns": Mistake(attention_by_columns, "wrong"),
            "scaled by n": Mistake(
                lambda Q, K, V, G: attention_of(power=np.log(len(Q)) / np.log(Q.shape[1]))(
                    Q, K, V, G
                ),
                "wrong",
            ),
            "values scaled": Mistake(
                lambda *given: (lambda q, k, v: (q, k, v / np.sqrt(3)))(*attention_of()(*given)),
                "weights_forgotten",
            ),
            "other order": Mistake(lambda *given: attention_of()(*given)[::-1], "order"),
            "K first": Mistake(
                lambda *given: [attention_of()(*given)[i] for i in (1, 0, 2)], "swapped"
            ),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        given=("forward", "attention-code", "ex3", "norm-code"),
        others={"by branches": block_of()},
        mistakes={
            "no residual": Mistake(block_of(straight=False), "residual_missing"),
            "no norm": Mistake(block_of(norm=False), "norm_ignored"),
            "values only": Mistake(block_of(branches="v"), "branch_missing"),
            "without keys": Mistake(block_of(branches="qv"), "branch_missing"),
            "W for Wᵀ": Mistake(block_of(turned=False), "matrices_not_transposed"),
            "transposed": Mistake(
                lambda *given: [M.T if i else M for i, M in enumerate(block_of()(*given))],
                "transposed",
            ),
            "X for H": Mistake(x_for_h, "x_for_h"),
            "residual twice": Mistake(
                lambda *given: [
                    M if i else M + given[-1] for i, M in enumerate(block_of()(*given))
                ],
                "wrong",
            ),
        },
    ),
}
