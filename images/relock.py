"""Resolves every lock anew from its ``.in``: ``make lock``. ``--upgrade`` takes the newest versions.

Without ``--upgrade`` what a lock pins stays as it is, and only what the ``.in`` asks for changes.
The image of Debian 13 has to be built: npm runs in it.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from building import nodes
from building.plan import Plan
from building.problems import Problem
from building.recipes import LOGS, PYTHON, ROOT, WHEELHOUSES

UV = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")

LEFT_OUT = ["--override", "images/left-out.in"]
FOR_IMAGES = ["--python-platform", "x86_64-manylinux_2_28", *LEFT_OUT]
FOR_MACHINES = ["--universal", "--python-version", "3.11", *LEFT_OUT]
"""Machines that build, test and provision have some Python from 3.11 on, on some processor."""

# In this order: tools run what the hub image runs.
LOCKS = {
    "images/course/requirements": [*FOR_IMAGES, "--python-version", PYTHON["bookworm"]],
    "images/proxy/npm": [*FOR_IMAGES, "--python-version", PYTHON["trixie"]],
    "images/hub/requirements": [*FOR_IMAGES, "--python-version", PYTHON["trixie"]],
    "tests/tools": [*FOR_MACHINES, "--constraint", "images/hub/requirements.lock"],
    "ansible/requirements": [*FOR_MACHINES, "--constraint", "tests/tools.lock"],
}
LOCKS_OF_DESCRIPTION = {
    f"images/sbom/{suite}": [*FOR_IMAGES[:2], "--python-version", python]
    for suite, python in PYTHON.items()
}

RELOCK_NODE = """
rm -rf locks && mkdir locks && cd locks
cp /sources/package.json .
[ "$UPGRADE" = yes ] || cp /sources/package-lock.json .
npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund
"""


def main() -> int:
    """Resolve all, or say what stands in the way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    options = parser.parse_args()
    try:
        for name, flags in LOCKS.items():
            python_lock(f"{name}.in", f"{name}.lock", flags, upgrade=options.upgrade)
        for name, flags in LOCKS_OF_DESCRIPTION.items():
            python_lock(
                "images/sbom/requirements.in", f"{name}.lock", flags, upgrade=options.upgrade
            )
        node_lock(upgrade=options.upgrade)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def python_lock(source: str, lock: str, flags: list[str], *, upgrade: bool) -> None:
    """Resolve one lock with hashes; neither an index nor a folder of this machine is written into it."""
    if UV is None:
        raise Problem(
            "there is no `uv`, which resolves the locks.", "run `make check` once: it installs it."
        )
    command = [UV, "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url"]
    command += ["--custom-compile-command", "make lock", *flags, source, "--output-file", lock]
    if upgrade:
        command.append("--upgrade")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(
            f"{source} could not be resolved.",
            "read what uv says: two requirements contradict each other, or the index is out of reach.",
            done.stderr.strip(),
        )
    print(f"{lock}: resolved", flush=True)


def node_lock(*, upgrade: bool) -> None:
    """Resolve the proxy's lock with npm, in a container."""
    LOGS.mkdir(parents=True, exist_ok=True)
    WHEELHOUSES["npm"].fill(LOGS)
    script = f"UPGRADE={'yes' if upgrade else 'no'}\n{RELOCK_NODE}"
    nodes.run(Plan({}).tag("base-trixie"), script, LOGS / "nodes-lock.log")
    shutil.copyfile(nodes.FOLDER / "locks/package-lock.json", nodes.SOURCES / "package-lock.json")
    print("images/proxy/package-lock.json: resolved", flush=True)


if __name__ == "__main__":
    sys.exit(main())
