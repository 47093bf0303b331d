"""Before a sync, what is open in the course is saved, and nobody is asked anything."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab.conftest import Sit
from tests.browser.lab.rehearsal import Lab, Person, code

pytestmark = pytest.mark.browser


def asked_to_save(lab: Lab, person: Person) -> None:
    """The server says that a sync is about to begin, and gets its answer."""
    name = f"{lab.language} {person.path}"
    with person.page.expect_response(re.compile("/course/saved")) as answer:
        lab.emit("save", id=name)
    assert answer.value.ok
    assert name in lab.ask("GET", "course/saved")


def test_unsaved_changes_are_on_the_disk_when_the_server_is_answered(
    lab: Lab, sit: Sit, path: str
) -> None:
    person = sit(code("a", ""))
    person.editor(0).click()
    person.page.keyboard.type("y = 7")
    asked_to_save(lab, person)
    assert lab.sources(path) == ["y = 7"]
    assert person.types_in(0)
    expect(person.unsaved).to_have_count(0)


def test_a_notebook_without_changes_is_not_written(lab: Lab, sit: Sit, path: str) -> None:
    person = sit(code("a", "x = 1"))
    before = lab.ask("GET", f"api/contents/{path}?content=0")["last_modified"]
    asked_to_save(lab, person)
    assert lab.ask("GET", f"api/contents/{path}?content=0")["last_modified"] == before


def test_a_file_that_changed_under_unsaved_work_is_left_and_no_question_is_asked(
    lab: Lab, sit: Sit, path: str
) -> None:
    person = sit(code("a", ""))
    person.editor(0).click()
    person.page.keyboard.type("mine")
    lab.write(path, code("a", "theirs"))
    asked_to_save(lab, person)
    expect(person.dialog).to_have_count(0)
    assert person.types_in(0)
    assert lab.sources(path) == ["theirs"]
    assert person.editor(0).inner_text() == "mine"
