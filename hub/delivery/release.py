"""What each cohort may see now, published from the content that ``make content`` has built.

A release holds both languages of the days that are open, the package ``airina`` that the notebooks
import, and ``release.json``, which says where to land. During the course a release adds and edits:

 1. Only open days are in it, and the check before the course (day 0), which is open from the
    beginning. A day that was open once stays, as it was last.
 2. Nothing new: no commit.
 3. A file that was released and that the content no longer has is a mistake: merged into a workspace,
    its removal could take a person's own work with it. The mistakes of all cohorts are told together,
    and nothing is published.
 4. A day that is open and lacks a language is a mistake of the same kind.
 5. Two publications at once end as one after the other would have.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path

from hub.cohort import Cohort, Cohorts
from hub.delivery.repository import Repository
from hub.errors import InvalidInput, Message, Problem
from hub.i18n import Language

PACKAGE = "airina"
"""What the notebooks import; it is released whole, with every day's checks."""

LANDING = "release.json"

BEFORE = 0
"""The day before the first: two minutes in which everybody sees that all is ready."""

HIDDEN = (".", "__pycache__")
"""Beginnings of names that tools leave behind; they are nobody's course."""


class Outcome(StrEnum):
    """What became of one cohort's release."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"


def publish_all(cohorts: Cohorts, content: Path, releases: Path) -> dict[str, Outcome]:
    """Publish each cohort's open days into ``releases/<cohort>/release.git``; outcome by cohort.

    ``content`` is the built tree (``en/``, ``fr/``, ``airina/``). Raises InvalidInput, with nothing
    published for anybody, when the content takes back what was released or lacks what is open.
    """
    outcomes: dict[str, Outcome] = {}
    with ExitStack() as locks:
        planned: list[tuple[Cohort, Repository, dict[str, bytes]]] = []
        problems: list[Problem] = []
        for cohort in sorted(cohorts.all, key=lambda one: one.id):
            repository = Repository(releases / cohort.id / "release.git")
            locks.enter_context(repository.locked())
            repository.create()
            files = dict(released_files(content, cohort))
            problems += missing_days(content, cohort)
            problems += taken_back(content, cohort, files, repository.names())
            planned.append((cohort, repository, files))
        if problems:
            raise InvalidInput(problems)
        for cohort, repository, files in planned:
            changed = repository.add(files, f"Release for {cohort.id}")
            outcomes[cohort.id] = Outcome.CHANGED if changed else Outcome.UNCHANGED
    return outcomes


def released_files(content: Path, cohort: Cohort) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file that the cohort may see."""
    for folder in open_folders(cohort):
        for path in sorted((content / folder).rglob("*")):
            name = path.relative_to(content)
            if path.is_file() and not any(part.startswith(HIDDEN) for part in name.parts):
                yield name.as_posix(), path.read_bytes()
    yield LANDING, landing(content, cohort)


def open_folders(cohort: Cohort) -> list[str]:
    """The folders of the content that the cohort may see."""
    days = [BEFORE, *sorted(set(cohort.calendar.open_days))]
    return [f"{language}/day{day}" for day in days for language in Language] + [PACKAGE]


def landing(content: Path, cohort: Cohort) -> bytes:
    """``release.json``: the day that is open, and its first notebook in each language.

    Before the course no day is open, and people land on the check of day 0.
    """
    day = cohort.open_day
    folder = f"day{BEFORE if day is None else day}"
    first = {
        language.value: notebook.relative_to(content).as_posix()
        for language in Language
        for notebook in sorted((content / language / folder).glob("*.ipynb"))[:1]
    }
    return (json.dumps({"day": day, "first": first}, indent=1, sort_keys=True) + "\n").encode()


def missing_days(content: Path, cohort: Cohort) -> list[Problem]:
    """Open days without a notebook in one of the languages (case 4)."""
    return [
        Problem(
            content / language / f"day{day}",
            Message("has no notebook, and the day is open for %(cohort)s", {"cohort": cohort.id}),
            Message("build the content, or close the day"),
        )
        for day in sorted(set(cohort.calendar.open_days))
        for language in Language
        if not any((content / language / f"day{day}").glob("*.ipynb"))
    ]


def taken_back(
    content: Path, cohort: Cohort, files: dict[str, bytes], before: frozenset[str]
) -> list[Problem]:
    """Files that were released, belong to what is open, and are in the content no more (case 3)."""
    folders = tuple(f"{folder}/" for folder in open_folders(cohort))
    return [
        Problem(
            content / name,
            Message("was released to %(cohort)s and is gone", {"cohort": cohort.id}),
            Message(
                "bring the file back under this name; until the course is over, add and edit only"
            ),
        )
        for name in sorted(before - files.keys())
        if name.startswith(folders)
    ]
