"""Who is asked to sync, and what is written down of it. Servers and the hub's API are stand-ins here;
``tests/hub/delivery`` has the real ones."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.delivery import courier as module
from hub.delivery.courier import AT_ONCE, Courier, is_due
from hub.i18n import Language
from hub.journal import Cause, Journal, Release, Trouble, Workspace
from hub.people import People
from hub.servers import Unanswered
from tests.unit.hub.delivery.conftest import COHORT

OLD, NEW = "a" * 40, "b" * 40


def report(commit: str = NEW, outcome: str = "updated") -> dict[str, Any]:
    return {"commit": commit, "outcome": outcome, "at": datetime.now(UTC).isoformat()}


class Around:
    """The hub's API and everybody's servers."""

    def __init__(self) -> None:
        self.up = ["cot-01", "cot-02", "cot-03", "cot-90"]
        self.asked: list[tuple[str, str]] = []
        self.announced: list[tuple[str, str]] = []
        self.answers: dict[str, Callable[[], dict[str, Any]]] = {}
        self.at_once = self.most_at_once = 0

    async def running(self) -> list[str]:
        return self.up

    async def ask(self, username: str, what: str, told: dict[str, Any]) -> dict[str, Any]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if what == "announce":
            self.announced.append((username, told["text"]))
            return self.answers.get(username, dict)()
        self.asked.append((username, what))
        return self.answers.get(username, report)()

    def syncs(self) -> list[str]:
        return sorted(name for name, what in self.asked if what == "sync")


class Delivery:
    """A courier between the two."""

    def __init__(self, people: People, folder: Path) -> None:
        self.around = Around()
        self.journal = Journal(folder)
        self.courier = Courier(people, self.journal, self.around, self.around)  # type: ignore[arg-type]
        self.release(NEW)

    def release(self, head: str, at: datetime | None = None) -> None:
        told = {"head": head, "source": OLD, "parts": [], "landing": None, "notebooks": []}
        when = (at or datetime.now(UTC)).isoformat()
        self.journal.released(Release.model_validate({**told, "cohort": COHORT, "at": when}))

    def deliver(self, *again: str) -> list[str]:
        self.around.asked.clear()
        asyncio.run(self.courier.deliver(again))
        return self.around.syncs()


@pytest.fixture
def delivery(people: People, tmp_path: Path) -> Delivery:
    return Delivery(people, tmp_path)


def refuses(status: int | None) -> Callable[[], dict[str, Any]]:
    def answer() -> dict[str, Any]:
        raise Unanswered("no", status)

    return answer


def test_everybody_who_runs_and_is_behind_is_asked_once(delivery: Delivery) -> None:
    delivery.around.up = ["cot-01", "cot-02", "cot-90"]
    delivery.journal.told("cot-02", Workspace.model_validate(report(NEW)))
    delivery.journal.told("cot-90", Workspace.model_validate(report(OLD)))
    assert delivery.deliver() == ["cot-01", "cot-90"]
    assert delivery.deliver() == []
    assert {w.commit for w in delivery.journal.workspaces().values()} == {NEW}


def test_whoever_is_asked_for_by_name_is_asked_in_any_case(delivery: Delivery) -> None:
    delivery.deliver()
    assert delivery.deliver("cot-03") == ["cot-03"]


def test_a_server_of_somebody_who_left_the_roster_is_left_alone(delivery: Delivery) -> None:
    delivery.around.up = ["cot-01", "gone-01"]
    assert delivery.deliver() == ["cot-01"]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (refuses(None), Cause.SILENT),
        (refuses(500), Cause.REFUSED),
        (lambda: {"commit": "not a commit"}, Cause.REFUSED),
        (lambda: report(OLD, "out of room"), Cause.NO_ROOM),
        (lambda: report(OLD, "not synced"), Cause.NOT_SYNCED),
    ],
    ids=["silent", "refused", "nonsense", "no room", "not synced"],
)
def test_what_goes_wrong_with_one_is_written_down_and_concerns_no_other(
    delivery: Delivery, answer: Callable[[], dict[str, Any]], cause: Cause
) -> None:
    delivery.around.answers["cot-02"] = answer
    delivery.deliver()
    assert {name: t.cause for name, t in delivery.journal.troubles().items()} == {"cot-02": cause}
    assert delivery.journal.workspaces()["cot-03"].commit == NEW


def test_a_trouble_is_not_tried_at_every_pass_but_for_another_release_or_later(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.around.answers["cot-02"] = refuses(500)
    delivery.deliver()
    assert delivery.deliver() == []
    delivery.release("c" * 40)
    assert "cot-02" in delivery.deliver()
    delivery.release("c" * 40, at=datetime.now(UTC) - timedelta(hours=1))
    delivery.around.up = ["cot-02"]
    assert delivery.deliver() == []
    monkeypatch.setattr(module, "AGAIN_AFTER", timedelta(0))
    assert delivery.deliver() == ["cot-02"]


def test_trouble_ends_with_a_sync_that_goes_well(delivery: Delivery) -> None:
    delivery.around.answers["cot-02"] = refuses(500)
    delivery.deliver()
    del delivery.around.answers["cot-02"]
    delivery.deliver("cot-02")
    assert delivery.journal.troubles() == {}


def test_only_a_few_at_the_same_moment(delivery: Delivery) -> None:
    delivery.around.up = ["cot-01", "cot-02", "cot-03", "cot-90"] * 8
    delivery.deliver("cot-01", "cot-02", "cot-03", "cot-90")
    assert 1 < delivery.around.most_at_once <= AT_ONCE


def test_who_is_silent_keeps_nobody_waiting_and_is_asked_once(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TURN_SECONDS", 0.01)
    delivery.around.up = ["cot-01", "cot-02", "cot-03", "cot-90"]

    async def scenario() -> None:
        answers, has_come = asyncio.Event(), asyncio.Event()
        ask = delivery.around.ask

        async def some_wait(username: str, what: str, told: dict[str, Any]) -> dict[str, Any]:
            found = await ask(username, what, told)
            if username == "cot-90":
                has_come.set()
            else:
                await answers.wait()
            return found

        monkeypatch.setattr(delivery.around, "ask", some_wait)
        monkeypatch.setattr(delivery.courier, "_turns", asyncio.Semaphore(1))
        first = asyncio.create_task(delivery.courier.deliver())
        async with asyncio.timeout(10):
            await has_come.wait()
            await delivery.courier.deliver(["cot-01"])
        assert set(delivery.journal.workspaces()) == {"cot-90"}
        assert delivery.around.syncs() == ["cot-01", "cot-02", "cot-03", "cot-90"]
        answers.set()
        await first

    asyncio.run(scenario())


def test_a_release_that_comes_during_a_sync_is_asked_for_after_it(delivery: Delivery) -> None:
    def releases_meanwhile() -> dict[str, Any]:
        del delivery.around.answers["cot-01"]
        delivery.release("c" * 40)
        return report(NEW)

    delivery.around.up = ["cot-01"]
    delivery.around.answers["cot-01"] = releases_meanwhile
    assert delivery.deliver() == ["cot-01", "cot-01"]


def test_a_clock_that_was_set_back_holds_up_nobody(delivery: Delivery) -> None:
    delivery.around.up = ["cot-02"]
    delivery.around.answers["cot-02"] = refuses(500)
    delivery.deliver()
    trouble = delivery.journal.troubles()["cot-02"]
    later = Trouble(username="cot-02", cause=trouble.cause, at=trouble.at + timedelta(hours=6))
    old = delivery.journal.releases()[COHORT]
    assert not is_due(trouble, old)
    assert is_due(later, old)


def test_an_announcement_comes_once_in_each_persons_language(
    delivery: Delivery, people: People
) -> None:
    delivery.journal.announce(COHORT, "Pause à midi", "Break at noon", "cot-90")
    delivery.journal.announce("2027a-other", "Ailleurs", "Elsewhere", "cot-90")
    people.choose_language("cot-03", Language.EN)
    delivery.around.up = ["cot-01", "cot-02", "cot-03"]
    delivery.deliver()
    delivery.deliver()
    assert sorted(delivery.around.announced) == [
        ("cot-01", "Pause à midi"),
        ("cot-02", "Break at noon"),
        ("cot-03", "Break at noon"),
    ]


def test_who_comes_later_hears_it_too_and_who_has_come_back(delivery: Delivery) -> None:
    delivery.around.up = ["cot-01"]
    delivery.journal.announce(COHORT, "Pause", "Break", "cot-90")
    delivery.deliver()
    for running in (["cot-01", "cot-02"], ["cot-02"], ["cot-01", "cot-02"]):
        delivery.around.up = running
        delivery.deliver()
    assert [name for name, _ in delivery.around.announced] == ["cot-01", "cot-02", "cot-01"]


def test_an_announcement_that_did_not_arrive_is_made_again(delivery: Delivery) -> None:
    delivery.around.up = ["cot-01"]
    delivery.deliver()
    delivery.journal.announce(COHORT, "Pause", "Break", "cot-90")
    delivery.around.answers["cot-01"] = refuses(None)
    delivery.deliver()
    delivery.around.answers["cot-01"] = dict
    delivery.deliver()
    delivery.deliver()
    assert delivery.around.announced == [("cot-01", "Pause")] * 2
