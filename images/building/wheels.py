"""The wheelhouse: every Python package of an image, as the lock's hashes name them.

It is made on the build machine and is also what a machine without a network builds from: a wheelhouse
that is complete is used as it is, and nobody is asked.
"""

import hashlib
import importlib.util
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import engine
from .problems import Problem

PYTORCH_INDEX = "https://download.pytorch.org/whl/cpu"

REQUIREMENT = re.compile(
    r"^(?P<requirement>[\w.-]+==[^\s\\]+)(?P<rest>(?:[^\n]*\\\n)*[^\n]*)", re.M
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Wheelhouse:
    """The wheels of one lock for one version of Python on Debian's C library."""

    name: str
    lock: Path
    folder: Path
    python: str
    glibc: int
    """The minor version of the C library that the wheels may ask for: 36 is Debian 12, 41 is Debian 13."""
    own_index: str | None = None
    """An index to try after pip's own settings."""

    def files(self) -> dict[str, Path]:
        """The wheels that are here, by their names."""
        return {path.name: path for path in sorted(self.folder.glob("*.whl"))}

    def missing(self) -> list[str]:
        """Requirements of the lock of which no wheel with a right hash is here."""
        present = {hashlib.sha256(path.read_bytes()).hexdigest() for path in self.files().values()}
        return [
            name for name, hashes in locked(self.lock.read_text()).items() if not hashes & present
        ]

    def fill(self, logs: Path) -> None:
        """Fetch what is missing, and remove what the lock no longer names."""
        self.folder.mkdir(parents=True, exist_ok=True)
        allowed = set().union(*locked(self.lock.read_text()).values())
        for path in self.files().values():
            if hashlib.sha256(path.read_bytes()).hexdigest() not in allowed:
                path.unlink()
        if self.missing():
            self._download(logs / f"wheels-{self.name}.log")

    def _download(self, log: Path) -> None:
        _check_pip()
        command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check"]
        command += ["--no-deps", "--require-hashes", "--only-binary=:all:"]
        command += ["--python-version", self.python, "--implementation", "cp"]
        for tag in (f"cp{''.join(self.python.split('.')[:2])}", "abi3", "none"):
            command += ["--abi", tag]
        for tag in platforms(self.glibc):
            command += ["--platform", tag]
        command += ["--requirement", str(self.lock), "--dest", str(self.folder)]
        what = f"the wheels of {self.name} could not be fetched."
        remedy = (
            f"see that this machine reaches a Python package index (pip's own settings say which), or "
            f"copy the wheels of another machine into {self.folder}; then run the same command again. "
            f"The whole story is in {log}."
        )
        try:
            engine.run(command, log, what, remedy)
        except Problem:
            if self.own_index is None:
                raise
            engine.run([*command, "--index-url", self.own_index], log, what, remedy)


def locked(lock: str) -> dict[str, set[str]]:
    """The requirements of a lock and the hashes that each may have."""
    return {
        match["requirement"]: set(HASH.findall(match["rest"]))
        for match in REQUIREMENT.finditer(lock)
    }


def platforms(glibc: int) -> Iterable[str]:
    """Names of the platforms, newest first, whose wheels run with this C library on x86-64."""
    yield from (f"manylinux_2_{minor}_x86_64" for minor in range(glibc, 4, -1))
    yield from (f"manylinux{year}_x86_64" for year in (2014, 2010, 1))
    yield "linux_x86_64"


def _check_pip() -> None:
    if importlib.util.find_spec("pip") is None:
        raise Problem(
            f"{sys.executable} has no pip, which fetches the wheels.",
            "install it (`apt-get install python3-pip`), or use a Python that has it.",
        )
