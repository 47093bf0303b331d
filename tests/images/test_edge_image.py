"""The edge, in front of a stand-in for the proxy."""

import gzip
import http.client
import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.images.conftest import Start, output

pytestmark = pytest.mark.docker

TOKEN = "0123456789abcdef"


class Behind(BaseHTTPRequestHandler):
    """Answers as a hub or a server may."""

    protocol_version = "HTTP/1.1"
    more = threading.Event()

    def do_GET(self) -> None:
        if self.headers.get("Upgrade") == "websocket":
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.end_headers()
            self.wfile.write(b"hello from behind")
            self.wfile.write(self.rfile.read(4).upper())
        elif self.path.endswith("/progress"):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"data: one\n\n")
            self.wfile.flush()
            assert self.more.wait(30)
            self.wfile.write(b"data: two\n\n")
        else:
            asker = self.headers.get("X-Real-Ip"), self.headers.get("X-Forwarded-For")
            body = json.dumps({"path": self.path, "asker": asker}).encode() + b" " * 2000
            self.send_response(200)
            self.send_header("Service-Worker-Allowed", "/")
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The one header of this name."""
        values = [value for one, value in self.headers if one.lower() == name.lower()]
        assert len(values) <= 1, f"{name} is said twice: {values}"
        return values[0] if values else None


@dataclass(frozen=True)
class Edge:
    """A running edge."""

    port: int
    container: str

    @contextmanager
    def asked(self, path: str, **headers: str) -> Iterator[http.client.HTTPResponse]:
        """Its answer, as it arrives; header names with ``_`` for ``-``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                "GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()}
            )
            with connection.getresponse() as answer:
                yield answer
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """Its whole answer."""
        with self.asked(path, **headers) as answer:
            return Answer(answer.status, answer.getheaders(), answer.read())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def behind() -> Iterator[int]:
    """The port of what is behind the edge."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def run_edge(images: dict[str, str], start: Start, upstream: int, *command: str) -> Edge:
    port = free_port()
    options = ["--network=host", "--read-only", "--cap-drop=ALL", "--cap-add=NET_BIND_SERVICE"]
    options += ["--tmpfs=/srv/edge/state:uid=992"]
    options += [f"--env=EDGE_ADDRESS=:{port}", f"--env=PROXY_UPSTREAM=127.0.0.1:{upstream}"]
    edge = Edge(port, start(images["edge"], *command, options=tuple(options)))
    deadline = time.monotonic() + 30
    while True:
        try:
            edge.get("/hub/metrics")
        except ConnectionError:
            assert time.monotonic() < deadline, "the edge does not listen"
            time.sleep(0.1)
        else:
            return edge


@pytest.fixture
def edge(images: dict[str, str], start: Start, behind: int) -> Edge:
    return run_edge(images, start, behind)


@pytest.fixture
def core(images: dict[str, str]) -> str:
    """The address of JupyterLab's largest file."""
    [path] = output(images["edge"], "sh", "-c", "ls /srv/static/lab/*/jlab_core.*.js").split()
    return path.replace("/srv/static/lab/", "/static-lab/")


def test_the_version_in_the_address_is_the_one_that_a_site_is_configured_with(
    images: dict[str, str], core: str
) -> None:
    assert core.startswith(f"/static-lab/{images['static_version']}/")
    assert re.fullmatch("[0-9a-f]{12}", images["static_version"])


def test_lab_s_files_come_compressed_once_and_are_kept_for_ever(edge: Edge, core: str) -> None:
    plain = edge.get(core).body
    gzipped = edge.get(core, Accept_Encoding="gzip")
    assert gzip.decompress(gzipped.body) == plain
    best = edge.get(core, Accept_Encoding="gzip, deflate, br")
    assert best.header("Content-Encoding") == "br"
    assert best.header("Content-Type") == "text/javascript; charset=utf-8"
    assert best.header("Cache-Control") == "public, max-age=31536000, immutable"
    assert best.header("Vary") == "Accept-Encoding"
    assert len(best.body) < 0.25 * len(plain)


EARLIER = """
for number in 1 2 3 4 5; do
    mkdir -p lab/version$number
    echo $number > lab/version$number/old.js
    touch --date=@$number lab/version$number
done
exec sh /srv/serve.sh
"""


def test_servers_of_before_an_upgrade_find_their_own_version(
    images: dict[str, str], start: Start, behind: int, core: str
) -> None:
    edge = run_edge(images, start, behind, "sh", "-c", EARLIER)
    assert edge.get(core).status == 200
    assert edge.get("/static-lab/version5/old.js").body == b"5\n"
    assert edge.get("/static-lab/version3/old.js").status == 200
    assert edge.get("/static-lab/version2/old.js").status == 404, "only the last few are kept"


def test_who_asks_is_what_the_edge_says_and_nobody_else(edge: Edge) -> None:
    """Failed logins are counted by it."""
    answer = edge.get("/hub/login", X_Real_Ip="203.0.113.5", X_Forwarded_For="203.0.113.6")
    assert json.loads(answer.body)["asker"] == [None, "127.0.0.1"]


