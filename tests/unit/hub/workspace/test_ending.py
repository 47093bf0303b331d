"""Why a server ended, from what Docker knows."""

from pathlib import Path

import pytest

from hub.i18n import Language, render
from hub.workspace.ending import NOTEBOOK_KILLED, failure_of
from hub.workspace.failures import Reason

COUNTED = "[I] Shutting down\ncourse_server: oom_kill 1\n"

FULL = "OSError: [Errno 28] No space left on device: '/home/participant/.local'"


@pytest.mark.parametrize(
    ("state", "log", "asked", "reason"),
    [
        ({"ExitCode": 137, "OOMKilled": True}, "", False, Reason.OUT_OF_MEMORY),
        ({"ExitCode": 137, "OOMKilled": False}, "", False, Reason.OUT_OF_MEMORY),
        ({"ExitCode": 0, "OOMKilled": False}, COUNTED, True, Reason.NOTEBOOK_OUT_OF_MEMORY),
        ({"ExitCode": 0, "OOMKilled": True}, "", False, Reason.NOTEBOOK_OUT_OF_MEMORY),
        ({"ExitCode": 137, "OOMKilled": True}, "", True, Reason.NOTEBOOK_OUT_OF_MEMORY),
        ({"ExitCode": 0, "OOMKilled": False}, "", False, None),
        ({"ExitCode": 143, "OOMKilled": False}, "", False, None),
        ({"ExitCode": 137, "OOMKilled": False}, "", True, None),
        ({"ExitCode": 1, "OOMKilled": False}, FULL, False, Reason.DISK_FULL),
        ({"ExitCode": 128, "Error": "disk quota exceeded"}, "", False, Reason.DISK_FULL),
        ({"ExitCode": 1, "OOMKilled": False}, "Traceback", False, Reason.STOPPED),
    ],
)
def test_the_case_is_told_from_the_end(
    state: dict[str, object], log: str, asked: bool, reason: Reason | None
) -> None:
    failure = failure_of(state, log, 2.0, asked)
    assert (failure.reason if failure else None) is reason


def test_a_person_reads_how_much_memory_there_was() -> None:
    failure = failure_of({"ExitCode": 137, "OOMKilled": True}, "", 1.5, asked=False)
    assert failure is not None
    assert "more than its 1.5 GiB" in render(failure.message, Language.EN)
    assert "plus que ses 1,5" in render(failure.message, Language.FR)


def test_the_course_image_writes_the_line_that_is_looked_for() -> None:
    image = Path(__file__).parents[4] / "images" / "course"
    writes = image / "server" / "course_server" / "memory.py"
    assert f'"{NOTEBOOK_KILLED}{{count}}"' in writes.read_text("utf-8")
