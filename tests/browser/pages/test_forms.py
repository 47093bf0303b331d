"""What people do on the pages: with a keyboard alone, without JavaScript, in the other language."""

import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from hub.i18n import Language
from tests.browser.conftest import PHONE
from tests.browser.pages.conftest import Open, log_in
from tests.browser.pages.rehearsal import PASSWORD, Rehearsal
from tests.browser.pages.stand_ins import FAILS_LATER, LEAVES
from tests.browser.pages.ways import INVITED, RESTS, STARTS, TEAM, starting

pytestmark = pytest.mark.browser

FR, EN = Language.FR, Language.EN


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return bool(request.param)


def switch(page: Page) -> None:
    """Press the button with the other language's name."""
    page.locator("header button[name=language]").click()


def test_somebody_logs_in_with_the_keyboard_alone(
    hub: Rehearsal, open_page: Open, scripted: bool
) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=scripted)
    page.goto(hub.address("login?next=/hub/home"))
    expect(page.locator("#username")).to_be_focused()
    page.keyboard.type("YEYINOU@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    for _ in range(
        2 if scripted else 1
    ):  # past the button that shows the password, if there is one
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hub/home")
    expect(page.locator("h1")).to_have_text("Bonjour, Yéyinou Zinsou")


def test_the_first_stop_of_the_keyboard_leads_past_the_header(
    hub: Rehearsal, open_page: Open
) -> None:
    page = open_page()
    page.goto(hub.address("nothing"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_password_can_be_looked_at_and_is_hidden_again_when_it_is_sent(
    hub: Rehearsal, open_page: Open
) -> None:
    page = open_page()
    page.goto(hub.address("login"))
    page.locator("#username").fill("nobody")
    page.locator("#password").fill("secret")
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(page.locator(".reveal")).to_have_attribute("aria-pressed", "true")
    page.evaluate(
        "document.querySelector('main form').addEventListener('submit', e => e.preventDefault())"
    )
    page.locator("#password").press("Enter")
    expect(page.locator("#password")).to_have_attribute("type", "password")


def test_without_javascript_there_is_no_button_that_does_nothing(
    hub: Rehearsal, open_page: Open
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(hub.address("login"))
    expect(page.locator(".reveal")).to_be_hidden()


def test_an_invitation_is_accepted(hub: Rehearsal, open_page: Open, scripted: bool) -> None:
    page = open_page(FR, viewport=PHONE, java_script_enabled=scripted)
    page.goto(hub.address(f"invitation?token={hub.invite(INVITED).token}"))
    expect(page.locator("h1")).to_have_text("Bienvenue, Marie-Reine Hounkpatin")
    page.locator("input[value=en]").check()
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Entrer dans le cours").click()
    page.wait_for_url("**/user/cot-06/**")
    assert hub.people.language(INVITED) is EN
    page.goto(hub.address("home"))
    expect(page.locator("h1")).to_have_text("Hello, Marie-Reine Hounkpatin")
    page.get_by_role("button", name="Stop my server").click()
    expect(page.locator("#stop")).to_have_count(0)


def test_a_mistake_in_an_invitation_is_said_beside_its_field(
    hub: Rehearsal, open_page: Open
) -> None:
    page = open_page(EN, java_script_enabled=False)
    invitation = hub.invite(INVITED)
    page.goto(hub.address(f"invitation?token={invitation.token}"))
    page.locator("input[value=en]").check()
    page.locator("#password").fill("airina2027")
    page.get_by_role("button", name="Enter the course").click()
    expect(page.locator("#password")).to_be_focused()
    described = page.locator("#password").get_attribute("aria-describedby")
    assert described == "password-hint password-error"
    expect(page.locator("#password-error")).to_contain_text("would be guessed early")
    expect(page.locator("input[value=en]")).to_be_checked()


def test_the_language_of_an_invitation_can_be_switched_without_losing_it(
    hub: Rehearsal, open_page: Open
) -> None:
    page = open_page(FR)
    page.goto(hub.address(f"invitation?token={hub.invite(INVITED).token}"))
    page.locator("#password").fill("airina2027")
    page.locator("input[value=fr]").check()
    page.locator("#password").press("Enter")
    switch(page)
    expect(page.locator("h1")).to_have_text("Welcome, Marie-Reine Hounkpatin")


def test_a_visitor_switches_the_language_of_the_same_page_and_it_stays(
    hub: Rehearsal, open_page: Open, scripted: bool
) -> None:
    page = open_page(FR, java_script_enabled=scripted)
    page.goto(hub.address("login?next=%2Fhub%2Fhome"))
    switch(page)
    assert page.url == hub.address("login?next=%2Fhub%2Fhome")
    expect(page.locator("h1")).to_have_text("Log in")
    page.goto(hub.address("invitation"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    switch(page)
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_a_persons_choice_follows_them_to_another_browser(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(FR)
    log_in(page, hub, RESTS, FR)
    switch(page)
    expect(page.locator("h1")).to_have_text("Hello, Yéyinou Zinsou")
    elsewhere = open_page(FR)
    log_in(elsewhere, hub, RESTS)
    expect(elsewhere.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize(
    "address", ["https://example.org/", "//example.org/", "", "/\\example.org"]
)
def test_the_switch_leads_nowhere_else(address: str, hub: Rehearsal, open_page: Open) -> None:
    page = open_page(FR)
    page.goto(hub.address("login"))
    page.evaluate(
        "address => document.querySelector('header [name=next]').value = address", address
    )
    switch(page)
    assert page.url.startswith(hub.url)


def test_the_page_after_logging_out_is_in_the_persons_language(
    hub: Rehearsal, open_page: Open
) -> None:
    page = open_page(FR)
    log_in(page, hub, RESTS, EN)
    page.get_by_role("link", name="Log out").click()
    expect(page.locator("h1")).to_have_text("You are logged out")
    page.get_by_role("link", name="Log in again").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_form_of_another_site_changes_nothing(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(FR)
    page.goto(hub.address("login"))
    page.evaluate("document.querySelector('header [name=_xsrf]').value = 'forged'")
    switch(page)
    expect(page.locator("h1")).to_have_text("Cette page est restée ouverte trop longtemps")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.goto(hub.address("login"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_somebody_in_the_queue_reads_their_place_and_can_leave(
    hub: Rehearsal, open_page: Open, scripted: bool
) -> None:
    page = open_page(EN, java_script_enabled=scripted)
    log_in(page, hub, LEAVES, EN)
    page.get_by_role("link", name="Open").click()
    expect(page.locator("[role=status]")).to_contain_text("number 3")
    page.get_by_role("button", name="Stop my server").click()
    page.wait_for_url("**/hub/home")
    expect(page.locator("#stop")).to_have_count(0)


def test_without_javascript_the_page_that_waits_looks_again_by_itself(
    hub: Rehearsal, open_page: Open
) -> None:
    page = open_page(EN, java_script_enabled=False)
    starting(page, hub, EN)
    with page.expect_navigation():
        pass


def test_the_page_that_waits_leads_to_the_server(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(FR)
    log_in(page, hub, STARTS, FR)
    page.get_by_role("link", name="Ouvrir").click()
    page.wait_for_url(re.compile(f"/user/{STARTS}"))


def test_a_start_that_fails_is_explained_on_the_page_that_waits(
    hub: Rehearsal, open_page: Open, language: Language
) -> None:
    page = open_page(language)
    log_in(page, hub, FAILS_LATER, language)
    page.locator("#start").click()
    said = {FR: "il lui fallait plus que ses 2", EN: "it needed more than its 2 GiB"}
    expect(page.locator(".notice")).to_contain_text(said[language])
    expect(page.locator("#start")).to_have_attribute("href", re.compile("/hub/spawn/cot-04"))


def test_a_token_is_shown_once_and_can_be_revoked(
    hub: Rehearsal, open_page: Open, scripted: bool
) -> None:
    page = open_page(EN, java_script_enabled=scripted)
    log_in(page, hub, TEAM, EN)
    token = make_token(page, hub)
    assert status_for(token, hub) == 200
    page.get_by_role("link", name="Back to your tokens").click()
    assert token not in page.content()
    revoke = page.get_by_role("button", name="Revoke a program")
    before = revoke.count()
    revoke.first.click()
    page.wait_for_url("**/hub/token")
    expect(revoke).to_have_count(before - 1)
    assert status_for(token, hub) == 403


def status_for(token: str, hub: Rehearsal) -> int:
    """How the hub answers a program with this token, and no cookie of a browser."""
    asked = Request(hub.address("api/user"), headers={"Authorization": f"token {token}"})  # noqa: S310
    try:
        with urlopen(asked, timeout=20) as answer:  # noqa: S310 (our own address)
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_nobody_revokes_the_token_of_another(hub: Rehearsal, open_page: Open) -> None:
    owner, other = open_page(EN), open_page(EN)
    log_in(owner, hub, TEAM, EN)
    log_in(other, hub, RESTS, EN)
    token = make_token(owner, hub)
    make_token(other, hub)
    for page in (owner, other):
        page.goto(hub.address("token"))
    identifier = owner.locator("[name=token]").first.get_attribute("value")
    other.evaluate("id => document.querySelector('[name=token]').value = id", identifier)
    with other.expect_response("**/hub/token/revoke") as answer:
        other.locator("[name=token]").first.click()
    assert answer.value.status == 404
    assert status_for(token, hub) == 200


def make_token(page: Page, hub: Rehearsal) -> str:
    """A new token of whoever is logged in."""
    page.goto(hub.address("token"))
    page.locator("#note").fill("a program")
    page.locator("#note").press("Enter")
    return page.locator("main code").inner_text()


def test_nobody_stops_the_server_of_another(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(EN)
    starting(page, hub, EN)
    page.evaluate("document.querySelector('main form').action = '/hub/stop/cot-01'")
    with page.expect_response("**/hub/stop/cot-01") as answer:
        page.locator("#stop").click()
    assert answer.value.status == 404


def test_the_teams_page_of_jupyterhub_works(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(EN)
    log_in(page, hub, TEAM, EN)
    page.get_by_role("link", name="People and their servers").click()
    expect(page.get_by_text("cot-07", exact=True).first).to_be_visible()
