"""Tells open boards that something has changed: what, they read for themselves.

One look at the journal and at who runs serves all boards, and only while somebody has one open.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hub.journal import Watch

LOOK_EVERY = 0.5
"""Seconds between two looks: one page of a file is read, and the list of servers in memory."""

ALIVE_EVERY = 15.0
"""Seconds after which something is written in any case, so that nothing between takes the line for dead."""

AT_MOST = 600.0
"""Seconds after which a stream ends; the browser asks again, and is asked again who it is."""

Running = Callable[[], frozenset[str]]


class Watcher:
    """One for a hub. ``running`` says whose servers run; it is asked only while a board is open."""

    def __init__(self, state: Path, running: Running, every: float = LOOK_EVERY) -> None:
        self._state = state
        self._running = running
        self._every = every
        self._boards: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def boards(self) -> int:
        """How many are open."""
        return len(self._boards)

    @contextmanager
    def board(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever something has changed; forgotten at the end."""
        changed = asyncio.Event()
        self._boards.add(changed)
        if self._task is None:
            watch = Watch(self._state)
            watch.changed()  # the first time it always says so
            self._task = asyncio.create_task(self._look(watch, self._running()))
        try:
            yield changed
        finally:
            self._boards.discard(changed)
            if not self._boards and self._task:
                self._task.cancel()
                self._task = None

    async def _look(self, watch: Watch, before: frozenset[str]) -> None:
        try:
            while True:
                await asyncio.sleep(self._every)
                now = self._running()
                if watch.changed() or now != before:
                    for changed in self._boards:
                        changed.set()
                before = now
        finally:
            watch.close()


async def tell(
    changed: asyncio.Event,
    write: Callable[[str], Awaitable[None]],
    alive_every: float = ALIVE_EVERY,
    at_most: float = AT_MOST,
) -> None:
    """Write an event at once, for what changed before, and another after each change, until it is time."""
    loop = asyncio.get_running_loop()
    end = loop.time() + at_most
    await write("retry: 2000\nevent: changed\ndata:\n\n")
    while (left := end - loop.time()) > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), min(alive_every, left))
        told = changed.is_set()
        changed.clear()
        await write("event: changed\ndata:\n\n" if told else ":\n\n")
