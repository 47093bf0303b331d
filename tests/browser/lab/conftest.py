"""A JupyterLab in each language for all tests, and people who open notebooks in it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, expect

from tests.browser.conftest import NewVisit
from tests.browser.lab.rehearsal import Lab, Person, running_lab

Sit = Callable[..., Person]


@pytest.fixture(scope="package", params=["fr", "en"])
def lab(
    request: pytest.FixtureRequest,
    images: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Lab]:
    """JupyterLab in French, then in English."""
    configuration = tmp_path_factory.mktemp("lab") / "course.json"
    with running_lab(images["course"], request.param, configuration) as running:
        yield running


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    """A notebook of this test's own."""
    return f"course/{request.node.originalname.removeprefix('test_')[:40]}/03-svd.ipynb"


@pytest.fixture
def sit(visit: NewVisit, lab: Lab, path: str) -> Iterator[Sit]:
    """Writes a notebook and opens it. Nothing may complain in the browser's console."""
    complaints: list[str] = []

    def listen(context: BrowserContext) -> None:
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda told: complaints.append(told.text) if is_complaint(told) else None,
        )
        context.on(
            "request",
            lambda request: complaints.extend(
                [] if request.url.startswith((lab.url, "data:", "blob:")) else [request.url]
            ),
        )

    def one(*cells: dict[str, Any], **options: Any) -> Person:
        lab.write(path, *cells)
        context = visit(**options)
        context.set_default_timeout(20_000)
        listen(context)
        page = context.new_page()
        workspace = path.split("/")[1]
        page.goto(f"{lab.url}/lab/workspaces/{workspace}/tree/{path}?token=t")
        person = Person(page, lab, path)
        expect(person.cell(0)).to_be_visible()
        # The kernel is there, and JupyterLab has noted its version in the notebook: that is a change.
        expect(page.locator("#jp-main-statusbar")).to_contain_text(re.compile(r"\| (Inactif|Idle)"))
        expect(person.unsaved).to_have_count(1)
        person.editor(0).click()
        person.save()
        return person

    yield one
    lab.ask("PUT", "course/news", [])
    assert complaints == []


def is_complaint(told: ConsoleMessage) -> bool:
    """JupyterLab itself says there why it asks which version to keep."""
    return told.type in ("error", "warning") and "Different hash found" not in told.text
