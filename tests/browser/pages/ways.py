"""The way to every page, as a person comes to it."""

from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from hub.i18n import Language
from tests.browser.pages.conftest import log_in
from tests.browser.pages.rehearsal import Rehearsal
from tests.browser.pages.stand_ins import FAILS, FAILS_LATER, STOPS_SLOWLY, WAITS

STARTS, INVITED, RESTS, TEAM = "cot-01", "cot-06", "cot-07", "cot-90"

Way = Callable[[Page, Rehearsal, Language], None]


def by_address(address: str, username: str | None = None) -> Way:
    """The way to a page that has an address of its own."""

    def way(page: Page, hub: Rehearsal, language: Language) -> None:
        if username:
            log_in(page, hub, username, language)
        page.goto(hub.address(address))

    return way


def login_refused(page: Page, hub: Rehearsal, language: Language) -> None:
    """A password that is wrong."""
    page.goto(hub.address("login"))
    page.locator("#username").fill(f"nobody-{language}@example.org")
    page.locator("#password").fill("wrong")
    page.locator("#password").press("Enter")
    expect(page.locator("#error")).to_be_visible()


def invitation(page: Page, hub: Rehearsal, language: Language) -> None:
    """A fresh link."""
    page.goto(hub.address(f"invitation?token={hub.invite(INVITED).token}"))


def invitation_with_mistakes(page: Page, hub: Rehearsal, language: Language) -> None:
    """A password that everybody would guess."""
    invitation(page, hub, language)
    page.locator("#password").fill("motdepasse1")
    page.locator(f"input[value={language}]").check()
    page.locator("#password").press("Enter")
    expect(page.locator("#password-error")).to_be_visible()


def invitation_out_of_date(page: Page, hub: Rehearsal, language: Language) -> None:
    """A link of last month."""
    page.goto(hub.address(f"invitation?token={hub.invite(INVITED, days=-1).token}"))


def code_unknown(page: Page, hub: Rehearsal, language: Language) -> None:
    """A code that was read wrong."""
    page.goto(hub.address("invitation"))
    page.locator("#code").fill("00000-00000")
    page.locator("#code").press("Enter")
    expect(page.locator("#error")).to_be_visible()


def home_with_a_server(page: Page, hub: Rehearsal, language: Language) -> None:
    """After a look into JupyterLab."""
    log_in(page, hub, STARTS, language)
    page.goto(hub.address("spawn"))
    page.goto(hub.address("home"))
    expect(page.locator("#stop")).to_be_visible()


def starting(page: Page, hub: Rehearsal, language: Language) -> None:
    """In a queue that does not move."""
    log_in(page, hub, WAITS, language)
    page.goto(hub.address("spawn"))
    expect(page.locator("progress")).to_be_visible()


def home_while_it_starts(page: Page, hub: Rehearsal, language: Language) -> None:
    """Back from the queue."""
    starting(page, hub, language)
    page.goto(hub.address("home"))


def start_failed_at_once(page: Page, hub: Rehearsal, language: Language) -> None:
    """An error instead of the page that waits."""
    log_in(page, hub, FAILS, language)
    page.goto(hub.address("spawn"))


def home_after_a_failure(page: Page, hub: Rehearsal, language: Language) -> None:
    """The reason is still there."""
    start_failed_at_once(page, hub, language)
    page.goto(hub.address("home"))


def start_failed(page: Page, hub: Rehearsal, language: Language) -> None:
    """An error while the page waits."""
    log_in(page, hub, FAILS_LATER, language)
    page.goto(hub.address("spawn"))
    expect(page.locator(".notice")).to_be_visible()


def home_while_it_stops(page: Page, hub: Rehearsal, language: Language) -> None:
    """A server that takes its time."""
    log_in(page, hub, STOPS_SLOWLY, language)
    if page.locator("#start").count():
        page.goto(hub.address("spawn"))
        page.goto(hub.address("home"))
        page.locator("#stop").click()
    expect(page.locator("[role=status]")).to_be_visible()


def stopping(page: Page, hub: Rehearsal, language: Language) -> None:
    """Somebody opens a server that is just being stopped."""
    home_while_it_stops(page, hub, language)
    page.goto(hub.address(f"spawn-pending/{STOPS_SLOWLY}"))


def new_token(page: Page, hub: Rehearsal, language: Language) -> None:
    """A token is made."""
    log_in(page, hub, RESTS, language)
    page.goto(hub.address("token"))
    page.locator("#note").fill("essai")
    page.locator("#note").press("Enter")
    expect(page.locator("main code")).to_be_visible()


def tokens(page: Page, hub: Rehearsal, language: Language) -> None:
    """The list, with one in it."""
    new_token(page, hub, language)
    page.goto(hub.address("token"))


def permission(page: Page, hub: Rehearsal, language: Language) -> None:
    """A program that wants to know who somebody is."""
    log_in(page, hub, RESTS, language)
    asked = {
        "client_id": "service-board",
        "redirect_uri": f"{hub.url}services/board/oauth_callback",
        "response_type": "code",
        "state": "x",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",  # of RFC 7636, appendix B
        "code_challenge_method": "S256",
    }
    page.goto(hub.address(f"api/oauth2/authorize?{urlencode(asked)}"))


WAYS: dict[str, Way] = {
    "login": by_address("login"),
    "login refused": login_refused,
    "invitation": invitation,
    "invitation with mistakes": invitation_with_mistakes,
    "invitation out of date": invitation_out_of_date,
    "code": by_address("invitation"),
    "code unknown": code_unknown,
    "home": by_address("home", RESTS),
    "home with a server": home_with_a_server,
    "home while it starts": home_while_it_starts,
    "home while it stops": home_while_it_stops,
    "home after a failure": home_after_a_failure,
    "home of the team": by_address("home", TEAM),
    "starting": starting,
    "start failed at once": start_failed_at_once,
    "start failed": start_failed,
    "stopping": stopping,
    "not running": by_address(f"user/{RESTS}/lab", RESTS),
    "no such page": by_address("nothing", RESTS),
    "not for you": by_address("admin", RESTS),
    "server gone": by_address("error/503"),
    "tokens": tokens,
    "new token": new_token,
    "permission": permission,
    "logged out": by_address("logout", RESTS),
}
