"""Checks of d4-04: they count incidences, ranks of corners of a matrix, and pieces of graphs."""

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np

from airina.checker import Answer, Array, Checker

Simplex = tuple[int, ...]


class _Watched(set[Simplex]):
    """A chain that notices when the answer changes it."""

    def __deepcopy__(self, memo: Any) -> "_Watched":
        return self


def ex1(c: Checker, boundary: Answer) -> None:
    """A face counts if an odd number of simplices of the chain have it; twice the boundary is nothing."""
    cases: list[set[Simplex]] = [
        {(0, 1, 2)},
        {(0, 1, 2), (1, 2, 3)},
        {(2, 5, 6, 9)},
        {(0, 1), (1, 2), (0, 2)},
        {(4,)},
        {(3,), (8,)},
        set(),
    ]
    for size in (2, 3, 4):
        every = list(combinations(range(6), size))
        cases.append({simplex for simplex in every if c.rng.random() < 0.5})
    for chain in cases:
        found = _chain(c, _boundary(c, boundary, chain))
        faces = Counter(face for simplex in chain for face in _faces(simplex))
        odd = {face for face, count in faces.items() if count % 2}
        ends = [s[1:] for s in chain if len(s) > 1] + [s[:-1] for s in chain if len(s) > 1]
        hints = {
            "empty_simplex": () in found,
            "union": found == set(faces),
            "all_faces": any(len(face) != len(s) - 1 for face in found for s in chain),
            "parity": found == {face for face, count in faces.items() if count == 1},
            "not_increasing": any(face != tuple(sorted(face)) for face in found),
            "ends_only": found == {face for face, count in Counter(ends).items() if count % 2},
            "nothing": not found,
        }
        c.equal("difference", len(found ^ odd), 0, hints)
        twice = _chain(c, _boundary(c, boundary, found))
        again = {face for simplex in found for face in _faces(simplex)}
        alone = [set(_faces(simplex)) for simplex in found]
        c.equal("twice", len(twice), 0, {"union": twice == again, "one_only": twice in alone})


def _boundary(c: Checker, boundary: Answer, chain: set[Simplex]) -> Any:
    given = _Watched(chain)
    answer = c.call(boundary, given)
    if given != chain:
        c.fail("modified_input")
    return answer


def _chain(c: Checker, answer: Any) -> set[Simplex]:
    if not isinstance(answer, set | frozenset):
        c.fail("not_a_set", found=type(answer).__name__)
    if not all(isinstance(simplex, tuple) for simplex in answer):
        c.fail("not_tuples")
    return set(answer)


def _faces(simplex: Simplex) -> list[Simplex]:
    if len(simplex) == 1:
        return []
    return [tuple(v for v in simplex if v != gone) for gone in simplex]


