"""Who may stand at the board, and for which cohorts; and what its addresses work with."""

from typing import Any

from jupyterhub.handlers.base import BaseHandler
from tornado.web import HTTPError

from hub.cohort import Cohort, Person, Role
from hub.people import People
from hub.web.delivery import Delivery


def running(users: Any) -> frozenset[str]:
    """User names of those whose servers run; ``users`` are JupyterHub's, who are in its memory."""
    return frozenset(user.name for user in users.values() if user.running)


class StaffHandler(BaseHandler):  # type: ignore[misc]  # JupyterHub is not typed
    """An address of the board."""

    @property
    def people(self) -> People:
        """Everybody of the site."""
        people: People = self.settings["template_vars"]["site"].people
        return people

    def staff(self) -> Person:
        """Whoever asks. Raises HTTPError 403 for those who are not of the team, by the roster."""
        person = self.people.person(self.current_user.name)
        if person is None or not person.role.is_team:
            raise HTTPError(403, "only instructors and admins")
        return person

    def cohorts(self, me: Person) -> tuple[Cohort, ...]:
        """An admin's: all; an instructor's: the one they teach."""
        every = self.people.cohorts.all
        return tuple(one for one in every if me.role is Role.ADMIN or one.id == me.cohort)

    def cohort(self, me: Person, name: str) -> Cohort:
        """One of them. Raises HTTPError 403, which does not say whether there is such a cohort."""
        found = next((one for one in self.cohorts(me) if one.id == name), None)
        if found is None:
            raise HTTPError(403, "not a cohort of yours")
        return found

    @property
    def delivery(self) -> Delivery:
        """The journal, and people's servers."""
        delivery: Delivery = self.settings["template_vars"]["delivery"]
        return delivery

    @property
    def running(self) -> frozenset[str]:
        """User names of those whose servers run."""
        return running(self.users)
