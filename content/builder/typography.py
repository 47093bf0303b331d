"""French and English as they are set: spaces before signs, quotes, apostrophes, the decimal sign.

French: U+202F before ``; ! ?``, U+00A0 before ``: %`` and inside « », ’ for the apostrophe, a comma for
the decimal sign (``0{,}05`` in a formula). Code, links and tags are left alone. ``faults_of`` finds what
is wrong, ``typeset`` mends it, since an ordinary keyboard cannot type these spaces.
"""

import re
from collections.abc import Callable, Iterator

from builder.faults import Language

NARROW, WIDE = "\u202f", "\u00a0"
HIDDEN = "\ue000"  # stands for a formula or a piece of code

_KEPT = r"```.*?```|`[^`\n]*`|\]\([^)\s]*\)|https?://\S+|<[^>\n]*>|&\w+;"
_MATHS = r"\$\$.+?\$\$|(?<![\\$])\$[^$\n]+?(?<!\\)\$(?!\$)"
_PLACES = r"\{[^{}]*\}"  # of an f-string or a message
_SPLIT = re.compile(f"(?P<kept>{_KEPT})|(?P<maths>{_MATHS})", re.S)
_SPLIT_PLACES = re.compile(f"(?P<kept>{_KEPT}|{_PLACES})|(?P<maths>{_MATHS})", re.S)

# What may stand right before a high sign: the end of a word, a formula, a piece of code.
_END = rf"(?<=[\w)\]}}»’*…%°{HIDDEN}])"
_PROSE: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("space_before_sign", re.compile(rf"{_END}[ {WIDE}]?(?=[;!?](?:[\s.,)*»:…]|$))"), NARROW),
    ("space_before_colon", re.compile(rf"{_END}[ {NARROW}]?(?=:(?:[\s*]|$))"), WIDE),
    ("space_in_quotes", re.compile(rf"(?<=«)[ {NARROW}]?(?=[^\s{WIDE}])"), WIDE),
    ("space_in_quotes", re.compile(rf"(?<=[^\s{WIDE}])[ {NARROW}]?(?=»)"), WIDE),
    ("space_before_percent", re.compile(rf"(?<=[\d}}{HIDDEN}]) ?(?=%)"), WIDE),
    ("apostrophe", re.compile(rf"(?<=\w)'(?=[\w«*{HIDDEN}])"), "’"),
    ("ellipsis", re.compile(r"\.\.\."), "…"),
)
_STRAIGHT = re.compile(r'"')
_DECIMAL_POINT = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")
_MATHS_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_MATHS_COMMA = re.compile(r"\d\{,\}\d")


def typeset(text: str, places: bool = False) -> str:
    """A French text with its spaces, quotes, apostrophes and decimal signs set; twice changes nothing.

    ``places`` keeps what stands between braces, as in an f-string.
    """
    return _apply(text, _set_prose, _set_maths, places)


def _set_prose(piece: str) -> str:
    for _, pattern, right in _PROSE:
        piece = pattern.sub(right, piece)
    return piece


def _set_maths(piece: str) -> str:
    return _MATHS_POINT.sub("{,}", piece)


def _apply(
    text: str, prose: Callable[[str], str], maths: Callable[[str], str], places: bool
) -> str:
    """Each kind of piece changed by its function. A formula or code counts as a word for its neighbours."""
    split = _SPLIT_PLACES if places else _SPLIT
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(maths(match[0]) if match["maths"] else match[0])
        return HIDDEN

    hidden = prose(split.sub(hide, text))
    shown = iter(kept)
    return re.sub(HIDDEN, lambda _: next(shown), hidden)


def faults_of(text: str, language: Language, places: bool = False) -> Iterator[tuple[str, str]]:
    """(name of the fault, passage) for each thing that is not set as ``language`` sets it."""
    found: list[tuple[str, str]] = []

    def prose(piece: str) -> str:
        found.extend(_french(piece) if language == "fr" else _english(piece))
        return piece

    def maths(piece: str) -> str:
        wrong = _MATHS_POINT if language == "fr" else _MATHS_COMMA
        if wrong.search(piece):
            found.append(("decimal_sign", piece))
        return piece

    _apply(text, prose, maths, places)
    yield from found


def _french(piece: str) -> Iterator[tuple[str, str]]:
    for name, pattern, right in _PROSE:
        for match in pattern.finditer(piece):
            if match[0] != right:
                yield name, _around(piece, match)
    for match in _STRAIGHT.finditer(piece):
        yield "straight_quotes", _around(piece, match)
    for match in _DECIMAL_POINT.finditer(piece):
        yield "decimal_sign", _around(piece, match)


def _english(piece: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(rf"\w[{NARROW}{WIDE} ][;:!?](?=\s|$)", piece):
        yield "space_in_english", _around(piece, match)
    for match in re.finditer(r"(?<![\w.])\d+,\d{1,2}(?![\d,])", piece):
        yield "decimal_sign", _around(piece, match)


def _around(piece: str, match: re.Match[str]) -> str:
    passage = piece[max(0, match.start() - 15) : match.end() + 10]
    return " ".join(passage.replace(HIDDEN, "…").split())
