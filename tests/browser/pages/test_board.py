"""The board in a browser: live, and leaving alone what somebody is doing on it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from hub.i18n import Language
from hub.journal import Cause, Journal, Listed, Notebook, Release, Verdict, Workspace
from hub.opening import Asked, Part, Wish
from tests.browser.conftest import PHONE
from tests.browser.pages.conftest import Open, log_in
from tests.browser.pages.rehearsal import Rehearsal, rehearsal
from tests.browser.pages.ways import RESTS, TEAM
from tests.browser.pages.whole import assert_whole

pytestmark = pytest.mark.browser

COHORT = "2027a-test"
HEAD, OLD = "a" * 40, "b" * 40
PATH = "fr/day1/03-svd.ipynb"
TITLE = "La décomposition en valeurs singulières"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A hub of this module's own: what its journal says must not reach the tests of other pages."""
    with rehearsal(tmp_path_factory.mktemp("board")) as running:
        yield running


@pytest.fixture
def journal(hub: Rehearsal) -> Journal:
    """Day 1 is out; one person kept theirs, one is in trouble, the others have not told of anything."""
    journal = hub.journal
    notebook = Listed(id="d1-03", day=1, language=Language.FR, path=PATH, title=TITLE)
    journal.released(
        Release(
            cohort=COHORT,
            head=HEAD,
            source="c" * 40,
            parts=frozenset({(1, Part.DAY)}),
            landing=1,
            notebooks=(notebook,),
            at=datetime.now(UTC),
        )
    )
    for day in range(1, 6):
        journal.ask(COHORT, day, Part.DAY, Asked(Wish.CALENDAR), TEAM)
    for username in ("cot-01", "cot-02", "cot-03"):
        journal.told(username, workspace(OLD))
    journal.told("cot-04", workspace(HEAD))
    return journal


def workspace(commit: str) -> Workspace:
    """One whose person kept their own version."""
    beside = "fr/day1/03-svd__original.ipynb"
    notebooks = {PATH: Notebook(mine=True, beside=beside)}
    return Workspace(commit=commit, outcome="ok", at=datetime.now(UTC), notebooks=notebooks)


def board(page: Page, hub: Rehearsal, language: Language = Language.EN) -> Page:
    """The board, as whoever runs the course sees it; live where there is JavaScript."""
    log_in(page, hub, TEAM, language)
    page.goto(hub.address("board"))
    return page


def live(page: Page) -> Page:
    """Wait until the board follows."""
    expect(page.locator(".follows")).to_be_visible()
    return page


@pytest.mark.parametrize("path", ["board", f"board/{COHORT}/cot-01"])
def test_it_is_whole(
    path: str, language: Language, hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    journal.failed("cot-01", Cause.NO_ROOM)
    number = journal.gate_begins("c" * 40, TEAM)
    journal.gate_says(number, "1/1 ✘ d1-03, " + "x" * 200)
    journal.gate_ends(number, Verdict.REFUSED)
    journal.announce(COHORT, "La pause est à 10 h 30.", "The break is at 10:30.", TEAM)
    page = open_page(language, viewport=PHONE, color_scheme="light")
    board(page, hub, language).goto(hub.address(path))
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert_whole(page)


def test_a_change_is_shown_and_nothing_that_somebody_does_is_disturbed(
    hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = live(board(open_page(Language.EN), hub))
    expect(page.get_by_text("1 of 9 have it")).to_be_visible()
    day = page.locator(f"[id='{COHORT}_3'] details").first
    day.locator("summary").click()
    moment = day.locator("[name=opens_at]")
    moment.fill("2094-03-03T10:15")
    text = page.get_by_label("In French")
    text.fill("La pause est à 10")
    text.press("ArrowLeft")
    page.evaluate("scrollTo(0, 120)")
    before = page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]")
    journal.told("cot-01", workspace(HEAD))
    journal.ask(COHORT, 2, Part.DAY, Asked(Wish.CLOSE), TEAM)
    journal.announce(COHORT, "Bonjour", "Good morning", TEAM)
    expect(page.get_by_text("2 of 9 have it")).to_be_visible()
    expect(page.locator(f"[id='{COHORT}_2'] .state").first).to_have_text("closed")
    expect(page.get_by_text("Good morning").first).to_be_visible()
    after = page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]")
    assert after == before == [f"{COHORT}_fr", 16]
    expect(text).to_have_value("La pause est à 10")
    expect(moment).to_have_value("2094-03-03T10:15")
    expect(day).to_have_attribute("open", "")
    assert page.evaluate("scrollY") == 120


