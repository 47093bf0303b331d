"""A hub to look at: a process of its own, on a free port of the loopback address, with invented people."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import IO
from urllib.request import urlopen

import yaml
from argon2 import PasswordHasher

from hub.files import load_cohorts
from hub.journal import Journal
from hub.login.store import NewInvitation, Store
from hub.login.tokens import new_code, new_token
from hub.people import People

ROOT = Path(__file__).parents[3]
PASSWORD = "papaye mortier lagune violet"

CALENDAR = """\
id: 2027a-test
title: {fr: "Cotonou, mars 2027", en: "Cotonou, March 2027"}
time_zone: Africa/Porto-Novo
days: [2094-03-01, 2094-03-02, 2094-03-03, 2094-03-04, 2094-03-05]
open_days: [1, 2]
"""

ROSTER = """\
username,name,email,language,role,mode,time_zone
cot-01,Afí Ɖossou,afi@example.org,fr,participant,on-site,
cot-02,"O’Brien, Adaeze",adaeze@example.org,en,participant,online,Europe/Paris
cot-03,Koffi N’Tcha,koffi@example.org,fr,participant,on-site,
cot-04,Ọlá Adékúnlé,ola@example.org,en,participant,on-site,
cot-05,Bio Sabi Yarou,bio@example.org,fr,participant,on-site,
cot-06,Marie-Reine Hounkpatin,marie@example.org,fr,participant,on-site,
cot-07,Yéyinou Zinsou,yeyinou@example.org,fr,participant,on-site,
cot-08,Zoë Ahouansou,zoe@example.org,en,participant,on-site,
cot-90,Chidi Okonkwo,chidi@example.org,en,admin,on-site,
"""


@dataclass(frozen=True)
class Rehearsal:
    """The running hub, and what a test may do behind its back."""

    url: str
    store: Store
    people: People
    journal: Journal

    def address(self, page: str) -> str:
        """The address of a page of the hub."""
        return f"{self.url}hub/{page}"

    def invite(self, username: str, days: int = 1) -> NewInvitation:
        """A new invitation; one that is out of date when ``days`` is negative."""
        now = datetime.now(UTC)
        new = NewInvitation(username, new_token(), new_code(), now + timedelta(days=days))
        self.store.issue([new], now)
        return new

    def give_password(self, username: str) -> None:
        """Let a person log in with ``PASSWORD``."""
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        invitation = self.store.find(self.invite(username).token)
        assert invitation is not None
        assert self.store.accept(invitation, cheap, datetime.now(UTC))


@contextmanager
def rehearsal(folder: Path) -> Iterator[Rehearsal]:
    """Start a hub whose files are in ``folder``; yields once it answers."""
    port = free_port()
    settings = write_files(folder, port)
    environment = os.environ | {
        "HUB_SETTINGS": str(settings),
        "PYTHONPATH": str(ROOT),
        "BOARD_TOKEN": secrets.token_hex(16),
        "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16),
    }
    config = Path(__file__).with_name("rehearsal_config.py")
    command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        rest = wait_until_running(process.stderr, folder / "hub.log")
        try:
            url = f"http://127.0.0.1:{port}/"
            with urlopen(f"{url}hub/health", timeout=10) as answer:  # noqa: S310 (our own address)
                assert answer.status == 200
            state = folder / "state"
            people = People(load_cohorts(folder / "cohorts"), state / "people.db")
            hub = Rehearsal(url, Store(state), people, Journal(state))
            for person in people.cohorts.people:
                hub.give_password(person.username)
            yield hub
        finally:
            process.terminate()
            rest.join()


def wait_until_running(log: IO[str], copy: Path) -> Thread:
    """Read the hub's log up to the line that says so; the thread that is returned copies all to a file."""
    seen = []
    for line in log:
        seen.append(line)
        if "JupyterHub is now running" in line:
            thread = Thread(target=lambda: copy.write_text("".join([*seen, *log]), "utf-8"))
            thread.start()
            return thread
    raise AssertionError("the hub did not start:\n" + "".join(seen))


def write_files(folder: Path, port: int) -> Path:
    """Settings, cohort and folders of a site; returns the settings' file."""
    cohort, state = folder / "cohorts" / "2027a-test", folder / "state"
    cohort.mkdir(parents=True)
    state.mkdir()
    (cohort / "cohort.yml").write_text(CALENDAR, "utf-8")
    (cohort / "roster.csv").write_text(ROSTER, "utf-8")
    settings = {
        "site": "rehearsal",
        "public_url": f"http://127.0.0.1:{port}/",
        "course_image": f"sha256:{'0' * 64}",
        "static_url": "/static-lab/0",
        "cohorts": str(folder / "cohorts"),
        "state": str(state),
        "ports": {"edge": free_port(), "proxy": free_port(), "proxy_api": free_port(), "hub": port},
    }
    file = folder / "settings.yml"
    file.write_text(yaml.safe_dump(settings), "utf-8")
    return file


def free_port() -> int:
    """A port of the loopback address on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
