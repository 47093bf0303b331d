"""One hub for all tests of the pages, and visits to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from hub.i18n import Language
from tests.browser.conftest import DESKTOP
from tests.browser.pages.rehearsal import PASSWORD, Rehearsal, rehearsal

LOCALES = {Language.FR: "fr-BJ", Language.EN: "en-GB"}

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """JupyterHub with our pages, invented people, and stand-ins for their servers."""
    with rehearsal(tmp_path_factory.mktemp("rehearsal")) as running:
        yield running


@pytest.fixture(params=Language)
def language(request: pytest.FixtureRequest) -> Language:
    """Both."""
    return Language(request.param)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens pages, each in a browser of its own. Nothing may go wrong in one, or leave the hub."""
    contexts = []
    troubles: list[str] = []

    def new(language: Language = Language.FR, **options: Any) -> Page:
        wanted = {"locale": LOCALES[language], "viewport": DESKTOP} | options
        context = chromium.new_context(**wanted)
        context.set_default_timeout(20_000)
        context.route("**/user/**", in_the_place_of_a_server)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda told: troubles.append(told.text) if is_trouble(told) else None)
        page.on("request", lambda request: troubles.extend(elsewhere(request.url)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert troubles == []


def in_the_place_of_a_server(route: Route) -> None:
    """There is no proxy that would lead to a server: answer for it. The hub's own pages go through."""
    if "/hub/" in route.request.url:
        route.continue_()
    else:
        route.fulfill(status=200, content_type="text/plain", body="JupyterLab")


def is_trouble(told: Any) -> bool:
    """An error in the browser's console, but for the status of a page that is meant to be an error."""
    return told.type == "error" and "the server responded with a status of" not in told.text


def elsewhere(url: str) -> list[str]:
    """A request that leaves the machine."""
    return [] if url.startswith("http://127.0.0.1:") else [f"request to {url}"]


def log_in(page: Page, hub: Rehearsal, username: str, language: Language | None = None) -> None:
    """Log in, as somebody who reads in this language, and arrive at the home page."""
    if language:
        hub.people.choose_language(username, language)
    page.goto(hub.address("login?next=/hub/home"))
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/hub/home")
