"""A cohort: one run of the programme, and the people on its roster.

A cohort is a folder named by its id, with ``cohort.yml`` (dates, zone, limits) and ``roster.csv`` (a row
a person). This module holds the models; ``hub.files`` and ``hub.roster`` read the files.
"""

from datetime import date, time
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from hub.i18n import Language
from hub.naming import IDENTIFIER, USERNAME
from hub.settings import Frozen, RoleLimits

DAYS = 5
"""The programme has five days."""


class Role(StrEnum):
    """What a person does here."""

    PARTICIPANT = "participant"
    INSTRUCTOR = "instructor"
    ADMIN = "admin"

    @property
    def is_team(self) -> bool:
        """Whether it is one of those who run the course: they push, and they have the board."""
        return self is not Role.PARTICIPANT


class Mode(StrEnum):
    """Where a person follows the course from."""

    ON_SITE = "on-site"
    ONLINE = "online"


def known_zone(name: str) -> str:
    """A time zone of the IANA database."""
    if name not in available_timezones():
        raise ValueError(
            "unknown time zone; write it as in the IANA database, e.g. Africa/Porto-Novo"
        )
    return name


ZoneName = Annotated[str, AfterValidator(known_zone)]


def minutes_in_yaml(value: object) -> object:
    """YAML 1.1 reads ``10:30`` as the number 630, in base 60; a time of day was meant."""
    return time(*divmod(value, 60)) if isinstance(value, int) and 0 <= value < 1440 else value


TimeOfDay = Annotated[time, BeforeValidator(minutes_in_yaml)]


class Bilingual(Frozen):
    """One text in both languages."""

    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: Language) -> str:
        """The text in ``language``."""
        return self.fr if language is Language.FR else self.en


class Person(Frozen):
    """Anyone on a roster."""

    username: str = Field(pattern=USERNAME)
    name: str = Field(min_length=1, max_length=120)
    """As it will stand on the certificate."""
    email: str = Field(max_length=254, pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+$")
    language: Language
    role: Role
    mode: Mode
    time_zone: ZoneName
    cohort: str = Field(pattern=IDENTIFIER)

    def __repr__(self) -> str:
        """Only the user name: a person must not end up in a log by accident."""
        return f"Person({self.username!r})"

    __str__ = __repr__


def in_order(days: tuple[date, ...]) -> tuple[date, ...]:
    """Day 2 comes after day 1, and so on."""
    for number, (first, second) in enumerate(pairwise(days), 1):
        if second <= first:
            raise ValueError(
                f"day {number + 1} ({second}) is not after day {number} ({first}); "
                "write the five dates in order"
            )
    return days


class Calendar(Frozen):
    """What ``cohort.yml`` says."""

    id: str = Field(pattern=IDENTIFIER)
    title: Bilingual
    time_zone: ZoneName = "Africa/Porto-Novo"
    days: Annotated[
        tuple[Annotated[date, Field(ge=date(2000, 1, 1), lt=date(3000, 1, 1))], ...],
        Field(min_length=DAYS, max_length=DAYS),
        AfterValidator(in_order),
    ]
    opens_at: TimeOfDay = time(8, 30)
    """When a day opens on its date, and the solutions of the day before, in ``time_zone``."""
    open_days: tuple[Annotated[int, Field(ge=1, le=DAYS)], ...] = ()
    """The days that people may see from the beginning, before their date."""
    limits: RoleLimits = RoleLimits()


class Cohort(Frozen):
    """A calendar and its people."""

    calendar: Calendar
    people: tuple[Person, ...]

    @property
    def id(self) -> str:
        """The cohort's id, also its folder's name."""
        return self.calendar.id


class Cohorts(Frozen):
    """All cohorts of a site. User names and e-mails are unique across them."""

    all: tuple[Cohort, ...] = ()

    @cached_property
    def _by_username(self) -> dict[str, Person]:
        return {person.username: person for person in self.people}

    @cached_property
    def _by_email(self) -> dict[str, Person]:
        return {person.email.casefold(): person for person in self.people}

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody of the site."""
        return tuple(person for cohort in self.all for person in cohort.people)

    def person(self, username: str) -> Person | None:
        """Who has this user name."""
        return self._by_username.get(username)

    def find(self, login: str) -> Person | None:
        """Who is meant by what somebody typed: a user name or an e-mail, in any case."""
        typed = login.strip().casefold()
        return self._by_username.get(typed) or self._by_email.get(typed)

    def cohort_of(self, person: Person) -> Cohort:
        """The cohort that a person belongs to."""
        return next(cohort for cohort in self.all if cohort.id == person.cohort)
