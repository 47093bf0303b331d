"""Whose turn it is to start."""

import asyncio

import pytest

from hub.workspace.queue import StartQueue


async def settle() -> None:
    """Let every task run as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


def entering(queue: StartQueue, *names: str) -> dict[str, asyncio.Task[None]]:
    return {name: asyncio.create_task(queue.enter(name)) for name in names}


def test_so_many_start_at_once_and_the_others_see_their_place() -> None:
    async def scene() -> None:
        queue = StartQueue(2)
        tasks = entering(queue, "a", "b", "c", "d")
        await settle()
        assert [name for name, task in tasks.items() if task.done()] == ["a", "b"]
        assert [queue.place(name) for name in "abcd"] == [0, 0, 1, 2]
        queue.leave("b")
        await settle()
        assert tasks["c"].done()
        assert queue.place("d") == 1
        queue.leave("a")
        await tasks["d"]

    asyncio.run(scene())


def test_leaving_twice_lets_only_one_more_in() -> None:
    async def scene() -> None:
        queue = StartQueue(1)
        tasks = entering(queue, "a", "b", "c")
        await settle()
        queue.leave("a")
        queue.leave("a")
        await settle()
        assert tasks["b"].done()
        assert not tasks["c"].done()
        queue.leave("b")
        await tasks["c"]

    asyncio.run(scene())


@pytest.mark.parametrize("when", ["waiting", "called"])
def test_who_stops_waiting_holds_nobody_up(when: str) -> None:
    async def scene() -> None:
        queue = StartQueue(1)
        tasks = entering(queue, "a", "b", "c")
        await settle()
        if when == "called":
            queue.leave("a")  # it is b's turn, and b does not know yet
        tasks["b"].cancel()
        await settle()
        queue.leave("a")
        await tasks["c"]
        assert tasks["b"].cancelled()

    asyncio.run(scene())


def test_a_change_wakes_everybody_who_watches() -> None:
    async def scene() -> None:
        queue = StartQueue(1)
        watchers = [asyncio.create_task(queue.moved.wait()) for _ in range(3)]
        await settle()
        assert not any(watcher.done() for watcher in watchers)
        await queue.enter("a")
        await asyncio.gather(*watchers)

    asyncio.run(scene())
