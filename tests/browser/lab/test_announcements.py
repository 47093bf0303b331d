"""Announcements, and what is told to somebody who has just come."""

import pytest
from playwright.sync_api import expect

from tests.browser.lab.conftest import Sit
from tests.browser.lab.rehearsal import Lab, code

pytestmark = pytest.mark.browser

LONG = "On reprend à 14 h 10 dans la salle B. " * 6


def test_an_announcement_stays_until_it_is_closed_and_comes_once(lab: Lab, sit: Sit) -> None:
    person = sit(code("a", ""))
    person.editor(0).click()
    for _ in range(2):
        lab.emit("announcement", id=7, at="2027-01-05T13:00:00Z", text="Pause jusqu’à 14 h 10.")
    expect(person.notices).to_have_text("Pause jusqu’à 14 h 10.")
    clock = person.notices.get_by_role("progressbar", include_hidden=True)
    expect(clock).to_have_attribute("aria-hidden", "true")
    assert person.types_in(0)
    lab.ask(
        "PUT", "course/news", [{"kind": "announcement", "id": n, "text": f"{n}"} for n in (7, 8)]
    )
    person.page.reload()
    expect(person.notices).to_have_text("8")


def test_a_long_announcement_can_be_read_to_its_end(lab: Lab, sit: Sit) -> None:
    person = sit(code("a", ""))
    lab.emit("announcement", id=9, at="2027-01-05T13:00:00Z", text=LONG)
    expect(person.notices).to_have_count(1)
    more = {"fr": "Lire la suite", "en": "Read all"}[lab.language]
    person.notices.get_by_role("button", name=more).click()
    expect(person.dialog).to_contain_text(LONG.strip())
    person.page.keyboard.press("Enter")
    expect(person.dialog).to_have_count(0)
    expect(person.notices).to_have_count(1)


def test_what_arrived_before_jupyterlab_was_open_is_told_when_it_is(
    lab: Lab, sit: Sit, path: str
) -> None:
    lab.ask(
        "PUT", "course/news", [{"kind": "arrived", "text": "Jour 2", "paths": [], "open": path}]
    )
    person = sit(code("a", ""))
    expect(person.notices).to_contain_text("Jour 2")


def test_what_arrived_while_the_link_was_gone_is_told_when_it_is_back(
    lab: Lab, sit: Sit, path: str
) -> None:
    person = sit(code("a", "x = 1"))
    lab.write(path, code("a", "x = 2"))
    same = {"kind": "arrived", "text": "…", "paths": [path], "open": None}
    lab.emit(**same)
    expect(person.editor(0)).to_have_text("x = 2")
    lab.write(path, code("a", "x = 3"))
    lab.ask("PUT", "course/news", [{**same, "id": "another, of the same words"}])
    person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(person.editor(0)).to_have_text("x = 3")
    expect(person.notices).to_have_count(2)
