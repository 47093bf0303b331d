"""Taking the course from a repository elsewhere, in place of pushes: fetched now and then, or when told.

What was fetched lies in a repository of its own, ``<state>/course/followed.git``, and is pushed from there
to the sources like anybody's push, as the user ``follow``: the same gate judges it, and ``main`` moves
only forwards. A branch that was rewritten, or that the gate refuses, changes nothing; the journal says why.
"""

import asyncio
import hmac
import logging
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

from tornado.web import HTTPError, RequestHandler, stream_request_body

from hub.delivery.git import NONE, GitFailed, environment, unlock
from hub.delivery.git_http import KEPT, LONGEST_SECONDS
from hub.delivery.sources import MAIN, Sources
from hub.errors import Message
from hub.i18n import render
from hub.journal import Journal, Verdict
from hub.settings import Follow, Settings

FOLLOWER = "follow"
"""Who pushes what was fetched, in the journal."""

FETCH_SECONDS = 300.0
FETCHED = "refs/heads/fetched"

UNREACHED = Message(
    "The repository that this site follows could not be fetched (%(url)s). The course stays as it is; the "
    "next try comes by itself."
)
SIGNATURE = "sha256="

Moved = Callable[[], None]

log = logging.getLogger("course")


class Follower:
    """For one site; used from one event loop. Does nothing where no repository is followed."""

    def __init__(
        self, settings: Settings, sources: Sources, journal: Journal, moved: Moved
    ) -> None:
        """``moved`` is called after each push, whatever came of it."""
        self._settings = settings
        self._sources = sources
        self._journal = journal
        self._moved = moved
        self._asked = asyncio.Event()
        self._reached = True
        self._mirror = sources.folder.with_name("followed.git")

    def routes(self, prefix: str) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
        """The address that a forge tells of a push, when there is a secret to sign with."""
        follow = self._settings.follow
        if follow is None or follow.secret is None:
            return []
        secret = follow.secret.get_secret_value()
        return [(rf"{prefix}followed", FollowedHandler, {"secret": secret, "asked": self._asked})]

    async def run(self) -> None:
        """Look, judge, wait; until the task is cancelled."""
        follow = self._settings.follow
        if follow is None:
            return
        while True:
            self._asked.clear()
            try:
                await self.once(follow)
            except Exception as error:  # a full disk, say; pushes and deliveries go on beside it
                log.error("following failed: %s: %s", type(error).__name__, error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), follow.every_seconds)

    async def once(self, follow: Follow) -> None:
        """Fetch, and push what is new to the gate."""
        try:
            commit = await self._fetched(follow)
        except GitFailed:
            self._tell_unreached(follow)
            return
        self._reached = True
        last = self._journal.last_gate()
        refused = last and last.head == commit and last.verdict is Verdict.REFUSED
        if refused or self._sources.has(commit):
            return
        with suppress(GitFailed):  # the gate has said why, in the journal
            await self._git(
                LONGEST_SECONDS,
                *("push", "--quiet", "--force", str(self._sources.folder), f"{commit}:{MAIN}"),
                variables={
                    **{name: os.environ[name] for name in KEPT if name in os.environ},
                    "REMOTE_USER": FOLLOWER,
                },
            )
        self._moved()

    async def _fetched(self, follow: Follow) -> str:
        """The commit that the branch elsewhere has now; raises GitFailed."""
        self._mirror.mkdir(exist_ok=True, mode=0o750)
        unlock(self._mirror)
        await self._git(FETCH_SECONDS, "init", "--quiet", "--bare", "--template=")
        await self._git(
            FETCH_SECONDS,
            *("-c", "http.lowSpeedLimit=100", "-c", "http.lowSpeedTime=60"),
            *("-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags"),
            *(follow.url, f"+refs/heads/{follow.branch}:{FETCHED}"),
        )
        return (await self._git(FETCH_SECONDS, "rev-parse", FETCHED)).decode().strip()

    async def _git(
        self, seconds: float, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> bytes:
        """What one call in the mirror prints; raises GitFailed. Ended with all that it has started."""
        git = await asyncio.create_subprocess_exec(
            *("git", "--git-dir", str(self._mirror), *arguments),
            env=environment() | dict(variables or {}),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            umask=0o027,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(seconds):
                said, _ = await git.communicate()
        except TimeoutError as error:
            raise GitFailed(f"git {arguments[0]}: not done after {seconds:g} s") from error
        finally:
            if git.returncode is None:
                os.killpg(git.pid, signal.SIGTERM)
        if git.returncode:
            raise GitFailed(f"git {arguments[0]}: {git.returncode}")
        return said

    def _tell_unreached(self, follow: Follow) -> None:
        """Once, until it can be reached again."""
        if not self._reached:
            return
        self._reached = False
        number = self._journal.gate_begins(self._sources.head() or NONE, FOLLOWER)
        message = Message(UNREACHED.text, {"url": follow.url})
        self._journal.gate_says(number, render(message, self._settings.default_language))
        self._journal.gate_ends(number, Verdict.BROKEN)


@stream_request_body
class FollowedHandler(RequestHandler):
    """A forge's word that something was pushed, signed as GitHub, Gitea and Forgejo sign.

    What it says is not needed, so nothing of it is kept: anybody may send something here.
    """

    def initialize(self, secret: str, asked: asyncio.Event) -> None:
        """What ``Follower.routes`` gives."""
        self._right = hmac.new(secret.encode(), digestmod=sha256)
        self._asked = asked

    def data_received(self, chunk: bytes) -> None:
        """A piece of what was signed."""
        self._right.update(chunk)

    async def post(self) -> None:
        """Answers 204, and the fetch begins; 403 without the right signature."""
        given = self.request.headers.get("X-Hub-Signature-256", "")
        right = SIGNATURE + self._right.hexdigest()
        if not hmac.compare_digest(given.encode("utf-8"), right.encode("ascii")):
            raise HTTPError(403)
        self._asked.set()
        self.set_status(204)
