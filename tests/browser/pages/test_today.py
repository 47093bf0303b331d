"""A person's page in a browser, on the second day: whole, usable by everybody, and it does what it says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.i18n import Language
from hub.journal import Cause
from tests.browser.conftest import PHONE
from tests.browser.pages.conftest import Open, log_in
from tests.browser.pages.played import Played, played
from tests.browser.pages.rehearsal import Rehearsal, rehearsal
from tests.browser.pages.test_every_page import focused
from tests.browser.pages.ways import INVITED, RESTS, STARTS, TEAM
from tests.browser.pages.whole import assert_whole
from tests.unit.hub.web.courses import ANNOUNCEMENT, COHORT, SECOND_DAY, release, workspace

pytestmark = pytest.mark.browser

FR, EN = Language.FR, Language.EN
POINT = workspace(SECOND_DAY).save_points[0].id


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a hub of this module's own: what its journal says must not reach the tests of other pages."""
    return tmp_path_factory.mktemp("today")


@pytest.fixture(scope="module")
def hub(folder: Path) -> Iterator[Rehearsal]:
    """Two days are out, and everything has happened to everybody."""
    with rehearsal(folder) as running:
        running.journal.released(release(SECOND_DAY, {}))
        running.journal.announce(COHORT, ANNOUNCEMENT.fr, ANNOUNCEMENT.en, TEAM)
        yield running


@pytest.fixture(scope="module")
def all_servers(folder: Path, hub: Rehearsal) -> Iterator[Played]:
    """Listening for the whole module."""
    with played(folder) as servers:
        yield servers


@pytest.fixture(autouse=True)
def servers(all_servers: Played, hub: Rehearsal) -> Played:
    """Nothing asked yet; answers that are right; workspaces as they were."""
    told = workspace(SECOND_DAY)
    for username in (STARTS, RESTS, INVITED):
        hub.journal.told(username, told)
    all_servers.asked.clear()
    all_servers.answers.update(
        {
            "sync": told.model_copy(update={"arrived": ("fr/day2/d2-03.ipynb",)}).model_dump(
                mode="json"
            ),
            "return": told.model_dump(mode="json"),
            "original": {"path": "fr/day2/d2-01__original.ipynb"},
        }
    )
    return all_servers


def with_a_server(page: Page, hub: Rehearsal, language: Language, at: str = "home") -> Page:
    """A page of somebody whose server runs."""
    log_in(page, hub, STARTS, language)
    page.goto(hub.address("spawn"))
    page.goto(hub.address(at))
    return page


def arrives(page: Page, address: str) -> None:
    """Wait until a redirect has led into a server; without a proxy the hub itself answers there."""
    page.wait_for_url(re.compile(re.escape(address)))


@pytest.mark.parametrize("username", [STARTS, RESTS])
@pytest.mark.parametrize(
    "at",
    [
        "home",
        "home?day=1",
        "home?day=0",
        "home?said=came",
        "today/save-points",
        f"today/return?save_point={POINT}",
    ],
)
def test_it_is_whole(
    at: str, username: str, language: Language, hub: Rehearsal, open_page: Open
) -> None:
    page = open_page(language, viewport=PHONE, color_scheme="light")
    log_in(page, hub, username, language)
    if username == STARTS:
        page.goto(hub.address("spawn"))
        hub.journal.failed(STARTS, Cause.NO_ROOM)
    page.goto(hub.address(at))
    assert page.locator("html").get_attribute("lang") == language
    assert_whole(page)


