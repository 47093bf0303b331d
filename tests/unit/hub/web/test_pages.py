"""Each page of ours, in each language: whole, light, well formed, and nothing in the other language."""

import asyncio
import gzip
import re
from html.parser import HTMLParser

import pytest

from hub.cohort import Person
from hub.i18n import Language
from hub.people import People
from hub.web import assets
from hub.web.pages import TEMPLATES

from .conftest import MakeHandler, user
from .samples import SAMPLES, WHAT_TO_DO, Sample

VOID = {"meta", "link", "input", "circle", "path", "ellipse", "br"}
BUDGET = 30_000
"""Bytes on the wire, with styles and scripts."""


class Page(HTMLParser):
    """A page as a list of its elements; complains of a tag that is left open."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element without content."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Remember visible text, but not what JupyterHub itself has said, in English."""
        if self._open and self._open[-1] not in {"script", "style", "code"}:
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of this name."""
        return [attributes for name, attributes in self.elements if name == tag]


Rendered = dict[tuple[str, Language], str]


@pytest.fixture(scope="session")
def pages(people: People, make_handler: MakeHandler) -> Rendered:
    """Every page as the hub sends it, in both languages."""
    readers = {person.language: person for person in people.cohorts.people}

    async def render() -> Rendered:
        return {
            (name, language): await rendered(sample, readers[language], make_handler)
            for name, sample in SAMPLES.items()
            for language in Language
        }

    return asyncio.run(render())


async def rendered(sample: Sample, reader: Person, make_handler: MakeHandler) -> str:
    """One page; that of an error comes out of Jinja's synchronous environment too, and is the same."""
    by = user(reader.username, sample.spawner) if sample.logged_in else None
    cookie = f"lang={reader.language}"
    told = sample.told(reader)
    handler = make_handler(sample.path, by, sample.kind, Cookie=cookie)
    page = str(await handler.render_template(sample.template, **told))
    assert handler._headers["Content-Language"] == reader.language
    if sample.template == "error.html":
        again = make_handler(sample.path, by, sample.kind, Cookie=cookie)
        at_once = again.render_template(sample.template, sync=True, **told)
        assert without_xsrf(at_once) == without_xsrf(page)
    return page


def without_xsrf(page: str) -> str:
    """A page without what differs at each request."""
    return re.sub(r'name="_xsrf" value="[^"]+"', "", page)


@pytest.fixture(params=SAMPLES)
def name(request: pytest.FixtureRequest) -> str:
    """One page after the other."""
    return str(request.param)


@pytest.fixture(params=Language)
def language(request: pytest.FixtureRequest) -> Language:
    """Both."""
    return Language(request.param)


@pytest.fixture
def source(name: str, language: Language, pages: Rendered) -> str:
    """The page's HTML."""
    return pages[name, language]


@pytest.fixture
def page(source: str) -> Page:
    """The page, read."""
    return Page(source)


def test_a_page_says_its_language_its_title_and_one_heading(page: Page, language: Language) -> None:
    assert page.all("html") == [{"lang": language}]
    assert len(page.all("h1")) == 1
    assert len(page.all("title")) == 1
    assert len(page.all("main")) == 1
    headings = [tag for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == "h1"


def test_a_server_that_is_gone_says_why_or_that_nobody_used_it(pages: Rendered) -> None:
    names = "not running", "not running any more"
    texts = [pages[name, Language.EN] for name in names]
    assert ["nobody has used it" in text for text in texts] == [True, False]
    assert [WHAT_TO_DO.text in text for text in texts] == [False, True]


def test_a_page_asks_for_nothing_elsewhere_and_runs_nothing_inline(page: Page) -> None:
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in {"src", "href", "action"}:
                assert not value or value.startswith(("/", "#")), (tag, value)
        if tag == "script":
            assert attributes["src"]


def test_every_field_has_a_label_and_says_what_it_is_for(page: Page) -> None:
    labelled = {label.get("for") for label in page.all("label")}
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for field in page.all("input") + page.all("select"):
        if field.get("type") in {"hidden", "radio"} or "hidden" in field:
            continue
        assert field["id"] in labelled
        assert "autocomplete" in field or "id" in field
        for described in (field.get("aria-describedby") or "").split():
            assert described in identifiers


def test_a_form_that_is_sent_carries_a_token_against_forgery(page: Page) -> None:
    forms = [form for form in page.all("form") if form["method"] == "post"]
    tokens = [field for field in page.all("input") if field.get("name") == "_xsrf"]
    assert len(forms) == len(tokens) == len(page.all("form"))
    assert all(token["value"] for token in tokens)


def test_there_is_a_switch_to_the_other_language(page: Page, name: str, language: Language) -> None:
    buttons = [button for button in page.all("button") if button.get("name") == "language"]
    if SAMPLES[name].languages == 2:
        assert buttons == []  # such a page is fetched by the proxy, without the reader's cookies
    else:
        other = "en" if language is Language.FR else "fr"
        assert [(button["value"], button["lang"]) for button in buttons] == [(other, other)]


def test_with_its_styles_and_scripts_a_page_is_light(source: str, page: Page) -> None:
    wanted = [link["href"] for link in page.all("link")] + [s["src"] for s in page.all("script")]
    names = [str(address).split("/")[-1].split("?")[0] for address in wanted]
    plain = len(source.encode()) + sum((assets.STATIC / name).stat().st_size for name in names)
    assert plain < BUDGET
    packed = len(gzip.compress(source.encode()))
    packed += sum(len(gzip.compress((assets.STATIC / name).read_bytes())) for name in names)
    assert packed < BUDGET / 3


def test_the_two_languages_have_no_sentence_in_common(name: str, pages: Rendered) -> None:
    sentences = [
        {text.strip() for text in Page(pages[name, language]).text if len(text.split()) > 2}
        for language in Language
    ]
    common = sentences[0] & sentences[1] - {"message of the spawner"}
    assert bool(common) == (SAMPLES[name].languages == 2), common


def test_every_template_has_a_sample() -> None:
    parts = {"page.html", "404.html", "admin.html"}
    parts |= {"board.html", "board_person.html"}  # tests/unit/hub/web/board
    pages = {file.name for file in TEMPLATES.glob("*.html") if not file.name.startswith("_")}
    assert pages - parts == {sample.template for sample in SAMPLES.values()}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("login", ["username", "current-password"]),
        ("invitation", ["username", "new-password"]),
        ("code", ["off"]),
    ],
)
def test_a_password_manager_finds_what_it_expects(
    name: str, fields: list[str], pages: Rendered
) -> None:
    inputs = Page(pages[name, Language.EN]).all("input")
    assert [field["autocomplete"] for field in inputs if "autocomplete" in field] == fields


def test_a_code_is_typed_as_text_and_not_corrected(pages: Rendered) -> None:
    inputs = Page(pages["code", Language.FR]).all("input")
    [code] = [field for field in inputs if field.get("id") == "code"]
    assert (code["inputmode"], code["spellcheck"]) == ("text", "false")
