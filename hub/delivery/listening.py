"""The service's web server. People's servers reach it, with a token or without: what one of them can hold of
it is bounded.
"""

from collections.abc import Collection
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

LARGEST = 2**20
"""Bytes of a request that is no push, more of which is never read. A workspace of 500 notebooks needs
100 kB, a forge's word of a push not more."""

LARGEST_HEADERS = 16 * 1024
"""Bytes; git's own are below 1 kB."""

HEADERS_SECONDS = 60.0
"""For a connection to say what it wants; the next request of a person comes on another one."""

BODY_SECONDS = 60.0
"""For a request that is no push to be there, over a slow link too."""

MOST_CONNECTIONS = 32
"""Of one server at a time; to tell how its workspace stands, or to push from there, takes one."""


class Server(HTTPServer):
    """Hangs up on whoever has too many connections already, but for those that stand for many people."""

    def initialize(self, *given: Any, exempt: Collection[str] = (), **more: Any) -> None:
        """``exempt``: addresses of the proxy."""
        super().initialize(*given, **more)
        self._exempt = exempt

    def handle_stream(self, stream: IOStream, address: tuple[str, int]) -> None:
        """See ``TCPServer``."""
        held = sum(one.context.address[0] == address[0] for one in self._connections)  # type: ignore[attr-defined]
        if held < MOST_CONNECTIONS or address[0] in self._exempt:
            super().handle_stream(stream, address)
        else:
            stream.close()


def server_of(routes: list[Any], exempt: Collection[str] = ()) -> Server:
    """A server of these routes, which does not listen yet; ``exempt`` are the addresses of the proxy."""
    application = Application(
        routes,
        default_handler_class=NothingHandler,
        log_function=lambda _: None,  # a line a request would say who, and when
    )
    return Server(
        application,
        exempt=exempt,
        max_body_size=LARGEST,
        max_header_size=LARGEST_HEADERS,
        idle_connection_timeout=HEADERS_SECONDS,
        body_timeout=BODY_SECONDS,
    )


@stream_request_body
class NothingHandler(RequestHandler):
    """Any other address: tornado's own answer would wait for the whole body first, and keep it."""

    def prepare(self) -> None:
        """404."""
        raise HTTPError(404)

    def data_received(self, chunk: bytes) -> None:
        """Nothing comes: it was answered before."""
