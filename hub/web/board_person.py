"""One person on the board: how their notebooks stand, and a copy of one in the instructor's own server.

What the person has written is never shown by the hub, whose origin holds everybody's sessions: it goes
from one server to the other, and JupyterLab shows it there.
"""

from dataclasses import dataclass
from urllib.parse import quote

from jupyterhub.utils import url_path_join
from tornado.web import HTTPError, authenticated

from hub.cohort import Person
from hub.errors import Message
from hub.journal import Listed, Notebook, Release, Workspace
from hub.servers import NOTEBOOK, Servers, Unanswered
from hub.web.board_staff import StaffHandler
from hub.web.board_view import CAUSES, SAID, Has, how

MINE_OFF = Message("Your own server does not run. Open it from your page, then come back here.")
THEIRS_OFF = Message("This person’s server does not run. Ask them to open it, then try again.")
GONE = Message("This notebook is not in their server any more. Nothing was copied.")
UNUSABLE = Message(
    "This notebook is too large to be copied, or the file is damaged. Look at it on their screen."
)
UNREAD = Message("Their server did not answer as it should. Nothing was copied. Try again.")
UNWRITTEN = Message("Your own server did not take the copy. Try again, or restart your server.")
NO_ROOM = Message("Your own workspace is full. Delete large files, then try again.")


@dataclass(frozen=True)
class Entry:
    """One notebook of the release, and how it stands in the person's workspace."""

    listed: Listed
    standing: Notebook


def entries(release: Release | None, workspace: Workspace | None) -> tuple[Entry, ...]:
    """The notebooks of a release that are in a workspace, those that were worked on first."""
    if release is None or workspace is None:
        return ()
    found = [
        Entry(one, workspace.notebooks[one.path])
        for one in release.notebooks
        if one.path in workspace.notebooks
    ]
    return tuple(sorted(found, key=lambda one: not one.standing.mine))


def name_of_copy(person: Person, path: str) -> str:
    """Where a copy lies in an instructor's server; two of one person's notebooks never at one place."""
    return f"copies/{person.cohort}/{person.username}/{path.replace('/', '-')}"


async def copy(servers: Servers, person: Person, path: str, me: str) -> Message | str:
    """Copy a notebook into the server of ``me``; where it lies there, or why there is none."""
    try:
        read = await servers.ask(person.username, "read", {"path": path}, largest=NOTEBOOK)
    except Unanswered as error:
        return {404: GONE, 409: UNUSABLE}.get(error.status or 0, UNREAD)
    # The server is the person's: what it says need not be what it should.
    content = read.get("content") if isinstance(read, dict) else None
    if not isinstance(content, dict):
        return UNREAD
    told = {"name": name_of_copy(person, path), "content": content}
    try:
        await servers.ask(me, "copy", told)
    except Unanswered as error:
        return NO_ROOM if error.status == 507 else UNWRITTEN
    return str(told["name"])


class PersonHandler(StaffHandler):
    """``/hub/board/COHORT/USERNAME``."""

    @authenticated
    async def get(self, cohort: str, username: str) -> None:
        """How this person's notebooks stand."""
        await self.show(self.find(cohort, username))

    @authenticated
    async def post(self, cohort: str, username: str) -> None:
        """Field: ``path``, a notebook of theirs as the release names it. Leads to the copy in JupyterLab."""
        person, me = self.find(cohort, username), self.current_user
        path = self.get_body_argument("path", "")
        release, workspace = self.of(person)
        if path not in {one.listed.path for one in entries(release, workspace)}:
            raise HTTPError(400, "no such notebook")
        if me.name not in self.running:
            await self.show(person, MINE_OFF, path)
        elif person.username not in self.running:
            await self.show(person, THEIRS_OFF, path)
        else:
            copied = await copy(self.delivery.servers, person, path, me.name)
            if isinstance(copied, Message):
                await self.show(person, copied, path)
            else:
                lab = url_path_join(self.base_url, "user", me.escaped_name, "lab/tree")
                self.redirect(url_path_join(lab, quote(copied)), status=303)

    def find(self, cohort: str, username: str) -> Person:
        """The person who is meant. Raises HTTPError 403 or 404."""
        people = self.cohort(self.staff(), cohort).people
        found = next((person for person in people if person.username == username), None)
        if found is None:
            raise HTTPError(404)
        return found

    def of(self, person: Person) -> tuple[Release | None, Workspace | None]:
        """What is out for a person, and what their server told last."""
        return (
            self.delivery.release(self.people.cohorts.cohort_of(person)),
            self.delivery.journal.workspace(person.username),
        )

    async def show(self, of: Person, mistake: Message | None = None, path: str = "") -> None:
        """The page; ``mistake`` is about the notebook at ``path``."""
        if mistake:
            self.set_status(409)
        release, workspace = self.of(of)
        runs = of.username in self.running
        trouble = self.delivery.journal.troubles().get(of.username)
        has = how(workspace, release, trouble, runs)
        page = await self.render_template(
            "board_person.html",
            whom=of,
            where=self.people.cohorts.cohort_of(of),
            has=has,
            cause=CAUSES[trouble.cause] if trouble and has is Has.TROUBLE else None,
            states={name.value: text for name, text in SAID.items()},
            runs=runs,
            mine_runs=self.current_user.name in self.running,
            workspace=workspace,
            entries=entries(release, workspace),
            mistake=mistake,
            path=path,
        )
        self.finish(page)
