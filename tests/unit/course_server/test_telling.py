"""A server tells the service ``course`` how its workspace stands: soon, not often, and never at a cost."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from course_server import telling as module
from course_server.background import Synced
from course_server.telling import Telling

from .rehearsal import KEY, NOTEBOOK, SVD, Hub, Server, hub_running, server_running
from .standins import RELEASED, Work


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> float:
    """Shorter than a test."""
    monkeypatch.setattr(module, "PAUSE", 0.2)
    monkeypatch.setattr(module, "AGAIN", 0.2)
    return 0.2


def told(hub: Hub, work: Callable[[Telling], Any]) -> None:
    """Do something with a telling server, and wait until it has nothing more to tell."""
    count = 0

    async def report() -> dict[str, Any]:
        nonlocal count
        count += 1
        return {"count": count}

    async def run() -> None:
        telling = Telling(f"{hub.url}/services/course/", "owner", report)
        work(telling)
        assert telling._task is not None
        await telling._task

    asyncio.run(run())


def test_it_is_told_at_once_with_the_servers_own_token(pause: float) -> None:
    with hub_running() as hub:
        told(hub, lambda telling: telling.soon())
        assert hub.told == [("token owner", {"count": 1})]


def test_what_changes_many_times_is_told_once_and_once_more(pause: float) -> None:
    with hub_running() as hub:

        def change(telling: Telling) -> None:
            for _ in range(5):
                telling.soon()
            loop = asyncio.get_running_loop()
            for _ in range(5):  # when the first word is under way
                loop.call_later(0.01, telling.soon)

        begun = time.monotonic()
        told(hub, change)
        assert [body for _, body in hub.told] == [{"count": 1}, {"count": 2}]
        assert time.monotonic() - begun >= 2 * pause


def test_nobody_is_told_more_than_every_three_seconds() -> None:
    assert module.PAUSE >= 3


@pytest.mark.parametrize("service", ["http://127.0.0.1:1/", "not an address/"])
def test_a_service_that_is_away_is_no_matter(
    service: str, pause: float, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        reported = asyncio.Semaphore(0)

        async def report() -> dict[str, Any]:
            reported.release()
            return {}

        telling = Telling(service, "owner", report)
        telling.soon()
        for _ in range(3):  # what was not heard is told again
            await reported.acquire()

    asyncio.run(run())
    assert not [one for one in caplog.records if one.levelname not in ("DEBUG", "INFO")]


def test_a_report_that_fails_is_no_matter(pause: float) -> None:
    async def run() -> None:
        reported = asyncio.Semaphore(0)

        async def report() -> dict[str, Any]:
            reported.release()
            raise OSError("no room")

        telling = Telling("http://127.0.0.1:1/", "owner", report)
        telling.soon()
        for _ in range(2):
            await reported.acquire()

    asyncio.run(run())


def test_a_server_without_a_service_tells_nobody() -> None:
    async def run() -> None:
        async def report() -> dict[str, Any]:
            raise AssertionError

        telling = Telling(None, "owner", report)
        telling.soon()
        assert telling._task is None

    asyncio.run(run())


# --- in a server -----------------------------------------------------------------------------------


def test_a_server_tells_after_it_has_started(work: Work, tmp_path: Path) -> None:
    work.commit = RELEASED
    synced = Synced("copied", (SVD,), {}, {})
    with hub_running() as hub, server_running(tmp_path / "home", hub, synced=synced):
        hub.wait_for_word(1)
        _, body = hub.told[0]
        assert (body["commit"], body["outcome"]) == (RELEASED, "copied")
        assert body["arrived"] == [SVD]


def contents(server: Server, path: str, body: object = None, query: str = "") -> None:
    """What JupyterLab asks of files."""
    raw = None if body is None else json.dumps(body).encode()
    answer = server.request(f"api/contents/{path}{query}", "PUT" if raw else "GET", raw, "owner")
    assert answer.status in (200, 201)


def test_a_notebook_that_is_saved_or_opened_is_told(work: Work, tmp_path: Path) -> None:
    with hub_running() as hub, server_running(tmp_path / "home", hub) as server:
        (server.course / "fr/day1").mkdir(parents=True)
        hub.wait_for_word(1)
        server.wait_until(lambda: server.served.telling._task.done())
        saved = {"type": "notebook", "format": "json", "content": NOTEBOOK}
        contents(server, f"course/{SVD}", saved)
        hub.wait_for_word(2)
        server.wait_until(lambda: server.served.telling._task.done())
        assert work.opened == []
        contents(server, f"course/{SVD}", query="?type=notebook&content=1")
        hub.wait_for_word(3)
        assert work.opened == [SVD]


def test_other_files_and_a_look_from_afar_are_not_told(work: Work, tmp_path: Path) -> None:
    with hub_running() as hub, server_running(tmp_path / "home", hub) as server:
        (server.course / "fr").mkdir(parents=True)
        hub.wait_for_word(1)
        changed: list[None] = []
        server.served.telling.soon = lambda: changed.append(None)  # type: ignore[method-assign]
        saved = {"type": "notebook", "format": "json", "content": NOTEBOOK}
        contents(server, "course-mine.ipynb", saved)
        contents(server, "course-mine.ipynb")
        contents(server, "course/notes.txt", {"type": "file", "format": "text", "content": ""})
        contents(server, "course")
        (server.course / "a.ipynb").write_text(json.dumps(NOTEBOOK), "utf-8")
        contents(server, "course/a.ipynb", query="?content=0&hash=1")
        assert (work.opened, changed) == ([], [])


def test_to_remember_what_was_opened_may_fail(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(course: Path, path: str) -> None:
        raise OSError("no room")

    monkeypatch.setattr("course_server.standing.opened", fail)
    with hub_running() as hub, server_running(tmp_path / "home", hub) as server:
        hub.wait_for_word(1)
        changed: list[None] = []
        server.served.telling.soon = lambda: changed.append(None)  # type: ignore[method-assign]
        (server.course / "a.ipynb").write_text(json.dumps(NOTEBOOK), "utf-8")
        contents(server, "course/a.ipynb", query="?content=1")
        server.wait_until(lambda: changed == [None])


def test_the_hub_is_not_told_what_it_has_just_done(work: Work, tmp_path: Path) -> None:
    with hub_running() as hub, server_running(tmp_path / "home", hub) as server:
        hub.wait_for_word(1)
        changed: list[None] = []
        server.served.telling.soon = lambda: changed.append(None)  # type: ignore[method-assign]
        server.ask("sync", {}, KEY)
        assert changed == []
        server.ask("sync", {}, "owner")
        assert changed == [None]
