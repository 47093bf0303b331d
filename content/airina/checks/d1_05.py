"""Checks of d1-05, backpropagation, by forward mode: ⟨gradient, direction⟩ is the directional derivative.

Derivatives are carried forward, which is exact and shares no line with a backward pass.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker

_WEIGHTS, _BIASES = ("W1", "W2", "W3"), ("b1", "b2", "b3")

Pair = tuple[Array, Array]  # a value and its derivative in some direction


class _Node:
    """A node like that of the notebook, which counts how often its inputs are asked for."""

    def __init__(self, value: float, inputs: Sequence["_Node"] = (), slopes: Any = ()) -> None:
        self.value, self.slopes, self.gradient, self.visits = value, slopes, 0.0, 0
        self._inputs = tuple(inputs)

    @property
    def inputs(self) -> tuple["_Node", ...]:
        self.visits += 1
        return self._inputs

    def __deepcopy__(self, memory: object) -> "_Node":
        return self  # the gradients are to be written into the graph itself

    def __add__(self, other: "_Node") -> "_Node":
        return _Node(self.value + other.value, (self, other), (1.0, 1.0))

    def __mul__(self, other: "_Node") -> "_Node":
        return _Node(self.value * other.value, (self, other), (other.value, self.value))


def ex1(c: Checker, backward: Answer) -> None:
    """A reused node, a shortcut that must wait, and twelve doublings that no path count survives."""
    x = _Node(3.0)
    root = x * x + x
    c.call(backward, root)
    told = {
        "seed_missing": root.gradient == 0,
        "overwritten": x.gradient in (1.0, 3.0),
    }
    c.close("reused", x.gradient, 7.0, 1e-12, told)

    a, b = (_Node(float(v)) for v in c.rng.uniform(1, 2, size=2))
    early = a * b
    late = early * a + b
    root = early * late + late * late
    c.call(backward, root)
    e, t = early.value, late.value
    by_late = e + 2 * t
    by_early = t + by_late * a.value
    expected = [by_early * b.value + by_late * e, by_early * a.value + by_late]
    told = {"order": abs(root.gradient - 1) < 1e-12}
    c.close("shortcut", [a.gradient, b.gradient], expected, 1e-12, told)

    p, q = _Node(2.0), _Node(2.0)
    c.call(backward, (p + q) * (p * q) + q)
    c.close("equal_values", [p.gradient, q.gradient], [12.0, 13.0], 1e-12, {"by_value": True})

    first = node = _Node(1.0)
    chain = [first]
    for _ in range(12):
        node = node + node
        chain.append(node)
    c.call(backward, node)
    c.close("doublings", first.gradient, 2.0**12, 1e-12)
    visits = max(node.visits for node in chain)
    c.at_most("visits", visits, 20, {"every_path": True})


def ex2(c: Checker, mlp_gradients: Answer) -> None:
    """Each layer's gradients, from the last to the first, in random directions."""
    for sizes, count in [([5, 4, 3], 6), ([4, 6, 5, 3], 7)]:
        weights = [c.rng.normal(size=(o, i)) for i, o in pairwise(sizes)]
        biases = [c.rng.normal(size=o) for o in sizes[1:]]
        X = c.rng.normal(size=(count, sizes[0]))
        Y = np.eye(sizes[-1])[c.rng.integers(sizes[-1], size=count)]
        inputs, P = _forward(weights, biases, X)
        found = c.parts(c.call(mlp_gradients, weights, inputs, P, Y), 2)
        W_bars, b_bars = (c.parts(part, len(weights)) for part in found)
        for layer in reversed(range(len(weights))):
            W = weights[layer]
            shape = (W.shape[0], W.shape[1])
            mirrored = weights[-1 - layer].shape
            other = {"transposed": shape[::-1], "reversed": (mirrored[0], mirrored[1])}
            W_bar = c.array(W_bars[layer], shape, other)
            b_bar = c.array(b_bars[layer], (W.shape[0],), {"bias_by_example": (count, W.shape[0])})
            for _ in range(3):
                dW: Array = c.rng.normal(size=W.shape)
                db: Array = c.rng.normal(size=(W.shape[0],))
                for label, found_along, way in [
                    (_WEIGHTS[layer], float(np.sum(W_bar * dW)), (dW, np.zeros_like(db))),
                    (_BIASES[layer], float(b_bar @ db), (np.zeros_like(dW), db)),
                ]:
                    true = _loss_along(weights, inputs, P, Y, layer, way, True)
                    bent = _loss_along(weights, inputs, P, Y, layer, way, False)
                    told = {
                        "not_averaged": _equal(found_along, count * true),
                        "averaged_twice": _equal(found_along, true / count),
                        "sign": _equal(found_along, -true),
                        "relu_forgotten": _equal(found_along, bent),
                    }
                    c.close(label, found_along, true, 1e-10, told)


def _forward(weights: list[Array], biases: list[Array], X: Array) -> tuple[list[Array], Array]:
    """The inputs of every layer, and the probabilities."""
    inputs = [X]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append(np.maximum(inputs[-1] @ W.T + b, 0))
    return inputs, _softmax(inputs[-1] @ weights[-1].T + biases[-1])


def _softmax(S: Array) -> Array:
    E = np.exp(S - S.max(axis=1, keepdims=True))
    return np.asarray(E / E.sum(axis=1, keepdims=True))


def _loss_along(
    weights: list[Array],
    inputs: list[Array],
    P: Array,
    Y: Array,
    layer: int,
    way: Pair,
    with_relu: bool,
) -> float:
    """The derivative of the loss when one layer's weights and biases move that way."""
    Z = inputs[layer] @ way[0].T + way[1]
    for above in range(layer + 1, len(weights)):
        Z = (Z * (inputs[above] > 0) if with_relu else Z) @ weights[above].T
    chosen = np.sum(Y * Z, axis=1)
    return float(np.mean(np.sum(P * Z, axis=1) - chosen))


