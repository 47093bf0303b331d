"""The French of the hub: all of it, nothing more, well set. And no text in a template without a key."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from hub.i18n import CATALOGUES, Language, catalogue
from hub.web.pages import TEMPLATES

from .texts import Key, in_python, texts

CATALOGUE = CATALOGUES / "fr" / "LC_MESSAGES" / "hub.po"
PLACES = re.compile(r"%\((\w+)\)[sd]")

NARROW, WIDE = "\u202f", "\u00a0"

BADLY_SET = {
    f"a narrow no-break space before ; ! ? %: “{NARROW}?”": re.compile(
        f"(?<!{NARROW})(?<!«{WIDE})[;!?%]"
    ),
    "a no-break space before :": re.compile(f"(?<![{WIDE}0-9]):(?!//)"),
    "a no-break space inside « »": re.compile(f"«(?!{WIDE})|(?<!{WIDE})»"),
    "’ and not '": re.compile("'"),
    "« » and not quotation marks of English": re.compile('["“”]'),
    "… and not three full stops": re.compile(r"\.\.\."),
    "only one space": re.compile("  "),
    "no space before , and .": re.compile(f"(?<!«{WIDE})(?<=\\s)[,.](?!\\.)"),
    "œ, not oe": re.compile(r"\b(?:c|s|v|n|m)oe(?:u|l)"),
}


@pytest.fixture(scope="session")
def french() -> Catalog:
    """The catalogue as it is written."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="fr", abort_invalid=True)


def entries(french: Catalog) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """Each key, and its French: one text, or singular and plural."""
    for message in french:
        if isinstance(message.id, str) and message.id:
            yield message.id, (str(message.string),)
        elif message.id:
            yield (message.id[0], message.id[1]), tuple(message.string or ())


def test_every_text_that_people_can_read_has_french_and_nothing_else_has(french: Catalog) -> None:
    written, translated = texts(), dict(entries(french))
    missing = {key: place for key, place in written.items() if key not in translated}
    assert missing == {}
    assert translated.keys() - written.keys() == set()
    assert french.obsolete == {}


def test_no_french_is_empty_or_in_doubt(french: Catalog) -> None:
    assert [key for key, said in entries(french) if not all(text.strip() for text in said)] == []
    assert [message.id for message in french if message.fuzzy] == []


def test_french_has_the_same_places_for_values(french: Catalog) -> None:
    for key, said in entries(french):
        wanted = set(PLACES.findall(key if isinstance(key, str) else key[1]))
        for text in said:
            assert set(PLACES.findall(text)) == wanted, key
            assert "%" not in PLACES.sub("", text).replace("%%", ""), key


def test_french_is_set_as_french(french: Catalog) -> None:
    for key, said in entries(french):
        for text in said:
            for rule, wrong in BADLY_SET.items():
                assert not wrong.search(PLACES.sub("x", text)), f"{key}: {rule}"


@pytest.mark.parametrize(
    "text", ["Quoi ?", "Quoi\u00a0?", "ceci: cela", "« x »", "l'un", "“x”", "a...", "x .", "coeur"]
)
def test_bad_setting_is_found(text: str) -> None:
    assert any(wrong.search(text) for wrong in BADLY_SET.values())


@pytest.mark.parametrize(
    "text", [f"Quoi{NARROW}?", f"ceci{WIDE}: cela", f"«{WIDE}x{WIDE}»", "l’un", "http://x", "10:30"]
)
def test_good_setting_is_left_alone(text: str) -> None:
    assert not any(wrong.search(text) for wrong in BADLY_SET.values())


@pytest.mark.parametrize(("count", "expected"), [(0, "0\u00a0minute"), (2, "2\u00a0minutes")])
def test_french_counts_zero_as_one(count: int, expected: str) -> None:
    text = catalogue(Language.FR).ngettext("%(count)d minute", "%(count)d minutes", count)
    assert text % {"count": count} == expected


def test_a_text_that_no_catalogue_can_have_is_refused(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('Message("a" + name)')
    with pytest.raises(AssertionError, match="write the text of this Message out"):
        list(in_python(module))


# --- templates --------------------------------------------------------------------------------------


class Visible(HTMLParser):
    """What of a template people would read or hear as it stands, without any of its expressions."""

    SPOKEN = ("title", "alt", "placeholder", "aria-label", "aria-description", "content")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that are read out."""
        self._code += tag in {"script", "style"}
        told = dict(attrs)
        if tag == "meta" and (told.get("name") or told.get("http-equiv")):
            return  # for browsers
        self.found += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        """The end of a script."""
        self._code -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self._code:
            self.found.append(data)


def raw_text(source: str) -> list[str]:
    """Words in a template's HTML that do not come from an expression."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source)
    html = "".join(node.data for node in tree.find_all(nodes.TemplateData))
    visible = Visible()
    visible.feed(html)
    return [text.strip() for text in visible.found if re.search(r"[^\W\d_]", text)]


OURS = sorted(file for file in TEMPLATES.glob("*.html") if file.name != "admin.html")


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_a_template_has_no_words_of_its_own(file: Path) -> None:
    assert raw_text(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ x }} is {{ y }}</p>",
        '<input placeholder="name">',
        '<meta property="og:title" content="Title">',
        "{% if x %}yes{% endif %}",
    ],
)
def test_words_in_a_template_are_found(source: str) -> None:
    assert raw_text(source)
