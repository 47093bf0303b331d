"""What arrived is told without disturbing, and comes into open notebooks without taking anything."""

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.lab.conftest import Sit
from tests.browser.lab.rehearsal import Lab, Person, code, is_save, prose

pytestmark = pytest.mark.browser

TEXTS = {
    "fr": ("Le jour 2 est ouvert : 4 nouveaux notebooks.", "Ouvrir"),
    "en": ("Day 2 is open: 4 new notebooks.", "Open"),
}


def test_what_arrived_is_told_and_the_focus_stays(lab: Lab, sit: Sit, path: str) -> None:
    person = sit(code("a", ""))
    other = path.replace("03-svd", "01-autre")
    lab.write(other, prose("b", "Another one"))
    text, button = TEXTS[lab.language]
    person.editor(0).click()
    person.page.keyboard.type("x = 1")
    lab.emit("arrived", text=text, paths=[other], open=other)
    expect(person.notices).to_contain_text(text)
    assert person.notices.get_by_role("alert").count() == 1
    assert person.types_in(0)
    person.page.keyboard.type("23")
    assert person.editor(0).inner_text() == "x = 123"
    person.notices.get_by_role("button", name=button).click()
    expect(person.cell(0)).to_contain_text("Another one")
    expect(person.notices).to_have_count(0)


def test_an_open_notebook_without_changes_shows_what_arrived_and_keeps_its_kernel(
    lab: Lab, sit: Sit, path: str
) -> None:
    far = [prose(f"p{n}", f"Paragraph {n}\n\nand more.") for n in range(30)]
    before = [code("a", "x = 41\nprint(x)"), *far, code("z", "print(x + 1)")]
    person = sit(*before)
    person.run(0, "41")
    person.save()
    last = len(before) - 1
    person.cell(last).scroll_into_view_if_needed()
    person.editor(last).click()
    top = person.cell(last).bounding_box()
    mine = lab.ask("GET", f"api/contents/{path}")["content"]["cells"]
    mine[1]["source"] = "# Corrected\n\n" + "line\n\n" * 20
    del mine[3]
    mine.insert(9, mine.pop(4))
    corrected = [*mine, code("new", "1 + 1")]
    lab.write(path, *corrected)
    lab.emit("arrived", text="…", paths=[path], open=None)
    last -= 1  # one cell above it is gone
    expect(person.cell(last + 1)).to_contain_text("1 + 1")
    expect(person.cell(1)).to_contain_text("Corrected")
    assert person.types_in(last)
    assert person.cell(last).bounding_box() == pytest.approx(top, abs=2)
    person.run(last, "42")
    person.save()
    expect(person.dialog).to_have_count(0)
    assert lab.sources(path) == [cell["source"] for cell in corrected]


def test_an_open_text_file_shows_what_arrived_unless_it_has_changes(
    lab: Lab, sit: Sit, path: str
) -> None:
    person = sit(code("a", ""))
    program = path.replace("03-svd.ipynb", "tools.py")
    lab.write_text(program, "x = 1\n")
    lab.emit("arrived", text="tools.py", paths=[program], open=program)
    person.notices.get_by_role("button").first.click()
    text = person.page.locator(".jp-FileEditor .cm-content")
    expect(text).to_have_text("x = 1")
    lab.write_text(program, "x = 2\n")
    lab.emit("arrived", text="…", paths=[program], open=None)
    expect(text).to_have_text("x = 2")
    expect(person.unsaved).to_have_count(0)
    text.click()
    person.page.keyboard.type("y")
    lab.write_text(program, "x = 3\n")
    lab.emit("arrived", text="…", paths=[program], open=None)
    expect(person.notices.filter(has_text="tools.py")).to_have_count(1)
    expect(text).to_contain_text("y")


def test_a_correction_beside_unsaved_work_comes_in_and_the_work_stays(
    lab: Lab, sit: Sit, path: str
) -> None:
    person = sit(code("a", "x = 1"), code("b", "# hier"), code("c", "z = 3"))
    person.write_at_the_end(1, "\ny = 2")
    corrected = lab.ask("GET", f"api/contents/{path}")["content"]["cells"]
    corrected[0]["source"] = "x = 10"
    lab.write(path, corrected[0], prose("new", "New"), *corrected[1:])
    lab.emit("arrived", text="Corrected", paths=[path], open=None)
    expect(person.editor(0)).to_have_text("x = 10")
    person.page.keyboard.type("0")
    person.editor(3).click()
    person.page.keyboard.press("Control+Home")
    person.page.keyboard.press("b")
    person.page.keyboard.press("Escape")
    expect(person.notices).to_have_text("Corrected")
    expect(person.unsaved).to_have_count(1)
    person.save()
    expect(person.dialog).to_have_count(0)
    assert lab.sources(path) == ["x = 10", "New", "# hier\ny = 20", "bz = 3"]


