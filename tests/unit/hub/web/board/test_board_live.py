"""Open boards are told that something has changed, and only while somebody looks."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from hub.journal import Journal
from hub.web.board import WATCHER
from hub.web.board_live import Watcher, tell

from .conftest import Site, asking, workspace

SOON = 10.0
"""Seconds after which a test gives up."""


class Line:
    """What a board receives."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[str] = asyncio.Queue()

    async def write(self, text: str) -> None:
        """Receive."""
        self.received.put_nowait(text)

    async def next(self) -> str:
        """What comes next."""
        return await asyncio.wait_for(self.received.get(), SOON)


def test_all_boards_are_told_of_a_change_and_of_who_runs(tmp_path: Path) -> None:
    journal, running = Journal(tmp_path), set[str]()

    async def play() -> None:
        watcher = Watcher(tmp_path, lambda: frozenset(running), every=0.01)
        with watcher.board() as one, watcher.board() as other:
            journal.told("one-01", workspace())
            for board in (one, other):
                await asyncio.wait_for(board.wait(), SOON)
                board.clear()
            running.add("one-01")
            for board in (one, other):
                await asyncio.wait_for(board.wait(), SOON)

    asyncio.run(play())


def test_nothing_is_looked_at_when_nobody_looks(tmp_path: Path) -> None:
    Journal(tmp_path)
    looks = 0

    def running() -> frozenset[str]:
        nonlocal looks
        looks += 1
        return frozenset()

    async def play() -> None:
        watcher = Watcher(tmp_path, running, every=0.01)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        with watcher.board():
            assert watcher.boards == 1
            await until(lambda: looks > 3)
        assert watcher.boards == 0
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        with watcher.board():  # the next visitor finds it awake again
            seen = looks
            await until(lambda: looks > seen + 2)

    asyncio.run(play())


def test_a_stream_begins_with_a_change_breathes_and_ends() -> None:
    async def play() -> list[str]:
        line, changed = Line(), asyncio.Event()
        task = asyncio.create_task(tell(changed, line.write, alive_every=0.02, at_most=0.3))
        told = [await line.next(), await line.next()]
        changed.set()
        while (text := await line.next()) == ":\n\n":
            pass
        await asyncio.wait_for(task, SOON)
        return [*told, text]

    first, breath, later = asyncio.run(play())
    assert first == "retry: 2000\nevent: changed\ndata:\n\n"
    assert breath == ":\n\n"
    assert later == "event: changed\ndata:\n\n"


def test_the_stream_of_a_hub_tells_and_is_forgotten_when_its_reader_leaves(board: Site) -> None:
    async def play() -> None:
        received: asyncio.Queue[bytes] = asyncio.Queue()
        async with asking(board) as ask:
            reading = asyncio.ensure_future(
                ask("board/events", "one-80", stream=received.put_nowait)
            )
            assert b"changed" in await asyncio.wait_for(received.get(), SOON)
            watcher: Watcher = board.application.settings[WATCHER]
            assert watcher.boards == 1
            board.journal.told("one-01", workspace())
            assert b"changed" in await asyncio.wait_for(received.get(), SOON)
        reading.cancel()
        await until(lambda: watcher.boards == 0)

    asyncio.run(play())


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that must come about. Raises TimeoutError."""
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.01)