def test_a_hub_that_is_away_costs_nobody_their_words(
    hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = open_page(Language.EN)
    page.route("**/board/events", lambda route: route.fulfill(status=503))
    board(page, hub)
    text = page.get_by_label("In French")
    text.fill("La pause est à 10")
    expect(page.get_by_text("The hub cannot be reached")).to_be_visible()
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    journal.told("cot-01", workspace(HEAD))
    page.unroute("**/board/events")
    expect(page.get_by_text("2 of 9 have it")).to_be_visible()
    expect(page.get_by_text("The hub cannot be reached")).to_be_hidden()
    live(page)
    expect(text).to_have_value("La pause est à 10")


def test_a_push_is_shown_while_it_is_judged(
    hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = live(board(open_page(Language.EN), hub))
    number = journal.gate_begins("d" * 40, TEAM)
    expect(page.locator(".gate")).to_contain_text("Being judged ddddddd")
    journal.gate_says(number, "1/2 ✔ d1-01")
    expect(page.locator(".report li")).to_have_text(["1/2 ✔ d1-01"])
    journal.gate_says(number, "2/2 ✔ d1-02")
    expect(page.locator(".report li")).to_have_text(["1/2 ✔ d1-01", "2/2 ✔ d1-02"])
    journal.gate_ends(number, Verdict.PASSED)
    expect(page.locator(".gate")).to_contain_text("Passed ddddddd")


def test_a_server_that_starts_or_stops_is_noticed(
    hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = live(board(open_page(Language.EN), hub))
    row = page.locator(f"[id='{COHORT}_p_cot-01']")
    expect(row).to_contain_text("off")
    other = open_page(Language.EN)
    log_in(other, hub, "cot-01", Language.EN)
    other.goto(hub.address("spawn"))
    expect(row).to_contain_text("on its way")
    journal.failed("cot-01", Cause.SILENT)
    expect(row).to_contain_text("does not answer")
    again = row.get_by_role("button", name="Try again")
    again.focus()
    journal.told("cot-01", workspace(HEAD))
    expect(row).to_contain_text("up to date")
    expect(page.get_by_role("heading", name="People")).to_be_focused()
    other.goto(hub.address("home"))
    other.locator("#stop").click()
    expect(page.get_by_text("0 of 9 run")).to_be_visible()


def test_a_day_is_opened_with_the_keyboard_alone(
    hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = live(board(open_page(Language.EN), hub))
    summary = page.locator(f"[id='{COHORT}_4'] summary").first
    summary.focus()
    page.keyboard.press("Enter")
    opens = page.locator(f"[id='{COHORT}_4']").get_by_role("button", name="Open now").first
    for _ in range(12):
        page.keyboard.press("Tab")
        if opens.evaluate("button => button === document.activeElement"):
            break
    expect(opens).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"done=opening"))
    expect(page.get_by_role("status").filter(has_text="It is written down.")).to_be_in_viewport()
    expect(page.locator(f"[id='{COHORT}_4'] .state").first).to_contain_text("open")
    assert journal.asks(COHORT)[4, Part.DAY] == Asked(Wish.OPEN)


@pytest.mark.parametrize("scripted", [True, False])
def test_a_day_is_postponed_and_a_mistake_is_told(
    scripted: bool, hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = board(open_page(Language.FR, java_script_enabled=scripted), hub, Language.FR)
    expect(page.get_by_role("link", name="Actualiser")).to_be_visible(visible=not scripted)
    day = page.locator(f"[id='{COHORT}_5'] details").first
    day.locator("summary").click()
    day.locator("[name=opens_at]").fill("2020-03-03T10:15")
    day.get_by_role("button", name="Reporter").click()
    if scripted:
        live(page)
        journal.told("cot-01", workspace(HEAD))
        expect(page.get_by_text("2 sur 9 sont à jour")).to_be_visible()
    expect(day.locator(".error")).to_contain_text("Ce moment est passé.")
    expect(day.locator("[name=opens_at]")).to_be_focused()
    expect(day.locator(".error")).to_be_in_viewport()
    expect(day.locator("[name=opens_at]")).to_have_value("2020-03-03T10:15")
    day.locator("[name=opens_at]").fill("2094-03-09T10:15")
    day.get_by_role("button", name="Reporter").click()
    expect(day.locator(".state")).to_contain_text("s’ouvre mardi 9\u00a0mars à 10\u00a0h\u00a015")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_cohort_is_told_something(
    scripted: bool, hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = board(open_page(Language.FR, java_script_enabled=scripted), hub, Language.FR)
    page.get_by_label("En français").fill(f"Bonjour {scripted}")
    page.get_by_label("En anglais").fill(f"Hello {scripted}")
    page.get_by_role("button", name="Annoncer").click()
    expect(page.locator(".announced li").first).to_contain_text(f"Bonjour {scripted}")
    expect(page.get_by_label("En français")).to_have_value("")


def test_whoever_was_logged_out_is_told_and_keeps_their_words(
    hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = live(board(open_page(Language.EN), hub))
    text = page.get_by_label("In French")
    text.fill("La pause est à 10")
    page.context.clear_cookies()
    journal.told("cot-01", workspace(HEAD))
    expect(page.get_by_text("You are logged out")).to_be_visible()
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    expect(text).to_have_value("La pause est à 10")


def test_a_form_of_another_site_changes_nothing(
    hub: Rehearsal, journal: Journal, open_page: Open
) -> None:
    page = board(open_page(Language.EN), hub)
    fields = {"what": "opening", "cohort": COHORT, "day": 3, "part": "day", "wish": "open"}
    answer = page.request.post(hub.address("board"), form=fields)
    assert answer.status == 403
    assert journal.asks(COHORT)[3, Part.DAY] == Asked(Wish.CALENDAR)


def test_a_participant_has_no_board(hub: Rehearsal, open_page: Open) -> None:
    page = open_page(Language.FR)
    log_in(page, hub, RESTS, Language.FR)
    for path in ("board", f"board/{COHORT}/cot-01", "board/events"):
        assert page.goto(hub.address(path)).status == 403  # type: ignore[union-attr]