def _equal(one: float, other: float) -> bool:
    return bool(abs(one - other) <= 1e-8 * (1 + abs(other)) and abs(other) > 1e-6)


def ex3(c: Checker, attention_vjp: Answer) -> None:
    """V, then Q, then K, each in random directions."""
    n, m, d, p = 4, 6, 3, 5
    Q, K, V, G = (c.rng.normal(size=shape) for shape in [(n, d), (m, d), (m, p), (n, p)])
    found = c.parts(c.call(attention_vjp, Q, K, V, G), 3)
    Q_bar = c.array(found[0], (n, d), {"order": (m, p), "swapped": (m, d)})
    K_bar = c.array(found[1], (m, d), {"swapped": (n, d)})
    V_bar = c.array(found[2], (m, p))
    for _ in range(3):
        dQ, dK, dV = (c.rng.normal(size=M.shape) for M in (Q, K, V))
        along = np.sum(G * _attention(Q, K, (V, dV), 0 * Q, 0 * K))
        c.close("V", np.sum(V_bar * dV), along, 1e-9, {"weights_forgotten": True})
        for label, bar, move, moves in [
            ("Q", Q_bar, dQ, (dQ, 0 * K)),
            ("K", K_bar, dK, (0 * Q, dK)),
        ]:
            got = float(np.sum(bar * move))
            true, diagonal = (
                float(np.sum(G * _attention(Q, K, (V, 0 * V), *moves, full)))
                for full in (True, False)
            )
            told = {
                "scale_missing": _equal(got, true * np.sqrt(d)),
                "scale_twice": _equal(got, true / np.sqrt(d)),
                "softmax_diagonal": _equal(got, diagonal),
            }
            c.close(label, got, true, 1e-9, told)


def _attention(Q: Array, K: Array, V: Pair, dQ: Array, dK: Array, full: bool = True) -> Array:
    """The derivative of softmax(QKᵀ/√d)V; without ``full``, the softmax is differentiated wrongly."""
    A = _softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    dS = (dQ @ K.T + Q @ dK.T) / np.sqrt(Q.shape[1])
    mean = (A * dS).sum(axis=1, keepdims=True) if full else 0.0
    return np.asarray(A * (dS - mean) @ V[0] + A @ V[1])


def ex4(c: Checker, block_vjp: Answer) -> None:
    """The three matrices, then X, whose gradient is a sum over all the ways from X to the result."""
    n, d = 5, 4
    X, Wq, Wk, Wv, G = (c.rng.normal(size=s) for s in [(n, d), (d, d), (d, d), (d, d), (n, d)])
    found = c.parts(c.call(block_vjp, X, Wq, Wk, Wv, G), 4)
    bars = [c.array(bar, M.shape) for bar, M in zip(found, (X, Wq, Wk, Wv), strict=True)]
    H, _ = _norm(X, 0 * X)
    for _ in range(3):
        move = c.rng.normal(size=(d, d))
        ways = {"Wq": (H @ move, 0 * H, 0 * H), "Wk": (0 * H, H @ move, 0 * H)}
        ways["Wv"] = (0 * H, 0 * H, H @ move)
        for bar, (label, way) in zip(bars[1:], ways.items(), strict=True):
            true = _block_along(H, (Wq, Wk, Wv), way, G)
            raw = tuple(X @ move if np.any(part) else part for part in way)
            told = {
                "transposed": _equal(float(np.sum(bar.T * move)), true),
                "x_for_h": _equal(float(np.sum(bar * move)), _block_along(H, (Wq, Wk, Wv), raw, G)),
            }
            c.close(label, np.sum(bar * move), true, 1e-9, told)
        dX = c.rng.normal(size=(n, d))
        dH = _norm(X, dX)[1]
        got, straight = float(np.sum(bars[0] * dX)), float(np.sum(G * dX))
        branches = [dH @ Wq, dH @ Wk, dH @ Wv]
        each = [
            _block_along(
                H, (Wq, Wk, Wv), tuple(b if i == j else 0 * b for j, b in enumerate(branches)), G
            )
            for i in range(3)
        ]
        true = straight + sum(each)
        bare = _block_along(H, (Wq, Wk, Wv), (dX @ Wq, dX @ Wk, dX @ Wv), G)
        turned = _block_along(H, (Wq, Wk, Wv), (dH @ Wq.T, dH @ Wk.T, dH @ Wv.T), G)
        told = {
            "matrices_not_transposed": _equal(got, straight + turned),
            "residual_missing": _equal(got, sum(each)),
            "norm_ignored": _equal(got, straight + bare),
            "branch_missing": any(
                _equal(got, straight + part) for part in [*each, *(sum(each) - one for one in each)]
            ),
        }
        c.close("X", got, true, 1e-9, told)


def _norm(X: Array, dX: Array) -> Pair:
    """Layer normalisation (ε = 1e-5) and its derivative."""
    centred, moved = X - X.mean(1, keepdims=True), dX - dX.mean(1, keepdims=True)
    s = np.sqrt(X.var(1, keepdims=True) + 1e-5)
    ds = (centred * moved).mean(1, keepdims=True) / s
    return centred / s, moved / s - centred * ds / s**2


def _block_along(H: Array, W: tuple[Array, ...], way: tuple[Array, ...], G: Array) -> float:
    """⟨G, derivative of attention(HWq, HWk, HWv)⟩ when its three arguments move that way."""
    Q, K, V = (H @ M for M in W)
    return float(np.sum(G * _attention(Q, K, (V, way[2]), way[0], way[1])))
