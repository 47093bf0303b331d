"""The addresses below ``/user/NAME/course/``: for the person themselves, and for the hub."""

import asyncio
import errno
import json
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError

from course_server import files
from course_server.access import is_hub
from course_server.course import Busy, Course
from course_server.download import send
from course_server.events import Bus
from course_server.telling import Telling
from course_server.texts import REFUSALS

WORD = 64 * 1024
"""Bytes of a request that is not a notebook."""

LONGEST = 1000
"""Characters of an announcement; the board takes 500."""

BY_STATUS = {400: "malformed", 403: "forbidden"}

T = TypeVar("T")


@dataclass(frozen=True)
class Served:
    """What the addresses are about."""

    home: Path
    course_folder: Path
    language: str
    owner: str | None
    """User name; None when no hub has started this server."""
    key: str
    """Of this server, by which the hub proves itself."""
    course: Course
    bus: Bus
    telling: Telling


class Refused(HTTPError):
    """Something is not done; ``texts.REFUSALS`` says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(status)
        self.why = why


def reason(error: Exception, missing: str | None) -> tuple[int, str]:
    """HTTP status and name in ``texts.REFUSALS`` for what has gone wrong."""
    match error:
        case LookupError() if missing:
            return 404, missing
        case files.BadName():
            return 400, "malformed"
        case files.TooLarge():
            return 409, "too large"
        case files.NoNotebook():
            return 409, "unreadable"
        case FileExistsError() | NotADirectoryError():
            return 409, "in the way"
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return 507, "no room"
        case Busy():
            return 409, "busy"
    return 500, "failed"


class CourseHandler(APIHandler):
    """One address. Who may use it is settled before anything of the request is looked at."""

    for_hub: ClassVar[bool] = False
    """Whether the hub may, with this server's key."""
    for_owner: ClassVar[bool] = True
    """Whether the person may, in their browser or with a token that opens their server."""
    largest: ClassVar[int] = WORD

    def initialize(self, served: Served) -> None:
        """Called by tornado for each request."""
        self.served = served
        self.by_hub = False

    async def prepare(self) -> None:  # type: ignore[override]
        """Raises Refused unless whoever asks may."""
        if self.for_hub and is_hub(self.request.headers, self.served.key):
            self.by_hub = True
        elif self.for_owner:
            await super().prepare()  # JupyterHub's: who it is, and that it is no other page's doing
            user = self.current_user
            if user is None or self.served.owner not in (None, user.username):
                raise Refused(403, "forbidden")
        else:
            self.current_user = None
            raise Refused(403, "forbidden")
        if len(self.request.body) > self.largest:
            raise Refused(400, "too large")

    def told(self, name: str, kind: type[T]) -> T:
        """One value of the request's body; raises Refused when it is not there, or not of its kind."""
        value = self._body.get(name)
        if type(value) is not kind:
            raise Refused(400, "malformed")
        return value

    @cached_property
    def _body(self) -> dict[str, Any]:
        try:
            found = json.loads(self.request.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    async def done(self, work: Awaitable[T], missing: str | None = None) -> T:
        """What comes of the work; raises Refused when nothing does.

        ``missing`` is what there is none of when the work ends with a LookupError.
        """
        try:
            return await work
        except Exception as error:
            status, why = reason(error, missing)
            if status == 500:
                from course_server import sync

                sync.tell(error)  # a traceback may name a person's files
            raise Refused(status, why) from None

    def changed(self) -> None:
        """The workspace is not as it was; the hub knows already if it was its doing."""
        if not self.by_hub:
            self.served.telling.soon()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """``{"message"}`` in the person's language."""
        error = kwargs.get("exc_info", (None, None))[1]
        why = error.why if isinstance(error, Refused) else BY_STATUS.get(status_code, "failed")
        self.finish({"message": REFUSALS[why][self.served.language]})


class Sync(CourseHandler):
    """``POST sync``: what was released comes in."""

    for_hub = True

    async def post(self) -> None:
        """Answers with the workspace."""
        found = await self.done(self.served.course.sync())
        self.changed()
        self.finish(found)


class State(CourseHandler):
    """``GET state``: how the workspace stands."""

    for_hub = True

    async def get(self) -> None:
        """Answers with the workspace."""
        self.finish(await self.done(self.served.course.state()))


class Announce(CourseHandler):
    """``POST announce``: a sentence from the team, for whoever has JupyterLab open."""

    for_hub = True
    for_owner = False

    def post(self) -> None:
        """Told ``{"id", "at", "text"}``, the text in the person's language."""
        text = self.told("text", str)
        if len(text) > LONGEST:
            raise Refused(400, "malformed")
        self.served.bus.announce(self.told("id", int), self.told("at", str), text)
        self.finish({})


class Original(CourseHandler):
    """``POST original``: the release's version of a notebook, beside theirs."""

    for_hub = True

    async def post(self) -> None:
        """Told ``{"path"}``; answers with the path of what was put there."""
        work = self.served.course.original(self.told("path", str))
        path = await self.done(work, missing="no notebook")
        self.changed()
        self.finish({"path": path})


class Return(CourseHandler):
    """``POST return``: the course as it was at a save point."""

    for_hub = True

    async def post(self) -> None:
        """Told ``{"save_point"}``; answers with the workspace."""
        work = self.served.course.go_back(self.told("save_point", str))
        found = await self.done(work, missing="no save point")
        self.changed()
        self.finish(found)


class Read(CourseHandler):
    """``POST read``: one notebook as it is on the disk, for an instructor who helps."""

    for_hub = True
    for_owner = False

    async def post(self) -> None:
        """Told ``{"path"}``; answers with its content."""
        work = asyncio.to_thread(files.read, self.served.course_folder, self.told("path", str))
        self.finish({"content": await self.done(work, missing="no notebook")})


class Copy(CourseHandler):
    """``POST copy``: a copy of somebody's notebook, in an instructor's own workspace."""

    for_hub = True
    for_owner = False
    largest = files.LARGEST + WORD

    async def post(self) -> None:
        """Told ``{"name", "content"}``; answers with its path."""
        name = self.told("name", str)
        content = self.told("content", dict)
        await self.done(asyncio.to_thread(files.copy, self.served.home, name, content))
        self.finish({"path": name})


class WorkZip(CourseHandler):
    """``GET work.zip``: everything that is theirs, to take home."""

    async def get(self) -> None:
        """Sent while it is made: a workspace that is full has no room for it."""
        from course_server import home_zip

        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", 'attachment; filename="work.zip"')
        home, language = self.served.home, self.served.language
        await self.done(send(self, lambda out: home_zip.write(home, language, out)))
        self.finish(set_content_type="application/zip")


class News(CourseHandler):
    """``GET news``: what came while no JupyterLab was listening."""

    def get(self) -> None:
        """Answers with events, which are given out once."""
        self.finish({"events": self.served.bus.news()})


class Saved(CourseHandler):
    """``POST saved``: JupyterLab has saved what was open."""

    def post(self) -> None:
        """Told ``{"id"}`` of the event that asked for it."""
        self.served.bus.saved(self.told("id", str))
        self.finish({})


ADDRESSES: dict[str, type[CourseHandler]] = {
    "sync": Sync,
    "state": State,
    "announce": Announce,
    "original": Original,
    "return": Return,
    "read": Read,
    "copy": Copy,
    "work.zip": WorkZip,
    "news": News,
    "saved": Saved,
}
"""By their name below ``course/``."""
