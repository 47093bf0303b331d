"""Servers and a proxy that only play their part: the pages are tested with JupyterHub itself, without Docker.

What a server does follows from whose it is, so that each page can be brought about at will.
"""

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from jupyterhub.proxy import Proxy
from jupyterhub.spawner import Spawner
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from traitlets import Any as AnyTrait
from traitlets import Bool
from traitlets.config import Config

from hub.configure import configure
from hub.files import load_cohorts, load_settings
from hub.i18n import Language
from hub.people import People
from hub.workspace.failures import Failure, Reason, SpawnFailed
from hub.workspace.progress import Stage, event

WAITS = "cot-02"
LEAVES = "cot-08"
"""Waits as well, and is given up again: who only waits may wait since an earlier test."""

FAILS = "cot-03"
FAILS_LATER = "cot-04"
STOPS_SLOWLY = "cot-05"

OUT_OF_MEMORY = Failure(Reason.OUT_OF_MEMORY, {"memory": "2"})


class NoProxy(Proxy):  # type: ignore[misc]
    """Remembers its routes; the browser talks to the hub directly."""

    should_start = Bool(False)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.routes: dict[str, dict[str, Any]] = {}

    async def add_route(self, routespec: str, target: str, data: dict[str, Any]) -> None:
        """Remember a route."""
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec: str) -> None:
        """Forget a route."""
        self.routes.pop(routespec, None)

    async def get_all_routes(self) -> dict[str, dict[str, Any]]:
        """All routes."""
        return self.routes


class EmptyAnswer(RequestHandler):
    """All that JupyterHub asks of a server that it waits for."""

    def get(self) -> None:
        """An empty page."""


class RehearsedSpawner(Spawner):  # type: ignore[misc]
    """Starts a server that answers everything with nothing, or fails, or waits, as its person's part is."""

    last_failure = AnyTrait(None, allow_none=True)
    people = AnyTrait().tag(config=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._listener: HTTPServer | None = None
        self._watched = asyncio.Event()

    @property
    def language(self) -> Language:
        """The language of the person."""
        return self.people.language(self.user.name) or Language.FR

    async def start(self) -> tuple[str, int]:
        """Play the part of this person's server."""
        if self.user.name in {WAITS, LEAVES}:
            await asyncio.Event().wait()
        if self.user.name == FAILS_LATER:
            await self._watched.wait()
        if self.user.name in {FAILS, FAILS_LATER}:
            self.last_failure = OUT_OF_MEMORY
            raise SpawnFailed(OUT_OF_MEMORY, self.language)
        sockets = bind_sockets(0, "127.0.0.1")
        self._listener = HTTPServer(Application([(r".*", EmptyAnswer)]))
        self._listener.add_sockets(sockets)
        return "127.0.0.1", sockets[0].getsockname()[1]

    async def poll(self) -> int | None:
        """None while the server is there."""
        return None if self._listener else 0

    async def stop(self, now: bool = False) -> None:
        """Stop the server, or never come to an end of it."""
        if self.user.name == STOPS_SLOWLY:
            await asyncio.Event().wait()
        if self._listener:
            self._listener.stop()
            self._listener = None

    async def progress(self) -> AsyncGenerator[dict[str, object], None]:
        """The third of a queue, for ever; JupyterHub ends it when the start has ended."""
        yield event(Stage.STARTING, 3, self.language)
        self._watched.set()
        await asyncio.Event().wait()


def rehearse(c: Config) -> None:
    """The site's own configuration, with the stand-ins in the place of Docker and the proxy."""
    settings = load_settings(Path(os.environ["HUB_SETTINGS"]))
    people = People(load_cohorts(settings.cohorts), settings.state / "people.db")
    configure(c, settings, people, Path(os.environ["HUB_SETTINGS"]))
    c.JupyterHub.proxy_class = NoProxy
    c.JupyterHub.spawner_class = RehearsedSpawner
    c.RehearsedSpawner.people = people
    # Who waits, waits: a start that an earlier test has left must not time out in front of a later one.
    c.RehearsedSpawner.start_timeout = 24 * 3600
    c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.ports.hub}"
    # Stopping shows its page at once instead of holding the request for ten seconds.
    options = {"cookie_options": {"samesite": "Lax"}, "slow_stop_timeout": 0.1}
    c.JupyterHub.tornado_settings = options
    board = {
        "name": "board",
        "url": f"http://127.0.0.1:{settings.ports.hub}",  # JupyterHub waits until somebody answers
        "api_token": os.environ["BOARD_TOKEN"],
        "oauth_redirect_uri": f"{settings.public_url}services/board/oauth_callback",
    }
    c.JupyterHub.services = [board]
    c.JupyterHub.load_roles = [{"name": "user", "scopes": ["self", "access:services"]}]
