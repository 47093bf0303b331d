"""git over HTTP: ``clone``, ``fetch`` and ``push`` of the sources, by git's own ``http-backend``.

A request's body is handed to git as it comes in and git's answer is handed on as it is said, so that
whoever pushes reads each line of the gate at its moment. The smart protocol alone is spoken
(gitprotocol-http(5)): two services, by name; no path of a request reaches the disk.
"""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler, stream_request_body

from hub.delivery.git import environment
from hub.delivery.identity import Asker, Identity, NotAdmitted
from hub.delivery.sources import Sources
from hub.errors import Message
from hub.i18n import Language, accepted, render
from hub.settings import Settings

IDLE_SECONDS = 120.0
"""Between two pieces of a request; a pusher's line may be slow, not silent."""

LONGEST_SECONDS = 75 * 60.0
"""For one request: the gate's own limit, and the wait for another's before it."""

GRACE_SECONDS = 15.0
"""Between asking git to end, upon which a gate takes its container away, and ending it."""

CHUNK = 64 * 1024
PUSH = "git-receive-pack"
SERVICES = ("git-upload-pack", PUSH)

KEPT = ("PYTHONPATH", "HUB_SETTINGS", "HUB_RELEASES", "DOCKER_HOST")
"""Variables of the service that the gate, git's grandchild, needs; no secret is among them."""

FOLLOWS = Message(
    "This site takes the course from another repository (%(url)s): push there. Nothing was changed here."
)

Moved = Callable[[], None]


def routes(
    prefix: str, settings: Settings, sources: Sources, identity: Identity, moved: Moved
) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """Addresses below ``prefix``; ``moved`` is called after each push, whatever came of it."""
    given = {"settings": settings, "sources": sources, "identity": identity, "moved": moved}
    services = "|".join(SERVICES)
    return [
        (rf"{prefix}course\.git/(info/refs)", GitHandler, given),
        (rf"{prefix}course\.git/({services})", GitHandler, given),
    ]


