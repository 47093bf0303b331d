"""The tier that runs beside the others: its verdict counts, its words are kept, and it ends with them."""

import sys
from pathlib import Path

import pytest
import tiers

INTERRUPTED = """
import pathlib, signal, sys
try:
    pathlib.Path(sys.argv[1]).touch()
    signal.pause()
except KeyboardInterrupt:
    pathlib.Path(sys.argv[1]).write_text("cleaned up")
"""


def plays(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tiers.Beside:
    """A tier that is a program of this test."""
    monkeypatch.setattr(tiers, "command", lambda tier: [sys.executable, "-c", *arguments])
    return tiers.Beside("notebooks")


@pytest.mark.parametrize("code", [0, 1])
def test_what_it_said_is_shown_when_it_has_ended_and_its_verdict_counts(
    code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with plays(monkeypatch, f"print('89 passed'); raise SystemExit({code})") as beside:
        beside.begin()
        assert beside.passes() is (code == 0)
    assert "89 passed" in capsys.readouterr().out


def test_whoever_interrupts_the_others_interrupts_it_and_lets_it_clean_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    with plays(monkeypatch, INTERRUPTED, str(state)) as beside:
        beside.begin()
        while not state.exists():
            pass
    assert state.read_text() == "cleaned up"


def test_one_that_never_began_ends_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with plays(monkeypatch, "raise SystemExit(1)"):
        pass
