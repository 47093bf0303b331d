"""Brings the releases of all cohorts to what the calendar, the team's wishes and the sources say.

Nothing is remembered between two times but what the journal and the repositories hold: called again, at
any moment, by any process, after any crash, it comes to the same state. A cohort whose release cannot be
made holds up no other.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from hub.cohort import Cohort, Cohorts
from hub.delivery.course import INSTRUCTOR
from hub.delivery.release import SOLUTIONS, Edition, changes, publish
from hub.delivery.repository import Repository
from hub.delivery.sources import Sources
from hub.errors import InvalidInput
from hub.journal import Journal, Listed, Release
from hub.opening import Asked, Part, Standing, next_change, open_day, open_parts, standings

Wishes = Mapping[tuple[int, Part], Asked]
NONE: Wishes = MappingProxyType({})


@dataclass(frozen=True)
class Target:
    """What a cohort is to have: an edition, the commit of the sources behind it, and the calendar's word."""

    edition: Edition
    source: str
    standings: tuple[Standing, ...]


class Releaser:
    """``releases`` is the folder with a repository a cohort, as the cohorts' servers see them."""

    def __init__(
        self, cohorts: Cohorts, journal: Journal, sources: Sources, releases: Path
    ) -> None:
        self.cohorts = cohorts
        self.journal = journal
        self.sources = sources
        self.releases = releases

    def bring(self, now: datetime) -> dict[str, str]:
        """Publish what is due; the new head of each cohort whose release has changed, by its id.

        What keeps a cohort's release from being made is in the journal, and nothing of it is published.
        """
        changed: dict[str, str] = {}
        released = self.journal.releases()
        for cohort in self.cohorts.all:
            target = self.target(cohort, now)
            if target is None or self._is_out(released.get(cohort.id), target):
                continue
            repository = self.repository(cohort)
            before = repository.head()
            try:
                head = publish(target.edition, repository)
            except InvalidInput as error:
                self.journal.stuck(cohort.id, error.problems)
                continue
            self.journal.released(release_of(cohort, target, head, now))
            if head != before:
                changed[cohort.id] = head
        return changed

    def target(self, cohort: Cohort, now: datetime, wishes: Wishes = NONE) -> Target | None:
        """What a cohort is to have; with more wishes than were written down, what it would have then.

        None while there are no sources.
        """
        current = self.sources.current()
        if current is None:
            return None
        source, built = current
        before = self.journal.releases().get(cohort.id)
        asked = {**self.journal.asks(cohort.id), **wishes}
        found = standings(cohort.calendar, asked, before.parts if before else frozenset(), now)
        edition = Edition(cohort.id, built, open_parts(found), open_day(found))
        return Target(edition, source, found)

    def plan(self, cohort: Cohort, now: datetime, wishes: Wishes = NONE) -> dict[str, str]:
        """What publishing would do to a cohort's release: ``added`` or ``edited``, by file.

        Raises InvalidInput with what would keep it from being published.
        """
        target = self.target(cohort, now, wishes)
        if target is None:
            return {}
        repository = self.repository(cohort)
        edition = target.edition
        if problems := edition.missing_days() + edition.taken_back(repository.files()):
            raise InvalidInput(problems)
        return changes(edition.files(), repository)

    def next_moment(self, now: datetime) -> datetime | None:
        """When the calendar opens something next, in any cohort."""
        released = self.journal.releases()
        moments = []
        for cohort in self.cohorts.all:
            before = released.get(cohort.id)
            parts = before.parts if before else frozenset[tuple[int, Part]]()
            found = standings(cohort.calendar, self.journal.asks(cohort.id), parts, now)
            coming = next_change(found, now)
            if coming and coming.opens_at:
                moments.append(coming.opens_at)
        return min(moments, default=None)

    def repository(self, cohort: Cohort) -> Repository:
        """Where a cohort's releases are."""
        return Repository(self.releases / cohort.id / "release.git")

    def _is_out(self, before: Release | None, target: Target) -> bool:
        edition = target.edition
        return (
            before is not None
            and before.source == target.source
            and before.parts == edition.parts
            and before.landing == edition.landing
            and (self.releases / before.cohort / "release.git" / "HEAD").exists()
        )


def release_of(cohort: Cohort, target: Target, head: str, now: datetime) -> Release:
    """What the journal says of a release."""
    edition = target.edition
    return Release(
        cohort=cohort.id,
        head=head,
        source=target.source,
        parts=frozenset(edition.parts),
        landing=edition.landing,
        notebooks=tuple(listed(edition)),
        at=now,
    )


def listed(edition: Edition) -> Iterator[Listed]:
    """The notebooks of an edition, day by day, solutions after the day's own."""
    names = [Path(name) for name in edition.files() if name.endswith(".ipynb")]
    days = {f"day{day}": day for day in edition.days}
    for name in sorted(names, key=lambda one: (len(one.parts), one.as_posix())):
        language, day, *_ = name.parts
        solution = name.parent.name == SOLUTIONS
        source = Path(INSTRUCTOR, language, day, name.name) if solution else name
        notebook = json.loads((edition.built / source).read_text("utf-8"))
        yield Listed.model_validate(
            {
                "id": notebook["metadata"]["course"]["id"],
                "day": days[day],
                "language": language,
                "path": name.as_posix(),
                "title": title(notebook["cells"], name),
                "solution": solution,
            }
        )


def title(cells: list[dict[str, object]], name: Path) -> str:
    """The first heading of a notebook; its file's name where it has none."""
    for cell in cells:
        source = cell["source"]
        text = "".join(source) if isinstance(source, list) else str(source)
        for line in text.splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("# "):
                return line[2:].strip()
    return name.stem
