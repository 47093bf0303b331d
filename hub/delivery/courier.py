"""Brings releases and announcements into every server that runs.

Whoever is behind is asked to sync, a few at a time; whoever does not run gets it at their next start.
What goes wrong with one server is written down for the board and concerns no other.
"""

import asyncio
import os
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

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

TURN_SECONDS = 2.0
"""A server that takes longer gives its turn to the next, and is waited for beside it."""

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
        self._syncing: set[str] = set()
        self._announcing: set[str] = set()

    async def deliver(self, again: Collection[str] = ()) -> None:
        """Everybody who runs has what is out; ``again`` are asked in any case.

        Returns when everybody has answered, or failed to. May be called while an earlier call still waits
        for somebody: nobody is asked twice at the same moment.
        """
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
                    group.create_task(self._bring_up(person))
                group.create_task(self._announce(person))

    async def _bring_up(self, person: Person) -> None:
        """Ask for a sync, and once more if something was released meanwhile."""
        name = person.username
        if name in self._syncing:
            return
        self._syncing.add(name)
        try:
            while True:
                release = self.journal.releases().get(person.cohort)
                await self._sync(name, release)
                if self.journal.releases().get(person.cohort) == release:
                    return
        finally:
            self._syncing.discard(name)

    async def _sync(self, name: str, release: Release | None) -> None:
        try:
            found = Workspace.model_validate(await self._in_turn(name))
        except Unanswered as error:
            self.journal.failed(name, Cause.REFUSED if error.status else Cause.SILENT)
            return
        except ValidationError:  # what it says is its person's own word, and may be anything
            self.journal.failed(name, Cause.REFUSED)
            return
        self.journal.told(name, found)
        if release and (cause := found.lacks(release)):
            self.journal.failed(name, cause)

    async def _in_turn(self, name: str) -> dict[str, Any]:
        """What a server says to a sync: a few at a time, but for those who only keep others waiting."""
        async with self._turns:
            asked = asyncio.create_task(self.servers.ask(name, "sync", {}))
            await asyncio.wait({asked}, timeout=TURN_SECONDS)
        return await asked

    async def _announce(self, person: Person) -> None:
        name = person.username
        if name in self._announcing:
            return
        self._announcing.add(name)
        try:
            language = self.people.language(name) or person.language
            since = datetime.now(UTC) - ANNOUNCED_FOR
            for one in self.journal.announcements(person.cohort, since):
                if one.id > self._announced.get(name, 0):
                    await self.servers.ask(name, "announce", told(one, language))
                    self._announced[name] = one.id
        except Unanswered:
            pass  # at the next occasion; the page shows it meanwhile
        finally:
            self._announcing.discard(name)


def is_behind(workspace: Workspace | None, release: Release) -> bool:
    """Whether a workspace lacks something of its cohort's release."""
    return workspace is None or workspace.commit != release.head


def is_due(trouble: Trouble | None, release: Release | None) -> bool:
    """Whether it is worth asking: after a failure, for another release, or when some time has passed."""
    if trouble is None or (release and release.at > trouble.at):
        return True
    waited = datetime.now(UTC) - trouble.at
    return waited > AGAIN_AFTER or waited < timedelta(0)  # or the clock was set back


def told(announcement: Announcement, language: Language) -> dict[str, object]:
    """An announcement as a server takes it, in its person's language."""
    text = announcement.fr if language is Language.FR else announcement.en
    return {"id": announcement.id, "at": announcement.at.isoformat(), "text": text}
