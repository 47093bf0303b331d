"""Says which step is being done, how long it took, and what comes next."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One piece of work, in words of who waits for it."""

    title: str
    work: Callable[[], None]


def carry_out(steps: Sequence[Step]) -> None:
    """Do the steps in their order; the first that fails ends it."""
    for number, step in enumerate(steps, start=1):
        print(f"[{number}/{len(steps)}] {step.title} ...", flush=True)
        begin = time.monotonic()
        step.work()
        following = (
            f"next: {steps[number].title}" if number < len(steps) else "that was the last step"
        )
        print(f"        done in {time.monotonic() - begin:.0f} s; {following}", flush=True)
