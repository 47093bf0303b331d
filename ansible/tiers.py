"""Folders of tests, each run in a process of its own: one tier's browser or hub is no part of another's."""

import signal
import subprocess
import tempfile
from types import TracebackType
from typing import Self

from environment import ROOT
from up import PYTHON

TIERS = ("unit", "images", "hub", "browser", "notebooks", "provision")

BESIDE = "notebooks"
"""The tier that needs nothing but the processor. The others wait half of their time, for browsers and for
starts: it runs beside them and takes what they leave."""


def command(tier: str) -> list[str]:
    """What runs one folder of tests."""
    alone = ["--numprocesses=auto"] if tier == "unit" else []  # the others share a hub or a browser
    return [PYTHON, "-m", "pytest", "-q", f"tests/{tier}", *alone]


def passes(tier: str) -> bool:
    """Run a tier and wait for it."""
    return subprocess.run(command(tier), cwd=ROOT, check=False).returncode == 0


class Beside:
    """A tier that runs while others do; what it says is kept until somebody waits for it."""

    def __init__(self, tier: str) -> None:
        self.tier = tier
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed in __exit__)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Whoever interrupts the others interrupts this one too, and waits until it has cleaned up."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
        self._said.close()

    def begin(self) -> None:
        """Start the tier, out of reach of the terminal's own interrupt."""
        self._process = subprocess.Popen(
            command(self.tier),
            cwd=ROOT,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def passes(self) -> bool:
        """Wait for the tier and show what it said."""
        if self._process is None:
            raise RuntimeError(f"{self.tier} has not begun")
        code = self._process.wait()
        self._said.seek(0)
        print(self._said.read().decode(errors="replace"), flush=True)
        return code == 0