def test_a_cell_that_both_have_changed_stays_and_its_person_is_told(
    lab: Lab, sit: Sit, path: str
) -> None:
    person = sit(code("a", "x = 1"))
    person.write_at_the_end(0, "0")
    lab.write(path, code("a", "x = 2"))
    lab.emit("arrived", text="…", paths=[path], open=None)
    warning = person.notices.filter(has_text="03-svd.ipynb")
    expect(warning).to_have_count(1)
    first = warning.element_handle()
    lab.emit("arrived", text="…", paths=[path], open=None)
    first.wait_for_element_state("hidden")  # it makes room for the second
    words, button, question = {
        "fr": ("la vôtre reste", "Enregistrer", "a changé"),
        "en": ("yours stays", "Save", "has changed"),
    }[lab.language]
    expect(warning).to_have_count(1)
    expect(warning).to_contain_text(words)
    assert person.types_in(0)
    assert person.editor(0).inner_text() == "x = 10"
    warning.get_by_role("button", name=button).click()
    expect(person.dialog).to_contain_text(question)


class Held:
    """The file that an extension has asked for, kept on its way until a test lets it through."""

    def __init__(self, person: Person) -> None:
        """Hold the next one; those after it pass."""
        self.routes: list[Route] = []
        person.page.route("**/*.ipynb?content=1**", self.hold, times=1)

    def hold(self, route: Route) -> None:
        """The browser waits."""
        self.routes.append(route)

    def let_through(self) -> None:
        """As it was when it was asked for."""
        [route] = self.routes
        route.fulfill(response=self.answer)

    def wait(self, person: Person, lab: Lab) -> None:
        """Until it is asked for, because something has arrived."""
        with person.page.expect_request(asks_for_content):
            lab.emit("arrived", text="…", paths=[person.path], open=None)
        while not self.routes:
            person.page.evaluate("0")  # Playwright tells of a request before it hands it over
        self.answer = self.routes[0].fetch()


def asks_for_content(request: Request) -> bool:
    """JupyterLab asks for a notebook, not only for its date."""
    return request.method == "GET" and ".ipynb?content=1" in request.url


def test_characters_typed_while_the_file_is_on_its_way_stay(lab: Lab, sit: Sit, path: str) -> None:
    person = sit(code("a", "x = 1"))
    held = Held(person)
    lab.write(path, code("a", "x = 2"))
    held.wait(person, lab)
    person.write_at_the_end(0, "23")
    held.let_through()
    expect(person.notices.filter(has_text="03-svd.ipynb")).to_have_count(1)
    assert person.editor(0).inner_text() == "x = 123"


def test_characters_typed_and_saved_while_the_file_is_on_its_way_stay(
    lab: Lab, sit: Sit, path: str
) -> None:
    person = sit(code("a", "x = 1"))
    held = Held(person)
    held.wait(person, lab)
    person.write_at_the_end(0, "23")
    person.save()
    with person.page.expect_request(asks_for_content) as second:
        held.let_through()
    assert "123" in second.value.response().text()  # type: ignore[union-attr]
    expect(person.unsaved).to_have_count(0)
    assert person.editor(0).inner_text() == "x = 123"


def test_characters_typed_during_a_save_are_not_taken_for_saved(
    lab: Lab, sit: Sit, path: str
) -> None:
    person = sit(code("a", "x = 1"))
    person.write_at_the_end(0, "2")

    def slowly(route: Route) -> None:
        if is_save(route.request):
            person.page.keyboard.type("3")
        route.continue_()

    person.page.route("**/api/contents/**", slowly)
    with person.page.expect_response(lambda answer: is_save(answer.request)):
        person.page.keyboard.press("Control+s")
    expect(person.unsaved).to_have_count(1)
    person.page.unroute("**/api/contents/**")
    lab.write(path, code("a", "x = 99"))
    lab.emit("arrived", text="…", paths=[path], open=None)
    expect(person.notices.filter(has_text="03-svd.ipynb")).to_have_count(1)
    assert person.editor(0).inner_text() == "x = 123"


def test_a_running_cell_keeps_its_output_while_another_is_corrected(
    lab: Lab, sit: Sit, path: str
) -> None:
    waiting = (
        "import pathlib, time\n"
        "print('begun')\n"
        "while not pathlib.Path('go.ipynb').exists(): time.sleep(0.05)\n"
        "print('done')"
    )
    person = sit(code("a", waiting), code("b", "1 / 0"))
    person.editor(0).click()
    person.page.keyboard.press("Control+Enter")
    output = person.cell(0).locator(".jp-OutputArea-output")
    expect(output).to_have_text("begun")
    person.save()
    mine = lab.ask("GET", f"api/contents/{path}")["content"]["cells"]
    mine[1]["source"] = "1 / 1"
    lab.write(path, *mine)
    lab.emit("arrived", text="…", paths=[path], open=None)
    expect(person.editor(1)).to_have_text("1 / 1")
    lab.write(path.replace("03-svd", "go"))
    expect(output).to_have_text("begun\ndone")
