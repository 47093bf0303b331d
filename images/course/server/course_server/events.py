"""What a person's open JupyterLab is told, over Jupyter's own event bus, and what waits for the next one."""

import asyncio
import math
import secrets
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_events.logger import EventLogger

SCHEMA_ID = "https://airina.africa/events/course"

SCHEMA: dict[str, Any] = {
    "$id": SCHEMA_ID,
    "version": "1",
    "title": "The course",
    "description": "What is about to come, has come, or is announced.",
    "type": "object",
    "required": ["kind"],
    "properties": {
        "kind": {"enum": ["save", "arrived", "announcement"]},
        "id": {"type": ["string", "integer"]},
        "at": {"type": "string"},
        "text": {"type": "string"},
        "paths": {"type": "array", "items": {"type": "string"}},
        "open": {"type": ["string", "null"]},
    },
    "additionalProperties": False,
}

PATIENCE = 2.0
"""Seconds that a sync waits for an open JupyterLab to save; a document of 1 MB takes 0.1."""

DOUBT = 600.0
"""Seconds for which a connection may be gone and still look like one: what it was told waits so long."""

MOST = 20
"""Events that wait for a JupyterLab; the oldest go first."""

Event = dict[str, Any]


class Bus:
    """The event bus of one server, and what nobody has seen yet."""

    def __init__(self, logger: "EventLogger") -> None:
        self._logger = logger
        self._saving: dict[str, asyncio.Semaphore] = {}
        self._waiting: list[tuple[Event, float]] = []
        self._announced: set[int] = set()
        logger.register_event_schema(SCHEMA)

    def listeners(self) -> int:
        """How many JupyterLabs are connected; Jupyter has no public word for it."""
        return len(self._logger._modified_listeners[SCHEMA_ID])

    async def ask_to_save(self) -> bool:
        """Have open documents saved; whether a JupyterLab has answered that they are.

        Waits for each JupyterLab that is connected, together at most ``PATIENCE`` seconds; where there is
        none, for nothing.
        """
        expected = self.listeners()
        name = secrets.token_hex(8)
        answers = self._saving[name] = asyncio.Semaphore(0)
        self._emit({"kind": "save", "id": name})
        answered = 0
        try:
            async with asyncio.timeout(PATIENCE):
                while answered < expected:
                    await answers.acquire()
                    answered += 1
        except TimeoutError:
            pass
        finally:
            del self._saving[name]
        return answered > 0

    def saved(self, name: str) -> None:
        """A JupyterLab has saved what was open; an answer that comes too late changes nothing."""
        if name in self._saving:
            self._saving[name].release()

    def arrived(self, text: str, paths: list[str], page: str | None, *, seen: bool) -> None:
        """Something has come. ``seen``: a JupyterLab has just shown that it listens."""
        name = secrets.token_hex(8)
        event = {"kind": "arrived", "id": name, "text": text, "paths": paths, "open": page}
        self._emit(event)
        if not seen:
            self._keep(event)

    def announce(self, number: int, at: str, text: str) -> None:
        """Something to say to everybody; each number once. JupyterLab knows which it has shown."""
        if number not in self._announced:
            self._announced.add(number)
            event = {"kind": "announcement", "id": number, "at": at, "text": text}
            self._emit(event)
            self._keep(event)

    def news(self) -> list[Event]:
        """What has waited, oldest first; it waits no longer."""
        found, self._waiting = self._waiting, []
        return [event for event, until in found if time.monotonic() < until]

    def _keep(self, event: Event) -> None:
        until = time.monotonic() + DOUBT if self.listeners() else math.inf
        self._waiting = [*self._waiting, (event, until)][-MOST:]

    def _emit(self, event: Event) -> None:
        self._logger.emit(schema_id=SCHEMA_ID, data=event)
