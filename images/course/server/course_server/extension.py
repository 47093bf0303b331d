"""The server's extension: nobody is let in before the course is there, and everybody lands on it."""

import os
from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_escape, url_path_join

from course_server import background
from course_server.landing import landing_page
from course_server.places import COURSE, HOME

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


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


def _load_jupyter_server_extension(server: "ServerApp") -> None:
    """Called by Jupyter Server before it listens, so that the first request finds the course."""
    outcome = background.finish()
    server.log.info("course_server: the course is %s", outcome or "as it was")
    server.web_app.add_handlers(".*", [(f"{server.base_url}?", Landing)])  # type: ignore[no-untyped-call]
