"""A course in its second day, and one person's workspace in which everything has happened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hub.cohort import Calendar, Cohort
from hub.i18n import Language
from hub.journal import Announcement, Cause, Listed, Notebook, Release, SavePoint, Workspace
from hub.opening import Asks, Part, open_day, open_parts, standings
from hub.settings import Settings
from hub.web.delivery import Delivery
from hub.web.today_view import View, view

COHORT = "2027a-test"
NAME = "cot-01"
HEAD, SOURCE = "a" * 40, "c" * 40

SECOND_DAY = datetime(2027, 3, 2, 13, 0, tzinfo=UTC)
"""In the afternoon: Day 2 has opened, and so have the solutions of Day 1."""

CALENDAR = Calendar.model_validate(
    {
        "id": COHORT,
        "title": {"fr": "Cotonou, mars 2027", "en": "Cotonou, March 2027"},
        "days": [f"2027-03-0{day}" for day in range(1, 6)],
    }
)

TITLES = {
    "d0-00": (
        "Avant le cours\u00a0: tout est-il prêt\u202f?",
        "Before the course: is everything ready?",
    ),
    "d1-01": (
        "Espaces vectoriels, bases et changement de base",
        "Vector spaces and change of basis",
    ),
    "d1-03": ("SVD\u00a0: géométrie et rang faible", "SVD: geometry and low-rank approximation"),
    "d2-01": (
        "Descente de gradient\u00a0: convergence en convexe",
        "Gradient descent under convexity",
    ),
    "d2-02": ("SGD, inertie, Adam", "SGD, momentum and Adam, at last"),
    "d2-03": ("Méthodes du second ordre", "Second-order methods and why they are rare"),
    "d2-04": ("Le paysage de perte", "The loss landscape, with its saddles"),
    "d2-05": ("Régularisation et généralisation", "Regularisation and generalisation today"),
    "d3-01": ("Variables aléatoires, lois jointes", "Random variables and their joint laws"),
}
"""Of all notebooks, released or not."""

STATES = {
    "d2-01": Notebook(mine=True, updated=True),
    "d2-02": Notebook(mine=True, beside="day2/d2-02__original.ipynb"),
    "d2-03": Notebook(new=True),
    "d2-04": Notebook(deleted=True),
    "d1-01": Notebook(mine=True),
}


ANNOUNCEMENT = Announcement(
    id=1,
    cohort=COHORT,
    fr="La séance de 14\u00a0h commence dix minutes plus tard.",
    en="The session at 2 pm begins ten minutes late.",
    by="cot-80",
    at=SECOND_DAY,
)


def path_of(key: str, language: Language, solution: bool = False) -> str:
    """Where a notebook is in the release."""
    return f"{language}/day{key[1]}/{'solutions/' if solution else ''}{key}.ipynb"


def listed(key: str, language: Language, solution: bool = False) -> Listed:
    """A notebook of a release."""
    french, english = TITLES[key]
    return Listed(
        id=key,
        day=int(key[1]),
        language=language,
        path=path_of(key, language, solution),
        title=french if language is Language.FR else english,
        solution=solution,
    )


def release(now: datetime, asks: Asks) -> Release:
    """What the deliverer would have written."""
    found = standings(CALENDAR, asks, (), now)
    parts = open_parts(found)
    notebooks = [
        listed(key, language, solution)
        for key in TITLES
        for language in Language
        for solution, part in ((False, Part.DAY), (True, Part.SOLUTIONS))
        if (int(key[1]), part) in parts or (key[1] == "0" and not solution)
    ]
    return Release(
        cohort=COHORT,
        head=HEAD,
        source=SOURCE,
        parts=parts,
        landing=open_day(found),
        notebooks=tuple(notebooks),
        at=now,
    )


def workspace(now: datetime) -> Workspace:
    """One in which everything has happened; it tells of both languages."""
    notebooks = {
        path_of(key, language): state.model_copy(
            update={"beside": state.beside and f"{language}/{state.beside}"}
        )
        for key, state in STATES.items()
        for language in Language
    }
    points = [now - timedelta(hours=hours) for hours in (1, 5, 24)]
    return Workspace(
        commit=HEAD,
        outcome="updated",
        at=now,
        saved_at=now - timedelta(minutes=4),
        arrived=tuple(path_of("d2-01", language) for language in Language),
        notebooks=notebooks,
        save_points=tuple(SavePoint(id=at.strftime("%Y%m%dT%H%M%S"), at=at) for at in points),
    )


def site(state: Path) -> Settings:
    """A site whose files are in ``state``."""
    return Settings.model_validate(
        {
            "site": "test",
            "public_url": "https://hub.example.org",
            "course_image": f"sha256:{'0' * 64}",
            "static_url": "/static-lab/0",
            "cohorts": state,
            "state": state,
        }
    )


def delivery(state: Path, now: datetime) -> Delivery:
    """A journal in ``state`` that says what is out at that moment."""
    made = Delivery(site(state))
    made.journal.released(release(now, made.journal.asks(COHORT)))
    return made


def everything(now: datetime, language: Language, wanted: str = "") -> View:
    """The page of somebody to whom all of it happens at once."""
    with TemporaryDirectory() as folder:
        made = delivery(Path(folder), now)
        made.journal.told(NAME, workspace(now))
        made.journal.failed(NAME, Cause.NO_ROOM)
        found = view(made, Cohort(calendar=CALENDAR, people=()), NAME, language, now, wanted)
    return replace(found, announcements=(ANNOUNCEMENT.model_copy(update={"at": now}),))


def nothing(now: datetime, language: Language) -> View:
    """The page of somebody whose cohort has no release yet."""
    with TemporaryDirectory() as folder:
        made = Delivery(site(Path(folder)))
        return view(made, Cohort(calendar=CALENDAR, people=()), NAME, language, now, "")
