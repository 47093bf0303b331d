"""How a container ended, read before it is removed: afterwards nobody knows.

Docker's flag ``OOMKilled`` says that the kernel killed *some* process of the container for its memory.
If the server itself ended by it, the person's server is gone; otherwise it was one of their notebooks.
"""

from collections.abc import Mapping
from typing import Any

from hub.workspace.failures import Failure, Reason, says_disk_full

ASKED = frozenset({0, 130, 143})
"""Exit codes of a server that was asked to stop: it obeyed (0), SIGINT (130), SIGTERM (143)."""


def failure_of(
    state: Mapping[str, Any], log: str, memory_gib: float, asked: bool
) -> Failure | None:
    """Why a container with Docker's ``State`` ended, or None when nothing is wrong with it.

    ``log`` is the end of what the server wrote; ``asked`` when the hub had told it to stop.
    """
    code = int(state.get("ExitCode") or 0)
    if state.get("OOMKilled"):
        server_itself = not asked and code not in ASKED
        case = Reason.OUT_OF_MEMORY if server_itself else Reason.NOTEBOOK_OUT_OF_MEMORY
        return Failure(case, {"memory": f"{memory_gib:g}"})
    if asked or code in ASKED:
        return None
    if says_disk_full(log) or says_disk_full(str(state.get("Error"))):
        return Failure(Reason.DISK_FULL)
    return Failure(Reason.STOPPED, {"code": code})
