"""The pages of an invitation: the person sees their name, chooses a language and a password, and is in.

A GET changes nothing: mail programs and scanners follow links before people do. A code that was typed is
in no address, and so in no history.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyterhub.utils import url_path_join

from hub.cohort import Person
from hub.errors import Message
from hub.i18n import parse
from hub.login.admission import end_logins
from hub.login.handlers import PersonHandler
from hub.login.passwords import MIN_LENGTH, problem_with
from hub.login.store import Standing
from hub.login.tokens import read_token

if TYPE_CHECKING:
    from hub.login.authenticator import Found

NO_LANGUAGE = Message("Choose a language.")
UNKNOWN_CODE = Message(
    "No invitation has this code. Compare it with your slip, character by character."
)

UNKNOWN = Message("This link leads to no invitation.")
COPY_WHOLE = Message("Check that you have copied the whole link, or type the code of your slip.")
REASONS = {
    Standing.USED: Message("This invitation has been used: a password has been chosen with it."),
    Standing.EXPIRED: Message("This invitation is out of date."),
    Standing.REVOKED: Message(
        "This invitation no longer holds: it was withdrawn, or replaced by another."
    ),
}
ASK = Message("Use your latest invitation, or ask a coordinator for a new one.")
LOG_IN = Message(
    "Log in with the password that you have chosen. "
    "If you have forgotten it, ask a coordinator for a new invitation."
)

LANGUAGE_DAYS = 365


class InvitationHandler(PersonHandler):
    """``/hub/invitation``: with ``?token=`` the page of an invitation, without it a code to type."""

    def form_again(self, why: Message) -> tuple[str, dict[str, Any]]:
        """The form that was sent; the password, or the code, must be typed again."""
        secret = self.get_body_argument("token", "")
        found = self.authenticator.look_up_link(secret)
        if found.person is None or found.standing is not Standing.OPEN:
            return "invitation_code.html", {"error": why}
        return "invitation.html", self._variables(found.person, secret, {"password": why})

    async def get(self) -> None:
        """The invitation, or the page to type a code on."""
        secret = self.get_query_argument("token", "")
        if not secret:
            await self.show("invitation_code.html", error=None)
            return
        await self._open(self.authenticator.look_up_link(secret), secret)

    async def post(self) -> None:
        """Either a code that was typed, or a language and a password that were chosen."""
        secret = self.get_body_argument("token", "")
        await (self._accept(secret) if secret else self._follow_code())

    async def _follow_code(self) -> None:
        code = self.get_body_argument("code", "")
        found = await self._look_up(code)
        if found.standing is None:
            await self.show("invitation_code.html", 400, error=UNKNOWN_CODE)
        else:
            await self._open(found, code)

    async def _open(self, found: "Found", secret: str) -> None:
        """The invitation's page, or why there is none."""
        if found.person and found.standing is Standing.OPEN:
            await self.show("invitation.html", **self._variables(found.person, secret, {}))
        else:
            await self._refuse(found)

    async def _accept(self, secret: str) -> None:
        found = await self._look_up(secret)
        if found.person and found.standing is Standing.OPEN:
            if errors := self._errors(found.person):
                await self.show(
                    "invitation.html", 400, **self._variables(found.person, secret, errors)
                )
                return
            hashed = await self.authenticator.passwords.hash(self._password)
            if self.authenticator.store.accept(found.invitation, hashed, datetime.now(UTC)):
                if user := self.find_user(found.person.username):
                    # Whoever came in with an earlier invitation may not be the person; their server runs on.
                    end_logins(user.orm_user, [one.api_token for one in user.spawners.values()])
                await self._welcome(found.person)
                return
            found = await self._look_up(secret)
        if not await self._sent_twice(found):
            await self._refuse(found)

    async def _sent_twice(self, found: "Found") -> bool:
        """A second click on the button, on a slow link, comes after the first has used the invitation."""
        if found.person is None or found.standing is not Standing.USED:
            return False
        answer = await self.authenticator.check_password(
            found.person.username,
            self._password,
            self.address,
            self.device(found.person),
        )
        if answer.person:
            await self._welcome(answer.person)
        return answer.person is not None

    async def _welcome(self, person: Person) -> None:
        """Keep the language, log in, and go straight to the person's server."""
        if language := parse(self.get_body_argument("language", "")):
            self.authenticator.people.choose_language(person.username, language)
            self._set_cookie(
                "lang",
                language.value,
                encrypted=False,
                path=self.base_url,
                expires_days=LANGUAGE_DAYS,
            )
        await self.log_in(person)
        self.redirect(url_path_join(self.hub.base_url, "spawn"), status=303)

    async def _refuse(self, found: "Found") -> None:
        """Why this invitation cannot be used, and what to do."""
        if found.standing is None:
            reason, remedy = UNKNOWN, COPY_WHOLE
        else:
            person = found.person
            known = person and self.authenticator.store.password_hash(person.username)
            reason, remedy = REASONS[found.standing], LOG_IN if known else ASK
        told = {"reason": reason, "remedy": remedy, "to_login": remedy is LOG_IN}
        await self.show("invitation_unusable.html", 410, **told)

    async def _look_up(self, secret: str) -> "Found":
        found: Found = await self.authenticator.look_up(secret, self.address)
        return found

    @property
    def _password(self) -> str:
        return str(self.get_body_argument("password", "", strip=False))

    def _errors(self, person: Person) -> dict[str, Message]:
        """What is wrong with each field."""
        language = parse(self.get_body_argument("language", ""))
        problems = {
            "language": None if language else NO_LANGUAGE,
            "password": problem_with(self._password, person),
        }
        return {field: why for field, why in problems.items() if why}

    def _variables(self, person: Person, secret: str, errors: dict[str, Message]) -> dict[str, Any]:
        chosen = parse(self.get_body_argument("language", ""))
        return {
            "person": person,
            "token": secret,
            "in_address": read_token(secret) is not None,
            "chosen": chosen or self.authenticator.people.language(person.username),
            "errors": errors,
            "password_min": MIN_LENGTH,
        }
