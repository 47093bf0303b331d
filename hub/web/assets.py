"""Styles and scripts of the pages: named with a hash of their content, and then kept for a year."""

import hashlib
from functools import cache
from pathlib import Path

from tornado.web import StaticFileHandler

STATIC = Path(__file__).parent / "static"


@cache
def version(name: str) -> str:
    """Changes when the content of the file does. Raises OSError for a file that is not there."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def address(base_url: str, name: str) -> str:
    """Where a page finds a file of ours; ``base_url`` is the hub's, with its slash."""
    return f"{base_url}pages/{name}?v={version(name)}"


class AssetHandler(StaticFileHandler):
    """``/hub/pages/NAME?v=HASH``."""

    def get_cache_time(self, *_: object) -> int:
        """Left to ``set_extra_headers``: Tornado would keep any file that is asked for with a ``v``."""
        return 0

    def set_extra_headers(self, path: str) -> None:
        """Whoever asks for the present content may keep it; a page of yesterday's hub may not."""
        asked = self.get_query_argument("v", "")
        fresh = asked == version(path)
        self.set_header(
            "Cache-Control", "public, max-age=31536000, immutable" if fresh else "no-cache"
        )
        self.set_header("X-Content-Type-Options", "nosniff")
