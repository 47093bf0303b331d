"""`make test`: everything that is tested, from a bare machine, beside a hub that may be up.

Installs what is missing, builds images and notebooks, runs all tests. What it starts it stops again,
also when it is interrupted: an engine that answered before is left running, one of its own is not.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType

import environment
import playbook
import preflight
from environment import ROOT
from progress import Step, walk
from tiers import BESIDE, TIERS, Beside, passes
from up import Stopped, build, have_engine, stop_at

DURATIONS = ROOT / ".build" / "durations-test.json"


def main() -> int:
    """0 when every test has passed."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with engine_as_before(), Beside(BESIDE) as beside:
            walk(steps(beside), DURATIONS)
    except (Stopped, environment.CannotPrepare, playbook.PlaybookFailed) as error:
        print(f"\nmake test stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmake test was interrupted.", file=sys.stderr)
        return 130
    return 0


def steps(beside: Beside) -> list[Step]:
    """The way to a verdict. A tier that fails keeps no other from being run."""
    failed: list[str] = []
    alone = [tier for tier in TIERS if tier not in ("unit", BESIDE)]
    return [
        Step("check this machine", check_machine),
        Step("prepare the tools", prepare_tools),
        Step("have a Docker engine", have_engine),
        Step("format, lint, types, playbooks", lambda: run("make", "style")),
        Step("build the images", lambda: build("images/build.py")),
        Step("build the notebooks", lambda: build("content/build.py")),
        Step("test: unit", partial(try_out, "unit", partial(passes, "unit"), failed)),
        Step(f"begin: {BESIDE}, beside the tests that follow", beside.begin),
        *(
            Step(f"test: {tier}", partial(try_out, tier, partial(passes, tier), failed))
            for tier in alone
        ),
        Step(f"test: {BESIDE}", partial(try_out, BESIDE, beside.passes, failed)),
        Step("come to a verdict", lambda: judge(failed)),
    ]


def check_machine() -> None:
    """As for `make up`, but for the ports: tests take free ones."""
    machine = preflight.look(ROOT / "ansible" / "inventory" / "local")
    stop_at(preflight.obstacles(replace(machine, taken=())))


def prepare_tools() -> None:
    """What develops, builds and tests: in `.venv`, and programs of Debian's."""
    environment.apt_install(environment.packages_of(environment.FOR_IMAGES | environment.FOR_TESTS))
    environment.ensure(ROOT / "tests" / "tools.lock")


def run(*command: str) -> None:
    """Run a command in the project; Stopped when it fails."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise Stopped(
            f"`{Path(command[0]).name} {' '.join(command[1:])}` has said above what is wrong"
        )


def try_out(tier: str, passes: Callable[[], bool], failed: list[str]) -> None:
    """Run a tier; noted in ``failed`` when it does not pass."""
    if not passes():
        failed.append(tier)


def judge(failed: list[str]) -> None:
    """Stopped when a tier has failed."""
    if failed:
        raise Stopped(f"tests failed, see above: {', '.join(failed)}")
    print("every test has passed")


@contextmanager
def engine_as_before() -> Iterator[None]:
    """Stop at the end an engine that did not run at the beginning."""
    answered = preflight.engine_answers()
    try:
        yield
    finally:
        if not answered and preflight.engine_answers():
            playbook.play("engine-stop", "local")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
