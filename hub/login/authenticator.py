"""Logging in with a password of one's own, chosen when following an invitation."""

import asyncio
import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tornado.web import RequestHandler
from traitlets import Instance, default

from hub.cohort import Person
from hub.login.admission import Admitted, Proven, RosterAdmission
from hub.login.handlers import LoginHandler
from hub.login.invitation import InvitationHandler
from hub.login.passwords import Passwords
from hub.login.store import Invitation, Standing, Store
from hub.login.throttle import Attempt, Throttle
from hub.login.tokens import read_token


@dataclass(frozen=True)
class Answer:
    """Who the right password belongs to; without a person, the seconds to wait before trying again."""

    person: Person | None = None
    wait: int = 0


@dataclass(frozen=True)
class Found:
    """An invitation, whose it is and whether it can be used; without one, perhaps the seconds to wait."""

    invitation: Invitation | None = None
    person: Person | None = None
    standing: Standing | None = None
    wait: int = 0


class RosterAuthenticator(RosterAdmission):
    """Passwords and invitations of the people on the rosters."""

    store = Instance(Store, help="Credentials and invitations.").tag(config=True)
    passwords = Instance(Passwords)
    throttle = Instance(Throttle)

    @default("passwords")
    def _passwords(self) -> Passwords:
        return Passwords()

    @default("throttle")
    def _throttle(self) -> Throttle:
        return Throttle()

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
        verdict = self.throttle.admit(attempt, time.monotonic())
        if verdict.wait:
            return Answer(wait=verdict.wait)
        await asyncio.sleep(verdict.hold)
        known = self.store.password_hash(person.username) if person else None
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

    def look_up(self, secret: str, address: str) -> Found:
        """The invitation with this token or code; codes are looked up no faster than ``throttle`` allows."""
        typed = read_token(secret) is None
        if typed and (verdict := self.throttle.admit_code(address, time.monotonic())).wait:
            return Found(wait=verdict.wait)
        invitation = self.store.find(secret)
        if invitation is None:
            return Found()
        if typed:
            self.throttle.code_was_right(address)
        person = self.people.person(invitation.username)
        standing = invitation.standing(datetime.now(UTC)) if person else Standing.REVOKED
        return Found(invitation, person, standing)

    def get_handlers(self, app: Any) -> list[tuple[str, type[RequestHandler]]]:
        """The pages of this room."""
        return [(r"/login", LoginHandler), (r"/invitation", InvitationHandler)]
