"""A site with two people, and an engine that remembers what it was asked. The real one: tests/hub."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docker.errors
import pytest
from docker.types import HostConfig

from hub.files import load_cohorts
from hub.people import People
from hub.settings import Settings
from hub.workspace.spawner import CourseSpawner
from tests.unit.hub.conftest import WriteCohort

IMAGE = "sha256:" + "0" * 64


class FakeEngine:
    """The calls of ``docker.APIClient`` that a spawner makes, on containers in memory."""

    def __init__(self) -> None:
        self.containers: dict[str, dict[str, Any]] = {}
        self.images = {IMAGE}
        self.calls: list[str] = []
        self.created: list[dict[str, Any]] = []
        self.volumes: dict[str, dict[str, str]] = {}
        self.on_start: Callable[[dict[str, Any]], None] = lambda container: None
        self.broken: Exception | None = None

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.broken:
            raise self.broken

    def create_host_config(self, **settings: Any) -> HostConfig:
        return HostConfig(version="1.41", **settings)

    def inspect_image(self, image: str) -> dict[str, Any]:
        self._called("inspect_image")
        if image not in self.images:
            raise docker.errors.ImageNotFound(image)
        return {"Id": image}

    def create_volume(self, name: str, labels: dict[str, str]) -> None:
        self._called("create_volume")
        self.volumes[name] = labels

    def inspect_container(self, name: str) -> dict[str, Any]:
        self._called("inspect_container")
        found = [one for one in self.containers.values() if name in (one["Id"], one["Name"])]
        if not found:
            raise docker.errors.NotFound(name)
        return found[0]

    def create_container(self, **asked: Any) -> dict[str, Any]:
        self._called("create_container")
        self.created.append(asked)
        return self.put(asked["name"], memory=asked["host_config"]["Memory"])

    def put(self, name: str, memory: int = 2**31, **state: Any) -> dict[str, Any]:
        """A container that is there, whoever made it."""
        container = {
            "Id": f"id-{len(self.created)}-{name}",
            "Name": name,
            "State": {"Running": False, "Status": "created", "ExitCode": 0, "OOMKilled": False}
            | state,
            "HostConfig": {"Memory": memory},
            "NetworkSettings": {"Networks": {"airina-workspaces": {"IPAddress": "127.0.0.1"}}},
        }
        self.containers[name] = container
        return container

    def start(self, container: str) -> None:
        self._called("start")
        found = self.inspect_container(container)
        found["State"] |= {"Running": True, "Status": "running"}
        self.on_start(found)

    def stop(self, container: str) -> None:
        self._called("stop")
        self.inspect_container(container)["State"] |= {"Running": False, "ExitCode": 0}

    def logs(self, container: str, tail: int) -> bytes:
        self._called("logs")
        return b"the end of the log\n"

    def remove_container(self, container: str, v: bool, force: bool) -> None:
        self._called("remove_container")
        del self.containers[self.inspect_container(container)["Name"]]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The engine that every spawner of the test talks to."""
    fake = FakeEngine()
    monkeypatch.setattr(CourseSpawner, "_client", fake)
    monkeypatch.setattr(CourseSpawner, "_queue", None)
    return fake


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A site with its defaults."""
    return Settings.model_validate(
        {
            "site": "local",
            "public_url": "http://localhost:8000",
            "course_image": IMAGE,
            "static_url": "/static-lab/0123abcd",
            "cohorts": tmp_path,
            "state": tmp_path,
        }
    )


@pytest.fixture
def people(write_cohort: WriteCohort, tmp_path: Path) -> People:
    """``cot-01`` reads French, ``cot-02`` English."""
    return People(load_cohorts(write_cohort()), tmp_path / "people.db")


MakeSpawner = Callable[..., CourseSpawner]


@pytest.fixture
def spawner_of(engine: FakeEngine, settings: Settings, people: People) -> MakeSpawner:
    """Makes a person's spawner, as JupyterHub does."""

    def make(username: str = "cot-01", settings: Settings = settings) -> CourseSpawner:
        prefix = f"/user/{username}/"
        spawner = CourseSpawner(
            user=SimpleNamespace(name=username, url=prefix),
            hub=SimpleNamespace(public_host="", api_url="http://10.213.0.1/api", base_url="/hub/"),
            settings=settings,
            people=people,
        )
        spawner.server = SimpleNamespace(base_url=prefix)
        return spawner

    return make
