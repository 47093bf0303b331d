"""Asking servers: with the right key, and with every way in which one may not answer."""

import asyncio
import json
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from hub.servers import ANSWER, KEY_FILE, NOTEBOOK, Servers, Unanswered, key_of
from hub.settings import Settings


def settings(state: Path, proxy: int = 8010) -> Settings:
    return Settings.model_validate(
        {
            "site": "test",
            "public_url": "https://hub.example.org",
            "course_image": f"sha256:{'0' * 64}",
            "static_url": "/static-lab/0",
            "cohorts": Path(),
            "state": state,
            "ports": {"proxy": proxy},
        }
    )


BABBLE = {
    "babbles": "no JSON",
    "lists": "[]",
    "digs": "[" * 200_000,
    "floods": json.dumps({"said": "x" * ANSWER}),
}
"""Answers of people's own making."""


class Server(RequestHandler):
    """A person's server behind the proxy, and what it was asked."""

    asked: list[dict[str, Any]]

    async def _answer(self, name: str, what: str) -> None:
        key = self.request.headers["Authorization"]
        told = json.loads(self.request.body) if self.request.body else None
        self.asked.append({"name": name, "what": what, "key": key, "told": told})
        if what == "hangs":
            await asyncio.Event().wait()
        if what == "hangs up":
            self.detach().close()
            return
        if what == "refuses":
            self.set_status(403)
        self.finish(BABBLE.get(what, {"said": what}))

    get = post = _answer  # type: ignore[assignment]


def with_a_proxy(
    state: Path, scenario: Callable[[Servers], Awaitable[None]]
) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []
    handler = type("Handler", (Server,), {"asked": asked})

    async def run() -> None:
        socket, port = bind_unused_port()
        routes = [(r"/user/([^/]+)/course/(.+)", handler)]
        server = HTTPServer(Application(routes, log_function=lambda _: None))
        server.add_socket(socket)
        await scenario(Servers(settings(state, port)))
        server.stop()
        await server.close_all_connections()

    asyncio.run(run())
    return asked


def test_each_server_of_each_site_has_a_key_of_its_own(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    keys = {key_of(settings(place), n) for place in (here, elsewhere) for n in ("cot-01", "cot-02")}
    assert len(keys) == 4
    assert key_of(settings(here), "cot-01") in keys, "the same after a restart"
    assert stat.S_IMODE((here / KEY_FILE).stat().st_mode) == 0o600


def test_a_server_is_asked_with_its_own_key(tmp_path: Path) -> None:
    async def scenario(servers: Servers) -> None:
        assert await servers.ask("cot-01", "sync", {}) == {"said": "sync"}
        assert await servers.ask("cot-02", "state") == {"said": "state"}

    first, second = with_a_proxy(tmp_path, scenario)
    assert (first["name"], first["what"], first["told"]) == ("cot-01", "sync", {})
    assert first["key"] == f"token {key_of(settings(tmp_path), 'cot-01')}"
    assert second["key"] == f"token {key_of(settings(tmp_path), 'cot-02')}"
    assert second["told"] is None


def test_a_notebook_may_be_longer_than_a_word(tmp_path: Path) -> None:
    async def scenario(servers: Servers) -> None:
        found = await servers.ask("cot-01", "floods", {}, largest=NOTEBOOK)
        assert len(found["said"]) == ANSWER

    with_a_proxy(tmp_path, scenario)


@pytest.mark.parametrize(
    ("what", "status"),
    [("refuses", 403), *((what, None) for what in (*BABBLE, "hangs", "hangs%20up"))],
)
def test_a_server_that_does_not_do_it_is_told_as_such(
    tmp_path: Path, what: str, status: int | None
) -> None:
    async def scenario(servers: Servers) -> None:
        with pytest.raises(Unanswered) as caught:
            await servers.ask("cot-01", what, {}, seconds=0.2 if what == "hangs" else 20)
        assert caught.value.status == status
        assert "cot-01" not in str(caught.value)

    with_a_proxy(tmp_path, scenario)


def test_a_proxy_that_is_away_is_told_as_such(tmp_path: Path) -> None:
    async def scenario() -> None:
        socket, port = bind_unused_port()
        socket.close()
        with pytest.raises(Unanswered):
            await Servers(settings(tmp_path, port)).ask("cot-01", "sync", {})

    asyncio.run(scenario())
