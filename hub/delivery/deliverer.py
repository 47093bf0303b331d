"""Keeps a site as it should be: releases made when they are due, and every server that runs up to date.

One pass brings everything to its state; passes follow whatever may have changed it: a push, a wish in
the journal, a word of a server, the next moment of the calendar. A pass that finds nothing to do costs
some milliseconds, and one that fails is made again.
"""

import asyncio
import logging
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from hub.delivery.courier import Courier
from hub.delivery.releaser import Releaser
from hub.journal import Journal, Watch

LOOK_EVERY = 0.2
"""Seconds between two looks at whether the journal has changed: one page of a file is read."""

AT_THE_LATEST = 30.0
"""Seconds: a pass comes at least so often, for a clock may have been set, a server may have come back."""

AFTER_A_FAILURE = 2.0
"""Seconds before a pass that failed is made again."""

log = logging.getLogger("course")


class Deliverer:
    """The passes of one site. ``state`` is the folder with the journal."""

    def __init__(self, releaser: Releaser, courier: Courier, journal: Journal, state: Path) -> None:
        self.releaser = releaser
        self.courier = courier
        self.journal = journal
        self._state = state
        self._woken = asyncio.Event()
        self._deliveries: set[asyncio.Task[None]] = set()
        self._retrying: frozenset[str] = frozenset()
        self._delivered: object = None
        self._deliver_by = 0.0

    def wake(self) -> None:
        """Something has changed: make a pass now."""
        self._woken.set()

    def deliver_soon(self) -> None:
        """A server that runs is behind: the next pass asks everybody."""
        self._delivered = None
        self.wake()

    async def run(self) -> None:
        """Passes, until the task is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch())
            try:
                while True:
                    self._woken.clear()
                    try:
                        pause = await self.once()
                    except Exception as error:  # the next one may go well, and people wait for it
                        log.error("a pass failed: %s: %s", type(error).__name__, error)
                        pause = AFTER_A_FAILURE
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._woken.wait(), pause)
            finally:
                for delivery in self._deliveries:
                    delivery.cancel()

    async def once(self) -> float:
        """One pass; returns the seconds after which another is due, if nothing changes before.

        What is to be delivered is on its way then, and may take its time: a server that does not answer
        holds up no release and no other server.
        """
        await asyncio.to_thread(self.releaser.bring, datetime.now(UTC))
        again = self.journal.wanted_again() - self._retrying
        heads = {cohort: release.head for cohort, release in self.journal.releases().items()}
        out = (heads, self.journal.last_announcement())
        if again or out != self._delivered or time.monotonic() >= self._deliver_by:
            self._delivered = out
            self._deliver_by = time.monotonic() + AT_THE_LATEST
            self._retrying |= again
            delivery = asyncio.create_task(self._deliver(again))
            self._deliveries.add(delivery)
            delivery.add_done_callback(self._deliveries.discard)
        now = datetime.now(UTC)
        coming = self.releaser.next_moment(now)
        return min((coming - now).total_seconds(), AT_THE_LATEST) if coming else AT_THE_LATEST

    async def _deliver(self, again: frozenset[str]) -> None:
        """One delivery; when it fails, the next pass begins another."""
        try:
            await self.courier.deliver(again)
            self.journal.asked_again(again)
        except Exception as error:  # the hub does not answer, say: it may in a moment
            log.error("a delivery failed: %s: %s", type(error).__name__, error)
            await asyncio.sleep(AFTER_A_FAILURE)
            self.deliver_soon()
        finally:
            self._retrying -= again

    async def _watch(self) -> None:
        watch = Watch(self._state)
        try:
            while True:
                if watch.changed():
                    self.wake()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            watch.close()
