"""From an invitation to work that is still there after lunch, in both languages."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from tests.browser.conftest import PHONE, NewVisit
from tests.scratch_site import PASSWORD, ROOT, ScratchSite

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    username: str
    locale: str
    lang: str
    file_menu: str
    folder: str
    idle: str


FRENCH = Words("cot-01", "fr-BJ", "fr", "Fichier", "fr", "Inactif")
ENGLISH = Words("cot-04", "en-GB", "en", "File", "en", "Idle")


@pytest.fixture(params=[FRENCH, ENGLISH], ids=lambda words: words.lang)
def words(request: pytest.FixtureRequest) -> Words:
    """A French and an English participant."""
    chosen: Words = request.param
    return chosen


def accept_invitation(page: Page, link: str, language: str) -> None:
    """Follow the link, choose a language and a password."""
    page.goto(link)
    page.locator(f"input[name=language][value={language}]").check()
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")


def lab(page: Page) -> Page:
    """Wait until JupyterLab shows the notebook."""
    page.wait_for_url("**/lab/**", timeout=120_000)
    expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible(timeout=60_000)
    return page


def first_notebook(words: Words) -> str:
    """Where Day 1's first notebook is in the workspace."""
    release = ROOT / "content" / "build" / words.folder / "day1"
    return f"course/{words.folder}/day1/{sorted(release.glob('*.ipynb'))[0].name}"


def contents(context: BrowserContext, site: ScratchSite, words: Words, path: str) -> str:
    """Address of a file in the person's server's contents API."""
    return f"{site.url}/user/{words.username}/api/contents/{path}"


def test_a_participant_follows_an_invitation_works_stops_and_finds_the_work_again(
    site: ScratchSite, visit: NewVisit, words: Words
) -> None:
    context = visit(locale=words.locale)
    page = context.new_page()
    accept_invitation(page, site.invitation(words.username).link, words.lang)

    lab(page)
    open_tab = page.locator(".lm-DockPanel .lm-TabBar-tab.jp-mod-current")
    expect(open_tab).to_contain_text(first_notebook(words).rsplit("/", 1)[1])
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{words.lang}"))
    expect(page.locator(".lm-MenuBar-itemLabel", has_text=words.file_menu).first).to_be_visible()

    path = first_notebook(words)
    last = solve(context, site, words, path)
    page.reload()
    lab(page)
    run_to_the_end(page, words)
    # A kernel is idle between two cells too: the last one's number is what tells that all have run.
    prompt = page.locator(f".jp-Cell[data-windowed-list-index='{last}'] .jp-InputArea-prompt")
    expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=120_000)
    with page.expect_response(is_a_save):
        page.keyboard.press("Control+s")
    saved = contents(context, site, words, path)
    assert ran_without_error(context.request.get(saved).json())

    page.goto(f"{site.url}/hub/home")
    page.locator("button[name=stop], #stop").first.click()
    expect(page.locator("#start, a[href*=spawn]").first).to_be_visible(timeout=60_000)
    page.locator("#start, a[href*=spawn]").first.click()
    lab(page)
    assert ran_without_error(context.request.get(saved).json())


def is_a_save(answer: Response) -> bool:
    """JupyterLab's answer to having kept a file."""
    return answer.request.method == "PUT" and "/api/contents/" in answer.url


def ran_without_error(model: dict[str, Any]) -> bool:
    """Every code cell of a notebook has been run, and none of them failed."""
    cells = [cell for cell in model["content"]["cells"] if cell["cell_type"] == "code"]
    kinds = {output["output_type"] for cell in cells for output in cell["outputs"]}
    return all(cell["execution_count"] for cell in cells) and "error" not in kinds


def solve(context: BrowserContext, site: ScratchSite, words: Words, path: str) -> int:
    """The participant's answers, as if typed: the instructor's, in the participant's own file.

    Returns the place of the last code cell.
    """
    solved = ROOT / "content" / "build" / "instructor" / path.removeprefix("course/")
    notebook = json.loads(solved.read_text("utf-8"))
    xsrf = {c["name"]: c["value"] for c in context.cookies(f"{site.url}/user/{words.username}/")}
    answer = context.request.put(
        contents(context, site, words, path),
        data={"type": "notebook", "format": "json", "content": notebook},
        headers={"X-XSRFToken": xsrf["_xsrf"]},
    )
    assert answer.ok, answer.text()
    cells = enumerate(notebook["cells"])
    return max(place for place, cell in cells if cell["cell_type"] == "code")


def run_to_the_end(page: Page, words: Words) -> None:
    """*Run All Cells* by its keyboard-free command: the menu.

    JupyterLab runs nothing, and says nothing, as long as its page is not connected to the kernel. The bar
    below tells; the notebook's own sign is "idle" before there is any kernel.
    """
    expect(page.locator("#jp-main-statusbar")).to_contain_text(f"Python 3 | {words.idle}")
    page.locator(".jp-NotebookPanel .jp-Cell").first.click()
    page.locator(".lm-MenuBar-item").nth(3).click()
    page.locator(
        "li[data-command='notebook:run-all-cells'], li[data-command='runmenu:run-all']"
    ).first.click()


def test_somebody_without_a_camera_types_the_code_of_the_slip(
    site: ScratchSite, visit: NewVisit
) -> None:
    page = visit(viewport=PHONE).new_page()
    code = site.invitation("cot-02").code
    page.goto(f"{site.url}/hub/invitation")
    page.locator("input[name=code]").fill(code.lower().replace("-", " "))
    page.locator("input[name=code]").press("Enter")
    expect(page.locator("input[name=password]")).to_be_visible()
    expect(page.locator("h1, h2").first).to_be_visible()
    assert "Ɖossou" in page.content()


def test_a_used_invitation_leads_to_the_login_page(site: ScratchSite, visit: NewVisit) -> None:
    invitation = site.invitation("cot-05")
    first = visit(locale="en-GB").new_page()
    accept_invitation(first, invitation.link, "en")
    lab(first)
    second = visit(locale="en-GB").new_page()
    answer = second.goto(invitation.link)
    assert answer is not None
    assert answer.status == 410
    second.locator("a[href*='/hub/login']").first.click()
    second.locator("input[name=username]").fill("Kwame.Mensah@example.org")
    second.locator("input[name=password]").fill(PASSWORD)
    second.locator("input[name=password]").press("Enter")
    lab(second)  # the server runs: they are where they were
