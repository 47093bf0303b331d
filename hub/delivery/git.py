"""Calling git on a bare repository: with an environment made from nothing, and with a time-out."""

import os
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

SECONDS = 120.0
"""For one call; the largest of ours takes one or two."""

LOCK_SECONDS = 60.0
"""No git of ours holds a branch, or the configuration of a repository, for so long."""

NONE = "0" * 40
"""Git's way of saying "no commit"."""

DURABLE = ("core.fsync", "committed,reference")
"""What git has written is on the disk before a branch moves to it: by itself it leaves loose objects to the
system, and a power cut leaves them empty (git-config(1))."""

QUARANTINE = (
    "GIT_QUARANTINE_PATH",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
)
"""By which a hook sees what is being pushed before it is part of the repository (githooks(5))."""


class GitFailed(Exception):
    """Git ended with an error; the text is its own, for a log."""


def environment() -> dict[str, str]:
    """Variables for any git of ours: nobody's configuration, English messages, nothing asked."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C",
        "TZ": "UTC",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",  # which somebody may have pushed (git-replace(1))
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": DURABLE[0],
        "GIT_CONFIG_VALUE_0": DURABLE[1],
    }


def unlock(repository: Path) -> None:
    """Remove the locks of a git that was killed: no other would ever get past them."""
    for lock in [*repository.glob("*.lock"), *(repository / "refs").rglob("*.lock")]:
        with suppress(FileNotFoundError):
            if time.time() - lock.stat().st_mtime > LOCK_SECONDS:
                lock.unlink()


class Git:
    """``folder`` is a bare repository; ``variables`` go beside those of ``environment``."""

    def __init__(
        self, folder: Path, variables: Mapping[str, str] | None = None, umask: int = 0o027
    ) -> None:
        self.folder = folder
        self._umask = umask
        self._environment = environment() | dict(variables or {})

    def run(
        self,
        *arguments: str,
        given: bytes = b"",
        seconds: float = SECONDS,
        variables: Mapping[str, str] | None = None,
    ) -> bytes:
        """What one call prints. Raises GitFailed when it fails or takes longer than ``seconds``."""
        command = ["git", "--git-dir", str(self.folder), *arguments]
        try:
            done = subprocess.run(
                command,
                input=given,
                env=self._environment | dict(variables or {}),
                umask=self._umask,
                timeout=seconds,
                check=True,
                capture_output=True,
            )
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode("utf-8", "replace").strip()
            raise GitFailed(f"git {arguments[0]}: {said}") from error
        except subprocess.TimeoutExpired as error:
            raise GitFailed(f"git {arguments[0]}: not done after {seconds:g} s") from error
        return done.stdout

    def text(
        self, *arguments: str, given: bytes = b"", variables: Mapping[str, str] | None = None
    ) -> str:
        """The same, as text without the white space around it."""
        said = self.run(*arguments, given=given, variables=variables)
        return said.decode("utf-8", "surrogateescape").strip()

    def goes_on_from(self, newer: str, older: str) -> bool:
        """Whether ``older`` is in the history of ``newer``."""
        return self.text("rev-list", "--count", older, f"^{newer}") == "0"
