"""Steps of a long command: which one runs, how long it took, what comes next."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One step: what it is for, and the work."""

    name: str
    work: Callable[[], None]


def walk(steps: Sequence[Step], memory: Path) -> None:
    """Do the steps in order; ``memory`` keeps the seconds that each took, for the next time."""
    took = recall(memory)
    for number, step in enumerate(steps, 1):
        print(f"\n[{number}/{len(steps)}] {step.name}{last_time(step, took)}", flush=True)
        start = time.monotonic()
        step.work()
        took[step.name] = time.monotonic() - start
        following = steps[number : number + 1]
        coming = f"; next: {following[0].name}{last_time(following[0], took)}" if following else ""
        print(f"[{number}/{len(steps)}] done in {duration(took[step.name])}{coming}", flush=True)
        memory.parent.mkdir(exist_ok=True)
        memory.write_text(json.dumps(took, indent=1), "utf-8")


def recall(memory: Path) -> dict[str, float]:
    """Seconds by the name of a step; nothing on a first run, or when the file is damaged."""
    try:
        return {
            name: float(seconds) for name, seconds in json.loads(memory.read_text("utf-8")).items()
        }
    except (FileNotFoundError, ValueError):
        return {}


def last_time(step: Step, took: dict[str, float]) -> str:
    """`` (4 min 10 s last time)``, or nothing when it has never run."""
    return f" ({duration(took[step.name])} last time)" if step.name in took else ""


def duration(seconds: float) -> str:
    """``0.4 s``, ``12 s`` or ``4 min 10 s``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
