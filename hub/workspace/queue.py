"""Whose turn it is to start: so many at the same moment, the others in the order they came.

Thirty servers that start together on two cores all miss their time-outs; three at a time, each has the
machine it needs, and the last is ready no later. JupyterHub's own limit would refuse people; here they
wait and see their place.
"""

import asyncio
from collections import deque
from collections.abc import Hashable


class StartQueue:
    """First come, first served. Used from the hub's event loop only."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._waiting: deque[tuple[Hashable, asyncio.Event]] = deque()
        self._starting: set[Hashable] = set()
        self._moved = asyncio.Event()

    async def enter(self, who: Hashable) -> None:
        """Return when it is their turn. Whoever enters must ``leave``, however their start ends."""
        turn = asyncio.Event()
        self._waiting.append((who, turn))
        self._move()
        try:
            await turn.wait()
        except asyncio.CancelledError:
            self.leave(who)
            raise

    def leave(self, who: Hashable) -> None:
        """Give up the turn, or the place; doing so twice is doing so once."""
        self._starting.discard(who)
        self._waiting = deque(entry for entry in self._waiting if entry[0] != who)
        self._move()

    def place(self, who: Hashable) -> int:
        """1 for the next one to start; 0 for somebody who does not wait."""
        places = (number for number, (other, _) in enumerate(self._waiting, 1) if other == who)
        return next(places, 0)

    @property
    def moved(self) -> asyncio.Event:
        """Set at the next change. Take it before you look at a place: no change is missed then."""
        return self._moved

    def announce(self) -> None:
        """Wake everybody who waits for a change."""
        self._moved.set()
        self._moved = asyncio.Event()

    def _move(self) -> None:
        while self._waiting and len(self._starting) < self.at_once:
            who, turn = self._waiting.popleft()
            self._starting.add(who)
            turn.set()
        self.announce()
