"""The sync as a process of its own, beside the imports of the server, and always bounded.

Whatever becomes of it, the server starts: a sync that cannot begin, that fails or that hangs costs at
most ``PATIENCE`` and twice ``GRACE`` seconds, and is made up for at the next start.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import NamedTuple

PATIENCE = 12.0
"""Seconds that a sync may take from the moment the server is otherwise ready; it needs about 0.5."""

GRACE = 1.5
"""Seconds for git to remove its lock files once it is told to stop."""

COMMAND = (sys.executable, "-I", "-m", "course_server.sync")


class Synced(NamedTuple):
    """What the process says of its sync, as ``sync.Synced``; that module is not imported for it."""

    outcome: str
    arrived: tuple[str, ...]
    kept: dict[str, str]
    moved: dict[str, str]


_process: subprocess.Popen[str] | None = None

log = logging.getLogger("course_server")


def begin(command: tuple[str, ...] = COMMAND) -> None:
    """Start the sync and return at once."""
    global _process
    try:
        # A group of its own, so that it can be stopped together with the git that it runs.
        _process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, process_group=0
        )
    except OSError as error:
        log.error("the sync could not begin: %s", error)


def finish(patience: float = PATIENCE, grace: float = GRACE) -> Synced | None:
    """Wait for the sync; what became of it, or None when that cannot be known."""
    global _process
    process, _process = _process, None
    if process is None:
        return None
    for seconds, then in ((patience, signal.SIGTERM), (grace, signal.SIGKILL), (grace, None)):
        try:
            return _understood(process.communicate(timeout=seconds)[0])
        except subprocess.TimeoutExpired:
            if then:
                log.error("the sync took too long and is stopped with %s", then.name)
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, then)
    return None


def _understood(said: str) -> Synced | None:
    try:
        told = json.loads(said)
        return Synced(told["outcome"], tuple(told["arrived"]), told["kept"], told["moved"])
    except (ValueError, LookupError, TypeError):
        return None
