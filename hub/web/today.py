"""What a person can do about the course from their page; each asks their own server, and nobody else's."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationError
from tornado.web import authenticated

from hub.cohort import Cohort
from hub.journal import Release, SavePoint, Workspace
from hub.people import People
from hub.servers import Unanswered
from hub.settings import Frozen
from hub.web.delivery import Delivery
from hub.web.handlers import FormHandler
from hub.web.places import inside
from hub.web.rendering import places_of
from hub.web.today_said import by_status
from hub.web.today_view import sees


class NotDone(Exception):
    """Nothing came of it; ``said`` is what the page says about it, a key of ``today_said.SAID``."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class Laid(Frozen):
    """What a server tells of an original that it has put beside."""

    path: Annotated[str, AfterValidator(inside)]


class TodayHandler(FormHandler):
    """An address of a person's own page."""

    @property
    def delivery(self) -> Delivery:
        """The journal and the servers."""
        delivery: Delivery = self.settings["template_vars"]["delivery"]
        return delivery

    @property
    def people(self) -> People:
        """Everybody of the site."""
        people: People = self.settings["template_vars"]["site"].people
        return people

    @property
    def cohort(self) -> Cohort | None:
        """The cohort of whoever asks; None for somebody who is on no roster."""
        person = self.people.person(self.current_user.name)
        return self.people.cohorts.cohort_of(person) if person else None

    @property
    def save_points(self) -> tuple[SavePoint, ...]:
        """Theirs, the latest first."""
        workspace = self.delivery.journal.workspace(self.current_user.name)
        return workspace.save_points if workspace else ()

    def say(self, said: str) -> None:
        """Go home, where it is said what came of it."""
        self.go_to(f"home?said={said}")


class AskingHandler(TodayHandler):
    """An address that asks their server for something."""

    @authenticated
    async def post(self) -> None:
        """Do it; where nothing comes of it, home says so."""
        try:
            await self.do()
        except NotDone as none:
            self.say(none.said)

    async def do(self) -> None:
        """What the form asks for. Raises NotDone."""
        raise NotImplementedError

    async def ask(self, what: str, told: dict[str, Any], missing: str) -> dict[str, Any]:
        """What their server answers. Raises NotDone, with ``missing`` when it finds no such thing."""
        if not self.current_user.spawner.ready:
            raise NotDone("off")
        try:
            return await self.delivery.servers.ask(self.current_user.name, what, told)
        except Unanswered as error:
            raise NotDone(missing if error.status == 404 else by_status(error.status)) from error

    async def ask_for_workspace(
        self, what: str, told: dict[str, Any], missing: str = "refused"
    ) -> Workspace:
        """The same, where the answer is how the workspace stands; it is written down. Raises NotDone."""
        try:
            found = Workspace.model_validate(await self.ask(what, told, missing))
        except ValidationError as error:
            raise NotDone("refused") from error
        self.delivery.journal.told(self.current_user.name, found)
        return found


class UpdatesHandler(AskingHandler):
    """``POST /hub/today/updates``: bring in what the course has now."""

    def release(self) -> Release | None:
        """What their cohort has now."""
        return self.delivery.release(self.cohort) if self.cohort else None

    async def do(self) -> None:
        """Go home and say what came."""
        journal, name = self.delivery.journal, self.current_user.name
        before = journal.workspace(name)
        out = self.release()
        found = await self.ask_for_workspace("sync", {})
        # What was released while it was asked may be there already, or not yet: neither is a failure.
        causes = [found.lacks(one) for one in (out, self.release()) if one]
        if causes and (cause := causes[0]) and all(causes):
            journal.failed(name, cause)
            raise NotDone(cause.value)
        same = before and (before.commit, before.arrived) == (found.commit, found.arrived)
        self.say("nothing-new" if same else "came")


class OriginalHandler(AskingHandler):
    """``POST /hub/today/original``: the course's version of a notebook, beside theirs."""

    async def do(self) -> None:
        """Field: ``path``, of a notebook that they can see. Leads to it in JupyterLab."""
        cohort, path = self.cohort, self.get_body_argument("path", "")
        if cohort is None or not sees(self.delivery, cohort, path, datetime.now(UTC)):
            raise NotDone("no-notebook")
        answer = await self.ask("original", {"path": path}, "no-notebook")
        try:
            laid = Laid.model_validate(answer)
        except ValidationError as error:
            raise NotDone("refused") from error
        self.redirect(places_of(self).file_now(laid.path), status=303)


class SavePointsHandler(TodayHandler):
    """``/hub/today/save-points``: the states of their course that they can go back to."""

    @authenticated
    async def get(self, *_: str) -> None:
        """The list."""
        page = await self.render_template("save_points.html", save_points=self.save_points)
        self.finish(page)


class ReturnHandler(AskingHandler):
    """``/hub/today/return``: go back to one of them."""

    @authenticated
    async def get(self, *_: str) -> None:
        """Ask whether they mean it; ``?save_point=ID``."""
        try:
            chosen = self.chosen(self.get_query_argument("save_point", ""))
        except NotDone as none:
            self.say(none.said)
        else:
            self.finish(await self.render_template("save_point.html", save_point=chosen))

    async def do(self) -> None:
        """Field: ``save_point``. Goes home and says that it is done."""
        chosen = self.chosen(self.get_body_argument("save_point", ""))
        await self.ask_for_workspace("return", {"save_point": chosen.id}, "no-save-point")
        self.say("returned")

    def chosen(self, identifier: str) -> SavePoint:
        """One of their save points. Raises NotDone."""
        for one in self.save_points:
            if one.id == identifier:
                return one
        raise NotDone("no-save-point")
