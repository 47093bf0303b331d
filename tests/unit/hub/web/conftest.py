"""Pages as a hub renders them: JupyterHub's own handlers and Jinja, without a server around them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jupyterhub._data import DATA_FILES_PATH
from jupyterhub.handlers.base import BaseHandler
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import Application
from traitlets.config import Config

from hub.files import load_cohorts
from hub.people import People
from hub.settings import Settings
from hub.web import install

from ..conftest import CALENDAR, ROSTER

HUB = "/hub/"


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    """Afí Ɖossou (French, Cotonou) and Adaeze O'Brien (English, Paris); nobody chooses anything."""
    folder = tmp_path_factory.mktemp("people")
    cohort = folder / "cohorts" / "2027a-test"
    cohort.mkdir(parents=True)
    (cohort / "cohort.yml").write_text(CALENDAR.format(id=cohort.name), "utf-8")
    (cohort / "roster.csv").write_text(ROSTER, "utf-8")
    return People(load_cohorts(folder / "cohorts"), folder / "people.db")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A site that has released nothing."""
    return Settings.model_validate(
        {
            "site": "test",
            "public_url": "https://hub.example.org",
            "course_image": f"sha256:{'0' * 64}",
            "static_url": "/static-lab/0",
            "cohorts": Path(),
            "state": tmp_path_factory.mktemp("state"),
        }
    )


@pytest.fixture(scope="session")
def config(settings: Settings, people: People) -> Config:
    """What ``install`` sets."""
    c = Config()
    install(c, settings, people)
    return c


def environment(config: Config, **more: Any) -> Environment:
    """As ``JupyterHub.init_tornado_settings`` makes it, but no name may be missing."""
    own = str(Path(DATA_FILES_PATH) / "templates")
    loader = ChoiceLoader(
        [
            PrefixLoader({"templates": FileSystemLoader([own])}, "/"),
            FileSystemLoader([*config.JupyterHub.template_paths, own]),
        ]
    )
    wanted = {"autoescape": True, **config.JupyterHub.jinja_environment_options, **more}
    return Environment(loader=loader, undefined=StrictUndefined, **wanted)  # noqa: S701 (it is on)


def options(config: Config) -> dict[str, Any]:
    """What JupyterHub's handlers find in their application."""
    return {
        "hub": SimpleNamespace(base_url=HUB),
        "base_url": "/",
        "login_url": f"{HUB}login",
        "logout_url": f"{HUB}logout",
        "authenticator": SimpleNamespace(login_service=""),
        "cookie_secret": b"0" * 32,
        "static_path": str(Path(DATA_FILES_PATH) / "static"),
        "template_vars": config.JupyterHub.template_vars,
        "jinja2_env": environment(config, enable_async=True),
        "jinja2_env_sync": environment(config),
        "db": SimpleNamespace(dirty=()),
    }


class Spawner:
    """A server that is not there, has not failed, and says one thing when it is asked."""

    pending: str | None = None
    active = ready = False
    last_failure: Any = None

    async def progress(self) -> Any:
        """One event, then silence."""
        yield {"progress": 5, "message": "message of the spawner", "place": 3}
        await asyncio.Event().wait()


def user(name: str, spawner: Spawner | None = None) -> SimpleNamespace:
    """Somebody who is logged in."""
    return SimpleNamespace(name=name, escaped_name=name, spawner=spawner or Spawner())


MakeHandler = Callable[..., BaseHandler]


@pytest.fixture(scope="session")
def make_handler(config: Config) -> MakeHandler:
    """Makes a handler of JupyterHub for a request."""
    application = Application([], **options(config))

    def make(
        path: str = "home",
        by: SimpleNamespace | None = None,
        kind: type[BaseHandler] = BaseHandler,
        method: str = "GET",
        **headers: str,
    ) -> BaseHandler:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line = RequestStartLine(method, HUB + path, "HTTP/1.1")
        context = SimpleNamespace(remote_ip="192.0.2.1", protocol="https")
        connection: Any = SimpleNamespace(set_close_callback=lambda _: None, context=context)
        sent = HTTPHeaders({"Host": "hub.example.org"} | named)
        request = HTTPServerRequest(headers=sent, connection=connection, start_line=line)
        handler = kind(application, request)
        handler._jupyterhub_user = by
        handler.expanded_scopes = handler.parsed_scopes = {}
        return handler

    return make
