"""``POST told``: a server says how its workspace stands.

The token says whose server it is; what it says of the workspace is its person's own word, and is taken
for nothing more. One word a second is enough of anybody.
"""

import time
from collections.abc import Callable
from hashlib import sha256

from pydantic import ValidationError
from tornado.web import HTTPError, RequestHandler

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
            if not found or found["kind"] != "user" or not self._people.person(found["name"]):
                raise HTTPError(403)
            name = found["name"]
            self._known = {k: v for k, v in self._known.items() if now - v[1] < REMEMBERED}
            self._known[key] = (name, now)
        if now - self._last.get(name, -PAUSE) < PAUSE:
            raise HTTPError(429)
        self._last[name] = now
        return name


class ToldHandler(RequestHandler):
    """Answers 204; the server does not wait for more."""

    def initialize(self, senders: Senders, journal: Journal, heard: Behind) -> None:
        """``heard`` is called with whatever was told."""
        self._senders = senders
        self._journal = journal
        self._heard = heard

    async def post(self) -> None:
        """Body: a ``Workspace``."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "token" or not token:
            raise HTTPError(403)
        name = await self._senders.name(token)
        try:
            workspace = Workspace.model_validate_json(self.request.body)
        except ValidationError as error:
            raise HTTPError(400) from error
        self._journal.told(name, workspace)
        self._heard(name, workspace)
        self.set_status(204)
