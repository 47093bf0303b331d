"""A stand-in for the hub's side of a server, loaded by Jupyter in place of ``course_server``.

It says on Jupyter's event bus what a test tells it to, and remembers what the extension answered.
"""

import json
from typing import TYPE_CHECKING

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

SCHEMA_ID = "https://airina.africa/events/course"
SCHEMA = {
    "$id": SCHEMA_ID,
    "version": "1",
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"enum": ["save", "arrived", "announcement"]}},
    "additionalProperties": True,
}
NEWS: list[dict[str, object]] = []
SAVED: list[str] = []


class Emit(APIHandler):
    """The test speaks: to whoever listens now."""

    @web.authenticated
    def post(self) -> None:
        """Put the body on the event bus."""
        self.event_logger.emit(schema_id=SCHEMA_ID, data=self.get_json_body())
        self.finish({})


class News(APIHandler):
    """What waits for an extension; a test sets it, and it is given out once."""

    @web.authenticated
    def get(self) -> None:
        """As the course's server does."""
        self.finish({"events": list(NEWS)})
        NEWS.clear()

    @web.authenticated
    def put(self) -> None:
        """From the test."""
        NEWS[:] = self.get_json_body()
        self.finish({})


class Saved(APIHandler):
    """What the extension said it has saved."""

    @web.authenticated
    def post(self) -> None:
        """From the extension, which has no token: with Jupyter's cookie and its XSRF check."""
        assert self.request.headers.get("X-XSRFToken")
        SAVED.append(self.get_json_body()["id"])
        self.finish({})

    @web.authenticated
    def get(self) -> None:
        """To the test."""
        self.finish(json.dumps(SAVED))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course_in_rehearsal"}]


def _load_jupyter_server_extension(server: "ServerApp") -> None:
    server.event_logger.register_event_schema(SCHEMA)
    server.web_app.add_handlers(
        ".*",
        [
            (url_path_join(server.base_url, "course", name), handler)
            for name, handler in (("emit", Emit), ("news", News), ("saved", Saved))
        ],
    )
