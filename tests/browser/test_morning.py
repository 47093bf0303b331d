"""A morning of two cohorts: a day opens by the clock, people write, a correction arrives, no line is lost."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.test_first_morning import accept_invitation, lab
from tests.scratch_site import PASSWORD, ScratchSite
from tests.teacher import Teacher

pytestmark = pytest.mark.browser

NOTEBOOK, SOURCE = "d1-01", "src/day1/01-vector-spaces.py"
CORRECTION = {"fr": "Corrigé à dix heures dix.", "en": "Corrected at ten past ten."}


@dataclass(frozen=True)
class Someone:
    """A participant at work: their page with JupyterLab, and what they typed."""

    username: str
    language: str
    page: Page
    typed: str

    def contents(self, site: ScratchSite, path: str) -> Any:
        """A file of their workspace, as their server has it."""
        address = f"{site.url}/user/{self.username}/api/contents/{path}"
        answer = self.page.request.get(address)
        return answer.json()["content"] if answer.ok else None

    @property
    def open_notebook(self) -> str:
        """The path of the notebook they have open, in their workspace."""
        found = re.search(r"/lab/(?:workspaces/[^/]+/)?tree/(.+?\.ipynb)", self.page.url)
        assert found, self.page.url
        return found[1]


@pytest.fixture
def people(site: ScratchSite, visit: NewVisit) -> list[Someone]:
    """A French participant of the room, and an English one of the online cohort, both at work."""
    at_work = []
    for username, language, locale in (("cot-03", "fr", "fr-BJ"), ("onl-04", "en", "en-GB")):
        page = visit(locale=locale).new_page()
        accept_invitation(page, site.invitation(username).link, language)
        lab(page)
        typed = f"# écrit par {username}"
        write(page, typed)
        at_work.append(Someone(username, language, page, typed))
    return at_work


def write(page: Page, text: str) -> None:
    """Type a line at the end of the first code cell."""
    cell = page.locator(".jp-NotebookPanel:visible .jp-CodeCell .cm-content").first
    cell.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    expect(cell).to_contain_text(text)


@pytest.fixture
def teacher(site: ScratchSite, visit: NewVisit, tmp_path: Path) -> Teacher:
    """The instructor of the room, with a clone; the course is theirs alone in this test."""
    accept_invitation(visit().new_page(), site.invitation("cot-07").link, "fr")
    return Teacher(site.url, "cot-07", PASSWORD, tmp_path)


def status(site: ScratchSite) -> dict[str, dict[str, Any]]:
    """Each cohort's state, by its id."""
    told = json.loads(site.hub("course", "status", "--json"))
    return {one["cohort"]: one for one in told["cohorts"]}


def notification(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until JupyterLab tells something."""
    expect(page.locator(".Toastify__toast", has_text=text).first).to_be_visible(timeout=30_000)


def look_at_a_copy(site: ScratchSite, board: Page, username: str, whose: Someone) -> None:
    """The instructor opens their own server, and there, read-only, what a participant has written."""
    board.goto(f"{site.url}/hub/spawn")
    lab(board)
    board.goto(f"{site.url}/hub/board/2027a-cotonou/{username}")
    path = whose.open_notebook.removeprefix("course/")
    board.locator(f"button[name=path][value='{path}']").click()
    board.wait_for_url(f"**/user/cot-07/lab/**/copies/2027a-cotonou/{username}/**", timeout=60_000)
    shown = board.locator(".jp-NotebookPanel:visible", has_text=whose.typed)
    expect(shown).to_be_visible(timeout=60_000)


def test_a_morning(
    site: ScratchSite, people: list[Someone], teacher: Teacher, visit: NewVisit
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=3)
    site.hub("course", "apply", "postpone", "--day", "2", "--at", soon.isoformat())
    for one in people:
        notification(one.page, "nouveaux notebooks" if one.language == "fr" else "new notebooks")
        assert one.contents(site, f"course/{one.language}/day2")
    assert datetime.now(UTC) >= soon

    hint = "airina/messages/d1_01.{}.toml"
    for language in CORRECTION:
        teacher.edit(hint.format(language), lambda text: text + "# 10:10\n")
    teacher.add_sentence(NOTEBOOK, SOURCE, 0, **CORRECTION)
    good = teacher.push()
    assert good.returncode == 0, good.stderr
    for one in people:
        shown = one.page.locator(".jp-NotebookPanel:visible", has_text=CORRECTION[one.language])
        expect(shown).to_be_visible(timeout=30_000)
        expect(shown).to_contain_text(one.typed)
        path = one.open_notebook
        kept = json.dumps(one.contents(site, path), ensure_ascii=False)
        assert CORRECTION[one.language] in kept
        assert one.typed in kept
        assert "# 10:10" in one.contents(site, f"course/{hint.format(one.language)}")
    before = status(site)
    assert {one["have"] for one in before.values()} >= {1}

    board = visit().new_page()
    board.goto(f"{site.url}/hub/login?next=/hub/board")
    board.locator("#username").fill("cot-07")
    board.locator("#password").fill(PASSWORD)
    board.locator("#password").press("Enter")
    expect(board.locator("main")).to_contain_text("cot-03")
    expect(board.locator("main")).not_to_contain_text("onl-04")  # another cohort's
    look_at_a_copy(site, board, "cot-03", people[0])

    said = ("--fr", "Pause à midi.", "--en", "Break at noon.")
    site.hub("course", "announce", "--cohort", "2027a-cotonou", *said)
    notification(people[0].page, "Pause à midi.")
    expect(people[1].page.get_by_text("Break at noon.")).to_have_count(0)

    teacher.edit(SOURCE, lambda text: text.replace("# END SOLUTION", "(\n    # END SOLUTION", 1))
    bad = teacher.push("Break it")
    assert bad.returncode != 0
    assert "Refusé" in bad.stderr
    assert re.search(r"01-vector-spaces\.py:\d+", bad.stderr)
    assert {k: v["release"] for k, v in status(site).items()} == {
        k: v["release"] for k, v in before.items()
    }
