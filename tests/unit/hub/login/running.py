"""A site with one of everybody, and a real hub process that serves it on loopback."""

import multiprocessing
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.unit.hub.conftest import CALENDAR
from tests.unit.hub.login.launch import launch

PAGES = Path(__file__).parent / "pages"

StartHub = Callable[[Path, str], "RunningHub"]

ROSTER = """\
username,name,email,language,role,mode,time_zone
cot-01,Afí Ɖossou,afi@example.org,fr,participant,on-site,
cot-02,"O'Brien, Adaeze",Adaeze@Example.org,en,participant,online,Europe/Paris
cot-03,Kɔkú Παῦλος,koku@example.org,fr,instructor,on-site,
cot-04,Zɛ́ Ọládélé,zo@example.org,en,admin,on-site,
"""


def write_roster(folder: Path, roster: str = ROSTER) -> Path:
    """One cohort in the folder of all cohorts, which is returned."""
    cohort = folder / "cohorts" / "2027a-test"
    cohort.mkdir(parents=True, exist_ok=True)
    (cohort / "cohort.yml").write_text(CALENDAR.format(id=cohort.name), "utf-8")
    (cohort / "roster.csv").write_text(roster, "utf-8")
    return cohort.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningHub:
    """A real JupyterHub in a process of its own, without a proxy: it is asked directly."""

    process: BaseProcess
    url: str
    folder: Path
    log: list[str]
    reader: threading.Thread

    def stop(self) -> str:
        """End it and wait until it has ended; all that it has logged."""
        self.process.terminate()
        self.process.join(timeout=20)
        assert self.process.exitcode is not None
        self.reader.join(timeout=20)
        return "".join(self.log)


# JupyterHub takes seconds to import: one process does it, and every hub is forked from that one.
HUBS = multiprocessing.get_context("forkserver")
HUBS.set_forkserver_preload(["tests.unit.hub.login.preload"])


def run_hub(folder: Path, extra: str) -> RunningHub:
    """Start a hub on ``folder`` and wait for the line with which it says that it is ready."""
    port = free_port()
    config = folder / "jupyterhub_config.py"
    text = CONFIG.format(port=port, folder=str(folder), pages=str(PAGES), extra=extra)
    config.write_text(text, "utf-8")
    reader, writer = HUBS.Pipe(duplex=False)
    process = HUBS.Process(target=launch, args=(config, writer))
    process.start()
    writer.close()
    log: list[str] = []
    ready = threading.Event()
    following = threading.Thread(target=_follow, args=(reader, log, ready), daemon=True)
    following.start()
    assert ready.wait(timeout=30), "".join(log)
    assert "is now running" in log[-1], "".join(log)
    return RunningHub(process, f"http://127.0.0.1:{port}", folder, log, following)


def _follow(reader: Connection, log: list[str], ready: threading.Event) -> None:
    with reader, open(reader.fileno(), closefd=False) as lines:
        for line in lines:
            log.append(line)
            if "is now running" in line:
                ready.set()
    ready.set()


CONFIG = """\
from pathlib import Path

from jupyterhub.proxy import Proxy

from hub.files import load_cohorts
from hub.people import People

folder = Path({folder!r})
people = People(load_cohorts(folder / "cohorts"), folder / "people.db")


class NoProxy(Proxy):
    should_start = False

    async def add_route(self, routespec, target, data): ...

    async def delete_route(self, routespec): ...

    async def get_all_routes(self):
        return {{}}


c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.public_url = "http://127.0.0.1:{port}/"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.db_url = f"sqlite:///{{folder / 'jupyterhub.sqlite'}}"
c.JupyterHub.template_paths = [{pages!r}]
c.JupyterHub.services = [
    dict(name="admin-service", api_token="a" * 40, admin=True),
]
{extra}
"""

# Hashing is made cheap: what it costs in earnest is test_passwords' to look at.
PASSWORDS = """
from argon2 import PasswordHasher

from hub.login import passwords
from hub.login.authenticator import RosterAuthenticator
from hub.login.store import Store

passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
c.JupyterHub.authenticator_class = RosterAuthenticator
c.RosterAuthenticator.people = people
c.RosterAuthenticator.store = Store(folder)
"""
