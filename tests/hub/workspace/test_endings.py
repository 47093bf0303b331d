"""How servers end, and what is known about it afterwards."""

import asyncio
import json
import uuid
from pathlib import Path

import pytest
import requests
from docker.models.containers import Container
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.hub.workspace.rig import PATIENCE, Rig, run

pytestmark = pytest.mark.docker

MAKE_THE_SERVER_THE_FIRST_TO_GO = """
import os, pathlib
for process in pathlib.Path("/proc").glob("[0-9]*"):
    mine = process.name == str(os.getpid())
    if not mine and b"course_server.start" in (process / "cmdline").read_bytes():
        (process / "oom_score_adj").write_text("1000")
held = [b"x" * 64 * 2**20 for _ in range(64)]
"""


def exhaust_memory(container: Container) -> None:
    """Ask for more than there is, so that the kernel takes the server."""
    container.exec_run(["/opt/course/bin/python", "-c", MAKE_THE_SERVER_THE_FIRST_TO_GO])


def test_a_server_that_ran_out_of_memory_is_explained_even_after_a_restart_of_the_hub(
    rig: Rig,
) -> None:
    me = rig.somebody()
    exhaust_memory(rig.open(me))
    rig.wait_for(lambda: not rig.is_active(me), "the hub's notice")
    failure = rig.last_failure(me)
    assert failure["reason"] == "out_of_memory"
    assert failure["values"] == {"memory": 2.0}
    rig.stop_hub()
    rig.start_hub()
    assert rig.last_failure(me) == failure
    rig.open(me)
    assert rig.last_failure(me) == {}


def test_a_server_that_ran_out_of_memory_while_the_hub_was_down_is_explained_too(
    rig: Rig,
) -> None:
    me = rig.somebody()
    container = rig.open(me)
    rig.stop_hub()
    exhaust_memory(container)
    container.wait(timeout=PATIENCE)
    rig.start_hub()
    rig.wait_for(lambda: not rig.is_active(me), "the hub's notice")
    assert rig.last_failure(me)["reason"] == "out_of_memory"


def test_a_notebook_that_ran_out_of_memory_is_told_about_when_the_server_stops(rig: Rig) -> None:
    me = rig.somebody()
    rig.open(me)
    kernels = f"{rig.address(me)}/user/{me}/api/kernels"
    headers = {"Authorization": f"token {rig.token}"}
    kernel = requests.post(f"http://{kernels}", headers=headers, timeout=30).json()["id"]
    asyncio.run(run_out_of_memory(f"ws://{kernels}/{kernel}/channels", headers))
    assert rig.is_active(me)
    rig.stop(me)
    assert rig.last_failure(me)["reason"] == "notebook_out_of_memory"


async def run_out_of_memory(kernel: str, headers: dict[str, str]) -> None:
    """In a kernel of theirs, as a notebook does; returns when the server has noticed its death."""
    channel = await websocket_connect(HTTPRequest(kernel, headers=headers))
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
    content = {"code": "held = b'x' * 4 * 2**30", "silent": False}
    message = {
        "channel": "shell",
        "header": header | {"session": "test", "username": "", "date": "2027-03-01T09:00:00Z"},
        "parent_header": {},
        "metadata": {},
        "content": content,
    }
    await channel.write_message(json.dumps(message))
    states: set[str] = set()
    while not states & {"restarting", "autorestarting"}:
        said = json.loads(str(await asyncio.wait_for(channel.read_message(), 60)))
        states.add(said["content"].get("execution_state", ""))
    channel.close()


def test_a_server_that_was_stopped_is_no_failure_and_the_work_stays(rig: Rig) -> None:
    me = rig.somebody()
    first = rig.open(me)
    run(first, "open('mine.txt', 'w').write('à moi')")
    rig.stop(me)
    assert rig.last_failure(me) == {}
    second = rig.open(me)
    assert second.id != first.id
    assert run(second, "print(open('mine.txt').read())") == "à moi"


def test_a_restart_of_the_hub_leaves_servers_alone(rig: Rig) -> None:
    me = rig.somebody()
    before = rig.open(me)
    rig.stop_hub()
    rig.start_hub()
    assert rig.is_active(me)
    assert rig.container(me).id == before.id
    assert rig.container(me).status == "running"


def test_a_missing_image_is_named(tmp_path: Path) -> None:
    rig = Rig(tmp_path, course_image=f"sha256:{'0' * 64}")
    try:
        rig.make_network()
        rig.start_hub()
        assert rig.fail_to_open("fr-00")["reason"] == "image_missing"
    finally:
        rig.clear()


def test_an_engine_that_is_away_is_named(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    try:
        rig.make_network()
        rig.start_hub(DOCKER_HOST=f"unix://{tmp_path}/nobody.sock")
        assert rig.fail_to_open("fr-00")["reason"] == "engine_unreachable"
    finally:
        rig.clear()


def test_a_network_that_is_missing_is_a_refusal_of_docker(tmp_path: Path) -> None:
    rig = Rig(tmp_path, network={"subnet": "127.0.0.0/24"})
    rig.api = rig.api.replace(f"{rig.subnet}.1", "127.0.0.1")
    try:
        rig.start_hub()
        assert rig.fail_to_open("fr-00")["reason"] == "engine_refused"
        assert rig.docker.containers.list(all=True, filters={"name": rig.names.project}) == []
    finally:
        rig.clear()
