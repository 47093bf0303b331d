"""What a build says when it cannot go on, and while it does."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from images.building import engine, rootfs
from images.building.problems import Problem
from images.building.progress import Step, carry_out

Disk = namedtuple("Disk", "total used free")


def test_a_problem_says_what_the_program_s_last_words_and_what_to_do() -> None:
    said = str(Problem("it failed.", "try again.", "line one\nline two"))
    assert said == ("Cannot go on: it failed.\n    line one\n    line two\nWhat to do: try again.")


def test_less_than_8_gib_is_too_little(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(0, 0, 7.9 * 2**30))
    with pytest.raises(Problem, match=r"7\.9 GiB left; the images need 8 GiB"):
        engine.room(tmp_path)


def test_8_gib_are_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(0, 0, 8 * 2**30))
    engine.room(tmp_path)


def test_a_machine_without_docker_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Problem) as raised:
        engine.check()
    assert "make up" in raised.value.remedy


def test_an_engine_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(Problem, match="does not answer"):
        engine.check()


def test_a_machine_without_mmdebstrap_is_told_of_both_ways(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Problem) as raised:
        rootfs.make("trixie", "airina/rootfs-trixie:x", tmp_path, {}, tmp_path / "log")
    assert "apt-get install mmdebstrap" in raised.value.remedy
    assert "--base-trixie" in raised.value.remedy


def test_a_failed_program_s_last_words_are_in_the_problem_without_colours(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(Problem) as raised:
        engine.run(["sh", "-c", r"printf '\033[91mno mirror\033[0m\n'; exit 1"], log, "what", "do")
    assert raised.value.detail == "no mirror"


def test_progress_names_each_step_its_time_and_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []
    steps = [
        Step("wheels", lambda: done.append("wheels")),
        Step("image", lambda: done.append("image")),
    ]
    carry_out(steps)
    assert done == ["wheels", "image"]
    assert capsys.readouterr().out.splitlines() == [
        "[1/2] wheels ...",
        "        done in 0 s; next: image",
        "[2/2] image ...",
        "        done in 0 s; that was the last step",
    ]


def test_a_step_that_fails_ends_the_work() -> None:
    done: list[str] = []

    def fails() -> None:
        raise Problem("no", "do")

    with pytest.raises(Problem):
        carry_out([Step("one", fails), Step("two", lambda: done.append("two"))])
    assert done == []
