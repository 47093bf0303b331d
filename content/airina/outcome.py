"""What a check found: one line for the learner, and an object for whoever tests the checks."""

import os
import re
from dataclasses import dataclass
from math import isfinite

from airina.language import message

DONE, WRONG, NOT_YET = "✔", "✘", "○"


class CheckFailed(AssertionError):
    """A check that failed in a run that must prove it (``AIRINA_STRICT=1``)."""


@dataclass(frozen=True)
class Outcome:
    """``hint`` is the key of the message that explains a failure, empty when the check passed."""

    check: str
    passed: bool
    line: str
    hint: str = ""

    def __repr__(self) -> str:
        return self.line

    def _ipython_display_(self) -> None:
        """Nothing: the line is already printed when the outcome is the last value of a cell."""


def passed(check: str, measures: list[str]) -> Outcome:
    return Outcome(check, True, " | ".join([f"{DONE} {check}", *measures]))


def failed(check: str, hint: str, measures: list[str], text: str) -> Outcome:
    """A failure: what was measured, then the hint."""
    mark = NOT_YET if hint == "not_written" else WRONG
    told = text if hint == "not_written" else message(check, "hint", text=text)
    return Outcome(check, False, " | ".join([f"{mark} {check}", *measures, told]), hint)


def shown(outcome: Outcome) -> Outcome:
    """Prints the line. Raises CheckFailed for a failure when ``AIRINA_STRICT`` is 1, and never else."""
    print(outcome.line)
    if not outcome.passed and os.environ.get("AIRINA_STRICT") == "1":
        raise CheckFailed(outcome.line)
    return outcome


def number(value: float) -> str:
    """Few digits, as a measure deserves: ``3.162``, ``2.1e-15``."""
    if not isfinite(value):
        return str(value)
    short = 0 < abs(value) < 1e-2 or abs(value) >= 1e5
    return re.sub(r"e([+-])0*", r"e\1", f"{value:.2g}" if short else f"{value:.6g}").replace(
        "e+", "e"
    )
