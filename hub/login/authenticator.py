"""Logging in with a password of one's own, chosen when following an invitation."""

import asyncio
import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jupyterhub import orm
from jupyterhub.user import User
from tornado.web import RequestHandler
from traitlets import Instance, List, Unicode, default

from hub.cohort import Person
from hub.login.admission import Admitted, Proven, RosterAdmission, end_logins
from hub.login.handlers import LoginHandler
from hub.login.invitation import InvitationHandler
from hub.login.passwords import Passwords
from hub.login.store import Invitation, Standing, Store
from hub.login.throttle import Attempt, Throttle
from hub.login.tokens import read_token

MOST_WAITING = 100
"""Passwords that wait to be checked, two seconds' work, before a browser that nobody knows is put off."""

A_MOMENT = 5
"""Seconds for which it is."""


@dataclass(frozen=True)
class Answer:
    """Who the right password belongs to; without a person, the seconds to wait before trying again."""

    person: Person | None = None
    wait: int = 0


@dataclass(frozen=True)
class Found:
    """An invitation, whose it is and whether it can be used."""

    invitation: Invitation | None = None
    person: Person | None = None
    standing: Standing | None = None


class RosterAuthenticator(RosterAdmission):
    """Passwords and invitations of the people on the rosters."""

    store = Instance(Store, help="Credentials and invitations.").tag(config=True)
    proxies = List(
        Unicode(),
        ["127.0.0.1"],
        help="Addresses of the site's own proxies, which say who asks them.",
    ).tag(config=True)
    passwords = Instance(Passwords)
    throttle = Instance(Throttle)

    @default("passwords")
    def _passwords(self) -> Passwords:
        return Passwords()

    @default("throttle")
    def _throttle(self) -> Throttle:
        return Throttle()

    _met: set[str] | None = None

    def _given_again(self) -> set[str]:
        """User names that are somebody else's than when the hub started last; asked once."""
        if self._met is None:
            self._met = self.store.meet(self.people.cohorts.people, datetime.now(UTC))
        return self._met

    def add_user(self, user: User | orm.User) -> None:
        """JupyterHub calls this of everybody it knows, when it starts: here the earlier owner is put out."""
        super().add_user(user)
        if user.name in self._given_again() and isinstance(user, orm.User):
            end_logins(user)

    _nameless = secrets.token_bytes(16)

    async def authenticate(self, handler: RequestHandler, data: Any) -> Admitted | None:
        """The person that a handler has proven. A password sent to the REST API proves nothing there."""
        person = self.people.person(data["username"]) if isinstance(data, Proven) else None
        return self.admitted(person) if person else None

    async def check_password(
        self, typed: str, password: str, address: str, device: str | None
    ) -> Answer:
        """Slow down as ``throttle`` says, then compare; somebody unknown costs the same time and counts."""
        person = self.people.cohorts.find(typed)
        attempt = Attempt(person.username if person else self._unknown(typed), address, device)
        if device is None and self.passwords.waiting >= MOST_WAITING:
            return Answer(wait=A_MOMENT)
        verdict = self.throttle.admit(attempt, time.monotonic())
        if verdict.wait:
            return Answer(wait=verdict.wait)
        await asyncio.sleep(verdict.hold)
        known = self.store.password_hash(person.username if person else attempt.account)
        checked = await self.passwords.check(password, known)
        if person is None or known is None or not checked.right:
            return Answer()
        self.throttle.was_right(attempt, time.monotonic())
        if checked.new_hash:
            self.store.replace_hash(person.username, known, checked.new_hash)
        return Answer(person)

    def _unknown(self, typed: str) -> str:
        """A name to count by that cannot be read back: people type passwords into the wrong field."""
        folded = typed.strip().casefold().encode()
        return "?" + hashlib.blake2b(folded, key=self._nameless, digest_size=16).hexdigest()

    def look_up_link(self, secret: str) -> Found:
        """The invitation with this token. A code is none: a GET, and whatever another site makes a browser
        send, would otherwise count as a guess.
        """
        return self._found(secret) if read_token(secret) else Found()

    async def look_up(self, secret: str, address: str) -> Found:
        """The invitation with this token or code; codes are looked up as ``throttle`` allows."""
        if read_token(secret):
            return self._found(secret)
        await asyncio.sleep(self.throttle.admit_code(address, time.monotonic()).hold)
        found = self._found(secret)
        if found.invitation:
            self.throttle.code_was_right(address)
        return found

    def _found(self, secret: str) -> Found:
        invitation = self.store.find(secret)
        if invitation is None:
            return Found()
        person = self.people.person(invitation.username)
        standing = invitation.standing(datetime.now(UTC)) if person else Standing.REVOKED
        return Found(invitation, person, standing)

    def get_handlers(self, app: Any) -> list[tuple[str, type[RequestHandler]]]:
        """The pages of this room."""
        self._given_again()  # before anybody comes, also where JupyterHub knows nobody yet
        return [(r"/login", LoginHandler), (r"/invitation", InvitationHandler)]
