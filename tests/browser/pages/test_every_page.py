"""Each page in both languages, on a phone by day and on a desktop by night: whole and usable by everybody."""

import pytest
from playwright.sync_api import Page

from hub.i18n import Language
from tests.browser.conftest import PHONE
from tests.browser.pages.conftest import Open
from tests.browser.pages.rehearsal import Rehearsal
from tests.browser.pages.ways import WAYS
from tests.browser.pages.whole import assert_accessible, assert_whole

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", WAYS)
def test_a_page_is_whole(name: str, language: Language, hub: Rehearsal, open_page: Open) -> None:
    page = open_page(language, viewport=PHONE, color_scheme="light")
    WAYS[name](page, hub, language)
    if name != "server gone":  # which the proxy asks for, without a reader's language
        assert page.locator("html").get_attribute("lang") == language
    assert_whole(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_what_is_wrong(scheme: str, hub: Rehearsal, open_page: Open) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(hub.address("login"))
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    with pytest.raises(AssertionError, match="html-has-lang"):
        assert_accessible(page)


@pytest.mark.parametrize("name", ["login", "invitation", "home with a server", "tokens"])
def test_whoever_uses_a_keyboard_sees_where_they_are(
    name: str, hub: Rehearsal, open_page: Open
) -> None:
    page = open_page()
    WAYS[name](page, hub, Language.FR)
    page.evaluate("document.activeElement.blur()")
    seen = []
    while (place := focused(page)) not in seen:
        seen.append(place)
    usable = page.locator(
        "a[href]:visible, button:visible, select:visible, input:not([type=hidden]):visible"
    )
    radios = page.locator("input[type=radio]").count()
    assert len(seen) >= usable.count() - max(0, radios - 1)  # radios are one stop


def focused(page: Page) -> str:
    """What the next press of Tab leads to; it must be on the screen and have an outline."""
    page.keyboard.press("Tab")
    place: dict[str, str] = page.evaluate(
        """() => {
             const here = document.activeElement, style = getComputedStyle(here);
             const box = here.getBoundingClientRect();
             return {outer: here.outerHTML.slice(0, 200), outline: style.outlineStyle,
                     width: style.outlineWidth, seen: box.width > 0 && box.top >= 0};
           }"""
    )
    if not place["outer"].startswith("<body"):
        assert (place["outline"], place["width"]) == ("solid", "3px"), place
        assert place["seen"], place
    return place["outer"]
