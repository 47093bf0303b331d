"""Who asks for the sources: by a token of the hub, or by what they log in with.

git sends a name and a password (HTTP Basic). A password that looks like a token of JupyterHub is one, and
the name beside it means nothing. To be somebody's is not enough of it: whoever looks into another's server
leaves a token there, which opens that server alone. Any other password is the person's own, and the hub's
login page judges it: its authenticator takes no password through the API, and slows whoever guesses down,
by their own address.
"""

import base64
import binascii
import re
import time
from dataclasses import dataclass
from hashlib import sha256
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPResponse

from hub.cohort import Person
from hub.delivery.roll import Roll
from hub.errors import Message
from hub.people import People

SCOPE = "access:services!service=course"
"""What a token must open; the team's own do (``configure``)."""

OPEN = {SCOPE, "access:services"}

TOKEN = re.compile(r"[0-9a-f]{32}")
"""What ``jupyterhub.utils.new_token`` makes."""

REMEMBERED = 60.0
"""Seconds for which a good answer of the hub is believed: a push is three requests."""

SECONDS = 30.0
"""For the hub's answer; its login page may hold one back for five."""

UNKNOWN = Message(
    "Not logged in. Use your user name or e-mail and your password, or as the password a token that you "
    "make at %(page)s."
)
ONLY_TOKEN = Message(
    "Not logged in. On this site git takes no password: use, in its place, a token that you make at %(page)s."
)
NARROW = Message("This token opens something else. What to do: make one at %(page)s.")
SLOWLY = Message("Too many wrong passwords. What to do: wait some minutes, then try again.")
AWAY = Message("The hub does not answer just now. What to do: try again in a minute.")
NOT_TEAM = Message("Only instructors and admins can read or push the sources of the course.")


class NotAdmitted(Exception):
    """Who asks gets nothing: 401 asks them to log in, 403 is for good, 429 and 503 for the moment."""

    def __init__(self, status: int, message: Message) -> None:
        super().__init__(str(message))
        self.status = status
        self.message = message


@dataclass(frozen=True)
class Asker:
    """What a request says of who makes it."""

    authorization: str
    address: str
    """Of their machine, as the proxies passed it on."""


class Identity:
    """Asks the hub, once a minute for each person."""

    def __init__(
        self, people: People, roll: Roll, page: str = "/hub/token", takes_passwords: bool = True
    ) -> None:
        """``page`` is where people make tokens; where a provider logs people in, these are all they have."""
        self.people = people
        self._roll = roll
        self._takes_passwords = takes_passwords
        unknown = UNKNOWN if takes_passwords else ONLY_TOKEN
        self._unknown = NotAdmitted(401, Message(unknown.text, {"page": page}))
        self._narrow = NotAdmitted(403, Message(NARROW.text, {"page": page}))
        self._client = AsyncHTTPClient(force_instance=True)
        self._known: dict[bytes, tuple[str, float]] = {}

    async def person(self, asker: Asker) -> Person:
        """Somebody of the team; raises NotAdmitted for anybody else."""
        name, password = _basic(asker.authorization)
        if not password:
            raise self._unknown
        key, now = sha256(f"{name}\0{password}".encode()).digest(), time.monotonic()
        username, since = self._known.get(key, ("", now - REMEMBERED))
        if now - since >= REMEMBERED:
            try:
                proven = await self._proven(name, password, asker.address)
            except (HTTPClientError, OSError) as error:
                raise NotAdmitted(503, AWAY) from error
            if proven is None:
                raise self._unknown
            username = proven
            self._known = {k: v for k, v in self._known.items() if now - v[1] < REMEMBERED}
            self._known[key] = (username, now)
        person = self._of_team(username)
        if person is None:
            raise NotAdmitted(403, NOT_TEAM)
        return person

    def _of_team(self, username: str) -> Person | None:
        person = self.people.person(username)
        return person if person and person.role.is_team else None

    async def _proven(self, name: str, password: str, address: str) -> str | None:
        """The user name of whoever has this token or this password; raises NotAdmitted for another token."""
        if TOKEN.fullmatch(password):
            found = await self._roll.whose(password)
            if found is None or found["kind"] != "user":
                return None
            if self._of_team(found["name"]) and OPEN.isdisjoint(found["scopes"]):
                raise self._narrow
            return str(found["name"])
        person = self.people.cohorts.find(name) if self._takes_passwords else None
        if person is None or not await self._logs_in(name, password, address):
            return None
        return person.username

    async def _logs_in(self, name: str, password: str, address: str) -> bool:
        """Whether the hub's own login page takes them."""
        page = self._roll.api.removesuffix("/api") + "/login"
        headers = {"X-Forwarded-For": address, "User-Agent": "course"}
        cookies = _cookies(await self._ask(page, headers))
        if "_xsrf" not in cookies:
            return False
        headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in cookies.items())
        form = {"_xsrf": cookies["_xsrf"], "username": name, "password": password}
        answer = await self._ask(page, headers, urlencode(form))
        return "jupyterhub-hub-login" in _cookies(answer)

    async def _ask(
        self, page: str, headers: dict[str, str], body: str | None = None
    ) -> HTTPResponse:
        answer = await self._client.fetch(
            page,
            method="GET" if body is None else "POST",
            body=body,
            headers=headers,
            follow_redirects=False,
            request_timeout=SECONDS,
            raise_error=False,
        )
        if answer.code >= 500:
            raise NotAdmitted(503, AWAY)
        if answer.code == 429:
            raise NotAdmitted(429, SLOWLY)
        return answer


def _basic(authorization: str) -> tuple[str, str]:
    """Name and password of HTTP Basic (RFC 7617); two empty texts for anything else."""
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(coded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password


def _cookies(answer: HTTPResponse) -> dict[str, str]:
    """The cookies that an answer sets."""
    found: dict[str, str] = {}
    for header in answer.headers.get_list("Set-Cookie"):
        found |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    return {name: value for name, value in found.items() if value}
