"""`.venv` is touched only when a lock says something new, and never half-made."""

import sys
from pathlib import Path

import environment
import pytest
from environment import CannotPrepare


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock, and a `.venv` that is there already."""
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    pip = tmp_path / ".venv" / "bin" / "pip"
    pip.parent.mkdir(parents=True)
    pip.touch()
    (tmp_path / ".venv" / environment.MADE_FOR).write_text(environment.made_for(), "utf-8")
    lock = tmp_path / "tests" / "tools.lock"
    lock.parent.mkdir()
    lock.write_text("ruff==1.0\n", "utf-8")
    return lock


def test_a_lock_is_installed_once_and_again_when_it_changes(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(environment, "install", lambda file: installed.append(file.read_text()))
    assert environment.ensure(lock)
    assert not environment.ensure(lock)
    lock.write_text("ruff==1.1\n", "utf-8")
    assert environment.ensure(lock)
    assert installed == ["ruff==1.0\n", "ruff==1.1\n"]


@pytest.mark.parametrize("made_for", ["3.9 {venv}", "{version} /somewhere/else/.venv"])
def test_one_of_another_python_or_another_place_is_made_anew(
    lock: Path, monkeypatch: pytest.MonkeyPatch, made_for: str
) -> None:
    monkeypatch.setattr(environment, "install", lambda _: None)
    environment.ensure(lock)
    mark = environment.VENV / environment.MADE_FOR
    version, venv = environment.made_for().split(" ", 1)
    mark.write_text(made_for.format(version=version, venv=venv), "utf-8")
    made: list[bool] = []
    monkeypatch.setattr(environment, "make_venv", lambda: made.append(True))
    assert environment.ensure(lock)
    assert made == [True]


def test_an_installation_that_failed_is_tried_again(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise CannotPrepare("no network")

    monkeypatch.setattr(environment, "install", fail)
    with pytest.raises(CannotPrepare):
        environment.ensure(lock)
    monkeypatch.setattr(environment, "install", lambda _: None)
    assert environment.ensure(lock)


def test_a_command_that_fails_says_what_to_do() -> None:
    with pytest.raises(CannotPrepare, match="look at the line above"):
        environment.run([sys.executable, "-c", "raise SystemExit(3)"], "look at the line above")


def test_an_old_python_is_refused(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (environment.VENV / "bin" / "pip").unlink()
    monkeypatch.setattr(environment, "OLDEST", (9, 0))
    with pytest.raises(CannotPrepare, match="Debian 12 or later"):
        environment.ensure(lock)


def test_only_root_has_packages_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    with pytest.raises(CannotPrepare, match=r"have root install them \(apt install chromium\)"):
        environment.apt_install(("chromium",))


def test_what_apt_says_is_shown_only_when_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    speak = "print('Setting up zstd')"
    environment.run([sys.executable, "-c", speak], "failed", quiet=True)
    assert capfd.readouterr().out == ""
    with pytest.raises(CannotPrepare):
        environment.run([sys.executable, "-c", f"{speak}; exit(1)"], "failed", quiet=True)
    assert capfd.readouterr().out == "Setting up zstd\n"


def test_only_packages_of_missing_programs_are_asked_for() -> None:
    programs = {"sh": ("dash",), "no-such": ("a", "b"), "nor-such": ("b", "c")}
    assert environment.packages_of(programs) == ("a", "b", "c")
    environment.apt_install(())
