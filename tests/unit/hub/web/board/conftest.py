"""Boards to test: a hub's handlers behind a real HTTP server, two cohorts, servers that are played."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from jupyterhub.handlers.base import BaseHandler
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from traitlets.config import Config

from hub.files import load_cohorts
from hub.i18n import Language
from hub.journal import Journal, Listed, Notebook, Release, Workspace
from hub.opening import Part
from hub.people import People
from hub.servers import Unanswered
from hub.settings import Settings
from hub.web import install
from hub.web.board import handlers
from hub.web.delivery import Delivery

from ..conftest import HUB, options

CALENDAR = """\
id: {id}
title: {{fr: "Cohorte {id}", en: "Cohort {id}"}}
time_zone: {zone}
days: [2099-03-02, 2099-03-03, 2099-03-04, 2099-03-05, 2099-03-06]
open_days: [1]
"""

ROSTERS = {
    "one": """\
username,name,email,language,role,mode,time_zone
one-01,Afí Ɖossou,afi@example.org,fr,participant,on-site,
one-02,"<b>O’Brien</b>, Adaeze",adaeze@example.org,en,participant,online,Europe/Paris
one-03,Koffi N’Tcha,koffi@example.org,fr,participant,on-site,
one-04,Ọlá Adékúnlé,ola@example.org,en,participant,on-site,
one-80,Bio Sabi Yarou,bio@example.org,fr,instructor,on-site,
one-90,Chidi Okonkwo,chidi@example.org,en,admin,on-site,
""",
    "two": """\
username,name,email,language,role,mode,time_zone
two-01,Marie-Reine Hounkpatin,marie@example.org,fr,participant,on-site,
two-80,Yéyinou Zinsou,yeyinou@example.org,en,instructor,on-site,
""",
}
ZONES = {"one": "Africa/Porto-Novo", "two": "America/New_York"}

HEAD, OLD, SOURCE = "a" * 40, "b" * 40, "c" * 40
NOTEBOOK = "fr/day1/03-svd.ipynb"


@dataclass
class PlayedServers:
    """Answers what a test has put there, and remembers what it was asked."""

    answers: dict[tuple[str, str], dict[str, Any] | Unanswered] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)

    async def ask(
        self, username: str, what: str, told: Any = None, largest: int = 0
    ) -> dict[str, Any]:
        """As ``hub.servers.Servers``."""
        self.asked.append((username, what, told))
        answer = self.answers.get((username, what), {})
        if isinstance(answer, Unanswered):
            raise answer
        return answer


@dataclass(frozen=True)
class Site:
    """What a test looks at and changes behind the board's back."""

    people: People
    journal: Journal
    servers: PlayedServers
    users: dict[str, SimpleNamespace]
    application: Application

    def run(self, *usernames: str) -> None:
        """From now on exactly these people's servers run."""
        for name, user in self.users.items():
            user.running = name in usernames


def release(cohort: str = "one", parts: Any = frozenset({(1, Part.DAY)})) -> Release:
    """Day 1 in two notebooks."""
    return Release(
        cohort=cohort,
        head=HEAD,
        source=SOURCE,
        parts=parts,
        landing=1,
        notebooks=(
            listed("d1-01", "fr/day1/01-vecteurs.ipynb", "Vecteurs"),
            listed("d1-03", NOTEBOOK, "La SVD"),
            listed("d1-03", "en/day1/03-svd.ipynb", "The SVD"),
        ),
        at=datetime(2026, 11, 27, 7, 30, tzinfo=UTC),
    )


def listed(name: str, path: str, title: str) -> Listed:
    """A notebook of day 1."""
    return Listed(id=name, day=1, language=Language(path[:2]), path=path, title=title)


def workspace(commit: str | None = HEAD, beside: str | None = None) -> Workspace:
    """The SVD was worked on, the vectors were not; ``beside`` as of the SVD's ``Notebook``."""
    found = {
        NOTEBOOK: Notebook(mine=True, beside=beside),
        "fr/day1/01-vecteurs.ipynb": Notebook(new=True),
    }
    return Workspace(commit=commit, outcome="ok", at=datetime.now(UTC), notebooks=found)


@pytest.fixture
def board(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Two cohorts; day 1 of the first is out, nobody has it and nobody's server runs."""
    for name, roster in ROSTERS.items():
        folder = tmp_path / "cohorts" / name
        folder.mkdir(parents=True)
        calendar = CALENDAR.format(id=name, zone=ZONES[name])
        (folder / "cohort.yml").write_text(calendar, "utf-8")
        (folder / "roster.csv").write_text(roster, "utf-8")
    people = People(load_cohorts(tmp_path / "cohorts"), tmp_path / "people.db")
    c = Config()
    install(c, settings.model_copy(update={"state": tmp_path}), people)
    users = {
        person.username: SimpleNamespace(
            name=person.username, escaped_name=person.username, running=False
        )
        for person in people.cohorts.people
    }
    delivery: Delivery = c.JupyterHub.template_vars["delivery"]
    servers = vars(delivery)["servers"] = PlayedServers()
    delivery.journal.released(release())
    given = {**options(c), "users": users, "log_function": lambda _: None}

    async def prepare(self: BaseHandler) -> None:
        """Whoever the request says has logged in."""
        self._jupyterhub_user = users.get(self.request.headers.get("By", ""))
        self.expanded_scopes = self.parsed_scopes = {}

    monkeypatch.setattr(BaseHandler, "prepare", prepare)
    ours = [(f"{HUB.rstrip('/')}{path}", kind) for path, kind in handlers()]
    return Site(people, delivery.journal, servers, users, Application(ours, **given))


Ask = Callable[..., Awaitable[HTTPResponse]]


@asynccontextmanager
async def asking(site: Site) -> AsyncIterator[Ask]:
    """``await ask(page, by=USERNAME, **fields)``: a form when there are fields."""
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(site.application)
    server.add_sockets(sockets)
    url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}{HUB}"
    client = AsyncHTTPClient(force_instance=True)

    async def ask(
        page: str, /, by: str | None, language: str = "en", stream: Any = None, **fields: object
    ) -> HTTPResponse:
        headers = {"Cookie": f"lang={language}", **({"By": by} if by else {})}
        if by in site.users:
            site.people.choose_language(by, Language(language))
        return await client.fetch(
            url + page,
            method="POST" if fields else "GET",
            body=urlencode(fields) if fields else None,
            headers=headers,
            follow_redirects=False,
            raise_error=False,
            streaming_callback=stream,
            request_timeout=20,
        )

    try:
        yield ask
    finally:
        client.close()
        server.stop()
        await server.close_all_connections()


def visit(site: Site, page: str, by: str | None, /, **told: Any) -> HTTPResponse:
    """One request, from beginning to end."""

    async def once() -> HTTPResponse:
        async with asking(site) as ask:
            return await ask(page, by, **told)

    return asyncio.run(once())


def text(answer: HTTPResponse) -> str:
    """What is written on a page, without its elements, any white space being one space."""
    page = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.body.decode())
    return re.sub(r" (?=[,)])", "", re.sub(r"\s+", " ", page))
