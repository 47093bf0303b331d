"""The course as participants have it: in their image, without a network, with their limits."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from hub.settings import Limits

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
TEST_TOOLS = ("pytest", "_pytest", "py.py", "pluggy", "iniconfig")
"""Pure Python; what else pytest needs is in the course image."""


@dataclass(frozen=True)
class Ended:
    """How a program in the image ended, and what it said."""

    code: int
    said: str


def notebooks() -> list[str]:
    """Ids of all notebooks of the programme."""
    days = yaml.safe_load((CONTENT / "programme.yml").read_text("utf-8"))["days"]
    return [notebook["id"] for day in days for notebook in day["notebooks"]]


def in_the_image(image: str, script: str) -> Ended:
    """What a shell script ends with in a participant's container; the project is at ``/project``."""
    limits = Limits()
    packages = Path(pytest.__file__).parents[1]
    tools = [f"--volume={packages / name}:/tools/{name}:ro" for name in TEST_TOOLS]
    command = ["docker", "run", "--rm", "--network=none", "--cap-drop=ALL", "--entrypoint=sh"]
    command += ["--security-opt=no-new-privileges", f"--pids-limit={limits.pids}"]
    command += ["--cpus=1", "--cpu-shares=2"]  # what other containers leave: other tests run beside
    command += [f"--memory={int(limits.memory_gib * 2**30)}"]
    command += [f"--label=africa.airina.project=airina-test-{os.getpid()}"]
    command += [f"--volume={ROOT}:/project:ro", *tools, image, "-euc", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return Ended(done.returncode, done.stdout + done.stderr)


RUNS = {
    "to its end, in English": "--kind instructor --lang en",
    "to its end, in French, with other random numbers": "--kind instructor --lang fr --draw 1",
    "to its end, with random numbers drawn a third time": "--kind instructor --lang en --draw 2",
    "to what is to be written, in French": "--kind participant --lang fr",
}


@pytest.fixture(scope="session")
def executed(images: dict[str, str]) -> Iterator[dict[tuple[str, str], Future[Ended]]]:
    """Every notebook in every way of ``RUNS``: as many at once as there are cores."""
    subprocess.run([sys.executable, "content/build.py"], cwd=ROOT, check=True)
    released = "cp -r /project/content/build ~/course && cd ~/course"
    execute = "python /project/content/execute.py --build ."
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as cores:
        yield {
            (name, run): cores.submit(
                in_the_image, images["course"], f"{released} && {execute} {options} {name}"
            )
            for name in notebooks()
            for run, options in RUNS.items()
        }
        cores.shutdown(cancel_futures=True)