def test_no_server_puts_a_script_between_everybody_and_the_hub(edge: Edge) -> None:
    assert edge.get("/user/cot-01/sw.js").header("Service-Worker-Allowed") is None
    assert edge.get("/hub/home").header("Service-Worker-Allowed") == "/"


def test_fonts_may_be_used_by_pages_of_another_origin(edge: Edge, images: dict[str, str]) -> None:
    listing = output(images["edge"], "sh", "-c", "ls /srv/static/lab/*/*.woff2")
    font = listing.split()[0].replace("/srv/static/lab/", "/static-lab/")
    answer = edge.get(font)
    assert answer.header("Access-Control-Allow-Origin") == "*"
    assert answer.header("Content-Type") == "font/woff2"


def test_a_file_that_is_missing_is_not_remembered_as_missing(edge: Edge, core: str) -> None:
    answer = edge.get(f"{core}.nowhere")
    assert (answer.status, answer.header("Cache-Control")) == (404, None)


@pytest.mark.parametrize("person", ["cot-01", "onl%2D02"])
def test_extensions_of_every_person_come_from_one_place(
    edge: Edge, images: dict[str, str], person: str
) -> None:
    search = "cd /srv/static/labextensions && find . -name 'remoteEntry*.js'"
    file = output(images["edge"], "sh", "-c", search).split()[0].removeprefix("./")
    answer = edge.get(f"/user/{person}/lab/extensions/{file}", Accept_Encoding="br")
    assert (answer.status, answer.header("Content-Encoding")) == (200, "br")
    assert "immutable" in (answer.header("Cache-Control") or "")


def test_a_server_from_before_an_upgrade_sends_the_extensions_that_it_has(edge: Edge) -> None:
    older = (
        "/user/onl%2D02/lab/extensions/airina-course/static/remoteEntry.0123456789abcdef0123.js?x=1"
    )
    answer = edge.get(older)
    assert json.loads(answer.body)["path"] == older
    assert answer.header("Cache-Control") is None


@pytest.mark.parametrize(
    "path",
    [
        "/user/cot-01/git-pull?repo=x",
        "/user/cot-01/git-pull/api",
        "/user/cot-01/%67it-pull",
        "/hub/metrics",
        "/hub/%6Detrics",
    ],
)
def test_what_is_not_for_people_is_closed(edge: Edge, path: str) -> None:
    assert edge.get(path).status == 404


def test_the_rest_goes_to_the_proxy_and_comes_back_compressed(edge: Edge) -> None:
    answer = edge.get("/user/cot-01/api/contents?x=1", Accept_Encoding="gzip")
    assert answer.header("Content-Encoding") == "gzip"
    assert b"/user/cot-01/api/contents?x=1" in gzip.decompress(answer.body)


def test_a_header_of_the_hub_is_not_said_twice(edge: Edge) -> None:
    answer = edge.get("/hub/home")
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Referrer-Policy") == "same-origin"
    assert "Caddy" not in (answer.header("Server") or "")


def test_the_progress_of_a_start_arrives_line_by_line(edge: Edge) -> None:
    Behind.more.clear()
    address = "/hub/api/users/cot-01/server/progress"
    with edge.asked(address, Accept_Encoding="gzip, br, zstd") as answer:
        assert answer.getheader("Content-Encoding") is None
        assert answer.readline() == b"data: one\n"
        Behind.more.set()
        assert b"data: two" in answer.read()


def test_a_websocket_passes_both_ways(edge: Edge) -> None:
    with socket.create_connection(("127.0.0.1", edge.port), timeout=30) as wire:
        wire.sendall(
            b"GET /user/cot-01/api/kernels/x/channels HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nAccept-Encoding: gzip\r\n\r\n"
        )
        said = b""
        while b"hello from behind" not in said:
            said += (part := wire.recv(4096))
            assert part, said
        wire.sendall(b"ping")
        while b"PING" not in said:
            said += (part := wire.recv(4096))
            assert part, said
    assert said.startswith(b"HTTP/1.1 101 ")


def test_a_proxy_that_is_away_gives_a_page_in_both_languages_and_no_token_in_the_log(
    images: dict[str, str], start: Start
) -> None:
    edge = run_edge(images, start, upstream=free_port())
    answer = edge.get(f"/hub/invitation?token={TOKEN}", X_Token=TOKEN)
    page = answer.body.decode()
    assert answer.status == 502
    assert answer.header("Cache-Control") == "no-store"
    assert "Votre travail est en sécurité" in page
    assert "Your work is safe" in page
    log = logs(edge.container)
    assert "serving initial configuration" in log
    assert TOKEN not in log
    assert "invitation" not in log


def test_people_s_requests_are_not_logged(edge: Edge) -> None:
    edge.get(f"/hub/invitation?token={TOKEN}")
    edge.get(f"/user/cot-01/lab?token={TOKEN}")
    assert TOKEN not in logs(edge.container)
    assert "cot-01" not in logs(edge.container)


def logs(container: str) -> str:
    """What a container has said."""
    done = subprocess.run(["docker", "logs", container], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr
