"""Passes: what wakes one, what one costs, and that a failure is not the end."""

import asyncio
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


def test_a_pass_without_news_asks_nobody(journal: Journal, tmp_path: Path) -> None:
    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        await deliverer.once()
        await deliverer.once()
        assert (parts.brought, len(parts.delivered)) == (2, 1)
        journal.announce("2027a-test", "Pause", "Break", "cot-90")
        await deliverer.once()
        journal.ask_again(["cot-01"])
        await deliverer.once()
        deliverer.deliver_soon()
        await deliverer.once()
        assert parts.delivered == [frozenset(), frozenset(), frozenset({"cot-01"}), frozenset()]

    asyncio.run(scenario())


def test_everybody_is_looked_at_again_from_time_to_time(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        await deliverer.once()
        monkeypatch.setattr(module, "AT_THE_LATEST", timedelta(0))
        deliverer._deliver_by = datetime.now(UTC)
        await deliverer.once()
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


def test_who_was_asked_for_is_not_forgotten_when_the_hub_does_not_answer(
    journal: Journal, tmp_path: Path
) -> None:
    async def scenario() -> None:
        deliverer, parts = make(journal, tmp_path)
        deliver = parts.deliver

        async def fails(again: Any) -> None:
            raise ConnectionError

        parts.deliver = fails  # type: ignore[method-assign,assignment]
        journal.ask_again(["cot-01"])
        with pytest.raises(ConnectionError):
            await deliverer.once()
        parts.deliver = deliver  # type: ignore[method-assign]
        await deliverer.once()
        assert parts.delivered == [frozenset({"cot-01"})]

    asyncio.run(scenario())
