"""What every page is given, its headers, and what it says about a failure."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LogoutHandler
from jupyterhub.handlers.pages import AdminHandler, ProxyErrorHandler, SpawnHandler
from tornado.web import HTTPError

from hub.errors import Message
from hub.people import People
from hub.web.mishaps import Asked
from hub.web.places import Places
from hub.web.rendering import (
    Site,
    asked_of,
    failure_of,
    render_our_pages,
    said,
    told_now,
    zone_of,
)
from hub.web.today_said import SAID

from .conftest import MakeHandler, Spawner, user

WHAT, WHAT_TO_DO = Message("what"), Message("remedy")


class Strict(BaseHandler):  # type: ignore[misc]
    """A handler with headers of its own, like the login's."""

    def set_default_headers(self) -> None:
        """Stricter than ours."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")


def headers(handler: BaseHandler, template: str, **told: Any) -> Any:
    """The headers with which a page goes out."""
    handler.render_template(template, sync=True, **told)
    return handler._headers


def test_a_page_allows_only_files_of_this_site(make_handler: MakeHandler) -> None:
    sent = headers(make_handler("logout"), "logout.html")
    policy = dict(part.split(" ", 1) for part in sent["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["form-action"] == "'self' https://hub.example.org"
    assert "report-uri" not in policy
    assert sent["Vary"] == "Cookie, Accept-Language"
    assert sent["Referrer-Policy"] == "same-origin"
    assert sent["Cache-Control"] == "private, no-cache"


def test_a_page_that_must_not_be_kept_says_so_itself(make_handler: MakeHandler) -> None:
    sent = headers(make_handler("logout", kind=Strict), "logout.html")
    assert sent["Cache-Control"] == "no-store"


def test_the_teams_page_is_jupyterhubs_own_and_has_its_policy(make_handler: MakeHandler) -> None:
    handler = make_handler("admin", kind=AdminHandler)
    told = {"api_page_limit": 50, "admin_access": True, "no_spawner_check": True}
    page = handler.render_template("admin.html", sync=True, logo_url="", announcement="", **told)
    assert "js/admin-react.js" in page
    assert "default-src" not in handler._headers["Content-Security-Policy"]


def test_rendering_our_pages_twice_is_doing_so_once() -> None:
    once = BaseHandler.render_template, LogoutHandler.render_logout_page
    render_our_pages()
    assert (BaseHandler.render_template, LogoutHandler.render_logout_page) == once


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        (BaseHandler, "home", Asked.PAGE),
        (SpawnHandler, "spawn", Asked.START),
        (ProxyErrorHandler, "error/503", Asked.SERVER),
        (BaseHandler, "oauth_callback?code=x", Asked.LOGIN),
    ],
)
def test_an_error_page_knows_what_its_reader_was_about_to_do(
    kind: type[BaseHandler], path: str, expected: Asked, make_handler: MakeHandler
) -> None:
    assert asked_of(make_handler(path, kind=kind)) is expected


def test_a_failure_is_told_by_the_exception_before_the_spawner_before_jupyterhub() -> None:
    at = datetime(2027, 3, 1, tzinfo=UTC)
    exception = SimpleNamespace(course_message=WHAT, course_remedy=WHAT_TO_DO)
    spawner = SimpleNamespace(last_failure=SimpleNamespace(message=WHAT, remedy=WHAT_TO_DO, at=at))
    for found in (failure_of(exception, spawner, "text"), failure_of(exception)):
        assert found is not None
        assert (found.message, found.remedy, found.at) == (WHAT, WHAT_TO_DO, None)
    told = failure_of(ValueError(), spawner, "text")
    assert told is not None
    assert (told.message, told.remedy, told.at) == (WHAT, WHAT_TO_DO, at)
    said = failure_of(ValueError(), Spawner(), "text")
    assert said is not None
    assert (said.message, said.remedy) == ("text", None)
    assert failure_of(ValueError(), Spawner()) is None


def test_an_error_with_a_remedy_shows_both_and_not_jupyterhubs_words(
    make_handler: MakeHandler,
) -> None:
    exception = HTTPError(403, "English of JupyterHub")
    exception.course_message = Message("This page is not for you")  # type: ignore[attr-defined]
    exception.course_remedy = Message("Wait for a minute and try again.")  # type: ignore[attr-defined]
    told = {"status_code": 403, "message": exception.log_message, "exception": exception}
    page = make_handler("oauth_callback").render_template("error.html", sync=True, **told)
    assert "Cette page ne vous est pas destinée" in page
    assert "Attendez une minute et réessayez." in page
    assert "English of JupyterHub" not in page


def test_what_a_starting_server_says_is_asked_once_and_not_waited_for() -> None:
    class Silent(Spawner):
        """Says nothing."""

        async def progress(self) -> Any:
            """No event."""
            return
            yield

    assert asyncio.run(told_now(Spawner()))["place"] == 3
    assert asyncio.run(told_now(Silent())) == {}


def test_the_clock_is_the_persons_then_the_cohorts(people: People) -> None:
    person = people.cohorts.people[1]
    cohort = people.cohorts.all[0]
    assert zone_of(person, cohort) == "Europe/Paris"
    assert zone_of(None, cohort) == "Africa/Porto-Novo"
    assert zone_of(None, None) == "UTC"


def test_a_site_says_nothing_of_its_people_when_it_is_printed(people: People) -> None:
    assert "example.org" not in repr(Site(people, "")).replace("hub.example.org", "")


def test_somebody_on_no_roster_has_a_home_page(make_handler: MakeHandler) -> None:
    stranger = user("stranger")
    told = {"url": "/hub/spawn", "default_server": stranger.spawner}
    page = make_handler("home", stranger).render_template("home.html", sync=True, **told)
    assert "Bonjour, stranger" in page


def test_home_says_what_came_of_it_but_nothing_that_somebody_has_made_up(
    make_handler: MakeHandler,
) -> None:
    for path, expected in (
        ("home", None),
        ("home?said=returned", SAID["returned"]),
        ("home?said=<b>", None),
    ):
        assert said(make_handler(path), Places("/", "/hub/", "cot-01", runs=True)) == expected


def test_home_does_not_promise_a_file_of_a_server_that_rests(make_handler: MakeHandler) -> None:
    handler = make_handler("home?said=take")
    assert said(handler, Places("/", "/hub/", "cot-01", runs=True)) == SAID["take"]
    assert said(handler, Places("/", "/hub/", "cot-01", runs=False)) is None
