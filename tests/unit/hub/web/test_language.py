"""In which language a page is, and where the switch leads back to."""

from pathlib import Path

import pytest

from hub.i18n import Language
from hub.people import People
from hub.web.language import COOKIE, keep, language_of
from hub.web.rendering import return_address

from .conftest import MakeHandler, user

FR, EN = Language.FR, Language.EN


@pytest.mark.parametrize(
    ("by", "cookie", "accepted", "expected"),
    [
        ("cot-01", "lang=en", "en", FR),  # the roster's, or what the person has chosen
        ("cot-02", "lang=fr", "fr", EN),
        ("stranger", "lang=en", "fr", EN),  # on no roster
        (None, "lang=en", "fr", EN),
        (None, "lang=fr", "en", FR),
        (None, "lang=de", "en-GB,fr;q=0.5", EN),
        (None, "", "fr;q=0.5,en;q=0.4", FR),
        (None, "", "de,en;q=0.1", EN),
        (None, "", "de", FR),
    ],
)
def test_person_then_cookie_then_browser_then_french(
    by: str | None,
    cookie: str,
    accepted: str,
    expected: Language,
    people: People,
    make_handler: MakeHandler,
) -> None:
    reader = user(by) if by else None
    handler = make_handler("login", reader, Cookie=cookie, Accept_Language=accepted)
    assert language_of(handler, people) is expected


def test_a_choice_is_kept_on_the_browser_and_for_the_person(
    people: People, make_handler: MakeHandler, tmp_path: Path
) -> None:
    own = People(people.cohorts, tmp_path / "people.db")
    handler = make_handler("language", user("cot-01"), method="POST")
    keep(handler, own, EN)
    assert own.language("cot-01") is EN
    cookie = handler._new_cookie[COOKIE]
    assert (cookie.value, cookie["path"], cookie["httponly"]) == ("en", "/", True)


def test_a_choice_of_somebody_unknown_is_only_kept_on_the_browser(
    people: People, make_handler: MakeHandler, tmp_path: Path
) -> None:
    own = People(people.cohorts, tmp_path / "people.db")
    for reader in (None, user("stranger")):
        handler = make_handler("language", reader, method="POST")
        keep(handler, own, EN)
        assert handler._new_cookie[COOKIE].value == "en"
    assert own.language("stranger") is None


@pytest.mark.parametrize(
    ("by", "cookie", "set_to"),
    [
        ("cot-02", "", "en"),
        ("cot-02", "lang=fr", "en"),
        ("cot-02", "lang=en", None),
        (None, "lang=fr", None),
        (None, "", None),
    ],
)
def test_a_page_leaves_the_persons_language_on_their_browser(
    by: str | None, cookie: str, set_to: str | None, make_handler: MakeHandler
) -> None:
    handler = make_handler("logout", user(by) if by else None, Cookie=cookie, Accept_Language="fr")
    handler.render_template("logout.html", sync=True)
    kept = getattr(handler, "_new_cookie", {}).get(COOKIE)
    assert (kept.value if kept else None) == set_to


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("home", "/hub/home"),
        ("login?next=/hub/spawn", "/hub/login?next=/hub/spawn"),
        ("spawn-pending/cot-01?next=/user/cot-01/lab", None),
        ("spawn", "/hub/home"),
        ("spawn/cot-01?next=x", "/hub/home"),
        ("stop/cot-01", "/hub/home"),
        ("token", "/hub/token"),
        ("token/new", "/hub/home"),
        ("logout", "/hub/login"),
        ("oauth_callback?state=x&code=y", "/hub/login"),
        ("api/oauth2/authorize?client_id=x", None),
    ],
)
def test_the_switch_leads_back_to_the_page_unless_that_would_do_something(
    asked: str, back: str | None, make_handler: MakeHandler
) -> None:
    assert return_address(make_handler(asked)) == (back or f"/hub/{asked}")
