"""Reading ``roster.csv``: UTF-8, comma-separated, one row a person, written by hand or by a spreadsheet."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from pydantic import ValidationError

from hub.cohort import Mode, Person, Role
from hub.errors import Message, Problem
from hub.i18n import Language

COLUMNS = ("username", "name", "email", "language", "role", "mode", "time_zone")

REMEDIES = {
    "username": Message("write 2 to 31 of a-z, 0-9 and -, starting with a letter, e.g. cot-07"),
    "name": Message("write the name as it will stand on the certificate"),
    "email": Message("write one address, e.g. prenom.nom@example.org"),
    "language": Message("write one of: %(values)s", {"values": ", ".join(Language)}),
    "role": Message("write one of: %(values)s", {"values": ", ".join(Role)}),
    "mode": Message("write one of: %(values)s", {"values": ", ".join(Mode)}),
    "time_zone": Message("write an IANA name, e.g. Africa/Porto-Novo, or nothing for the cohort's"),
}

# Excel's own "CSV UTF-8" puts a byte-order mark first: the remedy must not lead in a circle.
SAVE_AGAIN = Message(
    "save it again, from LibreOffice Calc or a text editor: CSV, UTF-8 without BOM, commas"
)


def read_roster(
    file: Path, cohort: str, zone: str | None
) -> tuple[tuple[Person, ...], list[Problem]]:
    """The people in ``file`` and every mistake in it.

    ``zone`` is the time zone of people whose ``time_zone`` is empty; None when the cohort's own is in
    doubt, and then an empty one is no mistake of the roster.
    """
    text, problems = _text_of(file)
    if text is None:
        return (), problems
    rows = csv.DictReader(StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in rows.fieldnames or ()]
    rows.fieldnames = header
    problems += _problems_of_header(file, header)
    if problems:
        return (), problems
    people: list[Person] = []
    try:
        for row in rows:
            person, mistakes = _person(file, rows.line_num, row, cohort, zone or "UTC")
            problems += mistakes
            if person:
                problems += _repeated(file, rows.line_num, person, people)
                people.append(person)
    except csv.Error as error:
        what = Message("is not CSV: %(reason)s", {"reason": error})
        problems.append(
            Problem(file, what, Message("check the quotation marks"), row=rows.line_num)
        )
    return tuple(people), problems


def _text_of(file: Path) -> tuple[str | None, list[Problem]]:
    try:
        data = file.read_bytes()
    except OSError as error:
        what = Message("cannot be read: %(reason)s", {"reason": error.strerror})
        return None, [Problem(file, what, Message("create this file"))]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, [Problem(file, Message("is in UTF-16, not in UTF-8"), SAVE_AGAIN)]
    problems = []
    if data.startswith(b"\xef\xbb\xbf"):
        what = Message("starts with a byte-order mark (BOM)")
        problems.append(Problem(file, what, SAVE_AGAIN, row=1))
    try:
        return data.decode("utf-8-sig"), problems
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        what = Message("is not in UTF-8 (a spreadsheet's own encoding?)")
        return None, [*problems, Problem(file, what, SAVE_AGAIN, row=row)]


def _problems_of_header(file: Path, header: list[str]) -> Iterator[Problem]:
    if len(header) == 1 and ";" in header[0]:
        what = Message("columns are separated by “;”, not by “,”")
        yield Problem(file, what, SAVE_AGAIN, row=1)
        return
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
    file: Path, line: int, row: dict[str | None, str | list[str] | None], cohort: str, zone: str
) -> tuple[Person | None, list[Problem]]:
    if None in row or None in row.values():
        what = Message("this row has not as many cells as there are columns")
        remedy = Message("put a text that has a comma in it between quotation marks")
        return None, [Problem(file, what, remedy, row=line)]
    cells = {str(name): str(value).strip() for name, value in row.items()}
    cells["time_zone"] = cells["time_zone"] or zone
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
        ]


def _repeated(file: Path, line: int, person: Person, before: list[Person]) -> Iterator[Problem]:
    for column, value in (("username", person.username), ("email", person.email)):
        if any(getattr(other, column).casefold() == value.casefold() for other in before):
            what = Message("stands on an earlier row too")
            yield Problem(file, what, Message("each person has their own"), line, column, value)
