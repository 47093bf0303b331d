"""What each page is given, and with which headers it goes out.

JupyterHub renders every page through ``BaseHandler.render_template``, in an asynchronous environment and,
for errors, in a synchronous one; its own hook (``template_vars``) does not know the request and so not its
language. ``render_our_pages`` therefore puts a method around that one, and nothing else of JupyterHub has
to be touched but the page after logging out, which it does not show by default.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LogoutHandler
from jupyterhub.handlers.pages import ProxyErrorHandler, SpawnHandler

from hub.cohort import Cohort, Person
from hub.i18n import Language, catalogue
from hub.people import People
from hub.web import assets, wording
from hub.web.delivery import Delivery
from hub.web.language import NAMES, language_of, other, remember
from hub.web.mishaps import Asked, mishap
from hub.web.places import Places
from hub.web.programme import TITLES
from hub.web.today_said import SAID, Said
from hub.web.today_view import View, view

ACTING = (
    "spawn",
    "logout",
    "oauth_callback",
    "oauth_login",
    "oauth2",
    "stop",
    "token/",
    "language",
)
"""Addresses below the hub's that do something when they are asked for, or that only take a form."""

STAFF_PAGES = ("admin.html",)
"""JupyterHub's own, in English and with its own scripts, for the people who run the course."""

jupyterhub_render_template = BaseHandler.render_template


@dataclass(frozen=True)
class Site:
    """What pages know besides the request."""

    people: People
    public_url: str

    @property
    def content_security_policy(self) -> str:
        """Only our own files and forms.

        No ``report-uri``: a report repeats the page's address, which may hold the token of an
        invitation, and JupyterHub logs it. Chromium holds ``form-action`` against redirects too, and
        JupyterHub redirects to the public address whatever name the browser has used.
        """
        public = urlsplit(self.public_url)
        return "; ".join(
            (
                "default-src 'none'",
                "style-src 'self'",
                "script-src 'self'",
                "img-src 'self'",
                "connect-src 'self'",
                f"form-action 'self' {public.scheme}://{public.netloc}",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            )
        )


def render_our_pages() -> None:
    """From now on every page of this process's hub is ours; doing so twice is doing so once."""
    BaseHandler.render_template = render_template
    LogoutHandler.render_logout_page = render_logout_page


def render_template(handler: Any, name: str, sync: bool = False, **told: Any) -> Any:
    """JupyterHub's method, in the reader's language: text when ``sync``, else an awaitable of it."""
    site: Site = handler.settings["template_vars"]["site"]
    language = language_of(handler, site.people)
    set_headers(handler, site, name, language)
    remember(handler, language)
    return jupyterhub_render_template(
        handler, name, sync, **namespace(handler, site, language, told)
    )


async def render_logout_page(handler: Any) -> None:
    """Say that it is done; JupyterHub would show the login page without a word."""
    handler.finish(await handler.render_template("logout.html"))


def set_headers(handler: Any, site: Site, name: str, language: Language) -> None:
    """A page depends on who asks and in which language, and loads nothing from elsewhere."""
    handler.set_header("Content-Language", language.value)
    handler.set_header("Vary", "Cookie, Accept-Language")
    handler.set_header("X-Content-Type-Options", "nosniff")
    for header, value in (
        ("Cache-Control", "private, no-cache"),
        ("Referrer-Policy", "same-origin"),
    ):
        if header not in handler._headers:  # the login's pages are stricter
            handler.set_header(header, value)
    if name not in STAFF_PAGES:
        handler.set_header("Content-Security-Policy", site.content_security_policy)


