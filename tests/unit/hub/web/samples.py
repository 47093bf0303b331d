"""Every page, with what its handler gives it: one sample for each thing that a page can look like."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.pages import ProxyErrorHandler, SpawnHandler

from hub.cohort import Person
from hub.errors import Message
from hub.journal import SavePoint
from hub.web.today_said import SAID

from .conftest import Spawner, user
from .courses import SECOND_DAY, everything, nothing

# Texts that the catalogue has, as the login and the servers say them.
WHAT = Message("Your server did not start")
WHAT_TO_DO = Message("Wait for a minute and try again.")


@dataclass(frozen=True)
class Sample:
    """One page: ``told`` makes the handler's variables from the person whom the page is for."""

    template: str
    told: Callable[[Person], dict[str, Any]] = lambda person: {}
    path: str = "home"
    logged_in: bool = True
    kind: type[BaseHandler] = BaseHandler
    spawner: Spawner = field(default_factory=Spawner)
    languages: int = 1
    """In how many languages it speaks at once."""


def failed_spawner() -> Spawner:
    """A server that could not be started."""
    spawner = Spawner()
    at = datetime(2027, 3, 1, 13, 3, tzinfo=UTC)
    spawner.last_failure = SimpleNamespace(message=WHAT, remedy=WHAT_TO_DO, at=at)
    return spawner


def spawner_that_is(pending: str | None = None) -> Spawner:
    """A server that runs, starts or stops."""
    spawner = Spawner()
    spawner.active, spawner.pending, spawner.ready = True, pending, pending is None
    return spawner


def home(spawner: Spawner, **more: Any) -> Sample:
    """The home page of somebody with this server."""
    return Sample(
        "home.html",
        lambda person: {"url": "/hub/spawn/cot-01", "default_server": spawner, **more},
        spawner=spawner,
    )


def today(spawner: Spawner, wanted: str = "", said: str = "", **more: Any) -> Sample:
    """The home page on the afternoon of the second day, when everything has happened to somebody."""

    def told(person: Person) -> dict[str, Any]:
        return {
            "url": "/hub/spawn/cot-01",
            "default_server": spawner,
            "course_of": lambda _: everything(SECOND_DAY, person.language, wanted),
            "said": lambda _: SAID.get(said),
            "today": SECOND_DAY.date(),
            **more,
        }

    return Sample("home.html", told, spawner=spawner)


def login(**told: Any) -> Sample:
    """The login page."""
    usual = {"login_error": None, "username": "", "next": "", "openid": None, "wait_seconds": 0}
    return Sample("login.html", lambda _: usual | told, path="login", logged_in=False)


def invitation(**errors: Message) -> Sample:
    """The page of an invitation."""
    return Sample(
        "invitation.html",
        lambda person: {
            "person": person,
            "token": "t" * 22,
            "chosen": person.language,
            "errors": errors,
            "password_min": 10,
            "in_address": True,
        },
        path="invitation?token=" + "t" * 22,
        logged_in=False,
    )


def code(**told: Any) -> Sample:
    """The page to type a code on."""
    usual = {"error": None}
    return Sample("invitation_code.html", lambda _: usual | told, "invitation", logged_in=False)


def error(status: int, message: str = "", **more: Any) -> Sample:
    """The page of an error, as ``BaseHandler.write_error`` shows it."""
    told = {
        "status_code": status,
        "status_message": "Reason",
        "message": message,
        "message_html": "",
        "extra_error_html": "",
        "exception": None,
    }
    return Sample("error.html", lambda _: told, **more)


SCOPES = [{"scope": "x", "description": "Anything you have access to", "filter": "cot-01"}]
TOKENS = [SimpleNamespace(api_id="a1", note="essai", expires_at=datetime(2027, 3, 1, 12))]  # noqa: DTZ001
CLIENTS = [{"token_id": "a2", "description": "essai"}]


BEFORE = datetime(2027, 2, 20, 9, 0, tzinfo=UTC)
SAVE_POINTS = tuple(
    SavePoint(id=f"20270302T07{minute}00", at=datetime(2027, 3, 2, 7, minute, tzinfo=UTC))
    for minute in (45, 31)
)

