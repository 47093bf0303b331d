"""In which language a request is answered, and keeping what somebody has chosen."""

from typing import Any

from hub.i18n import Language, choose
from hub.people import People

COOKIE = "lang"
COOKIE_DAYS = 365

NAMES = {Language.FR: "Français", Language.EN: "English"}
"""Each language by its own name, as a switch must say it."""


def language_of(handler: Any, people: People) -> Language:
    """The person's setting, else the cookie, else the browser's wish, else French."""
    user = handler.current_user
    return choose(
        people.language(user.name) if user else None,
        handler.get_cookie(COOKIE),
        handler.request.headers.get("Accept-Language"),
    )


def other(language: Language) -> Language:
    """The language to switch to."""
    return Language.EN if language is Language.FR else Language.FR


def remember(handler: Any, language: Language) -> None:
    """Let this browser speak somebody's language when they have logged out, and when they come back."""
    if handler.current_user and handler.get_cookie(COOKIE) != language:
        set_cookie(handler, language)


def keep(handler: Any, people: People, language: Language) -> None:
    """Keep a choice: on this browser for a year, and for the person who is logged in for good."""
    set_cookie(handler, language)
    person = people.person(handler.current_user.name) if handler.current_user else None
    if person:
        people.choose_language(person.username, language)


def set_cookie(handler: Any, language: Language) -> None:
    """Keep a language on this browser, with the attributes that JupyterHub gives its cookies."""
    handler._set_cookie(
        COOKIE, language.value, encrypted=False, path=handler.base_url, expires_days=COOKIE_DAYS
    )
