"""Who may come in, whatever proves who they are: the people on the site's rosters, and nobody else.

The roster decides at every login and at every refresh, so it can take back what it gave: somebody
who was removed is out at the next check although JupyterHub's database still knows them, and an admin
who no longer is one loses the role.
"""

from collections.abc import Collection
from typing import Any, TypedDict

from jupyterhub import orm
from jupyterhub.auth import Authenticator
from jupyterhub.user import User
from jupyterhub.utils import new_token
from sqlalchemy.orm import object_session
from traitlets import Bool, Instance

from hub.cohort import Person, Role
from hub.people import People


class Proven(dict[str, str]):
    """Whom a handler of this room has proven to be there. A request only brings plain dictionaries."""


class UserInfo(TypedDict):
    """How a person is shown in their JupyterLab."""

    name: str
    display_name: str
    initials: str


class Admitted(TypedDict):
    """What JupyterHub learns about a person at each login and refresh (its "auth model")."""

    name: str
    admin: bool
    groups: list[str]
    user_info: UserInfo


class RosterAdmission(Authenticator):  # type: ignore[misc]  # JupyterHub is not typed
    """The part of an authenticator that the roster decides."""

    people = Instance(People, help="Everybody of the site.").tag(config=True)
    any_allow_config = Bool(True, help="The roster is the list of who is allowed.")
    # A request by token of somebody who was removed is refused too, not only one from a browser.
    auth_refresh_strict = Bool(True).tag(config=True)
    manage_groups = Bool(True).tag(config=True)

    def admitted(self, person: Person) -> Admitted:
        """The person as JupyterHub keeps them; only admins of the roster are admins of the hub."""
        return Admitted(
            name=person.username,
            admin=person.role is Role.ADMIN,
            groups=[person.cohort, person.role.value],
            user_info=UserInfo(
                name=person.name, display_name=person.name, initials=initials(person.name)
            ),
        )

    def check_allowed(self, username: str, authentication: Any = None) -> bool:
        """Only people on a roster."""
        return self.people.person(username) is not None

    async def refresh_user(self, user: User, handler: Any = None, **_: Any) -> Admitted | bool:
        """What the roster says now; False, a login that will be refused, for somebody it no longer has."""
        if person := self.people.person(user.name):
            return self.admitted(person)
        if handler is not None and not hasattr(handler, "_token_authenticated"):
            # JupyterHub 6.1.1 reads it of every request here, but gives it only to those with a token.
            handler._token_authenticated = False
        return False

    def add_user(self, user: Any) -> None:
        """Nobody creates people but the roster, not even an admin through the REST API.

        At its start JupyterHub passes the rows of its database as they are, without the ``User`` around
        them: those of people who were removed stay, and let nobody in.
        """
        if isinstance(user, User) and not self.check_allowed(user.name):
            raise ValueError(f"{user.name} is on no roster")


def initials(name: str) -> str:
    """Of the first and the last part of a name: ``AƉ`` for Afí Ɖossou."""
    parts = [part for part in name.replace(",", " ").split() if part[0].isalpha()]
    chosen = parts[:1] + parts[1:][-1:]
    return "".join(part[0].upper() for part in chosen)


def end_logins(user: orm.User, spared: Collection[str] = ()) -> None:
    """Nobody is logged in as this person any more, by a cookie or by a token, ``spared`` ones apart."""
    session: Any = object_session(user)
    user.cookie_id = new_token()
    kept = {orm.APIToken.find(session, token) for token in spared}
    for token in set(user.api_tokens) - kept:
        session.delete(token)
    session.commit()
