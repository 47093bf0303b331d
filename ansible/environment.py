"""The project's own Python environment, `.venv`: made, and brought up to a lock, only when it must be.

Run as ``python3 ansible/environment.py LOCK``. Needs nothing but Python; on a bare Debian, where Python
comes without pip, root's apt brings what is missing.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
OLDEST = (3, 11)
APT_PACKAGES = ("python3-venv", "ca-certificates")


class CannotPrepare(Exception):
    """The environment cannot be made; the text says what to do."""


def ensure(lock: Path) -> bool:
    """Have in `.venv` what ``lock`` pins; True when something had to be installed."""
    stamp = VENV / f"{lock.parent.name}-{lock.stem}.sha256"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == digest:
        return False
    if not (VENV / "bin" / "pip").exists():
        make_venv()
    install(lock)
    stamp.write_text(digest, "ascii")
    return True


def make_venv() -> None:
    """An empty `.venv`; what a run that was interrupted has left is cleared."""
    if sys.version_info < OLDEST:
        raise CannotPrepare(
            f"Python {sys.version_info.major}.{sys.version_info.minor} runs this; the project needs "
            "3.11 or later. What to do: run it on Debian 12 or later, or Ubuntu 24.04 or later."
        )
    if importlib.util.find_spec("ensurepip") is None:
        apt_install(APT_PACKAGES)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    run(command, "Python cannot make a virtual environment. What to do: apt install python3-venv.")


def install(lock: Path) -> None:
    """The packages of ``lock``, each checked against its hash."""
    print(f"installing {lock.relative_to(ROOT)} into .venv", flush=True)
    pip = [str(VENV / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*pip, "--no-compile", "--require-hashes", "--requirement", str(lock)],
        "pip could not install what the lock pins. What to do: look at the last line above; if it names "
        "a network error, check this machine's access to the Python Package Index, and start again.",
    )


def apt_install(packages: tuple[str, ...]) -> None:
    """Debian packages that are missing, for root only."""
    names = " ".join(packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotPrepare(
            f"{names}: missing here. What to do: have root install them (apt install {names})."
        )
    print(f"apt-get install {names}", flush=True)
    failed = f"apt-get could not install {names}. What to do: look at the lines above."
    run(["apt-get", "update", "-qq"], failed)
    run(["apt-get", "install", "-qq", "--no-install-recommends", *packages], failed)


def run(command: list[str], failed: str) -> None:
    """Run a command, its output in sight; CannotPrepare with ``failed`` when it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(command, env=environment, check=False).returncode:
        raise CannotPrepare(failed)


if __name__ == "__main__":
    try:
        ensure(ROOT / sys.argv[1])
    except CannotPrepare as error:
        sys.exit(str(error))
