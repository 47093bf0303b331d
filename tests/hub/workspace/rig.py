"""A real hub with real servers: its own project, network, ports and volumes, all gone at the end."""

import io
import json
import os
import secrets
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import requests
import yaml
from docker.models.containers import Container

from hub.delivery.release import Edition, publish
from hub.delivery.repository import Repository
from hub.naming import Names
from hub.opening import Part
from tests.scratch_site import free_ports

ROOT = Path(__file__).parents[3]
COHORT = "2027a-rig"
HEADER = "username,name,email,language,role,mode,time_zone\n"
PATIENCE = 120
"""Seconds after which a test gives up on what it waits for; a start takes about 3."""


def course_image() -> str:
    """The id of the image that ``make images`` has built."""
    image: str = json.loads((ROOT / ".build" / "images.json").read_text("utf-8"))["course"]
    return image


PEOPLE = {f"{language}-{number:02}": language for language in ("fr", "en") for number in range(20)}
"""User names and languages of everybody on a rig's roster."""


class Rig:
    """One hub on this machine, with ``PEOPLE``."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self._nobody_yet = {
            language: iter([name for name in PEOPLE if name.startswith(language)])
            for language in ("fr", "en")
        }
        self.names = Names(f"airina-rig-{os.getpid()}-{secrets.token_hex(2)}")
        self.docker = docker.from_env()
        self.token = secrets.token_hex(16)
        self.content = folder / "content"
        edge, proxy, proxy_api, port = free_ports(4)
        self.subnet = f"10.199.{secrets.randbelow(256)}"
        self.ports = {"edge": edge, "proxy": proxy, "proxy_api": proxy_api, "hub": port}
        self.settings = {
            "site": "rig",
            "project": self.names.project,
            "public_url": f"http://127.0.0.1:{edge}",
            "course_image": course_image(),
            "static_url": "/static-lab/00000000",
            "cohorts": str(folder / "cohorts"),
            "state": str(folder / "state"),
            "network": {"subnet": f"{self.subnet}.0/24"},
            "ports": self.ports,
            **settings,
        }
        self.api = f"http://{self.subnet}.1:{port}/hub/api"
        self._write_site()
        self._hub: subprocess.Popen[bytes] | None = None

    def _write_site(self) -> None:
        cohort = self.folder / "cohorts" / COHORT
        cohort.mkdir(parents=True)
        (self.folder / "state").mkdir()
        (self.folder / "settings.yml").write_text(yaml.safe_dump(self.settings), "utf-8")
        calendar = {
            "id": COHORT,
            "title": {"fr": "Essai", "en": "Trial"},
            "days": [f"2027-03-0{day}" for day in range(1, 6)],
            "open_days": [1],
        }
        (cohort / "cohort.yml").write_text(yaml.safe_dump(calendar), "utf-8")
        rows = [
            f"{name},Invented,{name}@example.org,{language},participant,online,\n"
            for name, language in PEOPLE.items()
        ]
        (cohort / "roster.csv").write_text(HEADER + "".join(rows), "utf-8")

    # --- the site around the hub ------------------------------------------------------------------

    def make_network(self) -> None:
        """The servers' network, as the playbook makes it."""
        pool = docker.types.IPAMPool(subnet=f"{self.subnet}.0/24", gateway=f"{self.subnet}.1")
        self.docker.networks.create(
            self.names.network,
            driver="bridge",
            internal=True,
            options={"com.docker.network.bridge.enable_icc": "false"},
            labels={Names.LABEL: self.names.project},
            ipam=docker.types.IPAMConfig(pool_configs=[pool]),
        )

    def release(self, **files: str) -> None:
        """Publish notebooks (``fr/day1/01-a`` …) into the cohort's release volume."""
        for name, text in files.items():
            path = self.content / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        edition = Edition(COHORT, self.content, {(1, Part.DAY)}, landing=1)
        publish(edition, Repository(self.folder / "releases" / COHORT / "release.git"))
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.add(self.folder / "releases" / COHORT, ".")
        self.fill_release(archive.getvalue())

    def fill_release(self, tar: bytes) -> None:
        """Put files into the release volume, as root, as the hub's container could."""
        volume = self.names.release_volume(COHORT)
        labels = {Names.LABEL: self.names.project}
        self.docker.volumes.create(volume, labels=labels)
        carrier = self.docker.containers.create(
            self.settings["course_image"],
            volumes={volume: {"bind": "/srv/course", "mode": "rw"}},
            labels=labels,
        )
        carrier.put_archive("/srv/course", tar)
        carrier.remove()

    def clear(self) -> None:
        """Stop the hub and remove everything that carries the project's label."""
        self.stop_hub()
        mine = {"label": f"{Names.LABEL}={self.names.project}"}
        for container in self.docker.containers.list(all=True, filters=mine):
            container.remove(force=True)
        for volume in self.docker.volumes.list(filters=mine):
            volume.remove()
        for network in self.docker.networks.list(filters=mine):
            network.remove()
        self.docker.close()

    # --- the hub ----------------------------------------------------------------------------------

    def start_hub(self, **variables: str) -> None:
        """A hub, ready to be asked, with more variables if need be."""
        config = Path(__file__).with_name("hub_for_tests.py")
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HUB_SETTINGS": str(self.folder / "settings.yml"),
            "TEST_TOKEN": self.token,
            "PYTHONFAULTHANDLER": "1",  # a crash of Python itself would leave no word in the log
            **variables,
        }
        with (self.folder / "hub.log").open("ab") as log:
            self._hub = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(config)],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.wait_for(self._hub_answers, "the hub")

    def stop_hub(self) -> None:
        """Stop the hub; the servers go on."""
        if self._hub:
            self._hub.send_signal(signal.SIGTERM)
            self._hub.wait(PATIENCE)
            self._hub = None

    def _hub_answers(self) -> bool:
        assert self._hub is not None
        assert self._hub.poll() is None, self.log()
        try:
            return self.ask("GET", "/").ok
        except requests.ConnectionError:
            return False

    def log(self) -> str:
        """The end of what the hub wrote."""
        return (self.folder / "hub.log").read_text("utf-8")[-4000:]

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """One request to the hub's API."""
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, self.api + path, headers=headers, timeout=PATIENCE, **more)

    def wait_for(self, true: Callable[[], bool], what: str) -> None:
        """Return as soon as something is so."""
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, f"{what}: not within {PATIENCE} s\n{self.log()}"
            time.sleep(0.1)

    # --- people's servers -------------------------------------------------------------------------

    def somebody(self, language: str = "fr") -> str:
        """A person who has never had a server: no test depends on what another has left."""
        return next(self._nobody_yet[language])

    def request_server(self, username: str) -> None:
        """Somebody clicks on *Open*."""
        self.ask("POST", f"/users/{username}")
        answer = self.ask("POST", f"/users/{username}/server")
        assert answer.status_code in (201, 202), f"{answer.status_code} {answer.text}\n{self.log()}"

    def events(self, username: str) -> Iterator[dict[str, Any]]:
        """The progress stream, to its last event."""
        with self.ask("GET", f"/users/{username}/server/progress", stream=True) as stream:
            for line in stream.iter_lines():
                if line.startswith(b"data:"):
                    yield json.loads(line[5:])

    def open(self, username: str) -> Container:
        """Their server, started and ready."""
        self.request_server(username)
        last = list(self.events(username))[-1]
        assert last.get("ready"), f"{last}\n{self.log()}"
        return self.container(username)

    def fail_to_open(self, username: str) -> dict[str, Any]:
        """The failure that the hub remembers after a start that did not go well."""
        self.ask("POST", f"/users/{username}")
        if self.ask("POST", f"/users/{username}/server").status_code == 202:
            assert list(self.events(username))[-1].get("failed")
        return self.last_failure(username)

    def stop(self, username: str) -> None:
        """They stop their server."""
        assert self.ask("DELETE", f"/users/{username}/server").status_code in (202, 204)
        self.wait_for(lambda: not self.is_active(username), "the end of a server")

    def server(self, username: str) -> dict[str, Any]:
        """What the hub says of a server, stopped or not."""
        user = self.ask("GET", f"/users/{username}?include_stopped_servers=true").json()
        found: dict[str, Any] = user["servers"][""]
        return found

    def is_active(self, username: str) -> bool:
        """Running, starting or stopping."""
        return not self.server(username)["stopped"]

    def last_failure(self, username: str) -> dict[str, Any]:
        """What the hub's database keeps about the end of a server; empty when nothing is wrong."""
        state = self.server(username)["state"] or {}
        return state.get("last_failure") or {}

    def container(self, username: str) -> Container:
        """The container of a server."""
        return self.docker.containers.get(f"{self.names.server_prefix}-{username}")

    def address(self, username: str) -> str:
        """Where a server listens: ``10.199.…:8888``."""
        networks = self.container(username).attrs["NetworkSettings"]["Networks"]
        return f"{networks[self.names.network]['IPAddress']}:8888"


def run(container: Container, code: str) -> str:
    """What Python code prints in a server's container, as the person, in its network and its limits."""
    done = container.exec_run(["/opt/course/bin/python", "-c", code])
    text = bytes(done.output).decode()  # type: ignore[arg-type]  # not a stream here
    assert done.exit_code == 0, text
    return text.strip()
