"""The addresses below ``course/``: what they answer, and what they do not do."""

from collections.abc import Iterator

import pytest

from .rehearsal import KEY, Server, hub_running, server_running
from .standins import RELEASED, Work, stand_in

SVD = "fr/day1/03-svd.ipynb"
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("handlers") / "home"
    with hub_running() as hub, server_running(home, hub) as server:
        yield server


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return stand_in(monkeypatch)


def test_a_sync_answers_with_the_workspace(running: Server, work: Work) -> None:
    work.arrives = (SVD,)
    work.notebooks = {SVD: {"new": True}}
    found = running.ask("sync", {}, KEY).json
    assert found["commit"] == RELEASED
    assert (found["outcome"], found["arrived"]) == ("updated", [SVD])
    assert found["notebooks"] == {SVD: {"new": True}}
    assert running.ask("state", token=KEY).json == found
