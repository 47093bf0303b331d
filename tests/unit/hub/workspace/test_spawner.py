"""The spawner's own decisions, with an engine in memory; tests/hub/workspace has the real one."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import docker.errors
import pytest
from jupyterhub.objects import Server

from hub.i18n import Language
from hub.people import People
from hub.settings import Settings, Start
from hub.workspace.failures import Failure, Reason, SpawnFailed
from hub.workspace.spawner import CourseSpawner
from tests.unit.hub.workspace.conftest import IMAGE, FakeEngine, MakeSpawner

NAME = "airina-server-cot-01"


@asynccontextmanager
async def answering(spawner: CourseSpawner) -> AsyncIterator[None]:
    """Somebody answers where the container's server would."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    spawner.port = server.sockets[0].getsockname()[1]
    async with server:
        yield


def start(spawner: CourseSpawner) -> tuple[str, int]:
    async def scene() -> tuple[str, int]:
        async with answering(spawner):
            return await spawner.start()

    return asyncio.run(scene())


def failing(spawner: CourseSpawner, step: Callable[[], Awaitable[object]]) -> SpawnFailed:
    """What a start of a server that never answers ends with."""

    async def scene() -> None:
        async with answering(spawner):
            pass  # nobody listens on this port any more
        await step()

    with pytest.raises(SpawnFailed) as caught:
        asyncio.run(scene())
    return caught.value


def dies(**state: Any) -> Callable[[dict[str, Any]], None]:
    def end(container: dict[str, Any]) -> None:
        container["State"] |= {"Running": False, "Status": "exited"} | state

    return end


