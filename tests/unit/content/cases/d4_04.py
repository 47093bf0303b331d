"""Right and wrong answers to the exercises of d4-04."""

from itertools import combinations
from typing import Any

import numpy as np

from tests.unit.content.harness import Cases, Mistake


def faces(simplex: Any) -> Any:
    return [simplex[:i] + simplex[i + 1 :] for i in range(len(simplex))] if simplex[1:] else []


def boundary(chain: Any) -> Any:
    """Faces come and go."""
    total: set[Any] = set()
    for simplex in chain:
        for face in faces(simplex):
            if face in total:
                total.remove(face)
            else:
                total.add(face)
    return total


def boundary_by_parity(chain: Any) -> Any:
    """A count of faces, modulo 2."""
    every = [face for simplex in chain for face in faces(simplex)]
    return frozenset(face for face in every if every.count(face) % 2)


def boundary_with_empty(chain: Any) -> Any:
    total: set[Any] = set()
    for simplex in chain:
        total ^= set(combinations(simplex, len(simplex) - 1))
    return total


def boundary_consumed(chain: Any) -> Any:
    total: set[Any] = set()
    while chain:
        total ^= set(faces(chain.pop()))
    return total


def all_faces(chain: Any) -> Any:
    total: set[Any] = set()
    for simplex in chain:
        for size in range(1, len(simplex)):
            total ^= set(combinations(simplex, size))
    return total


def ends_only(chain: Any) -> Any:
    total: set[Any] = set()
    for simplex in chain:
        if len(simplex) > 1:
            total ^= {simplex[1:], simplex[:-1]}
    return total


def faces_met_once(chain: Any) -> Any:
    every = [face for simplex in chain for face in faces(simplex)]
    return {face for face in every if every.count(face) == 1}


def first_only(chain: Any) -> Any:
    return set(faces(next(iter(chain)))) if chain else set()


def pairs(simplices: Any, *, low: Any = max, repeat: bool = True) -> Any:
    """The reduction of the lecture, with a switch for each mistake."""
    place = {simplex: i for i, simplex in enumerate(simplices)}
    kept: dict[int, Any] = {}
    dies: list[Any] = []
    born: list[int] = []
    for j, simplex in enumerate(simplices):
        column = {place[face] for face in faces(simplex)}
        while column and low(column) in kept:
            column = column ^ kept[low(column)]
            if not repeat:
                break
        if column:
            kept[low(column)] = column
            dies.append((low(column), j))
        else:
            born.append(j)
    paired = {i for i, _ in dies}
    return dies + [(i, None) for i in born if i not in paired]


def pairs_by_matrix(simplices: Any) -> Any:
    """A matrix of 0s and 1s, reduced column by column from the left."""
    n = len(simplices)
    M = np.zeros((n, n), dtype=int)
    for j, simplex in enumerate(simplices):
        for face in faces(simplex):
            M[simplices.index(face), j] = 1
    lows = np.full(n, -1)
    for j in range(n):
        while M[:, j].any():
            lows[j] = np.flatnonzero(M[:, j])[-1]
            before = np.flatnonzero(lows[:j] == lows[j])
            if not len(before):
                break
            M[:, j] = (M[:, j] + M[:, before[0]]) % 2
            lows[j] = -1
    dead = [(lows[j], j) for j in range(n) if lows[j] >= 0]
    return dead + [(i, None) for i in range(n) if lows[i] < 0 and i not in lows]


def pairs_by_rows(simplices: Any) -> Any:
    """Row by row from the bottom: the first column that has the row as its low clears the later ones."""
    place = {simplex: i for i, simplex in enumerate(simplices)}
    columns = [{place[face] for face in faces(simplex)} for simplex in simplices]
    found, alone = [], set(range(len(simplices)))
    for i in reversed(range(len(simplices))):
        lows = [j for j, column in enumerate(columns) if column and max(column) == i]
        for j in lows[1:]:
            columns[j] ^= columns[lows[0]]
        if lows:
            found.append([i, lows[0]])
            alone -= {i, lows[0]}
    return found + [[i, None] for i in alone]


def never_reduced(simplices: Any) -> Any:
    place = {simplex: i for i, simplex in enumerate(simplices)}
    lows = {j: max(place[f] for f in faces(s)) for j, s in enumerate(simplices) if faces(s)}
    dies = [(i, j) for j, i in lows.items()]
    gone = {i for pair in dies for i in pair}
    return dies + [(i, None) for i in range(len(simplices)) if i not in gone]