def ex2(c: Checker, persistence_pairs: Answer) -> None:
    """The ranks of the lower left corners of the boundary matrix determine the pairs."""
    triangle: list[Simplex] = [(0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (0, 1, 2)]
    cases: list[list[Simplex]] = [triangle, [(0,), (3,), (7,), (0, 7)], [(5,)]]
    for vertices, share in [(5, 0.7), (6, 0.5), (6, 0.9)]:
        cases.append(_random_filtration(c, vertices, share))
    for simplices in cases:
        pairs = _pairs(c, c.call(persistence_pairs, simplices), len(simplices))
        exact = _by_ranks(simplices)
        births = {i for i, _ in exact}
        finite = {pair for pair in exact if pair[1] is not None}
        repeated = Counter(i for i, _ in pairs)
        later = {(i - 1, None if j is None else j - 1) for i, j in pairs}
        hints = {
            "no_essential": pairs == finite,
            "no_finite": pairs == exact - finite,
            "low_dimensions": pairs == {pair for pair in exact if len(simplices[pair[0]]) < 3},
            "counted_from_one": later == exact,
            "both_born": any(i not in births for i, j in pairs if j is None),
            "closes_a_loop": any(j in births for _, j in pairs if j is not None),
            "birth_twice": max(repeated.values(), default=0) > 1,
            "oldest": any(i == 0 and j is not None for i, j in pairs),
        }
        c.equal("difference", len(pairs ^ exact), 0, hints)


def _random_filtration(c: Checker, vertices: int, share: float) -> list[Simplex]:
    """A random complex of dimension at most 3, in a random order that puts faces first."""
    time: dict[Simplex, float] = {}
    for size in (1, 2, 3, 4):
        for simplex in combinations(range(vertices), size):
            faces = _faces(simplex)
            if all(face in time for face in faces) and (size == 1 or c.rng.random() < share):
                time[simplex] = max([time[face] for face in faces], default=0.0) + c.rng.random()
    return sorted(time, key=lambda simplex: time[simplex])


def _pairs(c: Checker, answer: Any, count: int) -> set[tuple[int, int | None]]:
    if not isinstance(answer, list | tuple | set):
        c.fail("not_a_list", found=type(answer).__name__)
    pairs = set()
    for pair in answer:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            c.fail("not_pairs")
        i, j = pair
        if not all(isinstance(place, int | np.integer) or place is None for place in pair):
            c.fail("not_positions")
        if any(place is not None and place < 0 for place in pair):
            c.fail("not_positions")
        if i is None or (j is not None and j <= i):
            c.fail("reversed")
        pairs.add((i, j))
    if len(pairs) < len(answer):
        c.fail("said_twice")
    return pairs


def _by_ranks(simplices: list[Simplex]) -> set[tuple[int, int | None]]:
    """The pairs (i, j): where the rank of the corner of rows >= i and columns <= j jumps alone."""
    N = len(simplices)
    place = {simplex: i for i, simplex in enumerate(simplices)}
    columns = [sum(1 << place[face] for face in _faces(simplex)) for simplex in simplices]
    rank = np.zeros((N + 1, N + 1), dtype=int)  # rank[i, j] of rows >= i and columns < j
    for i in range(N):
        basis: dict[int, int] = {}
        for j, column in enumerate(columns):
            rest = column >> i
            while rest and rest.bit_length() in basis:
                rest ^= basis[rest.bit_length()]
            if rest:
                basis[rest.bit_length()] = rest
            rank[i, j + 1] = len(basis)
    jump = rank[:-1, 1:] - rank[1:, 1:] - rank[:-1, :-1] + rank[1:, :-1]
    finite = {(int(i), int(j)) for i, j in np.argwhere(jump)}
    taken = {i for pair in finite for i in pair}
    return finite | {(i, None) for i in range(N) if i not in taken}


def ex3(c: Checker, rips: Answer) -> None:
    """All subsets of small diameter, each once, with its diameter, after its faces."""
    line = np.abs(np.subtract.outer([0.0, 1.0, 3.5, 7.5], [0.0, 1.0, 3.5, 7.5]))
    points = c.rng.normal(size=(7, 3))
    cloud = np.linalg.norm(points[:, None] - points[None], axis=2)
    middle = float(np.sort(cloud.ravel())[30])  # a distance that occurs: the bound is included
    for D, top in [(line, 3.5), (line, np.inf), (cloud, middle), (cloud, np.inf), (cloud, 0.0)]:
        simplices, values = c.parts(c.call(rips, D, top), 2)
        if not isinstance(simplices, list | tuple):
            c.fail("not_a_list", found=type(simplices).__name__)
        if not all(isinstance(s, tuple) and s == tuple(sorted(s)) for s in simplices):
            c.fail("not_simplices")
        if not isinstance(values, list | tuple | np.ndarray) or len(values) != len(simplices):
            c.fail("other_length")
        exact = _diameters(D)
        wanted = {s for s, value in exact.items() if value <= top}
        found = set(simplices)
        half = {s for s, value in exact.items() if len(s) == 1 or value <= 2 * top}
        hints = {
            "strict": found == {s for s in wanted if len(s) == 1 or exact[s] < top},
            "no_vertices": bool(found) and all(len(s) > 1 for s in found),
            "no_triangles": bool(found) and all(len(s) < 3 for s in found) and found < wanted,
            "too_large": any(len(s) > 3 for s in found),
            "radius": top > 0 and found == half,
            "no_bound": found == exact.keys(),
            "some_edge": found > wanted,
        }
        c.equal("simplices", len(found ^ wanted), 0, hints)
        c.require(len(found) == len(simplices), "twice")
        given = np.array([c.number(value) for value in values])
        longest = np.array([exact[s] for s in simplices])
        edges = [[D[pair] for pair in combinations(s, 2)] or [0.0] for s in simplices]
        hints_of_values: dict[str, Any] = {
            "shortest": np.array([min(lengths) for lengths in edges]),
            "two_edges": np.array([max(lengths[::2]) for lengths in edges]),
            "sum": np.array([sum(lengths) for lengths in edges]),
            "mean": np.array([np.mean(lengths) for lengths in edges]),
            "half": longest / 2,
        }
        c.close("diameters", given, longest, 1e-12, hints_of_values)
        c.require(bool(np.all(np.diff(given) >= 0)), "not_sorted")
        order = {s: i for i, s in enumerate(simplices)}
        late = any(order[face] > order[s] for s in simplices for face in _faces(s))
        c.require(not late, "face_late")


def _diameters(D: Array) -> dict[Simplex, float]:
    subsets = [s for size in (1, 2, 3) for s in combinations(range(len(D)), size)]
    return {s: float(D[np.ix_(s, s)].max()) for s in subsets}


def ex4(c: Checker, merge_heights: Answer) -> None:
    """At each distance, as many heights as components that vanish there."""
    gaps = np.array([0.7, 2.0, 0.4, 1.1, 3.0])
    places = np.concatenate([[0.0], np.cumsum(gaps)])
    shuffled = places[[3, 0, 5, 1, 4, 2]]
    cases = [np.abs(np.subtract.outer(shuffled, shuffled))]
    for n in (2, 9, 14):
        points = c.rng.normal(size=(n, 2)) + 4 * (np.arange(n) % 2)[:, None]
        cases.append(np.linalg.norm(points[:, None] - points[None], axis=2))
    cases.append(np.ones((5, 5)) - np.eye(5))
    for D in cases:
        n = len(D)
        wrong_shapes = {"one_each": (n,), "every_pair": (n * (n - 1) // 2,)} if n > 3 else {}
        answer = c.call(merge_heights, D)
        c.require(
            not n - 1 < np.size(answer) < n * (n - 1) // 2 or np.size(answer) == n, "too_many"
        )
        found = c.array(answer, (n - 1,), wrong_shapes)
        exact = _vanishing(D)
        nearest = np.sort((D + np.diag(np.full(n, np.inf))).min(axis=1))
        between = np.sort(D[np.triu_indices(n, 1)])
        hints = {
            "unsorted": np.allclose(np.sort(found), exact),
            "shortest": between[: n - 1],
            "nearest_neighbours": nearest[1:],
            "one_point": np.sort(D[0, 1:]),
            "consecutive": np.sort(np.diag(D, 1)),
            "half": exact / 2,
            "longest": between[::-1][: n - 1][::-1],
        }
        c.close("heights", found, exact, 1e-12, hints)


def _vanishing(D: Array) -> Array:
    heights: list[float] = []
    before = len(D)
    for value in np.unique(D[D > 0]):
        joined = value >= D
        for _ in range(len(D).bit_length()):
            joined = (joined.astype(int) @ joined.astype(int)) > 0
        now = len(np.unique(joined, axis=0))
        heights += [float(value)] * (before - now)
        before = now
    return np.array(heights)
