"""The steps of a check, in order: call, type and shape, property, tolerance, named mistakes.

A check is written with a ``Checker``; the first step that fails ends it with a hint. A step that
measures leaves its number, with the tolerance, on the learner's line, whether it passes or not.
"""

import copy
import traceback
import zlib
from collections.abc import Callable, Mapping
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from airina.language import message
from airina.outcome import Outcome, failed, number, passed

Array = NDArray[np.float64]
Answer = Callable[..., Any]
Shape = tuple[int, ...]
NEAR = 1e-8  # how near to the result of a named mistake an answer is that mistake


class Stop(Exception):
    """Ends a check that failed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.line)
        self.outcome = outcome


class Checker:
    """Judges one answer. ``rng`` is seeded by the name of the check: everybody meets the same cases."""

    def __init__(self, check: str) -> None:
        self.check = check
        self.rng = np.random.default_rng(zlib.crc32(check.encode()))
        self._measures: dict[str, tuple[float, str]] = {}

    # The answer itself

    def call(self, function: Answer, *given: Any) -> Any:
        """What the learner's function returns for ``given``, which it must not modify."""
        if not callable(function):
            self.fail("not_a_function", found=type(function).__name__)
        mine = copy.deepcopy(given)
        try:
            answer = function(*mine)
        except NotImplementedError:
            self.fail("not_written")
        except Exception as error:
            self.fail("raised", error=_told(error), line=_line(error, function))
        if not _same(mine, given):
            self.fail("modified_input")
        if answer is None:
            self.fail("returned_none")
        return answer

    def array(self, value: Any, shape: Shape, hints: Mapping[str, Shape] | None = None) -> Array:
        """A finite float64 array of this shape. ``hints``: the shape that a named mistake gives."""
        if type(value).__module__.startswith("torch"):
            value = value.detach().numpy()
        if not hasattr(value, "__array__"):
            self.fail("not_an_array", found=type(value).__name__)
        array = np.asarray(value)
        for hint, wrong in (hints or {}).items():
            if array.shape == wrong != shape:
                self.fail(hint)
        if array.shape != shape:
            self.fail("shape", found=_shape(array.shape), expected=_shape(shape))
        if array.dtype != np.float64:
            self.fail("dtype", found=array.dtype)
        if not np.isfinite(array).all():
            self.fail("not_finite", count=int((~np.isfinite(array)).sum()))
        return array

    def number(self, value: Any) -> float:
        """A finite real number: a Python number, or an array of shape ()."""
        if type(value).__module__.startswith("torch"):
            value = value.detach().numpy()
        several = isinstance(value, list | tuple)  # a ragged one has no shape at all
        if several or isinstance(value, bool) or np.ndim(value) != 0 or not _is_real(value):
            self.fail("not_a_number", found=type(value).__name__)
        if not np.isfinite(value):
            self.fail("not_finite", count=1)
        return float(value)

    def whole(self, value: Any) -> int:
        """A whole number: ``int`` or an integer of NumPy."""
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            self.fail("not_an_integer", found=type(value).__name__)
        return int(value)

    def parts(self, value: Any, count: int) -> tuple[Any, ...]:
        """The several things that an answer returns together."""
        if not isinstance(value, tuple | list) or len(value) != count:
            found = len(value) if isinstance(value, tuple | list) else type(value).__name__
            self.fail("parts", found=found, expected=count)
        return tuple(value)

    # What must be true of it

    def at_most(
        self,
        what: str,
        measured: SupportsFloat,
        bound: float,
        hints: Mapping[str, bool] | None = None,
    ) -> None:
        """``measured`` ≤ ``bound``; else the first true hint, else the hint ``wrong``."""
        measured = float(measured)
        good = measured <= bound  # False for NaN
        self._note(what, measured, f"{number(measured)} {'≤' if good else '>'} {number(bound)}")
        if not good:
            self._explain(hints or {})

    def at_least(
        self,
        what: str,
        measured: SupportsFloat,
        bound: float,
        hints: Mapping[str, bool] | None = None,
    ) -> None:
        """``measured`` ≥ ``bound``; else the first true hint, else the hint ``wrong``."""
        measured = float(measured)
        good = measured >= bound
        self._note(what, -measured, f"{number(measured)} {'≥' if good else '<'} {number(bound)}")
        if not good:
            self._explain(hints or {})

    def close(
        self,
        what: str,
        found: Any,
        expected: Any,
        tolerance: float,
        hints: Mapping[str, Any] | None = None,
    ) -> None:
        """max |a − b| / (1 + |b|) ≤ ``tolerance``. ``hints``: what a named mistake gives, or a truth."""
        told = {hint: _is_mistake(found, wrong) for hint, wrong in (hints or {}).items()}
        self.at_most(what, distance(found, expected), tolerance, told)

    def equal(
        self, what: str, found: int, expected: int, hints: Mapping[str, bool] | None = None
    ) -> None:
        """Whole numbers must be equal."""
        good = found == expected
        self._note(what, 0.0 if good else 1.0, f"{found} {'=' if good else '≠'} {expected}")
        if not good:
            self._explain(hints or {})

    def require(self, condition: bool, hint: str, **values: object) -> None:
        """Fails with ``hint`` unless ``condition`` holds."""
        if not condition:
            self.fail(hint, **values)

    def fail(self, hint: str, **values: object) -> Any:
        """Ends the check with a hint."""
        text = message(self.check, hint, **values)
        raise Stop(failed(self.check, hint, self._lines(), text))

    def verdict(self) -> Outcome:
        """The outcome when every step passed."""
        return passed(self.check, self._lines())

    def _explain(self, hints: Mapping[str, bool]) -> None:
        self.fail(next((hint for hint, true in hints.items() if true), "wrong"))

    def _note(self, what: str, badness: float, text: str) -> None:
        """Keeps the worst of the measures of one kind."""
        before = self._measures.get(what)
        if before is None or not badness <= before[0]:
            self._measures[what] = (badness, f"{message(self.check, what)} {text}")

    def _lines(self) -> list[str]:
        return [text for _, text in self._measures.values()]


def distance(found: Any, expected: Any) -> float:
    """max |a − b| / (1 + |b|): absolute near zero, relative far from it."""
    a, b = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    return float(np.max(np.abs(a - b) / (1 + np.abs(b)), initial=0.0))


def _is_mistake(found: Any, wrong: Any) -> bool:
    if isinstance(wrong, bool | np.bool_):
        return bool(wrong)
    return np.shape(found) == np.shape(wrong) and distance(found, wrong) <= NEAR


def _is_real(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "fiu"


def _same(one: Any, other: Any) -> bool:
    """Whether two arguments hold the same values; what is not data is taken as unchanged."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, set | frozenset):
        return bool(one == other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return True


def _shape(shape: Shape) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _told(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:160]}" if text else type(error).__name__


def _line(error: Exception, function: Answer) -> int:
    """The line, in the learner's cell, where their function failed."""
    code = getattr(function, "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame.lineno for frame in frames if code and frame.filename == code.co_filename]
    return (own or [0])[-1] or 0