def namespace(handler: Any, site: Site, language: Language, told: dict[str, Any]) -> dict[str, Any]:
    """The names that our templates use; what a handler says (``told``) wins."""
    user = handler.current_user
    person = told.get("person") or (site.people.person(user.name) if user else None)
    cohort = site.people.cohorts.cohort_of(person) if person else None
    zone = zone_of(person, cohort)
    words = catalogue(language)
    asked = asked_of(handler)
    return {
        "lang": language,
        "gettext": words.gettext,
        "ngettext": words.ngettext,
        "say": partial(in_language, language),
        "day": partial(wording.day, language=language),
        "moment": partial(wording.moment, zone=zone, language=language),
        "duration": partial(wording.duration, language=language),
        "opening": partial(wording.opening, zone=zone, language=language),
        "person": person,
        "cohort": cohort,
        "day_titles": TITLES,
        "today": datetime.now(ZoneInfo(cohort.calendar.time_zone if cohort else zone)).date(),
        "asset": partial(assets.address, handler.hub.base_url),
        "other_language": other(language),
        "language_names": NAMES,
        "back": return_address(handler),
        # The proxy asks for its error pages without the reader's cookies and wishes.
        "voices": (language, other(language)) if asked is Asked.SERVER else (language,),
        "mishap": partial(mishap, asked=asked),
        "retry": handler.request.path if asked is Asked.START else None,
        "failure_of": failure_of,
        "told_now": told_now,
        "own_places": partial(places_of, handler),
        "said": partial(said, handler),
        "course_of": partial(course_of, handler, language),
        **told,
    }


def in_language(language: Language, text: Any, voice: Language | None = None) -> str:
    """``wording.say`` for templates: in the page's language unless they name another."""
    return wording.say(text, voice or language)


def zone_of(person: Person | None, cohort: Cohort | None) -> str:
    """The clock that the reader looks at."""
    if person:
        return person.time_zone
    return cohort.calendar.time_zone if cohort else "UTC"


def asked_of(handler: Any) -> Asked:
    """What the reader was about to do."""
    if isinstance(handler, ProxyErrorHandler):
        return Asked.SERVER
    if isinstance(handler, SpawnHandler):
        return Asked.START
    login = below_hub(handler).startswith("oauth_callback")
    return Asked.LOGIN if login else Asked.PAGE


def below_hub(handler: Any) -> str:
    """The path that was asked for, without the hub's own part of it."""
    return str(handler.request.path).removeprefix(handler.hub.base_url)


def return_address(handler: Any) -> str:
    """Where the reader comes back to after switching the language: this page, unless asking for it acts."""
    hub, below = str(handler.hub.base_url), below_hub(handler)
    if below.startswith(("logout", "oauth_")):
        return f"{hub}login"
    acts = below.startswith(ACTING) and not below.startswith("spawn-pending")
    return f"{hub}home" if acts else str(handler.request.uri)


@dataclass(frozen=True)
class Told:
    """A failure as templates read it, whatever part of the hub it comes from."""

    message: Any
    remedy: Any = None
    at: datetime | None = None


def failure_of(
    exception: Any = None, spawner: Any = None, message: str | None = None
) -> Told | None:
    """Why something failed: as the exception says it, else the spawner, else JupyterHub's message."""
    if hasattr(exception, "course_message"):
        return Told(exception.course_message, exception.course_remedy)
    last = getattr(spawner, "last_failure", None)
    if last:
        return Told(last.message, last.remedy, last.at)
    return Told(message) if message else None


def places_of(handler: Any) -> Places:
    """Addresses in the reader's own server."""
    user = handler.current_user
    return Places(handler.base_url, handler.hub.base_url, user.escaped_name, user.spawner.ready)


def said(handler: Any, places: Places) -> Said | None:
    """What the page says about what its reader has just asked for; nothing that is not so any more."""
    found = SAID.get(handler.get_query_argument("said", ""))
    return None if found and found.downloads and not places.runs else found


def course_of(handler: Any, language: Language, cohort: Cohort) -> View:
    """The course as the reader, who is of this cohort, has it now; with the day that they ask for."""
    delivery: Delivery = handler.settings["template_vars"]["delivery"]
    wanted, name = handler.get_query_argument("day", ""), handler.current_user.name
    return view(delivery, cohort, name, language, datetime.now(UTC), wanted)


async def told_now(spawner: Any) -> dict[str, Any]:
    """What a spawner that is starting has to say at this moment, for readers without JavaScript."""
    events: AsyncGenerator[dict[str, Any], None] = spawner.progress()
    async with aclosing(events):
        return await anext(events, {})
