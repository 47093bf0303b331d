"""Brings releases and announcements into every server that runs.

Whoever is behind is asked to sync, a few at a time; whoever does not run gets it at their next start.
What goes wrong with one server is written down for the board and concerns no other.
"""

import asyncio
import os
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from hub.cohort import Person
from hub.delivery.roll import Roll
from hub.i18n import Language
from hub.journal import Announcement, Cause, Journal, Release, Trouble, Workspace
from hub.people import People
from hub.servers import Servers, Unanswered

AT_ONCE = 2 * (os.cpu_count() or 1)
"""Syncs at the same moment: each keeps a core busy for some hundredths of a second, and waits a little."""

ANNOUNCED_FOR = timedelta(hours=24)
"""An announcement is for those whose server runs, and for those who come within this time."""

AGAIN_AFTER = timedelta(seconds=60)
"""A server that did not take a release is asked again by itself after this time."""


class Courier:
    """For one site; used from one event loop."""

    def __init__(self, people: People, journal: Journal, roll: Roll, servers: Servers) -> None:
        self.people = people
        self.journal = journal
        self.roll = roll
        self.servers = servers
        self._announced: dict[str, int] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def deliver(self, again: Collection[str] = ()) -> None:
        """Everybody who runs has what is out; ``again`` are asked in any case."""
        found = {name: self.people.person(name) for name in await self.roll.running()}
        running = {name: person for name, person in found.items() if person}
        self._announced = {name: self._announced.get(name, 0) for name in running}
        releases, workspaces = self.journal.releases(), self.journal.workspaces()
        troubles = self.journal.troubles()
        async with asyncio.TaskGroup() as group:
            for name, person in running.items():
                release = releases.get(person.cohort)
                behind = release and is_behind(workspaces.get(name), release)
                if name in again or (behind and is_due(troubles.get(name), release)):
                    group.create_task(self._sync(name, release))
        async with asyncio.TaskGroup() as group:
            for person in running.values():
                group.create_task(self._announce(person))

    async def _sync(self, name: str, release: Release | None) -> None:
        async with self._turns:
            try:
                found = Workspace.model_validate(await self.servers.ask(name, "sync", {}))
            except Unanswered as error:
                self.journal.failed(name, Cause.REFUSED if error.status else Cause.SILENT)
                return
            except (
                ValidationError
            ):  # the server is the person's: what it says need not be what it should
                self.journal.failed(name, Cause.REFUSED)
                return
        self.journal.told(name, found)
        if release and (cause := found.lacks(release)):
            self.journal.failed(name, cause)

    async def _announce(self, person: Person) -> None:
        name = person.username
        language = self.people.language(name) or person.language
        since = datetime.now(UTC) - ANNOUNCED_FOR
        for one in self.journal.announcements(person.cohort, since):
            if one.id <= self._announced[name]:
                continue
            try:
                await self.servers.ask(name, "announce", told(one, language))
            except Unanswered:
                return  # at the next occasion; the page shows it meanwhile
            self._announced[name] = one.id


def is_behind(workspace: Workspace | None, release: Release) -> bool:
    """Whether a workspace lacks something of its cohort's release."""
    return workspace is None or workspace.commit != release.head


def is_due(trouble: Trouble | None, release: Release | None) -> bool:
    """Whether it is worth asking: after a failure, for another release, or when some time has passed."""
    if trouble is None or (release and release.at > trouble.at):
        return True
    return datetime.now(UTC) - trouble.at > AGAIN_AFTER


def told(announcement: Announcement, language: Language) -> dict[str, object]:
    """An announcement as a server takes it, in its person's language."""
    text = announcement.fr if language is Language.FR else announcement.en
    return {"id": announcement.id, "at": announcement.at.isoformat(), "text": text}
