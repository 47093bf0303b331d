"""Passes: what wakes one, what one costs, and that a failure is not the end."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.delivery import deliverer as module
from hub.delivery.deliverer import Deliverer
from hub.journal import Journal


class Parts:
    """A releaser and a courier that count."""

    def __init__(self) -> None:
        self.brought = 0
        self.delivered: list[frozenset[str]] = []
        self.coming: datetime | None = None
        self.failures = 0
        self.done = asyncio.Event()

    def bring(self, now: datetime) -> dict[str, str]:
        self.brought += 1
        if self.failures:
            self.failures -= 1
            raise OSError(28, "No space left on device")
        return {}

    def next_moment(self, now: datetime) -> datetime | None:
        return self.coming

    async def deliver(self, again: Any = frozenset()) -> None:
        self.delivered.append(again)
        self.done.set()


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


def make(journal: Journal, folder: Path) -> tuple[Deliverer, Parts]:
    parts = Parts()
    return Deliverer(parts, parts, journal, folder), parts  # type: ignore[arg-type]


async def one_pass(deliverer: Deliverer) -> float:
    """A pass, and all that it has set going."""
    pause = await deliverer.once()
    await asyncio.gather(*deliverer._deliveries)
    return pause


def test_a_pass_without_news_asks_nobody(journal: Journal, tmp_path: Path) -> None:
    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        await one_pass(deliverer)
        await one_pass(deliverer)
        assert (parts.brought, len(parts.delivered)) == (2, 1)
        journal.announce("2027a-test", "Pause", "Break", "cot-90")
        await one_pass(deliverer)
        journal.ask_again(["cot-01"])
        await one_pass(deliverer)
        deliverer.deliver_soon()
        await one_pass(deliverer)
        assert parts.delivered == [frozenset(), frozenset(), frozenset({"cot-01"}), frozenset()]

    asyncio.run(scenario())


def test_everybody_is_looked_at_again_from_time_to_time(journal: Journal, tmp_path: Path) -> None:
    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        await one_pass(deliverer)
        deliverer._deliver_by = time.monotonic()
        await one_pass(deliverer)
        assert len(parts.delivered) == 2

    asyncio.run(scenario())


def test_it_sleeps_until_the_calendars_next_moment_and_never_too_long(
    journal: Journal, tmp_path: Path
) -> None:
    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        parts.coming = datetime.now(UTC) + timedelta(seconds=5)
        assert 4 < await deliverer.once() <= 5
        parts.coming = datetime.now(UTC) + timedelta(days=5)
        assert await deliverer.once() == 30

    asyncio.run(scenario())


def test_what_somebody_writes_into_the_journal_makes_a_pass_at_once(
    journal: Journal, tmp_path: Path
) -> None:
    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        running = asyncio.create_task(deliverer.run())
        async with asyncio.timeout(10):
            await parts.done.wait()
            parts.done.clear()
            await asyncio.to_thread(Journal(tmp_path).ask_again, ["cot-02"])
            await parts.done.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert parts.delivered[-1] == {"cot-02"}

    asyncio.run(scenario())


def test_a_pass_that_fails_is_made_again(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AFTER_A_FAILURE", 0.01)

    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        parts.failures = 2
        running = asyncio.create_task(deliverer.run())
        async with asyncio.timeout(10):
            await parts.done.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert parts.brought >= 3

    asyncio.run(scenario())


def test_who_was_asked_for_is_not_forgotten_whatever_fails(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AFTER_A_FAILURE", 0.0)

    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        deliver = parts.deliver

        async def fails(again: Any) -> None:
            raise ConnectionError

        parts.failures = 1
        journal.ask_again(["cot-01"])
        with pytest.raises(OSError, match="No space left"):
            await deliverer.once()
        parts.deliver = fails  # type: ignore[method-assign,assignment]
        await one_pass(deliverer)
        parts.deliver = deliver  # type: ignore[method-assign]
        await one_pass(deliverer)
        assert parts.delivered == [frozenset({"cot-01"})]
        assert journal.wanted_again() == frozenset()

    asyncio.run(scenario())


def test_a_server_that_is_silent_holds_up_no_release_and_is_not_asked_twice(
    journal: Journal, tmp_path: Path
) -> None:
    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        answers = asyncio.Event()

        async def waits(again: Any) -> None:
            parts.delivered.append(again)
            await answers.wait()

        parts.deliver = waits  # type: ignore[method-assign]
        journal.ask_again(["cot-01"])
        await deliverer.once()
        journal.announce("2027a-test", "Pause", "Break", "cot-90")
        await deliverer.once()
        await asyncio.sleep(0)
        assert parts.brought == 2
        assert parts.delivered == [frozenset({"cot-01"}), frozenset()]
        answers.set()
        await asyncio.gather(*deliverer._deliveries)

    asyncio.run(scenario())