SAMPLES: dict[str, Sample] = {
    "login": login(),
    "login refused": login(login_error=WHAT, username="cot-01"),
    "login slowed down": login(login_error=WHAT, username="cot-01", wait_seconds=125),
    "login elsewhere": login(openid="Example", authenticator_login_url="/hub/oauth_login"),
    "invitation": invitation(),
    "invitation with mistakes": invitation(language=WHAT, password=WHAT_TO_DO),
    "code": code(),
    "code unknown": code(error=WHAT),
    "invitation used": Sample(
        "invitation_unusable.html",
        lambda _: {"reason": WHAT, "remedy": WHAT_TO_DO, "to_login": True},
        logged_in=False,
    ),
    "invitation unknown": Sample(
        "invitation_unusable.html",
        lambda _: {"reason": WHAT, "remedy": WHAT_TO_DO, "to_login": False},
        logged_in=False,
    ),
    "home": home(Spawner()),
    "home after a failure": home(failed_spawner()),
    "home with a server": home(spawner_that_is()),
    "home while it starts": home(spawner_that_is("spawn")),
    "home while it stops": home(spawner_that_is("stop")),
    "home of the team": home(Spawner(), parsed_scopes={"admin-ui": {}}),
    "home before the course": Sample(
        "home.html",
        lambda person: {
            "url": "/hub/spawn/cot-01",
            "default_server": Spawner(),
            "course_of": lambda _: everything(BEFORE, person.language),
        },
    ),
    "home without a release": Sample(
        "home.html",
        lambda person: {
            "url": "/hub/spawn/cot-01",
            "default_server": Spawner(),
            "course_of": lambda _: nothing(SECOND_DAY, person.language),
        },
    ),
    "today": today(Spawner()),
    "today with a server": today(spawner_that_is()),
    "today while it starts": today(spawner_that_is("spawn")),
    "today while it stops": today(spawner_that_is("stop")),
    "yesterday with solutions": today(spawner_that_is(), wanted="1"),
    "day before the course": today(spawner_that_is(), wanted="0"),
    **{f"today, said: {key}": today(spawner_that_is(), said=key) for key in SAID},
    "save points": Sample("save_points.html", lambda _: {"save_points": SAVE_POINTS}),
    "no save points": Sample("save_points.html", lambda _: {"save_points": ()}),
    "save point": Sample(
        "save_point.html", lambda _: {"save_point": SAVE_POINTS[0]}, spawner=spawner_that_is()
    ),
    "save point without a server": Sample(
        "save_point.html",
        lambda _: {"save_point": SAVE_POINTS[0]},
        path=f"today/return?save_point={SAVE_POINTS[0].id}",
    ),
    "starting": Sample(
        "spawn_pending.html", lambda _: {"spawner": Spawner(), "progress_url": "/hub/api/progress"}
    ),
    "stopping": Sample("stop_pending.html", lambda _: {"spawner": Spawner()}),
    "not running": Sample("not_running.html", lambda _: {"server_name": "", "spawn_url": "/s"}),
    "not running any more": Sample(
        "not_running.html",
        lambda _: {"server_name": "", "spawn_url": "/s"},
        spawner=failed_spawner(),
    ),
    "start failed": Sample(
        "not_running.html",
        lambda _: {
            "server_name": "",
            "spawn_url": "/s",
            "failed": True,
            "failed_message": None,
            "exception": ValueError(),
        },
        spawner=failed_spawner(),
    ),
    "start failed without a reason": Sample(
        "not_running.html",
        lambda _: {
            "server_name": "",
            "spawn_url": "/s",
            "failed": True,
            "failed_message": None,
            "exception": ValueError(),
        },
    ),
    "start by form failed": Sample(
        "spawn.html",
        lambda _: {"for_user": user("cot-01"), "error_message": None, "spawner": failed_spawner()},
    ),
    "no such page": error(404, path="nothing"),
    "not for you": error(403, "a reason in English", path="admin"),
    "too many people": error(429, path="spawn", kind=SpawnHandler),
    "our mistake": error(500, logged_in=False),
    "start broken": error(500, "Unhandled error", path="spawn", kind=SpawnHandler),
    "form too old": error(403, "XSRF cookie does not match POST argument", path="stop/cot-01"),
    "server gone": Sample(
        "error.html",
        lambda _: {"status_code": 503, "status_message": "", "message_html": "", "logo_url": "/"},
        path="error/503",
        logged_in=False,
        kind=ProxyErrorHandler,
        languages=2,
    ),
    "logged out": Sample("logout.html", path="logout", logged_in=False),
    "tokens": Sample("token.html", lambda _: {"api_tokens": TOKENS, "oauth_clients": CLIENTS}),
    "no tokens": Sample("token.html", lambda _: {"api_tokens": [], "oauth_clients": []}),
    "new token": Sample("token_made.html", lambda _: {"made": "0123456789abcdef"}),
    "permission": Sample(
        "oauth.html",
        lambda _: {
            "allowed_scopes": ["x"],
            "scope_descriptions": SCOPES,
            "oauth_client": SimpleNamespace(description="board"),
        },
    ),
    "shared server": Sample(
        "accept-share.html",
        lambda _: {
            "code": "c",
            "owner": SimpleNamespace(name="cot-02"),
            "spawner_ready": False,
            "scope_descriptions": SCOPES,
        },
    ),
}
