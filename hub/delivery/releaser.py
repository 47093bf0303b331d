"""Brings the releases of all cohorts to what the calendar, the team's wishes and the sources say.

Nothing is remembered between two times but what the journal and the repositories hold: called again, at
any moment, by any process, after any crash, it comes to the same state. A cohort whose release cannot be
made holds up no other.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path
from types import MappingProxyType

from hub.cohort import Cohort, Cohorts
from hub.delivery.course import INSTRUCTOR, SOLUTIONS
from hub.delivery.release import Edition, changes, publish
from hub.delivery.repository import Repository
from hub.delivery.sources import Sources
from hub.errors import InvalidInput, Message, Problem
from hub.journal import Journal, Listed, Release
from hub.opening import Asked, Part, Standing, next_change, open_day, open_parts, standings

Wishes = Mapping[tuple[int, Part], Asked]
NONE: Wishes = MappingProxyType({})

log = logging.getLogger("course")


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
        for cohort in self.cohorts.all:
            try:
                head = self._bring(cohort, now)
            except InvalidInput as error:
                self.journal.stuck(cohort.id, error.problems)
            except Exception as error:  # a damaged repository, a full disk: of this cohort alone
                log.error("%s: %s: %s", cohort.id, type(error).__name__, error)
                self.journal.stuck(cohort.id, [unmade(self.repository(cohort).folder)])
            else:
                changed |= {cohort.id: head} if head else {}
        return changed

    def _bring(self, cohort: Cohort, now: datetime) -> str | None:
        """Publish what is due for one cohort; the new head, None when there is none."""
        if not self._due(cohort, now):
            return None
        with self._alone(cohort):
            target = self._due(cohort, now)  # once more: another process may have been at it
            if target is None:
                return None
            repository = self.repository(cohort)
            before = repository.head()
            head = publish(target.edition, repository)
            self.journal.released(release_of(cohort, target, head, now))
            return head if head != before else None

    @contextmanager
    def _alone(self, cohort: Cohort) -> Iterator[None]:
        """One publication at a time, of all processes; a process that dies gives the lock back.

        The lock is where no server can open it: to read a file is enough to lock it.
        """
        with (self.journal.state / f"release-{cohort.id}.lock").open("a") as lock:
            flock(lock, LOCK_EX)
            yield

    def _due(self, cohort: Cohort, now: datetime) -> Target | None:
        """What a cohort is to have and does not have yet."""
        target = self.target(cohort, now)
        if target is None or self._is_out(self.journal.releases().get(cohort.id), cohort, target):
            return None
        return target

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

    def _is_out(self, before: Release | None, cohort: Cohort, target: Target) -> bool:
        edition = target.edition
        return (
            before is not None
            and before.source == target.source
            and before.parts == edition.parts
            and before.landing == edition.landing
            and before.head == self.repository(cohort).head()  # not an older one, brought back
        )


def unmade(repository: Path) -> Problem:
    """Why a release could not be made that should have been, for the board and the command."""
    return Problem(
        repository,
        Message("the release could not be written"),
        Message(
            "tell whoever runs the site: the hub’s log says why. What was released before stays; "
            "the next try comes by itself"
        ),
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
