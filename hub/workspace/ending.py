"""How a container ended, read before it is removed: afterwards nobody knows.

The kernel kills the largest process when a container needs more memory than it may have. That is a
notebook's nearly always, and the server goes on; sometimes it is the server itself. Docker's flag
``OOMKilled`` does not say which, and some kernels never set it. Therefore:

1. A server that nobody had asked to stop and that got SIGKILL was killed for its memory: nobody else has
   a reason to send that signal to it, though its person can, and Docker does when the machine is shut down.
2. A server that ended in any other way, with the flag, or with the line in its log that
   ``course_server.memory`` writes: it was a notebook.
"""

from collections.abc import Mapping
from typing import Any

from hub.workspace.failures import Failure, Reason, says_disk_full

KILLED = 137
"""The exit code of what SIGKILL ended (128 + 9)."""

ASKED = frozenset({0, 130, 143})
"""Exit codes of a server that was asked to stop: it obeyed (0), SIGINT (130), SIGTERM (143)."""

NOTEBOOK_KILLED = "course_server: oom_kill "
"""Written to the server's log when it ends and the kernel had killed something in the container."""


def failure_of(
    state: Mapping[str, Any], log: str, memory_gib: float, asked: bool
) -> Failure | None:
    """Why a container with Docker's ``State`` ended, or None when nothing is wrong with it.

    ``log`` is the end of what the server wrote; ``asked`` when the hub had told it to stop.
    """
    code = int(state.get("ExitCode") or 0)
    memory: dict[str, object] = {"memory": memory_gib}
    if code == KILLED and not asked:
        return Failure(Reason.OUT_OF_MEMORY, memory)
    if state.get("OOMKilled") or NOTEBOOK_KILLED in log:
        return Failure(Reason.NOTEBOOK_OUT_OF_MEMORY, memory)
    if asked or code in ASKED:
        return None
    if says_disk_full(log) or says_disk_full(str(state.get("Error"))):
        return Failure(Reason.DISK_FULL)
    return Failure(Reason.STOPPED, {"code": code})
