"""Reading ``roster.csv``: UTF-8, comma-separated, one row a person, written by hand or by a spreadsheet."""

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from pydantic import ValidationError

from hub.cohort import Mode, Person, Role
from hub.errors import Message, Problem
from hub.i18n import Language

COLUMNS = ("username", "name", "email", "language", "role", "mode", "time_zone")

Row = Mapping[str | None, str | list[str] | None]
"""As ``csv.DictReader`` gives it: cells that are too many under None, one that is missing as None."""

REMEDIES = {
    "username": Message("write 2 to 31 of a-z, 0-9 and -, starting with a letter, e.g. cot-07"),
    "name": Message("write the name as it will stand on the certificate"),
    "email": Message("write one address, e.g. prenom.nom@example.org"),
    "language": Message("write one of: %(values)s", {"values": ", ".join(Language)}),
    "role": Message("write one of: %(values)s", {"values": ", ".join(Role)}),
    "mode": Message("write one of: %(values)s", {"values": ", ".join(Mode)}),
    "time_zone": Message("write an IANA name, e.g. Africa/Porto-Novo, or nothing for the cohort's"),
}

SEPARATED = {
    ";": Message("columns are separated by “;”, not by “,”"),
    "\t": Message("columns are separated by tabs, not by “,”"),
}

# Excel's own "CSV UTF-8" puts a byte-order mark first: the remedy must not lead in a circle.
SAVE_AGAIN = Message(
    "save it again, from LibreOffice Calc or a text editor: CSV, UTF-8 without BOM, commas"
)


def read_roster(
    file: Path, cohort: str, zone: str | None
) -> tuple[tuple[Person, ...], list[Problem]]:
    """The people in ``file`` and every mistake in it: what a spreadsheet did to it hides no other.

    ``zone`` is the time zone of people whose ``time_zone`` is empty; None when the cohort's own is in
    doubt, and then an empty one is no mistake of the roster.
    """
    text, problems = _text_of(file)
    if text is None:
        return (), problems
    separator = _separator(text)
    if separator in SEPARATED:
        problems.append(Problem(file, SEPARATED[separator], SAVE_AGAIN, row=1))
    rows = csv.DictReader(StringIO(text, newline=""), strict=True, delimiter=separator)
    people: list[Person] = []
    seen: set[tuple[str, str]] = set()
    try:
        header = [name.strip() for name in rows.fieldnames or ()]
        rows.fieldnames = header
        problems += _problems_of_header(file, header)
        for row in rows:
            if not any(_cell(row, name) for name in header):
                continue  # a spreadsheet's row of commas
            person, mistakes = _person(file, rows.line_num, row, cohort, zone or "UTC")
            problems += mistakes
            problems += _repeated(file, rows.line_num, row, seen)
            people += [person] if person else []
    except csv.Error as error:
        what = Message("is not CSV: %(reason)s", {"reason": error})
        remedy = Message("check the quotation marks")
        problems.append(Problem(file, what, remedy, row=rows.line_num))
    return tuple(people), problems


def _text_of(file: Path) -> tuple[str | None, list[Problem]]:
    """The text, if need be in the encoding that a spreadsheet has given it; None for no file."""
    try:
        data = file.read_bytes()
    except OSError as error:
        what = Message("cannot be read: %(reason)s", {"reason": error.strerror})
        return None, [Problem(file, what, Message("create this file"))]
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        what = Message("is in UTF-16, not in UTF-8")
        return data.decode("utf-16", "replace"), [Problem(file, what, SAVE_AGAIN)]
    problems = []
    if data.startswith(BOM_UTF8):
        what = Message("starts with a byte-order mark (BOM)")
        problems.append(Problem(file, what, SAVE_AGAIN, row=1))
    try:
        return data.decode("utf-8-sig"), problems
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        what = Message("is not in UTF-8 (a spreadsheet's own encoding?)")
        problems.append(Problem(file, what, SAVE_AGAIN, row=row))
        return data.removeprefix(BOM_UTF8).decode("cp1252", "replace"), problems


def _separator(text: str) -> str:
    """What stands between the names of the columns."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count) if "," not in first else ","


def _problems_of_header(file: Path, header: list[str]) -> Iterator[Problem]:
    for name in COLUMNS:
        if name not in header:
            yield Problem(file, Message("this column is missing"), Message("add it"), 1, name)
    for name in header:
        if name not in COLUMNS:
            remedy = Message("remove it; the columns are: %(names)s", {"names": ", ".join(COLUMNS)})
            yield Problem(file, Message("unknown column"), remedy, 1, name)
        elif header.count(name) > 1:
            yield Problem(file, Message("this column stands twice"), Message("remove one"), 1, name)


def _person(
    file: Path, line: int, row: Row, cohort: str, zone: str
) -> tuple[Person | None, list[Problem]]:
    if None in row or None in row.values():
        what = Message("this row has not as many cells as there are columns")
        remedy = Message("put a text that has a comma in it between quotation marks")
        return None, [Problem(file, what, remedy, row=line)]
    cells = {name: _cell(row, name) for name in COLUMNS if name in row}
    if not cells.get("time_zone"):
        cells["time_zone"] = zone
    try:
        return Person.model_validate({**cells, "cohort": cohort}), []
    except ValidationError as error:
        return None, [
            Problem(
                file,
                Message("this cell is empty")
                if not cells[column]
                else Message("is not valid here"),
                REMEDIES[column],
                row=line,
                column=column,
                value=cells[column],
            )
            for column in (str(item["loc"][0]) for item in error.errors())
            if column in cells  # one that is missing was told of the header
        ]


def _repeated(file: Path, line: int, row: Row, seen: set[tuple[str, str]]) -> Iterator[Problem]:
    for column in ("username", "email"):
        value = _cell(row, column)
        if (column, value.casefold()) in seen and value:
            what = Message("stands on an earlier row too")
            yield Problem(file, what, Message("each person has their own"), line, column, value)
        seen.add((column, value.casefold()))


def _cell(row: Row, column: str) -> str:
    return str(row.get(column) or "").strip()
