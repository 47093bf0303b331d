"""A person's server in this process, with JupyterHub's own way of knowing people, and a hub to ask.

Jupyter's application runs on a loop of its own in a thread; tests speak to it over HTTP, as everybody does.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pytest
from course_server import extension, telling
from course_server.handlers import Served
from jupyter_server.serverapp import ServerApp
from jupyterhub.singleuser.extension import JupyterHubIdentityProvider
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import create_signed_value

T = TypeVar("T")

OWNER = "cot-07"
PREFIX = f"/user/{OWNER}/"
SECRET = b"a secret of this test"
OPENS = f"access:servers!server={OWNER}/"

SVD = "fr/day1/03-svd.ipynb"
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
COPY = "copies/2027a-cotonou/cot-03/03-svd.ipynb"

PEOPLE: dict[str, dict[str, Any]] = {
    "owner": {"kind": "user", "name": OWNER, "scopes": [OPENS]},
    "another": {"kind": "user", "name": "cot-08", "scopes": ["access:servers!server=cot-08/"]},
    "admin": {"kind": "user", "name": "ines", "scopes": ["access:servers"]},
    "culls": {"kind": "service", "name": "culler", "scopes": ["list:users"]},
}
"""What the hub says of whom, by their token."""

KEY = "5e" * 32
"""Of this server; the hub's word that it is the hub."""


class Hub(ThreadingHTTPServer):
    """Answers ``GET /hub/api/user`` and takes what the service ``course`` is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _HubHandler)
        self.people = dict(PEOPLE)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.heard = threading.Condition()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def wait_for_word(self, count: int) -> None:
        """Until the service was told so many times."""
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.told) >= count, timeout=10)


class _HubHandler(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        """Who a token belongs to."""
        token = self.headers["Authorization"].removeprefix("token ")
        found = self.server.people.get(token)
        body = json.dumps(found or {"status": 403}).encode()
        self.send_response(200 if found and self.path == "/hub/api/user" else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """A word to the service ``course``."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/services/course/told"
        with self.server.heard:
            self.server.told.append((self.headers["Authorization"], body))
            self.server.heard.notify_all()
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@dataclass
class Answer:
    """What a server answered."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass
class Server:
    """A running server of OWNER's."""

    app: ServerApp
    hub: Hub
    port: int
    home: Path
    loop: asyncio.AbstractEventLoop
    served: Served

    @property
    def course(self) -> Path:
        """Their course."""
        return self.home / "course"

    def ask(
        self,
        what: str,
        told: object = None,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        """``POST course/<what>`` when something is told, otherwise ``GET``."""
        body = raw if told is None else json.dumps(told).encode()
        method = "GET" if body is None else "POST"
        return self.request(f"course/{what}", method, body, token, headers or {})

    def request(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        token: str | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        """Any request below the server's own address."""
        signed = {"Authorization": f"token {token}"} if token else {}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, PREFIX + path, body, {**signed, **headers})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), dict(answer.getheaders()))
        finally:
            connection.close()

    def browser(self, token: str) -> dict[str, str]:
        """Headers of a browser in which the person with this token has logged in, without XSRF."""
        name = f"jupyterhub-user-{OWNER}"
        signed = create_signed_value(SECRET, name, token).decode()
        return {"Cookie": f"{name}={signed}"}

    def lab(self, token: str) -> dict[str, str]:
        """Headers of JupyterLab in that browser: with the XSRF token that a page has set."""
        headers = self.browser(token)
        page = self.ask("no-such-page", headers=headers | {"Sec-Fetch-Mode": "navigate"})
        cookie = page.headers["Set-Cookie"].split(";")[0]
        xsrf = cookie.partition("=")[2]
        return {"Cookie": f"{headers['Cookie']}; {cookie}", "X-XSRFToken": xsrf}

    def call(self, work: Callable[[], T]) -> T:
        """Do something on the server's own loop."""

        async def done() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(timeout=20)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Until something is so on the server's own loop."""

        async def so() -> None:
            while not condition():  # noqa: ASYNC110 (nobody sets an event for a test)
                await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(so(), self.loop).result(timeout=20)


@contextmanager
def hub_running() -> Iterator[Hub]:
    """A hub."""
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        thread.join()
        hub.server_close()


@contextmanager
def server_running(
    home: Path, hub: Hub, lang: str = "fr_FR.UTF-8", synced: object = None, key: str = KEY
) -> Iterator[Server]:
    """A server of OWNER's, with the extension in it."""
    (home / "course").mkdir(parents=True, exist_ok=True)
    environment = {
        "COURSE_KEY": key,
        "COURSE_SERVICE_URL": f"{hub.url}/services/course/",
        "HOME": str(home),
        "JUPYTERHUB_API_TOKEN": "owner",
        "JUPYTERHUB_API_URL": f"{hub.url}/hub/api",
        "JUPYTERHUB_CLIENT_ID": f"jupyterhub-user-{OWNER}",
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([OPENS]),
        "JUPYTERHUB_SERVICE_PREFIX": PREFIX,
        "JUPYTERHUB_USER": OWNER,
        "JUPYTER_NO_CONFIG": "1",
        "LANG": lang,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(telling, "PAUSE", 0.02)
        patch.setattr(extension, "HOME", home)
        patch.setattr(extension, "COURSE", home / "course")
        patch.setattr(extension, "RELEASE", home.parent / "release.git")
        patch.setattr(extension.background, "finish", lambda: synced)
        serve, served = extension.serve, list[Served]()
        patch.setattr(extension, "serve", lambda app: served.append(serve(app)) or served[-1])
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()

        def run(work: Coroutine[Any, Any, Any]) -> Any:
            return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=20)

        app, http, port = run(_start(home))
        try:
            yield Server(app, hub, port, home, loop, served[0])
        finally:
            run(_stop(app, http, served[0]))
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


async def _start(home: Path) -> tuple[ServerApp, HTTPServer, int]:
    app = ServerApp(
        root_dir=str(home),
        base_url=PREFIX,
        cookie_secret=SECRET,
        identity_provider_class=JupyterHubIdentityProvider,
        contents_manager_class="course_server.contents.Followed",
        allow_remote_access=True,
        allow_root=True,
        open_browser=False,
        log_level="ERROR",
    )
    app.init_signal = lambda: None  # signals are for the main thread
    app.initialize(argv=[], find_extensions=False, new_httpserver=False)
    app.web_app.settings["xsrf_cookies"] = False  # as JupyterHub's extension does
    extension._load_jupyter_server_extension(app)
    socket, port = bind_unused_port()
    http = HTTPServer(app.web_app)
    http.add_socket(socket)
    return app, http, port


async def _stop(app: ServerApp, http: HTTPServer, served: Served) -> None:
    http.stop()
    if served.telling._task:  # otherwise its connection stays open
        await asyncio.wait({served.telling._task}, timeout=10)
    await http.close_all_connections()
    await app._cleanup()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
