"""The course in a running server: whatever is done to it is done here, one thing at a time.

Work on files runs in threads; the server goes on answering. A request waits for it only so long; the
work itself is never cut short, and whoever comes next waits until it has ended.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from course_server.events import Bus
from course_server.places import BRANCH
from course_server.texts import RETURNED, arrival, moves, of_language

PATIENCE = 60.0
"""Seconds that a request waits; a sync needs about 0.5."""

COPIED = "copied"
"""The outcome of a sync into a workspace without a course (``sync.Outcome``)."""

ARRIVED = 500
"""Files of one arrival that are told of (``hub/journal.py``)."""

T = TypeVar("T")


class Ended(Protocol):
    """A sync that has ended, as ``sync.Synced``; that module is not imported to describe it."""

    @property
    def outcome(self) -> str: ...
    @property
    def arrived(self) -> Sequence[str]: ...
    @property
    def kept(self) -> Mapping[str, str]: ...
    @property
    def moved(self) -> Mapping[str, str]: ...


class Busy(Exception):
    """The course is being worked on, and has been for a while."""


class Course:
    """For one server; used on its event loop."""

    def __init__(self, release: Path, course: Path, language: str, bus: Bus) -> None:
        self._release = release
        self._course = course
        self._language = language
        self._bus = bus
        self._turn = asyncio.Lock()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._syncs = 0
        self._commit: str | None = None
        self._notebooks: dict[str, Any] | None = None
        self._outcome = "not synced"
        self._at = datetime.now(UTC)
        self._arrived: Sequence[str] = ()

    async def began(self, synced: Ended) -> None:
        """What became of the sync that ran while the server started."""
        await self._alone(lambda: self._note(synced, seen=False))

    async def sync(self) -> dict[str, Any]:
        """Bring in what was released; how the workspace stands then, as in ``hub/journal.py``."""
        asked_after = self._syncs
        return await self._alone(lambda: self._sync(asked_after))

    async def state(self) -> dict[str, Any]:
        """How the workspace stands."""
        return await self._alone(self._workspace)

    async def go_back(self, save_point: str) -> dict[str, Any]:
        """Make the course what it was at a save point; raises LookupError when there is no such point."""
        return await self._alone(lambda: self._go_back(save_point))

    async def original(self, path: str) -> str:
        """Put the release's version of a notebook beside theirs; raises LookupError when there is none."""
        from course_server import originals

        return await self._alone(lambda: asyncio.to_thread(originals.place, self._course, path))

    async def opened(self, path: str) -> None:
        """Their notebook (its path in the release) was opened."""
        from course_server import standing

        await self._alone(lambda: asyncio.to_thread(standing.opened, self._course, path))

    async def _alone(self, work: Callable[[], Awaitable[T]]) -> T:
        """One piece of work when its turn has come; raises Busy after PATIENCE seconds."""

        async def in_turn() -> T:
            async with self._turn:
                return await work()

        task = asyncio.create_task(in_turn())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if not done:
            task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
            raise Busy
        return task.result()

    async def _sync(self, asked_after: int) -> dict[str, Any]:
        from course_server import sync

        head = await asyncio.to_thread(head_of, self._release)
        is_behind = self._commit is None or head != self._commit
        # One that ended while this one waited for its turn has done its work.
        if is_behind or self._syncs == asked_after:
            seen = await self._bus.ask_to_save() if is_behind else False
            try:
                synced = await asyncio.to_thread(sync.synchronise, self._release, self._course)
            except Exception as error:  # case 14 of ``sync``: the workspace is as it was
                sync.tell(error)
                synced = sync.Synced(sync.Outcome.FAILED)
            await self._note(synced, seen=seen)
            self._syncs += 1
        return await self._workspace()

    async def _note(self, synced: Ended, *, seen: bool) -> None:
        arrived = synced.arrived
        self._outcome, self._at = str(synced.outcome), datetime.now(UTC)
        if not arrived and not synced.moved:
            return
        self._arrived = arrived[:ARRIVED]
        if synced.outcome == COPIED:
            return  # it is all new, and they see it
        before = self._notebooks
        now = (await self._workspace())["notebooks"]
        new = [
            path
            for path in arrived
            if (path not in before if before is not None else now.get(path, {}).get("new"))
        ]
        told = [arrival(arrived, synced.kept, new, self._language)] if arrived else []
        text = " ".join(told + moves(synced.moved, self._language))
        folder = self._course.name
        paths = [f"{folder}/{path}" for path in arrived]
        page = await asyncio.to_thread(page_to_open, self._course, arrived, self._language)
        self._bus.arrived(text, paths, page and f"{folder}/{page}", seen=seen)

    async def _go_back(self, save_point: str) -> dict[str, Any]:
        from course_server import save_points

        await self._bus.ask_to_save()  # what is on the screen becomes a part of the new save point
        await asyncio.to_thread(save_points.go_back, self._course, save_point)
        found = await self._workspace()
        paths = [f"{self._course.name}/{path}" for path in found["notebooks"]]
        self._bus.arrived(RETURNED[self._language], paths, None, seen=True)
        return found

    async def _workspace(self) -> dict[str, Any]:
        from course_server import standing

        found = await asyncio.to_thread(standing.report, self._course)
        self._commit, self._notebooks = found["commit"], found["notebooks"]
        return found | {
            "outcome": self._outcome,
            "at": self._at.isoformat(),
            "arrived": list(self._arrived),
        }


def head_of(release: Path) -> str | None:
    """The commit of a release; None when there is none to be read."""
    from course_server.git import reference

    return reference(release, f"refs/heads/{BRANCH}")


def page_to_open(course: Path, arrived: Sequence[str], language: str) -> str | None:
    """Of what has come, what a person will want to see: the day's first notebook, or the first that came."""
    mine = [path for path in of_language(arrived, language) if (course / path).is_file()]
    try:
        first = json.loads((course / "release.json").read_text("utf-8"))["first"][language]
    except (OSError, ValueError, LookupError, TypeError):
        first = None
    return first if first in mine else next(iter(mine), None)
