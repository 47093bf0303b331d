"""What every page of ours is: accessible, and as wide as its window, in all sizes and both schemes."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import DESKTOP, PHONE

SMALLEST: ViewportSize = {"width": 320, "height": 600}
"""WCAG 1.4.10 asks that nothing need scrolling in two directions there."""

RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def assert_whole(page: Page) -> None:
    """A page that was opened on a phone by day is usable on every screen, and by night."""
    assert_accessible(page)
    for size in (PHONE, SMALLEST, DESKTOP):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.emulate_media(color_scheme="dark")
    assert_accessible(page)


def assert_accessible(page: Page) -> None:
    """axe-core has nothing to complain of."""
    page.wait_for_load_state()  # what can be seen already may still be without its styles
    found = Axe().run(page, options=RULES).response["violations"]
    told = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
    assert told == [], told
