"""JupyterLab on a phone: the notebook is what is seen."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.lab.conftest import Sit
from tests.browser.lab.rehearsal import code

pytestmark = pytest.mark.browser


def test_on_a_phone_the_notebook_has_the_room(sit: Sit) -> None:
    person = sit(code("a", "1 + 1"), viewport=PHONE)
    expect(person.page.locator(".jp-FileBrowser")).to_be_hidden()
    cell = person.cell(0).bounding_box()
    assert cell is not None
    assert cell["width"] > PHONE["width"] / 2


def test_on_a_desktop_the_folder_stays_beside_it(sit: Sit) -> None:
    person = sit(code("a", "1 + 1"))
    expect(person.page.locator(".jp-FileBrowser")).to_be_visible()
