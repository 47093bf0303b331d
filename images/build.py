"""Makes the images of a site: ``python3 images/build.py``. A second run does only what has changed.

What they are is written to ``.build/images.json``. ``python3 images/build.py sizes`` measures them.
"""

import argparse
import fcntl
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from building import engine, sizes
from building.plan import AGAIN, Plan
from building.problems import Problem
from building.progress import carry_out
from building.recipes import BUILD, LOGS

RESULT = BUILD / "images.json"


def main() -> int:
    """Build, or measure; the answer is the exit code."""
    options = _options()
    try:
        with _alone():
            kept = engine.check()
            bases = {"bookworm": options.base_bookworm, "trixie": options.base_trixie}
            plan = Plan({suite: image for suite, image in bases.items() if image})
            _build(plan, kept)
            if options.what == "sizes":
                sizes.report(plan)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", nargs="?", choices=["build", "sizes"], default="build")
    for suite, example in (("bookworm", "debian:12-slim"), ("trixie", "debian:13-slim")):
        text = f"start from this image of Debian, such as {example}, not from Debian's packages"
        parser.add_argument(f"--base-{suite}", metavar="IMAGE", help=text)
    return parser.parse_args()


def _build(plan: Plan, kept: Path) -> None:
    begin = time.monotonic()
    steps = plan.steps()
    for place in (BUILD, kept) if steps else ():
        engine.room(place)
    carry_out(steps)
    if plan.steps():
        raise Problem("sources were changed while the images were being made.", AGAIN)
    text = json.dumps(plan.result(), indent=2) + "\n"
    if not RESULT.exists() or RESULT.read_text() != text:
        RESULT.write_text(text)
    did = f"{len(steps)} steps" if steps else "nothing to do"
    print(f"Images are ready ({did}, {time.monotonic() - begin:.1f} s): {RESULT}")


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time in this tree: two would fetch and write the same files."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (BUILD / "images.running").open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(
                "Another build of the images runs in this folder; waiting for its end ...",
                flush=True,
            )
            fcntl.flock(mark, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
