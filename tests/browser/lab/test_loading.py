"""What the extension adds to loading JupyterLab."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab.conftest import Sit
from tests.browser.lab.rehearsal import code

pytestmark = pytest.mark.browser

REQUESTS = """
performance.getEntriesByType("resource")
    .filter(entry => entry.name.includes("/lab/extensions/airina-course/"))
    .map(entry => entry.transferSize)
"""


def bytes_asked(page: Page) -> list[int]:
    """Of the extension's files, each; nothing for one that the browser had."""
    sizes: list[int] = page.evaluate(REQUESTS)
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
