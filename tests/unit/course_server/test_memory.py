"""What the kernel has killed, from its counters of both versions."""

from pathlib import Path

import pytest
from course_server import memory

V1 = "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"
V2 = "low 0\nhigh 0\nmax 12\noom 2\noom_kill 2\noom_group_kill 0\n"


@pytest.mark.parametrize(("text", "count"), [(V1, 3), (V2, 2), ("oom_kill 0\n", 0), ("", 0)])
def test_the_kernels_counter_is_read(tmp_path: Path, text: str, count: int) -> None:
    counter = tmp_path / "memory.events"
    counter.write_text(text, "ascii")
    assert memory.killed((tmp_path / "absent", counter)) == count


def test_a_kernel_that_does_not_count_has_killed_nothing(tmp_path: Path) -> None:
    assert memory.killed((tmp_path / "absent",)) == 0


def test_the_log_has_a_line_only_if_something_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for count in (0, 2):
        monkeypatch.setattr(memory, "killed", lambda count=count: count)
        memory.tell()
    assert capsys.readouterr().err == "course_server: oom_kill 2\n"
