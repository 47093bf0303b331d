"""The server's extension: nobody is let in before the course is there, and everybody lands on it."""

import asyncio
import logging
import os
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_escape, url_path_join

from course_server import background
from course_server.access import KEY_VARIABLE
from course_server.course import Course
from course_server.events import Bus
from course_server.handlers import ADDRESSES, Served
from course_server.landing import landing_page, language
from course_server.places import COURSE, HOME, RELEASE
from course_server.telling import Telling

if TYPE_CHECKING:
    from jupyter_events.logger import EventLogger
    from jupyter_server.serverapp import ServerApp

log = logging.getLogger("course_server")


class Landing(JupyterHandler):
    """The server's root: asked for on every click on *Open*.

    The page is looked up at each request, so that a day that opens while a server runs is found.
    It is open to requests without a login because the page it leads to asks for one: one round trip
    less on a slow link.
    """

    @allow_unauthenticated
    def get(self) -> None:
        """Redirect to where the person should be now; a query stays."""
        page = url_escape(landing_page(HOME, COURSE, os.environ.get("LANG")))
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(url_path_join(self.base_url, page) + query)


def serve(server: "ServerApp") -> Served:
    """What the addresses below ``course/`` need; all of it is made here, once for a server."""
    environ = os.environ
    speaks = language(environ.get("LANG"))
    bus = Bus(cast("EventLogger", server.event_logger))
    course = Course(RELEASE, COURSE, speaks, bus)
    token = environ.get("JUPYTERHUB_API_TOKEN", "")
    return Served(
        home=HOME,
        course_folder=COURSE,
        language=speaks,
        owner=environ.get("JUPYTERHUB_USER"),
        key=environ.get(KEY_VARIABLE, ""),
        course=course,
        bus=bus,
        telling=Telling(environ.get("COURSE_SERVICE_URL"), token, course.state),
    )


def follow(contents: Any, served: Served) -> None:
    """Hear of it when a notebook of the course is opened or saved (``contents.Followed``)."""
    folder = COURSE.relative_to(HOME)

    async def note(path: str) -> None:
        try:
            await served.course.opened(path)
        except Exception as error:  # it was opened all the same
            log.debug("what was opened is not noted: %s", type(error).__name__)
        served.telling.soon()

    def opened(path: str) -> None:
        name = PurePosixPath(path)
        if name.is_relative_to(folder):
            task = asyncio.get_running_loop().create_task(note(str(name.relative_to(folder))))
            noting.add(task)
            task.add_done_callback(noting.discard)

    def saved(path: str) -> None:
        if PurePosixPath(path).is_relative_to(folder):
            served.telling.soon()

    noting: set[asyncio.Task[None]] = set()
    contents.on_opened = opened
    contents.on_saved = saved


def _load_jupyter_server_extension(server: "ServerApp") -> None:
    """Called by Jupyter Server before it listens, so that the first request finds the course."""
    synced = background.finish()
    server.log.info("course_server: the course is %s", synced.outcome if synced else "as it was")
    served = serve(server)
    follow(server.contents_manager, served)
    base = url_path_join(server.base_url, "course")
    addresses = [
        (url_path_join(base, re.escape(name)), handler, {"served": served})
        for name, handler in ADDRESSES.items()
    ]
    landing = (f"{server.base_url}?", Landing)
    server.web_app.add_handlers(".*", [landing, *addresses])  # type: ignore[no-untyped-call]
    server.io_loop.add_callback(begin, served, synced)


async def begin(served: Served, synced: background.Synced | None) -> None:
    """Once the server listens: what came at its start waits for JupyterLab, and the service is told."""
    if synced:
        await served.course.began(synced)
    served.telling.soon()
