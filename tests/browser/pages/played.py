"""People's servers as the hub reaches them through the proxy: they answer what a test has put there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import yaml


@dataclass
class Played:
    """All servers of a site; ``asked`` are the last parts of the addresses, and what was told."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)


@contextmanager
def played(folder: Path) -> Iterator[Played]:
    """In the place of the proxy of the rehearsal whose files are in ``folder``."""
    servers = Played()

    class Answer(BaseHTTPRequestHandler):
        """``POST /user/NAME/course/WHAT``; without an answer to give, 503."""

        def do_POST(self) -> None:
            """Remember, and answer."""
            what = self.path.partition("/course/")[2]
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            servers.asked.append((what, told))
            answer = json.dumps(servers.answers.get(what)).encode()
            self.send_response(200 if what in servers.answers else 503)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name)
            """Nothing."""

    port = yaml.safe_load((folder / "settings.yml").read_text("utf-8"))["ports"]["proxy"]
    with ThreadingHTTPServer(("127.0.0.1", port), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield servers
        finally:
            server.shutdown()
            thread.join()
