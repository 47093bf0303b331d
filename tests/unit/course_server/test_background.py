"""Whatever the sync does, the server starts, and soon."""

import json
import os
import sys
from pathlib import Path

import pytest
from course_server import background

LOOPS = "import signal, sys; signal.pause()"
DEAF = (
    "import pathlib, signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "pathlib.Path(sys.argv[1]).write_text('deaf'); "
    "exec('while True: signal.pause()')"
)
WITH_A_CHILD = "import subprocess; subprocess.run(['sleep', '1000'])"


def python(code: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-c", code, *arguments)


def test_the_outcome_is_what_the_sync_says() -> None:
    kept, moved = {"fr/a.ipynb": "fr/b.ipynb"}, {"c": "d"}
    told = {"outcome": "updated", "arrived": ["fr/a.ipynb"], "kept": kept, "moved": moved}
    background.begin(python(f"print('{json.dumps(told)}')"))
    assert background.finish() == ("updated", ("fr/a.ipynb",), kept, moved)


@pytest.mark.parametrize("said", ["updated", "[]", "{}", '{"outcome": 1, "arrived": 2}'])
def test_an_outcome_that_is_none_is_none(said: str) -> None:
    background.begin(python(f"print('{said}')"))
    assert background.finish() is None


def test_a_sync_that_fails_has_no_outcome() -> None:
    background.begin(python("raise SystemExit(3)"))
    assert background.finish() is None


def test_a_server_that_was_started_otherwise_waits_for_nothing() -> None:
    assert background.finish() is None


def test_a_sync_that_cannot_begin_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    background.begin(("/nowhere/python",))
    assert background.finish() is None
    assert "could not begin" in caplog.text


@pytest.mark.parametrize("code", [LOOPS, WITH_A_CHILD])
def test_a_sync_that_hangs_is_stopped(code: str, caplog: pytest.LogCaptureFixture) -> None:
    background.begin(python(code))
    assert background.finish(patience=0.1) is None
    assert "stopped with SIGTERM" in caplog.text
    assert "SIGKILL" not in caplog.text


def test_a_sync_that_is_deaf_is_killed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    background.begin(python(DEAF, str(told)))
    assert told.read_text() == "deaf"  # it ignores SIGTERM from here on
    assert background.finish(patience=0.01, grace=0.5) is None
    assert "stopped with SIGKILL" in caplog.text


def test_the_bounds_are_shorter_than_a_person_waits() -> None:
    assert background.PATIENCE + 2 * background.GRACE <= 15
