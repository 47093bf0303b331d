"""What the extension adds to loading JupyterLab."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab.conftest import Sit
from tests.browser.lab.rehearsal import code

pytestmark = pytest.mark.browser

REQUESTS = """
part => performance.getEntriesByType("resource")
    .filter(entry => entry.name.includes(part))
    .map(entry => entry.transferSize)
"""
OURS = "/lab/extensions/airina-course/"


def bytes_asked(page: Page, part: str = OURS) -> list[int]:
    """Of each file with this in its address; nothing for one that the browser had."""
    sizes: list[int] = page.evaluate(REQUESTS, part)
    return sizes


def test_it_is_one_small_file_which_a_second_visit_does_not_ask_for(sit: Sit) -> None:
    person = sit(code("a", ""))
    [first] = bytes_asked(person.page)
    assert 0 < first < 20_000
    address = person.page.url
    person.page.goto("about:blank")
    person.page.goto(address)
    expect(person.cell(0)).to_be_visible()
    assert bytes_asked(person.page) == [0]


def test_what_only_an_upgrade_changes_comes_once(sit: Sit) -> None:
    person = sit(code("a", ""))
    assert sum(texts_and_settings(person.page)) > 5_000
    address = person.page.url
    person.page.goto("about:blank")
    person.page.goto(address)
    expect(person.cell(0)).to_be_visible()
    second = texts_and_settings(person.page)
    assert second
    assert max(second) < 1_000, "the server says that they are as they were"


def texts_and_settings(page: Page) -> list[int]:
    """Bytes of each answer."""
    parts = "/lab/api/translations/", "/lab/api/settings/"
    return [size for part in parts for size in bytes_asked(page, part)]
