"""The formulas of a text, in a form that does not depend on its language."""

import re
from collections import Counter

_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$\n]+?)(?<!\\)\$(?!\$)", re.S)
_NEUTRAL = re.compile(r"\\(?:text|textrm|textit|mbox)\{[^{}]*\}|\\(?:quad|qquad)\b|\\[,;:! ]|~|\s")

# Operators that French mathematics writes with another name (\operatorname{rg} for rank).
NOTATION = {
    "rg": "rank",
    "Vect": "span",
    "Im": "range",
    "im": "range",
    "pgcd": "gcd",
    "Ker": "ker",
}
_OPERATOR = re.compile(r"\\operatorname\*?\{(\w+)\}")


def formulas(text: str) -> list[str]:
    """The bodies of ``$…$`` and ``$$…$$`` outside code, as written."""
    without_code = _CODE.sub("", text)
    return [double or single for double, single in _FORMULA.findall(without_code)]


def without_formulas(text: str) -> str:
    """The text with a space in place of each formula and each piece of code."""
    return _FORMULA.sub(" ", _CODE.sub(" ", text))


def signature(text: str) -> Counter[str]:
    """How often each formula stands in a text; a single letter, which prose may repeat, is left out."""
    bare = (_neutral(formula) for formula in formulas(text))
    return Counter(formula for formula in bare if len(formula) > 1)


def _neutral(formula: str) -> str:
    """Without words, spaces and the decimal sign of a language: ``0{,}05`` and ``0.05`` are one."""
    bare = _NEUTRAL.sub("", formula.replace("{,}", "."))
    return _OPERATOR.sub(lambda match: "\\" + NOTATION.get(match[1], match[1]), bare).rstrip(".,;")


def difference(english: str, french: str) -> tuple[list[str], list[str]]:
    """Formulas that only the English text has, and formulas that only the French one has."""
    ours, theirs = signature(english), signature(french)
    return sorted((ours - theirs).elements()), sorted((theirs - ours).elements())