def everyone_born(simplices: Any) -> Any:
    found = pairs(simplices)
    return found + [(j, None) for _, j in found if j is not None]


def filtration(
    D: Any,
    top: Any,
    *,
    sizes: Any = (1, 2, 3),
    value: Any = max,
    inside: Any = lambda value, top: value <= top,
    order: Any = lambda entry: (entry[1], len(entry[0])),
) -> Any:
    found = []
    for size in sizes:
        for s in combinations(range(len(D)), size):
            lengths = [D[i, j] for i, j in combinations(s, 2)] or [0.0]
            if size == 1 or inside(max(lengths), top):
                found.append((s, value(lengths)))
    found.sort(key=order)
    return [s for s, _ in found], [v for _, v in found]


def filtration_by_arrays(D: Any, top: Any) -> Any:
    """Edges and triangles from indices, sorted at the end by a stable sort."""
    n = len(D)
    edges = [(i, j) for i in range(n) for j in range(i + 1, n) if D[i, j] <= top]
    among = set(edges)
    triangles = [(i, j, k) for i, j in edges for k in range(j + 1, n) if {(i, k), (j, k)} <= among]
    simplices = [(i,) for i in range(n)] + edges + triangles
    values = np.array([D[np.ix_(s, s)].max() for s in simplices])
    turn = np.argsort(values, kind="stable")
    return [simplices[i] for i in turn], values[turn]


def heights_by_prim(D: Any) -> Any:
    """The tree grows from the first point."""
    reach, outside = D[0].copy(), set(range(1, len(D)))
    found = []
    while outside:
        j = min(outside, key=lambda i: reach[i])
        found.append(reach[j])
        outside.remove(j)
        reach = np.minimum(reach, D[j])
    return np.array(sorted(found))


def heights_by_pairs(D: Any) -> Any:
    """The general machine in degree 0."""
    simplices, values = filtration(D, np.inf, sizes=(1, 2))
    found = [values[j] for i, j in pairs(simplices) if j is not None and len(simplices[i]) == 1]
    return np.array(sorted(found))


def heights_by_minimax(D: Any) -> Any:
    """The longest edge of the best path between two points is an ultrametric."""
    best = D.copy()
    for k in range(len(D)):
        best = np.minimum(best, np.maximum(best[:, k : k + 1], best[k]))
    levels = np.unique(best)
    classes = [len(np.unique(best <= level, axis=0)) for level in levels]
    return np.repeat(levels[1:], -np.diff(classes))


def one_label(D: Any) -> Any:
    label, found = np.arange(len(D)), []
    for i, j in sorted(combinations(range(len(D)), 2), key=lambda pair: D[pair]):
        if label[i] != label[j]:
            found.append(D[i, j])
            label[j] = label[i]
    return np.array(found)


def between(D: Any) -> Any:
    return np.sort(D[np.triu_indices(len(D), 1)])


