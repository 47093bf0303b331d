"""The pages of logging in with a password; ``hub.login.invitation`` has those where one is chosen.

Nothing that somebody typed is logged: people type passwords into the wrong field. A form that was open
for too long, or whose reader changed networks, is shown again with the reason; nothing is done with it.
"""

from typing import Any

from jupyterhub.handlers import BaseHandler
from jupyterhub.log import _scrub_uri
from jupyterhub.user import User
from jupyterhub.utils import url_path_join
from tornado.web import Finish, HTTPError

from hub.cohort import Person
from hub.errors import Message
from hub.login.address import address_of
from hub.login.admission import Proven
from hub.paths import leads_below

WRONG = Message(
    "This user name or e-mail and this password do not go together. "
    "If you have forgotten your password, ask a coordinator for a new invitation."
)
WAIT = Message("Several attempts have failed. Please wait a moment before the next one.")
EXPIRED_FORM = Message("This page was open for too long. Please fill it in once more.")

DEVICE_DAYS = 180


class ScrubbedHandler(BaseHandler):  # type: ignore[misc]  # JupyterHub is not typed
    """One whose address carries secrets: no log has them, also when something fails."""

    def _request_summary(self) -> str:
        request = self.request
        return f"{request.method} {_scrub_uri(request.uri)} ({request.remote_ip})"

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """See ``tornado.web.RequestHandler``, whose own words hold the whole request."""
        if isinstance(error, HTTPError):
            super().log_exception(kind, error, trace)
        else:
            self.log.error("Failed: %s", self._request_summary(), exc_info=(kind, error, trace))


class PersonHandler(ScrubbedHandler):
    """What the pages of this room have in common."""

    def set_default_headers(self) -> None:
        """The address may carry the token of an invitation: neither caches nor other pages learn it."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "strict-origin")

    def get_next_url(self, user: User | None = None, default: str | None = None) -> str:
        """Where a login leads: to the hub or to one's own server, never into somebody else's, which may look
        like a page of ours.
        """
        wanted = str(super().get_next_url(user, default))
        mine = [self.hub.base_url, *([user.base_url] if user else [])]
        return wanted if leads_below(wanted, *mine) else url_path_join(self.hub.base_url, "home")

    @property
    def address(self) -> str:
        """Of the machine that somebody asks from."""
        return address_of(self.request, self.authenticator.proxies)

    def check_xsrf_cookie(self) -> None:
        """Show an expired form again, with what its reader is to do, instead of a bare error."""
        try:
            super().check_xsrf_cookie()
        except HTTPError as error:
            template, variables = self.form_again(EXPIRED_FORM)
            self.set_status(403)
            self.finish(self.render_template(template, sync=True, **variables))
            raise Finish from error

    def form_again(self, why: Message) -> tuple[str, dict[str, Any]]:
        """Template and variables of the form that was sent, with a message."""
        raise NotImplementedError

    async def show(self, template: str, status: int = 200, **variables: Any) -> None:
        """Answer with a page."""
        self.set_status(status)
        if variables.get("wait_seconds"):
            self.set_header("Retry-After", variables["wait_seconds"])
        self.finish(await self.render_template(template, **variables))

    async def log_in(self, person: Person) -> User:
        """JupyterHub's own login of a person who has been proven; their browser becomes a device."""
        user = await self.login_user(Proven(username=person.username))
        if user is None:
            raise HTTPError(403, "not on a roster")
        self._set_cookie(
            _device_cookie(person),
            person.username,
            path=self.hub.base_url,
            expires_days=DEVICE_DAYS,
        )
        return user

    def device(self, person: Person | None) -> str | None:
        """The person's own device, when this browser is one: where they have logged in before."""
        if person is None:
            return None
        name = _device_cookie(person)
        genuine = self.get_secure_cookie(name, max_age_days=DEVICE_DAYS)
        return str(self.get_cookie(name)) if genuine else None


def _device_cookie(person: Person) -> str:
    """A cookie a person: several may use one computer. Its name is part of what is signed."""
    return f"device-{person.username}"


class LoginHandler(PersonHandler):
    """``/hub/login``: user name or e-mail, and password."""

    def form_again(self, why: Message) -> tuple[str, dict[str, Any]]:
        """The login form, with what was typed into it but the password."""
        return "login.html", self._variables(why)

    def _variables(self, error: Message | None = None, wait: int = 0) -> dict[str, Any]:
        return {
            "login_error": error,
            "username": self.get_body_argument("username", ""),
            "next": self.get_argument("next", ""),
            "openid": None,
            "wait_seconds": wait,
        }

    def append_query_parameters(self, url: str, exclude: list[str] | None = None) -> str:
        """Where a login leads is in ``next`` or decided by the hub; nothing else of the address follows."""
        return url

    async def get(self) -> None:
        """The form; whoever is logged in already goes on."""
        if user := self.current_user:
            self.set_login_cookie(user)
            self.redirect(self.get_next_url(user))
            return
        await self.show("login.html", **self._variables())

    async def post(self) -> None:
        """Log in, or say that it did not work, or how long to wait."""
        typed = self.get_body_argument("username", "")
        person = self.authenticator.people.cohorts.find(typed)
        answer = await self.authenticator.check_password(
            typed,
            self.get_body_argument("password", "", strip=False),
            self.address,
            self.device(person),
        )
        if answer.person:
            user = await self.log_in(answer.person)
            self.redirect(self.get_next_url(user), status=303)
        elif answer.wait:
            await self.show("login.html", 429, **self._variables(WAIT, answer.wait))
        else:
            self.log.warning("Failed login for %s", person.username if person else "nobody we know")
            await self.show("login.html", 403, **self._variables(WRONG))
