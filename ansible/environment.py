"""The project's own Python environment, `.venv`: made, and brought up to a lock, only when it must be.

Run as ``python3 ansible/environment.py LOCK [--for-tests]``; with the option, Debian's programs that tests
drive come too. Needs nothing but Python; on a bare Debian, where Python comes without pip, root's apt
brings what is missing.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
OLDEST = (3, 11)
MADE_FOR = "made-for"

FOR_PYTHON = ("python3-venv", "ca-certificates")
FOR_IMAGES = {
    "mmdebstrap": ("mmdebstrap", "debian-archive-keyring"),  # makes the base images
    "zstd": ("zstd",),  # packs images for hosts that lack them
}
"""Programs that building needs, and the Debian packages with them."""
FOR_TESTS = {
    "chromium": ("chromium",),  # tests and the bench drive it
    "pdftoppm": ("poppler-utils",),  # slips are looked at as people see them
}
"""Programs that tests run, and the Debian packages with them."""


class CannotPrepare(Exception):
    """The environment cannot be made; the text says what to do."""


def ensure(lock: Path) -> bool:
    """Have in `.venv` what ``lock`` pins; True when something had to be installed."""
    stamp = VENV / f"{lock.parent.name}-{lock.stem}.sha256"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == digest and is_ours():
        return False
    if not (VENV / "bin" / "pip").exists() or not is_ours():
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
        apt_install(FOR_PYTHON)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    run(command, "Python cannot make a virtual environment. What to do: apt install python3-venv.")
    (VENV / MADE_FOR).write_text(made_for(), "utf-8")


def is_ours() -> bool:
    """Whether `.venv` was made for this Python, and here: it can be neither moved nor taken over."""
    mark = VENV / MADE_FOR
    return mark.exists() and mark.read_text("utf-8") == made_for()


def made_for() -> str:
    """This Python, and this place."""
    return f"{sys.version_info.major}.{sys.version_info.minor} {VENV}"


def install(lock: Path) -> None:
    """The packages of ``lock``, each checked against its hash; the lock alone says which."""
    print(f"installing {lock.relative_to(ROOT)} into .venv", flush=True)
    pip = [str(VENV / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*pip, "--no-compile", "--no-deps", "--require-hashes", "--requirement", str(lock)],
        "pip could not install what the lock pins. What to do: look at the last line above; if it names "
        "a network error, check this machine's access to the Python Package Index, and start again.",
    )


def packages_of(programs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Debian packages of those programs that are not here."""
    missing = (packages for program, packages in programs.items() if not shutil.which(program))
    return tuple(dict.fromkeys(package for packages in missing for package in packages))


def apt_install(packages: tuple[str, ...]) -> None:
    """Install Debian packages, for root only; nothing to do for none."""
    if not packages:
        return
    names = " ".join(packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotPrepare(
            f"{names}: missing here. What to do: have root install them (apt install {names})."
        )
    print(f"apt-get install {names}", flush=True)
    failed = f"apt-get could not install {names}. What to do: read the last lines above."
    run(["apt-get", "update", "-qq"], failed, quiet=True)
    run(["apt-get", "install", "-qq", "--no-install-recommends", *packages], failed, quiet=True)


def run(command: list[str], failed: str, *, quiet: bool = False) -> None:
    """Run a command; CannotPrepare with ``failed`` when it fails. ``quiet``: output only then."""
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(
        command, env=variables, check=False, text=True, stdout=output, stderr=subprocess.STDOUT
    )
    if done.returncode:
        print(done.stdout or "", end="", flush=True)
        raise CannotPrepare(failed)


if __name__ == "__main__":
    try:
        if "--for-tests" in sys.argv[2:]:
            apt_install(packages_of(FOR_TESTS))
        ensure(ROOT / sys.argv[1])
    except CannotPrepare as error:
        sys.exit(str(error))
