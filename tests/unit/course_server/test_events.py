"""What an open JupyterLab is told, what waits for one that is not open, and in which words."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from course_server import events
from course_server.background import Synced
from course_server.texts import RETURNED
from jupyter_events.logger import EventLogger
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from .rehearsal import KEY, SVD, Answer, Server, hub_running, server_running
from .standins import RELEASED, Work

NEW = "Nouveau dans le cours\u00a0: 03-svd."


@pytest.fixture
def work(work: Work) -> Work:
    work.brings = {SVD: {"new": True}}
    work.arrives = (SVD,)
    return work


@pytest.fixture
def server(work: Work, tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "home/course/fr/day1").mkdir(parents=True)
    (tmp_path / "home/course" / SVD).write_text("{}", "utf-8")
    with hub_running() as hub, server_running(tmp_path / "home", hub) as server:
        hub.wait_for_word(1)
        yield server


class Lab:
    """A JupyterLab that is open: it listens, and saves when it is asked to."""

    def __init__(self, server: Server, connection: WebSocketClientConnection) -> None:
        self.server = server
        self.connection = connection
        self.heard: list[dict[str, Any]] = []

    async def hear(self) -> dict[str, Any]:
        """The next event of the course."""
        message = await asyncio.wait_for(self.connection.read_message(), 10)
        event: dict[str, Any] = json.loads(message)
        assert event.pop("schema_id") == events.SCHEMA_ID
        self.heard.append(event)
        return event

    async def ask(self, what: str, told: object = None, token: str | None = None) -> Answer:
        """Without standing in the way of what is heard meanwhile."""
        return await asyncio.to_thread(self.server.ask, what, told, token or "owner")

    async def save(self) -> None:
        """Answer the next event, which asks for it."""
        event = await self.hear()
        assert event["kind"] == "save"
        await self.ask("saved", {"id": event["id"]})


@asynccontextmanager
async def opened(server: Server) -> AsyncIterator[Lab]:
    url = f"ws://127.0.0.1:{server.port}/user/cot-07/api/events/subscribe"
    connection = await websocket_connect(HTTPRequest(url, headers={"Authorization": "token owner"}))
    yield Lab(server, connection)
    stream = connection.protocol.stream
    connection.close()
    await connection.read_message()  # nothing: the server has closed it too
    stream.close()


def test_what_arrives_is_told_to_an_open_lab_in_the_persons_language(server: Server) -> None:
    async def run() -> None:
        async with opened(server) as lab:
            sync = asyncio.create_task(lab.ask("sync", {}, KEY))
            await lab.save()
            heard = await lab.hear()
            assert heard.pop("id")
            assert heard == {
                "kind": "arrived",
                "text": NEW,
                "paths": [f"course/{SVD}"],
                "open": f"course/{SVD}",
            }
            assert (await sync).json["commit"] == RELEASED

    asyncio.run(run())
    assert server.ask("news", token="owner").json == {"events": []}


def test_a_sync_waits_until_what_is_open_is_saved(server: Server, work: Work) -> None:
    async def run() -> None:
        async with opened(server) as lab:
            begun = time.monotonic()
            sync = asyncio.create_task(lab.ask("sync", {}, KEY))
            event = await lab.hear()
            await lab.ask("saved", {"id": "another"})
            assert work.syncs == 0
            await lab.ask("saved", {"id": event["id"]})
            await sync
            assert work.syncs == 1
            assert time.monotonic() - begun < events.PATIENCE

    asyncio.run(run())


def test_a_sync_waits_two_seconds_for_a_lab_that_does_not_answer(
    server: Server, work: Work
) -> None:
    async def run() -> None:
        async with opened(server) as lab:
            begun = time.monotonic()
            found = await lab.ask("sync", {}, KEY)
            assert found.json["commit"] == RELEASED
            assert 2 <= time.monotonic() - begun < 4
            event = await lab.hear()
            assert (await lab.ask("saved", {"id": event["id"]})).status == 200  # too late

    asyncio.run(run())
    # Nothing has shown that it was seen: it is in the news too.
    assert [event["text"] for event in server.ask("news", token="owner").json["events"]] == [NEW]


def test_a_sync_waits_for_each_lab_that_is_open(server: Server, work: Work) -> None:
    async def run() -> None:
        async with opened(server) as one, opened(server) as other:
            begun = time.monotonic()
            sync = asyncio.create_task(one.ask("sync", {}, KEY))
            await one.save()
            await other.save()
            await sync
            assert time.monotonic() - begun < events.PATIENCE
            work.head = "b" * 40
            begun = time.monotonic()
            sync = asyncio.create_task(one.ask("sync", {}, KEY))
            await one.hear()  # what arrived
            await one.save()
            await sync
            assert time.monotonic() - begun >= events.PATIENCE

    asyncio.run(run())


def test_without_a_lab_nobody_waits(server: Server) -> None:
    begun = time.monotonic()
    server.ask("sync", {}, KEY)
    assert time.monotonic() - begun < 1


def test_a_lab_that_was_closed_is_not_waited_for(server: Server) -> None:
    async def run() -> None:
        async with opened(server):
            pass

    asyncio.run(run())
    server.wait_until(lambda: server.served.bus.listeners() == 0)
    begun = time.monotonic()
    server.ask("sync", {}, KEY)
    assert time.monotonic() - begun < 1


def test_when_nothing_was_released_nobody_is_asked_to_save(server: Server, work: Work) -> None:
    server.ask("sync", {}, KEY)
    work.arrives = ()

    async def run() -> None:
        async with opened(server) as lab:
            await lab.ask("sync", {}, KEY)
            await lab.ask("announce", {"id": 1, "at": "now", "text": "Pause."}, KEY)
            await lab.hear()
            assert [event["kind"] for event in lab.heard] == ["announcement"]

    asyncio.run(run())


def test_a_return_is_told_so_that_open_notebooks_show_it(server: Server, work: Work) -> None:
    work.notebooks = work.brings

    async def run() -> None:
        async with opened(server) as lab:
            told = {"save_point": "20270302T083001"}
            back = asyncio.create_task(lab.ask("return", told))
            await lab.save()
            event = await lab.hear()
            assert (event["text"], event["paths"]) == (RETURNED["fr"], [f"course/{SVD}"])
            assert event["open"] is None
            await back

    asyncio.run(run())


# --- news ------------------------------------------------------------------------------------------


def news(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.ask("news", token="owner").json["events"]
    return found


def test_what_came_while_no_lab_was_open_is_told_once(server: Server) -> None:
    server.ask("sync", {}, KEY)
    server.ask("announce", {"id": 7, "at": "2027-03-01T08:00:00Z", "text": "Bonjour."}, KEY)
    assert [(event["kind"], event["text"]) for event in news(server)] == [
        ("arrived", NEW),
        ("announcement", "Bonjour."),
    ]
    assert news(server) == []


def test_an_announcement_is_shown_once(server: Server) -> None:
    for text in ("Bonjour.", "Bonjour encore."):
        server.ask("announce", {"id": 7, "at": "2027-03-01T08:00:00Z", "text": text}, KEY)
    assert news(server) == [
        {"kind": "announcement", "id": 7, "at": "2027-03-01T08:00:00Z", "text": "Bonjour."}
    ]
    server.ask("announce", {"id": 7, "at": "2027-03-01T08:00:00Z", "text": "Bonjour."}, KEY)
    assert news(server) == []


@pytest.mark.parametrize(("doubt", "waits"), [(60.0, 1), (0.0, 0)])
def test_what_an_open_lab_was_told_waits_only_while_it_may_be_gone(
    server: Server, monkeypatch: pytest.MonkeyPatch, doubt: float, waits: int
) -> None:
    monkeypatch.setattr(events, "DOUBT", doubt)

    async def run() -> None:
        async with opened(server) as lab:
            await lab.ask("announce", {"id": 1, "at": "now", "text": "Pause."}, KEY)
            await lab.hear()

    asyncio.run(run())
    assert len(news(server)) == waits


def test_the_oldest_news_go_first(server: Server) -> None:
    for number in range(events.MOST + 1):
        server.ask("announce", {"id": number, "at": "now", "text": "x"}, KEY)
    assert [event["id"] for event in news(server)] == list(range(1, events.MOST + 1))


def test_what_came_at_the_servers_start_is_news(work: Work, tmp_path: Path) -> None:
    work.notebooks = work.brings
    synced = Synced("updated", (SVD,), {}, {})
    with hub_running() as hub, server_running(tmp_path / "home", hub, synced=synced) as server:
        hub.wait_for_word(1)
        assert [event["text"] for event in news(server)] == [NEW]


def test_who_had_to_make_way_is_told_also_when_nothing_came(work: Work, tmp_path: Path) -> None:
    moved = {"fr/day1/x.ipynb": "fr/day1/x__kept.ipynb"}
    synced = Synced("unchanged", (), {}, moved)
    with hub_running() as hub, server_running(tmp_path / "home", hub, synced=synced) as server:
        hub.wait_for_word(1)
        [event] = news(server)
    assert "il s’appelle maintenant x__kept.ipynb" in event["text"]
    assert event["paths"] == []


def test_the_first_copy_of_the_course_is_no_news(work: Work, tmp_path: Path) -> None:
    synced = Synced("copied", (SVD,), {}, {})
    with hub_running() as hub, server_running(tmp_path / "home", hub, synced=synced) as server:
        hub.wait_for_word(1)
        assert news(server) == []


def test_a_notebook_that_was_there_before_was_corrected(server: Server) -> None:
    server.ask("sync", {}, KEY)
    news(server)
    server.ask("sync", {}, KEY)
    assert "a été corrigé" in news(server)[0]["text"]


def test_the_schema_takes_each_kind_of_event() -> None:
    logger = EventLogger()
    events.Bus(logger)
    for event in (
        {"kind": "save", "id": "0"},
        {"kind": "arrived", "id": "0", "text": "", "paths": [], "open": None},
        {"kind": "announcement", "id": 1, "at": "", "text": ""},
    ):
        logger.schemas.validate_event(events.SCHEMA_ID, event)
