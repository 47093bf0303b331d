"""What one cohort may see now, published from a built course.

A release holds both languages of the days that are open, the package ``airina`` that the notebooks
import, and ``release.json``, which says where to land. During the course a release adds and edits:

 1. Only what is open is in it, and the check before the course (day 0), which is open from the
    beginning. A day that was open once stays, as it was last.
 2. Nothing new: no commit.
 3. A file that was released and that the course no longer has is a mistake: merged into a workspace,
    its removal could take a person's own work with it. Nothing is published.
 4. A day that is open and lacks a language is a mistake of the same kind.
 5. Two publications at once end as one after the other would have (``releaser``).
 6. The solutions of a day stand beside it, in ``solutions/``, once they are open: the instructors'
    version of each notebook in which something was left to write.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.delivery.course import INSTRUCTOR, SOLUTIONS
from hub.delivery.repository import Repository, blob
from hub.errors import InvalidInput, Message, Problem
from hub.i18n import Language
from hub.opening import Part

PACKAGE = "airina"
"""What the notebooks import; it is released whole, with every day's checks."""

LANDING = "release.json"

BEFORE = 0
"""The day before the first: two minutes in which everybody sees that all is ready."""

HIDDEN = (".", "__pycache__")
"""Beginnings of names that tools leave behind; they are nobody's course."""


@dataclass(frozen=True)
class Edition:
    """What a cohort is to see: which parts of the course ``built`` holds are open, and where to land."""

    cohort: str
    built: Path
    """A built course: ``en/``, ``fr/``, ``airina/``, ``instructor/``."""
    parts: Collection[tuple[int, Part]]
    landing: int | None
    """The day to land on; None before the course."""

    @property
    def days(self) -> list[int]:
        """Open days, the check before the course first."""
        return [BEFORE, *sorted(day for day, part in self.parts if part is Part.DAY)]

    def files(self) -> dict[str, bytes]:
        """Name and content of every file that the cohort may see."""
        found = {name: path.read_bytes() for name, path in self._paths()}
        return found | {LANDING: self._landing()}

    def _paths(self) -> Iterator[tuple[str, Path]]:
        for folder in [f"{lang}/day{day}" for day in self.days for lang in Language] + [PACKAGE]:
            for path in sorted((self.built / folder).rglob("*")):
                name = path.relative_to(self.built)
                if path.is_file() and not any(part.startswith(HIDDEN) for part in name.parts):
                    yield name.as_posix(), path
        for day in sorted(day for day, part in self.parts if part is Part.SOLUTIONS):
            for lang in Language:
                yield from self._solutions(f"{lang}/day{day}")

    def _solutions(self, folder: str) -> Iterator[tuple[str, Path]]:
        for path in sorted((self.built / INSTRUCTOR / folder).glob("*.ipynb")):
            given = self.built / folder / path.name
            if not given.is_file() or cells(given) != cells(path):
                yield f"{folder}/{SOLUTIONS}/{path.name}", path

    def _landing(self) -> bytes:
        """``release.json``: the day that is open, and its first notebook in each language.

        Before the course no day is open, and people land on the check of day 0.
        """
        folder = f"day{BEFORE if self.landing is None else self.landing}"
        first = {
            language.value: notebook.relative_to(self.built).as_posix()
            for language in Language
            for notebook in sorted((self.built / language / folder).glob("*.ipynb"))[:1]
        }
        told = {"day": self.landing, "first": first}
        return (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()

    def missing_days(self) -> list[Problem]:
        """Open days without a notebook in one of the languages (case 4)."""
        return [
            Problem(
                self.built / language / f"day{day}",
                Message(
                    "has no notebook, and the day is open for %(cohort)s", {"cohort": self.cohort}
                ),
                Message("build the content, or close the day"),
            )
            for day in self.days
            for language in Language
            if day != BEFORE and not any((self.built / language / f"day{day}").glob("*.ipynb"))
        ]

    def taken_back(self, before: Collection[str]) -> list[Problem]:
        """Files that were released and that this course has no more, its closed days included (case 3)."""
        return [
            Problem(
                self.built / name,
                Message("was released to %(cohort)s and is gone", {"cohort": self.cohort}),
                Message(
                    "bring the file back under this name; until the course is over, add and edit only"
                ),
            )
            for name in sorted(before)
            if name != LANDING and not self._source_of(name).is_file()
        ]

    def _source_of(self, released: str) -> Path:
        """The file of the built course behind one of a release."""
        name = Path(released)
        if name.parent.name == SOLUTIONS:
            return self.built / INSTRUCTOR / name.parent.parent / name.name
        return self.built / name


def publish(edition: Edition, repository: Repository) -> str:
    """Publish an edition; the commit in which the cohort has all of it, which may be the one before.

    Raises InvalidInput, with nothing published, when the course takes back what was released or lacks
    what is open; GitFailed when git fails, among others because another process publishes too.
    """
    repository.create()
    problems = edition.missing_days() + edition.taken_back(repository.files())
    if problems:
        raise InvalidInput(problems)
    return repository.add(edition.files(), f"Release for {edition.cohort}")


def changes(files: Mapping[str, bytes], repository: Repository) -> dict[str, str]:
    """What publishing would do, by file: ``added`` or ``edited``."""
    before = repository.files()
    return {
        name: "edited" if name in before else "added"
        for name, data in files.items()
        if before.get(name) != blob(data)
    }


def cells(notebook: Path) -> object:
    """The cells of a built notebook."""
    return json.loads(notebook.read_text("utf-8"))["cells"]