def test_on_the_wire_it_is_light(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(FR, viewport=PHONE)
    with_a_server(page, hub, FR)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert len(sizes) >= 3
    assert sum(sizes) < 30_000


def test_whoever_uses_a_keyboard_reaches_everything(hub: Rehearsal, open_page: Open) -> None:
    page = with_a_server(open_page(), hub, FR)
    page.evaluate("document.activeElement.blur()")
    seen = []
    while (place := focused(page)) not in seen:
        seen.append(place)
    usable = page.locator("a[href]:visible, button:visible")
    assert len(seen) >= usable.count()


def test_a_server_that_rests_leads_straight_to_the_notebook(
    hub: Rehearsal, open_page: Open
) -> None:
    page = open_page(FR)
    log_in(page, hub, INVITED, FR)
    page.get_by_role("link", name="SGD, inertie, Adam Ouvrir").click()
    arrives(page, f"/user/{INVITED}/lab/tree/course/fr/day2/d2-02.ipynb")


def test_work_is_taken_home_by_way_of_the_start(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(FR)
    log_in(page, hub, RESTS, FR)
    page.get_by_role("link", name="Emporter mon travail").click()
    page.wait_for_url(f"**/user/{RESTS}/course/work.zip")
    page.goto(hub.address("home"))
    page.locator("#stop").click()
    expect(page.locator("#stop")).to_have_count(0)


def test_updates_come_without_javascript_and_are_named(
    hub: Rehearsal, open_page: Open, servers: Played
) -> None:
    page = with_a_server(open_page(FR, java_script_enabled=False), hub, FR)
    page.get_by_role("button", name="Mettre à jour").click()
    notice = page.locator(".notice[role=status]")
    expect(notice).to_contain_text("Vous avez la dernière version du cours.")
    expect(notice.locator("li")).to_have_text(["Méthodes du second ordre"])
    assert servers.asked == [("sync", {})]


def test_the_original_opens_beside_without_javascript(
    hub: Rehearsal, open_page: Open, servers: Played
) -> None:
    page = with_a_server(open_page(FR, java_script_enabled=False), hub, FR)
    page.get_by_role("button", name=re.compile("Placer l’original.*Descente")).click()
    arrives(page, f"/user/{STARTS}/lab/tree/course/fr/day2/d2-01__original.ipynb")
    assert servers.asked == [("original", {"path": "fr/day2/d2-01.ipynb"})]


def test_going_back_asks_first_and_says_that_nothing_is_lost(
    hub: Rehearsal, open_page: Open, servers: Played
) -> None:
    page = with_a_server(open_page(EN, java_script_enabled=False), hub, EN)
    page.get_by_role("link", name="My save points").click()
    page.get_by_role("link", name=re.compile("Go back to it")).first.click()
    expect(page.locator("main")).to_contain_text("Nothing is lost")
    assert servers.asked == []
    page.get_by_role("button", name="Go back to this state").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("again as it was")
    assert servers.asked == [("return", {"save_point": POINT})]


def test_a_server_that_does_not_answer_is_told_with_what_to_do(
    hub: Rehearsal, open_page: Open, servers: Played, language: Language
) -> None:
    del servers.answers["sync"]
    page = with_a_server(open_page(language), hub, language)
    page.locator("form[action$=updates] button").click()
    said = {FR: "Votre serveur n’a pas répondu.", EN: "Your server did not answer."}
    expect(page.locator(".notice[role=status]")).to_contain_text(said[language])


@pytest.mark.parametrize("form", ["updates", "original"])
def test_a_form_of_another_site_asks_nothing(
    form: str, hub: Rehearsal, open_page: Open, servers: Played
) -> None:
    page = with_a_server(open_page(EN), hub, EN)
    page.evaluate(
        "document.querySelectorAll('main [name=_xsrf]').forEach(one => one.value = 'forged')"
    )
    page.locator(f"form[action$={form}] button").first.click()
    expect(page.locator("h1")).to_have_text("This page was open for too long")
    assert servers.asked == []


def test_only_the_team_is_led_to_the_board(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(EN)
    log_in(page, hub, TEAM, EN)
    expect(page.locator("a[href$='/hub/board']")).to_be_visible()
    other = open_page(EN)
    log_in(other, hub, RESTS, EN)
    expect(other.locator("a[href$='/hub/board']")).to_have_count(0)


def test_two_languages_are_one_page(hub: Rehearsal, open_page: Open) -> None:
    page = with_a_server(open_page(FR), hub, FR, "home?day=1")
    page.locator("header button[name=language]").click()
    page.wait_for_url("**/hub/home?day=1")
    expect(page.locator("#now")).to_have_text("Linear algebra for deep learning")
    hrefs = page.locator(".notebooks a").evaluate_all("all => all.map(one => one.pathname)")
    assert hrefs
    assert all("/course/en/" in href for href in hrefs)
