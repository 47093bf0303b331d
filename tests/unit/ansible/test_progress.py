"""Long commands say where they are, how long it took, and what comes next."""

from pathlib import Path

import pytest
from progress import Step, duration, walk


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (59.6, "1 min 00 s"), (250, "4 min 10 s")],
)
def test_a_duration_reads_well(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_second_walk_knows_how_long_each_step_took(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [Step("first", lambda: None), Step("second", lambda: None)]
    memory = tmp_path / "made" / "durations.json"
    walk(steps, memory)
    assert "[1/2] done in 0.0 s; next: second\n" in capsys.readouterr().out
    walk(steps, memory)
    assert "[1/2] done in 0.0 s; next: second (0.0 s last time)\n" in capsys.readouterr().out


def test_a_damaged_memory_is_no_obstacle(tmp_path: Path) -> None:
    memory = tmp_path / "durations.json"
    memory.write_text("{", "utf-8")
    walk([Step("only", lambda: None)], memory)
    assert memory.read_text("utf-8").startswith("{\n")


def test_a_step_that_fails_ends_the_walk(tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError("broken")

    reached: list[str] = []
    steps = [Step("broken", fail), Step("after", lambda: reached.append("after"))]
    with pytest.raises(ValueError, match="broken"):
        walk(steps, tmp_path / "durations.json")
    assert reached == []
