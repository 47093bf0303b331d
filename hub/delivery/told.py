"""``POST told``: a server says how its workspace stands.

The token says whose server it is; what it says of the workspace is its person's own word, and is taken
for nothing more. One word a second is enough of anybody.
"""

import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from pydantic import ValidationError
from tornado.web import HTTPError, RequestHandler, stream_request_body

from hub.delivery.roll import Roll
from hub.journal import Journal, Workspace
from hub.people import People

PAUSE = 1.0
REMEMBERED = 300.0
"""Seconds for which the hub's answer about a token is believed."""

Behind = Callable[[str, Workspace], None]


class Senders:
    """Whose token it is, asked from the hub once in a while."""

    def __init__(self, roll: Roll, people: People) -> None:
        self._roll = roll
        self._people = people
        self._known: dict[bytes, tuple[str, float]] = {}
        self._last: dict[str, float] = {}

    async def name(self, token: str) -> str:
        """The user name; raises HTTPError: 403 for who is on no roster, 429 for who is too quick."""
        now, key = time.monotonic(), sha256(token.encode()).digest()
        name, since = self._known.get(key, ("", -REMEMBERED))
        if now - since >= REMEMBERED:
            found = await self._roll.whose(token)
            if not found or not self._is_of_server(found):
                raise HTTPError(403)
            name = found["name"]
            self._known = {k: v for k, v in self._known.items() if now - v[1] < REMEMBERED}
            self._known[key] = (name, now)
        if now - self._last.get(name, -PAUSE) < PAUSE:
            raise HTTPError(429)
        self._last[name] = now
        return name

    def _is_of_server(self, found: dict[str, Any]) -> bool:
        """Whether a token opens its person's own server, as that server's does.

        One of somebody who has looked into another's server is known there, and opens only that one.
        """
        name = found["name"]
        return (
            found["kind"] == "user"
            and f"access:servers!server={name}/" in found["scopes"]
            and self._people.person(name) is not None
        )


@stream_request_body
class ToldHandler(RequestHandler):
    """Answers 204; the server does not wait for more. Nothing is kept of what comes without a token."""

    def initialize(self, senders: Senders, journal: Journal, heard: Behind) -> None:
        """``heard`` is called with whatever was told."""
        self._senders = senders
        self._journal = journal
        self._heard = heard
        self._name = ""
        self._body = bytearray()

    async def prepare(self) -> None:
        """Whose word it is, before it is read."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "token" or not token:
            raise HTTPError(403)
        self._name = await self._senders.name(token)

    def data_received(self, chunk: bytes) -> None:
        """A piece of it."""
        self._body += chunk

    async def post(self) -> None:
        """Body: a ``Workspace``."""
        try:
            workspace = Workspace.model_validate_json(bytes(self._body))
        except ValidationError as error:
            raise HTTPError(400) from error
        self._journal.told(self._name, workspace)
        self._heard(self._name, workspace)
        self.set_status(204)