CASES = {
    "ex1": Cases(
        cell="ex1",
        given=("combinations",),
        others={"one by one": boundary, "parity": boundary_by_parity},
        mistakes={
            "union": Mistake(lambda chain: {f for s in chain for f in faces(s)}, "union"),
            "empty simplex": Mistake(boundary_with_empty, "empty_simplex"),
            "all faces": Mistake(all_faces, "all_faces"),
            "ends": Mistake(ends_only, "ends_only"),
            "nothing": Mistake(lambda chain: set(), "nothing"),
            "once": Mistake(faces_met_once, "parity"),
            "backwards": Mistake(
                lambda chain: {face[::-1] for face in boundary(chain)}, "not_increasing"
            ),
            "return in the loop": Mistake(first_only, "one_only"),
            "a list": Mistake(lambda chain: list(boundary(chain)), "not_a_set"),
            "sets": Mistake(lambda chain: {frozenset(f) for f in boundary(chain)}, "not_tuples"),
            "empties the chain": Mistake(boundary_consumed, "modified_input"),
            "one simplex": Mistake(lambda chain: boundary({chain}), "raised"),
        },
    ),
    "ex2": Cases(
        cell="ex2",
        given=("combinations", "ex1"),
        others={"sets": pairs, "matrix": pairs_by_matrix, "rows": pairs_by_rows},
        mistakes={
            "not reduced": Mistake(never_reduced, "closes_a_loop"),
            "reduced once": Mistake(lambda s: pairs(s, repeat=False), "closes_a_loop"),
            "smallest": Mistake(lambda s: pairs(s, low=min), "oldest"),
            "finite only": Mistake(
                lambda s: [pair for pair in pairs(s) if pair[1] is not None], "no_essential"
            ),
            "essential only": Mistake(
                lambda s: [pair for pair in pairs(s) if pair[1] is None], "no_finite"
            ),
            "everyone is born": Mistake(everyone_born, "both_born"),
            "no cavities": Mistake(
                lambda s: [pair for pair in pairs(s) if len(s[pair[0]]) < 3], "low_dimensions"
            ),
            "-1 for None": Mistake(
                lambda s: [(i, -1 if j is None else j) for i, j in pairs(s)], "not_positions"
            ),
            "from one": Mistake(
                lambda s: [(i + 1, j if j is None else j + 1) for i, j in pairs(s)],
                "counted_from_one",
            ),
            "death first": Mistake(lambda s: [(j, i) for i, j in pairs(s)], "reversed"),
            "simplices": Mistake(lambda s: [(s[i], None) for i, _ in pairs(s)], "not_positions"),
            "twice": Mistake(lambda s: 2 * pairs(s), "said_twice"),
            "positions": Mistake(lambda s: [i for i, _ in pairs(s)], "not_pairs"),
            "a number": Mistake(lambda s: len(pairs(s)), "not_a_list"),
        },
    ),
    "ex3": Cases(
        cell="ex3",
        given=("combinations",),
        others={"one sort": filtration, "arrays": filtration_by_arrays},
        mistakes={
            "no vertices": Mistake(lambda *a: filtration(*a, sizes=(2, 3)), "no_vertices"),
            "no triangles": Mistake(lambda *a: filtration(*a, sizes=(1, 2)), "no_triangles"),
            "tetrahedra": Mistake(lambda *a: filtration(*a, sizes=(1, 2, 3, 4)), "too_large"),
            "strict": Mistake(lambda *a: filtration(*a, inside=np.less), "strict"),
            "radius": Mistake(
                lambda *a: filtration(*a, inside=lambda v, top: v / 2 <= top), "radius"
            ),
            "no bound": Mistake(lambda D, top: filtration(D, np.inf), "no_bound"),
            "shortest": Mistake(lambda *a: filtration(*a, value=min), "shortest"),
            "two edges": Mistake(
                lambda *a: filtration(*a, value=lambda x: max(list(x)[::2])), "two_edges"
            ),
            "sum": Mistake(lambda *a: filtration(*a, value=sum), "sum"),
            "mean": Mistake(lambda *a: filtration(*a, value=np.mean), "mean"),
            "half": Mistake(lambda *a: filtration(*a, value=lambda x: max(x) / 2), "half"),
            "not sorted": Mistake(
                lambda *a: filtration(*a, order=lambda e: len(e[0])), "not_sorted"
            ),
            "largest first": Mistake(
                lambda *a: filtration(*a, order=lambda e: (e[1], -len(e[0]))), "face_late"
            ),
            "lists": Mistake(
                lambda *a: ([list(s) for s in filtration(*a)[0]], filtration(*a)[1]),
                "not_simplices",
            ),
            "no values": Mistake(lambda *a: filtration(*a)[0], "parts"),
            "too few values": Mistake(
                lambda *a: (filtration(*a)[0], filtration(*a)[1][1:]), "other_length"
            ),
        },
    ),
    "ex4": Cases(
        cell="ex4",
        given=("combinations",),
        others={
            "Prim": heights_by_prim,
            "ultrametric": heights_by_minimax,
            "boundaries": heights_by_pairs,
        },
        mistakes={
            "nearest neighbours": Mistake(
                lambda D: np.sort((D + 99 * np.eye(len(D))).min(axis=1)), "one_each"
            ),
            "nearest but one": Mistake(
                lambda D: np.sort((D + 99 * np.eye(len(D))).min(axis=1))[1:], "nearest_neighbours"
            ),
            "shortest": Mistake(lambda D: between(D)[: len(D) - 1], "shortest"),
            "longest": Mistake(lambda D: between(D)[-len(D) + 1 :], "longest"),
            "one label changed": Mistake(one_label, "too_many"),
            "from the first point": Mistake(lambda D: np.sort(D[0, 1:]), "one_point"),
            "every pair": Mistake(between, "every_pair"),
            "backwards": Mistake(lambda D: heights_by_prim(D)[::-1].copy(), "unsorted"),
            "in the order given": Mistake(lambda D: np.sort(np.diag(D, 1)), "consecutive"),
            "radii": Mistake(lambda D: heights_by_prim(D) / 2, "half"),
            "a list": Mistake(lambda D: list(heights_by_prim(D)), "not_an_array"),
        },
    ),
}