@stream_request_body
class GitHandler(RequestHandler):
    """One request of a git client, and the git process that answers it."""

    def initialize(
        self, settings: Settings, sources: Sources, identity: Identity, moved: Moved
    ) -> None:
        """What ``routes`` gives."""
        self._settings = settings
        self._sources = sources
        self._identity = identity
        self._moved = moved
        self._git: Process | None = None
        self._timer: asyncio.TimerHandle | None = None

    def set_default_headers(self) -> None:
        """Each answer is the last of its connection.

        Tornado hangs up when it has answered before it has read a body, as a refusal does; a proxy that
        was not told would send the next request there and lose it.
        """
        self.set_header("Connection", "close")

    # --- who asks, and for what --------------------------------------------------------------------

    async def prepare(self) -> None:
        """Let nobody in but the team; start git before the body comes."""
        path = self.path_args[0]
        asks = self.request.method, path
        service = self.get_query_argument("service", "") if path == "info/refs" else path
        if service not in SERVICES or asks not in (("GET", "info/refs"), ("POST", service)):
            self._refuse(404)
            return
        try:
            person = await self._identity.person(self._asker())
        except NotAdmitted as error:
            self._refuse(error.status, error.message)
            return
        if service == PUSH and self._settings.follow:
            self._refuse(403, Message(FOLLOWS.text, {"url": self._settings.follow.url}))
            return
        connection: Any = self.request.connection
        connection.set_max_body_size(self._sources.largest_push)
        connection.set_body_timeout(LONGEST_SECONDS)
        language = self._identity.people.language(person.username) or person.language
        self._git = await asyncio.create_subprocess_exec(
            "git",
            "http-backend",
            env=self._variables(path, person.username, language),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,  # what it says there names paths of this machine; the client has its own word
            limit=1024 * 1024,
            umask=0o027,
            start_new_session=True,
        )
        self._watch(IDLE_SECONDS)

    def _asker(self) -> Asker:
        """The address before the first proxy, and that of whoever connects: the hub knows whom to believe."""
        passed_on = self.request.headers.get_list("X-Forwarded-For")
        address = ", ".join([*passed_on, str(self.request.remote_ip)])
        return Asker(self.request.headers.get("Authorization", ""), address)

    def _refuse(self, status: int, message: Message | None = None) -> None:
        """In both languages, as text, which git shows to whoever called it."""
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        if status == 401:
            self.set_header("WWW-Authenticate", 'Basic realm="course", charset="UTF-8"')
        said = accepted(self.request.headers.get("Accept-Language")) or Language.FR
        order = sorted(Language, key=lambda language: language is not said)
        lines = [render(message, language) for language in order] if message else []
        self.finish("".join(f"{line}\n" for line in lines))

    def _variables(self, path: str, username: str, language: Language) -> dict[str, str]:
        """Of the CGI process (RFC 3875): nothing of the service's own but what is in ``KEPT``."""
        headers = self.request.headers
        told = {
            "CONTENT_TYPE": headers.get("Content-Type"),
            "CONTENT_LENGTH": headers.get("Content-Length"),
            "HTTP_CONTENT_ENCODING": headers.get("Content-Encoding"),
            "GIT_PROTOCOL": headers.get("Git-Protocol"),
            **{name: os.environ.get(name) for name in KEPT},
        }
        return {
            **environment(),
            **{name: value for name, value in told.items() if value},
            "LANG": language.lang_variable,
            "LC_MESSAGES": "C",
            "REQUEST_METHOD": str(self.request.method),
            "QUERY_STRING": self.request.query,
            "PATH_INFO": f"/{self._sources.folder.name}/{path}",
            "GIT_PROJECT_ROOT": str(self._sources.folder.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": username,
            "REMOTE_ADDR": "",
        }

    # --- the body in, the answer out ---------------------------------------------------------------

    async def data_received(self, chunk: bytes) -> None:
        """A piece of the body; git may have ended already, and its answer says why."""
        if self._git is None or self._git.stdin is None:
            return
        self._watch(IDLE_SECONDS)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._git.stdin.write(chunk)
            await self._git.stdin.drain()

    async def get(self, path: str) -> None:
        """What there is to fetch, or to push to."""
        await self._answer()

    async def post(self, path: str) -> None:
        """One exchange of a fetch, or a whole push."""
        await self._answer()
        if path == PUSH:
            self._moved()

    async def _answer(self) -> None:
        git = self._git
        if git is None or git.stdin is None or git.stdout is None:
            return
        git.stdin.close()
        self._watch(LONGEST_SECONDS)
        self.set_header("Cache-Control", "no-cache, max-age=0, must-revalidate")
        while (line := (await git.stdout.readline()).decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            if name.lower() == "status":
                self.set_status(int(value.split()[0]))
            else:
                self.set_header(name, value.strip())
        with suppress(StreamClosedError):
            while chunk := await git.stdout.read(CHUNK):
                self.write(chunk)
                await self.flush()
        if await git.wait() != 0 and self._headers_written:
            # It was ended in the middle of a word: that is not to look like the end of an answer.
            self.detach().close()

    # --- the end of git ----------------------------------------------------------------------------

    def _watch(self, seconds: float) -> None:
        """End git unless something happens within so many seconds."""
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._end_git)

    def on_finish(self) -> None:
        """The answer is out."""
        self._end_git()

    def on_connection_close(self) -> None:
        """The client has gone: what it began is not to be finished without it."""
        self._end_git()

    def _end_git(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self._git and self._git.returncode is None:
            _signal(self._git.pid, signal.SIGTERM)
            loop = asyncio.get_running_loop()
            loop.call_later(GRACE_SECONDS, _signal, self._git.pid, signal.SIGKILL)


def _signal(group: int, which: signal.Signals) -> None:
    """To git and all that it has started: they are a session of their own."""
    with suppress(ProcessLookupError):
        os.killpg(group, which)
