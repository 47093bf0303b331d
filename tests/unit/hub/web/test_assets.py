"""Files of the pages: kept for a year as long as they are what was asked for."""

import asyncio
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from hub.web.assets import STATIC, AssetHandler, address, version


def headers_of(path: str) -> Any:
    """What a hub says about a file."""

    async def ask() -> Any:
        [listener] = bind_sockets(0, "127.0.0.1")
        server = HTTPServer(Application([("/hub/pages/(.*)", AssetHandler, {"path": str(STATIC)})]))
        server.add_sockets([listener])
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{path}"
        try:
            with await asyncio.to_thread(urlopen, Request(url), None, 10) as answer:
                return answer.headers
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(ask())


def test_a_file_that_is_asked_for_by_its_content_is_kept_for_a_year() -> None:
    headers = headers_of(address("/hub/", "pages.css"))
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "text/css"


@pytest.mark.parametrize("path", ["/hub/pages/pages.css", "/hub/pages/pages.css?v=000000000000"])
def test_any_other_is_asked_for_again(path: str) -> None:
    headers = headers_of(path)
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Etag"]


def test_the_address_changes_with_the_content() -> None:
    names = [file.name for file in STATIC.iterdir()]
    assert len({version(name) for name in names}) == len(names)
    assert address("/hub/", "pages.css") == f"/hub/pages/pages.css?v={version('pages.css')}"
