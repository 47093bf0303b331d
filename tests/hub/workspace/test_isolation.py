"""What a person's server cannot reach, each attempted from inside a real one."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.hub.workspace.rig import Rig, run

pytestmark = pytest.mark.docker

ATTEMPT = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor
def reached(target):
    host, port = target.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=3).close()
        return True
    except OSError:
        return False
targets = {targets}
with ThreadPoolExecutor(len(targets)) as pool:
    print(json.dumps(dict(zip(targets, pool.map(reached, targets)))))
"""


def reached(rig: Rig, username: str, *targets: str) -> dict[str, bool]:
    """To which addresses a person's code can connect."""
    said = run(rig.container(username), ATTEMPT.format(targets=list(targets)))
    found: dict[str, bool] = json.loads(said)
    return found


@pytest.fixture(scope="module")
def neighbours(rig: Rig) -> tuple[str, str]:
    """Two people whose servers run beside one another."""
    names = rig.somebody(), rig.somebody()
    for username in names:
        rig.open(username)
    return names


@pytest.fixture
def proxy_api(rig: Rig) -> Iterator[int]:
    """A listener where the proxy has its API: on the host's loopback address."""
    port = rig.ports["proxy_api"]
    with socket.create_server(("127.0.0.1", port)):
        yield port


def test_the_hubs_api_is_within_reach(rig: Rig, neighbours: tuple[str, str]) -> None:
    code = f"import urllib.request as u; print(u.urlopen({rig.api!r}, timeout=5).status)"
    assert run(rig.container(neighbours[0]), code) == "200"


def test_another_persons_server_is_out_of_reach(rig: Rig, neighbours: tuple[str, str]) -> None:
    me, other = neighbours
    mine, theirs = rig.address(me), rig.address(other)
    assert requests.get(f"http://{theirs}/user/{other}/api", timeout=5).ok  # from the host
    assert reached(rig, me, mine, theirs) == {mine: True, theirs: False}


def test_the_proxys_api_is_out_of_reach(
    rig: Rig, neighbours: tuple[str, str], proxy_api: int
) -> None:
    socket.create_connection(("127.0.0.1", proxy_api), timeout=5).close()  # from the host
    targets = [f"127.0.0.1:{proxy_api}", f"{rig.subnet}.1:{proxy_api}"]
    assert not any(reached(rig, neighbours[0], *targets).values())


def test_docker_is_out_of_reach(rig: Rig, neighbours: tuple[str, str]) -> None:
    assert Path("/var/run/docker.sock").is_socket()
    code = "import pathlib; print([str(p) for p in pathlib.Path('/').glob('**/docker.sock')])"
    assert run(rig.container(neighbours[0]), code) == "[]"
    targets = [f"{rig.subnet}.1:{port}" for port in (2375, 2376)]
    assert not any(reached(rig, neighbours[0], *targets).values())


def test_the_clouds_metadata_and_the_internet_are_out_of_reach(
    rig: Rig, neighbours: tuple[str, str]
) -> None:
    targets = ["169.254.169.254:80", "1.1.1.1:443", "example.org:443"]
    assert not any(reached(rig, neighbours[0], *targets).values())