def test_a_container_has_the_limits_the_mounts_and_the_labels_of_its_person(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    spawner = spawner_of()
    assert start(spawner) == ("127.0.0.1", spawner.port)
    [asked] = engine.created
    config = asked["host_config"]
    assert asked["name"] == NAME
    assert asked["image"] == IMAGE
    assert asked["command"] == ["/opt/course/bin/course-server"]
    assert config["Memory"] == config["MemorySwap"] == 2 * 2**30
    assert config["CpuQuota"] == 2 * config["CpuPeriod"]
    assert config["NetworkMode"] == "airina-workspaces"
    assert config["Binds"] == [
        "airina-home-cot-01:/home/participant:rw",
        "airina-release-2027a-test:/srv/course:ro",
    ]
    assert "AutoRemove" not in config
    assert asked["labels"] == {
        "africa.airina.project": "airina",
        "africa.airina.person": "cot-01",
    }
    assert engine.volumes == {
        "airina-home-cot-01": asked["labels"],
        "airina-release-2027a-test": {"africa.airina.project": "airina"},
    }


def test_a_server_speaks_the_language_that_the_person_has_chosen(
    engine: FakeEngine, spawner_of: MakeSpawner, people: People
) -> None:
    people.choose_language("cot-01", Language.EN)
    start(spawner_of())
    variables = engine.created[0]["environment"]
    assert variables["LANG"] == "en_GB.UTF-8"
    assert variables["MEM_LIMIT"] == str(2 * 2**30)
    assert "LC_ALL" not in variables


def test_a_container_is_never_used_twice(engine: FakeEngine, spawner_of: MakeSpawner) -> None:
    engine.put(NAME, Running=True, Status="running")
    start(spawner_of())
    assert len(engine.created) == 1
    assert engine.calls.index("remove_container") < engine.calls.index("create_container")


def test_a_server_that_dies_while_it_starts_says_why(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    engine.on_start = dies(ExitCode=137, OOMKilled=True)
    spawner = spawner_of()
    error = failing(spawner, spawner.start)
    assert error.failure.reason is Reason.OUT_OF_MEMORY
    assert error.failure is spawner.last_failure
    assert engine.containers == {}


def test_a_server_that_ends_at_once_is_not_blamed_on_an_earlier_failure(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    engine.on_start = dies(ExitCode=0)
    spawner = spawner_of()
    spawner.last_failure = Failure(Reason.DISK_FULL)
    assert failing(spawner, spawner.start).failure.reason is Reason.STOPPED


def test_what_an_address_chooses_is_chosen_by_nobody(spawner_of: MakeSpawner) -> None:
    """``/hub/spawn?image=x``, which JupyterHub keeps for every later start."""
    spawner = spawner_of()
    spawner.user_options = {"image": "another"}
    start(spawner)
    assert spawner.user_options == {}


def test_a_hub_that_was_restarted_amid_a_start_finds_the_server(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    engine.put(NAME, Running=True, Status="running")
    spawner = spawner_of()
    spawner.server = Server(
        base_url="/user/cot-01/", ip="127.0.0.1", port=4321
    )  # what the database holds by then

    async def asked() -> str:
        await spawner.poll()
        return await spawner.get_url()

    assert asyncio.run(asked()) == f"http://127.0.0.1:{spawner.port}/user/cot-01/"
    engine.broken = docker.errors.DockerException("away")
    assert asyncio.run(spawner.get_url()) == "http://127.0.0.1:4321/user/cot-01/"


def test_an_engine_that_hangs_does_not_hide_the_reason(
    spawner_of: MakeSpawner, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers neither to the start nor to what is cleared away after it; JupyterHub waits for neither."""
    soon = Start.model_construct(at_once=1, timeout_seconds=0)
    spawner = spawner_of(settings=settings.model_copy(update={"start": soon}))
    spawner.last_failure = Failure(Reason.OUT_OF_MEMORY, {"memory": 2.0})
    monkeypatch.setattr("hub.workspace.spawner.SLACK", 0.1)

    async def hangs(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(spawner, "docker", hangs)
    error = failing(spawner, lambda: asyncio.wait_for(spawner.start(), 10))
    assert error.failure.reason is Reason.DID_NOT_ANSWER
    assert spawner.last_failure.reason is Reason.DID_NOT_ANSWER


def test_a_stop_is_asked_for_until_docker_answers(
    engine: FakeEngine, spawner_of: MakeSpawner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while it is restarted: JupyterHub would forget a server that goes on."""
    engine.put(NAME, Running=True, Status="running")
    spawner = spawner_of()
    assert asyncio.run(spawner.poll()) is None  # as JupyterHub asks first
    engine.broken = docker.errors.DockerException("restarting")

    async def comes_back(_: float) -> None:
        engine.broken = None

    async def stops() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "sleep", comes_back)
            await spawner.stop()

    asyncio.run(stops())
    assert engine.containers == {}
    engine.put(NAME, Running=True, Status="running")
    engine.broken = docker.errors.DockerException("gone for good")
    monkeypatch.setattr("hub.workspace.spawner.STOP_SECONDS", -1.0)
    with pytest.raises(docker.errors.DockerException):
        asyncio.run(spawner.stop())


def test_a_missing_image_is_named(engine: FakeEngine, spawner_of: MakeSpawner) -> None:
    engine.images.clear()
    spawner = spawner_of("cot-02")
    error = failing(spawner, spawner.start)
    assert error.failure.reason is Reason.IMAGE_MISSING
    assert "The course image is not on this machine." in error.jupyterhub_message


def test_the_first_reason_is_the_one_that_stays(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    def refuse(container: dict[str, Any]) -> None:
        dies(ExitCode=128, Error="network not found")(container)
        raise docker.errors.APIError("404", explanation="network not found")

    engine.on_start = refuse
    spawner = spawner_of()
    assert failing(spawner, spawner.start).failure.reason is Reason.ENGINE_REFUSED
    asyncio.run(spawner.poll())  # as JupyterHub does after every failed start
    assert spawner.last_failure.reason is Reason.ENGINE_REFUSED


def test_stopping_does_not_hide_an_earlier_failure(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    spawner = spawner_of()
    start(spawner)
    spawner.last_failure = Failure(Reason.DID_NOT_ANSWER, {"seconds": 90})
    asyncio.run(spawner.stop())
    assert spawner.last_failure.reason is Reason.DID_NOT_ANSWER


def test_an_engine_that_is_away_is_named_and_holds_nobody_up(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    engine.broken = docker.errors.DockerException("Connection refused")
    first, second = spawner_of("cot-01"), spawner_of("cot-02")
    first.queue.at_once = 1

    async def scene() -> None:
        for spawner in (first, second):
            await spawner.wait_for_turn()
            with pytest.raises(SpawnFailed) as caught:
                await spawner.start()
            assert caught.value.failure.reason is Reason.ENGINE_UNREACHABLE

    asyncio.run(scene())


def test_a_server_that_does_not_answer_is_given_up_and_removed(
    engine: FakeEngine, spawner_of: MakeSpawner, settings: Settings
) -> None:
    soon = Start.model_construct(at_once=1, timeout_seconds=0)
    spawner = spawner_of(settings=settings.model_copy(update={"start": soon}))
    error = failing(spawner, spawner.start)
    assert error.failure.reason is Reason.DID_NOT_ANSWER
    assert engine.containers == {}


def test_somebody_who_is_on_no_roster_gets_no_server(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    spawner = spawner_of("stranger")
    assert failing(spawner, spawner.start).failure.reason is Reason.NOT_ON_ROSTER
    assert engine.created == []


def test_a_server_that_runs_out_of_memory_later_is_remembered_over_a_restart_of_the_hub(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    spawner = spawner_of()
    start(spawner)
    assert asyncio.run(spawner.poll()) is None
    dies(ExitCode=137, OOMKilled=True)(engine.containers[NAME])
    assert asyncio.run(spawner.poll()) == "exited"
    assert asyncio.run(spawner.poll()) == 0
    spawner.clear_state()
    restarted = spawner_of()
    restarted.load_state(spawner.get_state())
    assert restarted.last_failure == spawner.last_failure
    assert restarted.last_failure.reason is Reason.OUT_OF_MEMORY
    assert engine.containers == {}


def test_a_start_that_goes_well_forgets_the_last_failure(spawner_of: MakeSpawner) -> None:
    spawner = spawner_of()
    spawner.last_failure = Failure(Reason.STOPPED, {"code": 1})
    start(spawner)
    assert spawner.last_failure is None
    assert "last_failure" not in spawner.get_state()


def test_a_notebook_that_ran_out_of_memory_is_told_about_when_the_server_stops(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    spawner = spawner_of()
    start(spawner)
    engine.containers[NAME]["State"]["OOMKilled"] = True
    asyncio.run(spawner.stop())
    assert spawner.last_failure.reason is Reason.NOTEBOOK_OUT_OF_MEMORY
    assert engine.containers == {}


def test_a_server_that_was_stopped_is_no_failure(
    engine: FakeEngine, spawner_of: MakeSpawner
) -> None:
    spawner = spawner_of()
    start(spawner)
    asyncio.run(spawner.stop())
    assert spawner.last_failure is None
    assert spawner.object_id == ""


@pytest.mark.parametrize(
    "trouble",
    [
        docker.errors.DockerException("Connection refused"),
        docker.errors.APIError("500 Server Error"),
    ],
)
def test_while_docker_cannot_say_a_running_server_is_not_forgotten(
    engine: FakeEngine, spawner_of: MakeSpawner, trouble: Exception
) -> None:
    spawner = spawner_of()
    start(spawner)
    engine.broken = trouble
    assert asyncio.run(spawner.poll()) is None


def test_docker_is_asked_for_several_people_at_the_same_moment(
    engine: FakeEngine, spawner_of: MakeSpawner, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(4, timeout=5)
    monkeypatch.setattr(engine, "inspect_image", lambda image: together.wait())

    async def scene() -> None:
        await asyncio.gather(*(spawner_of().docker("inspect_image", IMAGE) for _ in range(4)))

    asyncio.run(scene())


def test_who_waits_sees_their_place_in_their_language(spawner_of: MakeSpawner) -> None:
    first, second, third = (spawner_of(name) for name in ("cot-01", "cot-02", "cot-02"))
    first.queue.at_once = 1

    async def scene() -> list[dict[str, object]]:
        await first.wait_for_turn()
        waiting = [asyncio.create_task(one.wait_for_turn()) for one in (second, third)]
        await asyncio.sleep(0)
        events = third._generate_progress()
        seen = [await anext(events)]
        first.clear_state()
        seen.append(await anext(events))
        second.clear_state()
        await asyncio.gather(*waiting)
        third.clear_state()
        return seen

    text = "Several people are opening their servers; yours is number {}."
    assert asyncio.run(scene()) == [
        {"progress": 5, "message": text.format(2), "place": 2},
        {"progress": 5, "message": text.format(1), "place": 1},
    ]


def test_who_does_not_wait_reads_of_no_place(spawner_of: MakeSpawner) -> None:
    spawner = spawner_of("cot-02")

    async def scene() -> dict[str, object]:
        await spawner.wait_for_turn()
        return await anext(spawner._generate_progress())

    assert asyncio.run(scene()) == {"progress": 30, "message": "Your server is starting."}


def test_time_in_the_queue_is_spent_before_jupyterhub_begins_to_count(
    spawner_of: MakeSpawner, settings: Settings
) -> None:
    spawner = spawner_of()
    assert spawner.pre_spawn_hook is CourseSpawner.wait_for_turn
    assert spawner.start_timeout > settings.start.timeout_seconds


def test_the_last_event_is_in_the_persons_language(spawner_of: MakeSpawner) -> None:
    told = {"progress": 100, "ready": True, "html_message": "<a>", "message": "x", "url": "/u"}
    assert spawner_of("cot-02").ready_event(told) == {
        "progress": 100,
        "ready": True,
        "message": "Your server is ready.",
        "url": "/u",
    }
