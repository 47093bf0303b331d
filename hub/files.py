"""Reading a site's files. Every mistake of every file is reported at once, or everything is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml
from pydantic import ValidationError

from hub.cohort import Calendar, Cohort, Cohorts, Person
from hub.errors import InvalidInput, Message, Problem
from hub.roster import read_roster
from hub.settings import Settings


def load_settings(file: Path) -> Settings:
    """The settings in a YAML file; raises InvalidInput with every mistake in it."""
    try:
        return Settings.model_validate(load_yaml(file))
    except ValidationError as error:
        # A secret may stand anywhere, under a key that is misspelt too: values are not repeated.
        silent = [replace(problem, value=None) for problem in problems_of(error, file)]
        raise InvalidInput(silent) from error


def load_cohorts(folder: Path) -> Cohorts:
    """Every cohort in a folder; raises InvalidInput with the mistakes of all of them together."""
    cohorts: list[Cohort] = []
    problems: list[Problem] = []
    rosters: dict[str, tuple[Person, ...]] = {}
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        calendar: Calendar | None = None
        try:
            calendar = load_calendar(place / "cohort.yml")
        except InvalidInput as error:
            problems.extend(error.problems)
        zone = calendar.time_zone if calendar else None
        rosters[place.name], mistakes = read_roster(place / "roster.csv", place.name, zone)
        problems.extend(mistakes)
        if calendar:
            cohorts.append(Cohort(calendar=calendar, people=rosters[place.name]))
    problems.extend(_shared_by_two(folder, rosters))
    if problems:
        raise InvalidInput(problems)
    return Cohorts(all=tuple(cohorts))


def load_calendar(file: Path) -> Calendar:
    """What a ``cohort.yml`` says; raises InvalidInput with every mistake."""
    data = load_yaml(file)
    name, known = file.parent.name, data.get("id") if isinstance(data, dict) else None
    problems = []
    if known is not None and known != name:
        what = Message("is not the folder's name (%(folder)s)", {"folder": name})
        remedy = Message("give the folder and the id the same name")
        problems.append(Problem(file, what, remedy, column="id", value=str(known)[:80]))
    try:
        calendar = Calendar.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(problems + problems_of(error, file)) from error
    if problems:
        raise InvalidInput(problems)
    return calendar


def load_yaml(file: Path) -> object:
    """The data in a YAML file; raises InvalidInput when it cannot be read, is not UTF-8 or not YAML."""
    try:
        return yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        what = Message("cannot be read: %(reason)s", {"reason": error.strerror})
        raise InvalidInput([Problem(file, what, Message("create this file"))]) from error
    except UnicodeDecodeError as error:
        what = Message("is not in UTF-8")
        raise InvalidInput([Problem(file, what, Message("save the file as UTF-8"))]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = Message("is not YAML: %(reason)s", {"reason": getattr(error, "problem", error)})
        row = mark.line + 1 if mark else None
        raise InvalidInput([Problem(file, what, Message("correct this line"), row=row)]) from error


def problems_of(error: ValidationError, file: Path) -> list[Problem]:
    """Each mistake that a model found in ``file``, as a problem with the key and the value."""
    found = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"]) or None
        value = None if isinstance(item["input"], dict | list) else str(item["input"])[:80]
        if item["type"] == "extra_forbidden":
            what, remedy = Message("unknown key"), Message("remove it, or correct its spelling")
        elif item["type"] == "missing":
            what, remedy = Message("this key is missing"), Message("add it")
        else:
            what, remedy = Message(item["msg"]), Message("correct this value")
        found.append(Problem(file, what, remedy, column=key, value=value))
    return found


def _shared_by_two(folder: Path, rosters: Mapping[str, Sequence[Person]]) -> list[Problem]:
    """User names and e-mails that two cohorts have in common: a login must mean one person."""
    seen: dict[tuple[str, str], str] = {}
    problems = []
    for cohort, people in rosters.items():
        for person in people:
            for column, value in (
                ("username", person.username),
                ("email", person.email.casefold()),
            ):
                other = seen.setdefault((column, value), cohort)
                if other != cohort:
                    what = Message("is also in cohort %(other)s", {"other": other})
                    remedy = Message("give one of the two people another value")
                    file = folder / cohort / "roster.csv"
                    problems.append(Problem(file, what, remedy, column=column, value=value))
    return problems
