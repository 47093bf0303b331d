"""Logging in through an identity provider (OpenID Connect): it proves an e-mail address, the roster decides.

The provider says who somebody is and nothing else: not their role, not their groups, not whether they
may come in. An address that it has not verified is nobody's.
"""

from typing import Any
from unicodedata import normalize

from jupyterhub.utils import url_path_join
from oauthenticator.generic import GenericOAuthenticator
from oauthenticator.oauth2 import OAuthCallbackHandler
from tornado.httpclient import HTTPClientError
from tornado.httputil import url_concat
from tornado.web import HTTPError, RequestHandler
from traitlets import Instance, default

from hub.cohort import Person
from hub.errors import Message
from hub.login.admission import RosterAdmission
from hub.login.handlers import PersonHandler, ScrubbedHandler
from hub.settings import OpenIDConnect

UNVERIFIED = Message("%(provider)s does not vouch for an e-mail address of yours.")
VERIFY = Message("Verify your e-mail address there, then log in again.")
NOT_ON_ROSTER = Message("Your e-mail address at %(provider)s is not the one we have for you.")
TELL_US = Message(
    "Log in there with the address at which you received our messages, "
    "or tell a coordinator which address you use."
)
NOT_COMPLETED = Message("The login at %(provider)s was not completed.")
AGAIN = Message(
    "Begin again from the login page, and allow %(provider)s to tell us your e-mail address."
)


class LoginRefused(HTTPError):
    """A login that came to nothing, said to the person: pages read ``course_message`` and ``course_remedy``.

    ``for_log`` has no address in it.
    """

    def __init__(self, for_log: str, message: Message, remedy: Message) -> None:
        super().__init__(403, for_log)
        self.course_message = message
        self.course_remedy = remedy


class ProviderLoginHandler(PersonHandler):
    """``/hub/login``: a button that leads to the provider."""

    async def get(self) -> None:
        """The page with the button; whoever is logged in already goes on."""
        if user := self.current_user:
            self.set_login_cookie(user)
            self.redirect(self.get_next_url(user))
            return
        following = self.get_argument("next", "")
        leave = self.authenticator.login_url(self.hub.base_url)
        await self.show(
            "login.html",
            login_error=None,
            username="",
            next=following,
            openid=self.authenticator.provider.name,
            authenticator_login_url=url_concat(leave, {"next": following} if following else {}),
            wait_seconds=0,
        )


class CallbackHandler(ScrubbedHandler, OAuthCallbackHandler):  # type: ignore[misc]  # is not typed
    """``/hub/oauth_callback``: back from the provider."""

    async def get(self) -> None:
        """Log in; whatever the provider or a stale tab made of it is said as what the person can do."""
        try:
            await super().get()
        except LoginRefused:
            raise
        except (HTTPError, HTTPClientError, OSError, LookupError, TypeError, ValueError) as error:
            raise self.authenticator.refused("not completed", NOT_COMPLETED, AGAIN) from error


class RosterOpenID(RosterAdmission, GenericOAuthenticator):  # type: ignore[misc]
    """The identity provider of ``settings.openid``, and the rosters. PKCE is oauthenticator's default."""

    callback_handler = CallbackHandler

    provider = Instance(OpenIDConnect, help="The identity provider.").tag(config=True)

    @default("login_service")
    def _login_service(self) -> str:
        return self.provider.name

    @default("client_id")
    def _client_id(self) -> str:
        return self.provider.client_id

    @default("client_secret")
    def _client_secret(self) -> str:
        return self.provider.client_secret.get_secret_value()

    @default("authorize_url")
    def _authorize_url(self) -> str:
        return str(self.provider.authorize_url)

    @default("token_url")
    def _token_url(self) -> str:
        return str(self.provider.token_url)

    @default("userdata_url")
    def _userdata_url(self) -> str:
        return str(self.provider.userdata_url)

    @default("scope")
    def _scope(self) -> list[str]:
        return ["openid", "email"]

    def get_callback_url(self, handler: Any = None) -> str:
        """Where the provider sends people back: the site's address as people know it, not the proxy's."""
        public = handler.settings["public_url"]
        path = url_path_join(handler.hub.base_url, "oauth_callback")
        return f"{public.scheme}://{public.netloc}{path}"

    def get_handlers(self, app: Any) -> list[tuple[str, type[RequestHandler]]]:
        """oauthenticator's, and the login page."""
        return [*super().get_handlers(app), (r"/login", ProviderLoginHandler)]

    def refused(self, for_log: str, message: Message, remedy: Message) -> LoginRefused:
        """The same two messages with the provider's name in them."""
        named: dict[str, object] = {"provider": self.provider.name}
        return LoginRefused(for_log, Message(message.text, named), Message(remedy.text, named))

    def user_info_to_username(self, user_info: dict[str, Any]) -> str:
        """Of the person with this verified e-mail address; raises LoginRefused when there is none."""
        return self._person(user_info).username

    def build_auth_state_dict(
        self, token_info: dict[str, Any], user_info: dict[str, Any]
    ) -> dict[str, Any]:
        """Only the groups, and those from the roster: nothing that the provider sent is kept."""
        groups = self.admitted(self._person(user_info))["groups"]
        return {self.user_auth_state_key: {self.claim_groups_key: groups}}

    async def update_auth_model(self, auth_model: dict[str, Any]) -> dict[str, Any]:
        """What the roster says about the person."""
        person = self.people.person(auth_model["name"])
        return {**auth_model, **(self.admitted(person) if person else {})}

    def _person(self, user_info: dict[str, Any]) -> Person:
        told = user_info if isinstance(user_info, dict) else {}
        email = told.get("email")
        if not isinstance(email, str) or not email or told.get("email_verified") is not True:
            raise self.refused("no verified e-mail address", UNVERIFIED, VERIFY)
        person = self.people.cohorts.find(email)
        if person is None or not is_same_address(person.email, email):
            raise self.refused("on no roster", NOT_ON_ROSTER, TELL_US)
        return person


def is_same_address(ours: str, theirs: str) -> bool:
    """In any case where all is ASCII. Elsewhere what looks alike, or is when folded (the sign for kelvin is a
    "k" then), may be somebody else's mailbox.
    """
    if ours.isascii() and theirs.isascii():
        return ours.lower() == theirs.lower()
    return normalize("NFC", ours) == normalize("NFC", theirs)
