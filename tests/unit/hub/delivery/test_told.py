"""What servers say of themselves: by whom it is believed, and how often."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.testing import bind_unused_port

from hub.delivery import listening as bounds
from hub.delivery import told as module
from hub.delivery.listening import LARGEST, server_of
from hub.delivery.told import Senders, ToldHandler
from hub.journal import Journal, Workspace
from hub.people import People

COMMIT = "a" * 40
SERVER = "access:servers!server={}/"
TOKENS: dict[str, dict[str, Any]] = {
    "of-cot-01": {"kind": "user", "name": "cot-01", "scopes": [SERVER.format("cot-01")]},
    "of-cot-02": {"kind": "user", "name": "cot-02", "scopes": [SERVER.format("cot-02")]},
    "of-nobody": {"kind": "user", "name": "gone-01", "scopes": [SERVER.format("gone-01")]},
    "of-a-service": {"kind": "service", "name": "cot-01", "scopes": [SERVER.format("cot-01")]},
    "left-in-another's": {"kind": "user", "name": "cot-02", "scopes": [SERVER.format("cot-01")]},
}


class Roll:
    """The hub's API, for tokens."""

    def __init__(self) -> None:
        self.asked = 0

    async def whose(self, token: str) -> dict[str, Any] | None:
        self.asked += 1
        return TOKENS.get(token)


class Listening:
    """The handler behind a real server."""

    def __init__(self, people: People, folder: Path) -> None:
        self.journal = Journal(folder)
        self.roll = Roll()
        self.heard: list[str] = []
        self.port = 0
        given = {
            "senders": Senders(self.roll, people),  # type: ignore[arg-type]
            "journal": self.journal,
            "heard": lambda name, _: self.heard.append(name),
        }
        self.routes = [("/told", ToldHandler, given)]

    def hear(self, scenario: Callable[[Callable[..., Awaitable[int]]], Awaitable[None]]) -> None:
        async def run() -> None:
            socket, port = bind_unused_port()
            self.port = port
            server = server_of(self.routes)
            server.add_socket(socket)
            client = AsyncHTTPClient(force_instance=True)

            async def post(token: str | None, body: str | None = None) -> int:
                answer = await client.fetch(
                    f"http://127.0.0.1:{port}/told",
                    method="POST",
                    body=report() if body is None else body,
                    headers={"Authorization": f"token {token}"} if token else {},
                    raise_error=False,
                )
                return answer.code

            await scenario(post)
            client.close()
            server.stop()
            await server.close_all_connections()

        asyncio.run(run())


def report(**more: Any) -> str:
    told = {"commit": COMMIT, "outcome": "updated", "at": datetime.now(UTC).isoformat(), **more}
    return json.dumps(told)


@pytest.fixture
def listening(people: People, tmp_path: Path) -> Listening:
    return Listening(people, tmp_path)


def test_a_servers_word_is_its_own_persons(listening: Listening) -> None:
    async def scenario(post: Callable[..., Awaitable[int]]) -> None:
        assert await post("of-cot-01") == 204
        assert await post("of-cot-02") == 204

    listening.hear(scenario)
    assert listening.heard == ["cot-01", "cot-02"]
    assert isinstance(listening.journal.workspace("cot-01"), Workspace)
    assert listening.roll.asked == 2


@pytest.mark.parametrize("token", [None, "invented", *list(TOKENS)[2:]])
def test_nobody_else_is_heard(listening: Listening, token: str | None) -> None:
    async def scenario(post: Callable[..., Awaitable[int]]) -> None:
        assert await post(token) == 403

    listening.hear(scenario)
    assert listening.heard == []
    assert listening.journal.workspaces() == {}


@pytest.mark.parametrize(("path", "status"), [("/told", 403), ("/nothing", 404)])
def test_whoever_is_not_heard_need_not_finish(listening: Listening, path: str, status: int) -> None:
    """The answer comes before the body, so that nothing of it is kept."""

    async def scenario(_: Callable[..., Awaitable[int]]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST}\r\n\r\n".encode()
        )
        answer = await asyncio.wait_for(reader.readline(), 20)
        assert answer.split()[1] == str(status).encode()
        writer.close()
        await writer.wait_closed()

    listening.hear(scenario)


def test_one_server_holds_a_few_connections_and_no_more(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_CONNECTIONS", 2)

    async def scenario(_: Callable[..., Awaitable[int]]) -> None:
        held = [await asyncio.open_connection("127.0.0.1", listening.port) for _ in range(3)]
        assert await asyncio.wait_for(held[2][0].read(), 20) == b""  # hung up
        reader, writer = held[0]
        writer.write(b"POST /told HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert b"403" in await asyncio.wait_for(reader.readline(), 20)
        for _, writer in held:
            writer.close()
            await writer.wait_closed()

    listening.hear(scenario)


NONSENSE = {
    "nothing": "",
    "a list": "[]",
    "an empty object": "{}",
    "no commit": report(commit="main"),
    "a key that is not known": report(is_admin=True),
    "an outcome without end": report(outcome="x" * 99),
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_what_is_no_workspace_is_refused(listening: Listening, body: str) -> None:
    async def scenario(post: Callable[..., Awaitable[int]]) -> None:
        assert await post("of-cot-01", body) == 400

    listening.hear(scenario)
    assert listening.journal.workspaces() == {}


def test_more_than_a_workspace_can_have_is_not_read(listening: Listening) -> None:
    async def scenario(post: Callable[..., Awaitable[int]]) -> None:
        assert await post("of-cot-01", report(arrived=["x" * LARGEST])) == 400

    listening.hear(scenario)


def test_one_word_a_second_is_enough_of_anybody(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(post: Callable[..., Awaitable[int]]) -> None:
        assert [await post("of-cot-01") for _ in range(3)] == [204, 429, 429]
        assert await post("of-cot-02") == 204
        monkeypatch.setattr(module, "PAUSE", 0.0)
        assert await post("of-cot-01") == 204

    listening.hear(scenario)
    assert listening.roll.asked == 2, "the hub is asked once for each token"
