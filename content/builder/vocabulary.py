"""The right word: the course's glossary, the traps between the two languages, British spelling."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from builder import maths

Found = tuple[str, dict[str, object]]  # the name of a fault, the values of its message

# What is neither French nor English prose: code, formulas, links, tags, a foreign word (*like this*).
_ASIDE = re.compile(r"\(\*[^*\n]+\*\)|\]\([^)\s]*\)|https?://\S+|<[^>\n]*>|\{[^{}\n]*\}")


@dataclass(frozen=True)
class Term:
    """A term, what French says for it, and what it must not say."""

    english: str
    french: str
    banned: re.Pattern[str] | None
    beginnings: tuple[str, ...]
    """How the passages that ``banned`` finds begin, in small letters: without one, there are none."""


class Glossary:
    """``glossary.yml``: lists of terms by subject. Raises ValueError for anything else."""

    def __init__(self, text: str) -> None:
        try:
            data = yaml.safe_load(text) or {}
        except yaml.YAMLError as error:
            raise ValueError(" ".join(str(error).split())) from None
        if not isinstance(data, dict):
            raise ValueError("lists of terms by subject")
        self.terms = tuple(_term(item) for items in data.values() for item in items or [])

    def banned_in(self, text: str) -> Iterator[Found]:
        """Calques, and second ways of saying a term, in a French text."""
        plain = bare(text)
        small = plain.lower()
        for term in self.terms:
            possible = term.banned and any(beginning in small for beginning in term.beginnings)
            for match in term.banned.finditer(plain) if term.banned and possible else ():
                values: dict[str, object] = {"en": term.english, "fr": term.french}
                yield "banned_term", values | {"passage": match[0]}


def _term(item: Any) -> Term:
    known = {"en", "fr", "banned"}
    if not isinstance(item, dict) or not {"en", "fr"} <= set(item) <= known:
        raise ValueError(f"{item}: en, fr, banned")
    said = [str(phrase) for phrase in item.get("banned", [])]
    phrases = [_phrase(phrase) for phrase in said]
    banned = re.compile(rf"(?<![\w-])(?:{'|'.join(phrases)})(?![\w-])", re.I) if phrases else None
    return Term(str(item["en"]), str(item["fr"]), banned, tuple(map(_beginning, said)))


def _beginning(phrase: str) -> str:
    """The first word of a phrase; of one that is a pattern, nothing, which every text has."""
    word = re.match(r"(\w+)[\w\s’'-]*$", phrase)
    return word[1].lower() if word else ""


def _phrase(phrase: str) -> str:
    """A phrase in the singular or the plural (of words, not of *de* or *la*), with any space between."""
    return re.sub(r"\w{4,}", r"\g<0>(?:e?s)?", phrase).replace(" ", r"\s+")


def bare(text: str) -> str:
    """The words of a text, without what is not prose."""
    return _ASIDE.sub(" ", maths.without_formulas(text))


# *positif* is ≥ 0 in French and positive is > 0 in English: each must say which, except in set phrases.
_POSITIVE = re.compile(
    r"(?<!strictement )(?<!définie )(?<!définies )(?<!symétrique )(?<!symétriques )(?<!paire )"
    r"(?<!paires )(?<!exemple )(?<!exemples )(?<!partie )(?<!vrai )(?<!vrais )(?<!faux )(?<!le )(?<!un )"
    r"(?<!du )(?<!les )(?<!des )(?<!chaque )(?<!l’)\bpositi(?:f|ve)s?\b(?! ou nul)",
    re.I,
)


def traps_in(english: str, french: str) -> Iterator[Found]:
    """Words that look alike and are not, in the two texts of one cell."""
    french = re.sub(r"\s+", " ", bare(french))
    for match in _POSITIVE.finditer(french):
        yield "trap_positive", {"passage": _around(french, match)}
    if re.search(r"\beventually\b", bare(english), re.I):
        for match in re.finditer(r"\béventuellement\b", french, re.I):
            yield "trap_eventually", {"passage": _around(french, match)}


# British spelling: -ise, -yse, -our, -re, -elling, -ence.
_AMERICAN = re.compile(
    r"\b(?:\w{3,}iz(?:e|es|ed|ing|er|ers|ation|ations|able)|\w+lyz(?:e|es|ed|ing|er)"
    r"|(?:re)?cent(?:er|ers|ered|ering)|(?:un)?colou?r(?<!colour)(?:s|ed|ing|ful)?"
    r"|behavior\w*|neighbor\w*|favor\w*|honor\w*|gray\w*|fiber\w*"
    r"|(?:model|label|signal|travel|cancel|fuel)(?:ing|ed)|defense|offense|artifact\w*|fulfill?(?<!fulfil)"
    r"|skeptic\w*|catalog)\b",
    re.I,
)
_NOT_AMERICAN = re.compile(
    r"(?:re|over|under|down|up)?siz(?:e|es|ed|ing|able)|prizes?|seiz\w+", re.I
)


def american_in(text: str) -> Iterator[Found]:
    """American spellings in an English text."""
    for match in _AMERICAN.finditer(bare(text)):
        if not _NOT_AMERICAN.fullmatch(match[0]):
            yield "american_spelling", {"passage": match[0]}


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 20) : match.end() + 10].strip()
