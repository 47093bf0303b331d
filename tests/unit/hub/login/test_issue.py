"""Who has an open invitation has its slip, and nobody's slip is lost to another's, whatever happens when."""

import errno
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from pypdf import PdfReader

from hub import cli
from hub.cohort import Person
from hub.files import load_cohorts, load_settings
from hub.login.issue import Issued, issue, missing
from hub.login.store import Standing, Store
from hub.login.tokens import read_token
from hub.people import People
from tests.unit.hub.command import SETTINGS
from tests.unit.hub.login.running import HUBS, write_roster

NOW = datetime(2027, 2, 8, 9, 0, tzinfo=UTC)
STEPS: list[tuple[object, str]] = [
    *((os, name) for name in ("open", "fsync")),
    *((Path, name) for name in ("replace", "unlink")),
    *((Store, name) for name in ("revoke", "issue")),
]


class Desk:
    """A site, and the folder of its slips."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "settings.yml"
        self.file.write_text(SETTINGS.format(zeros="0" * 64, folder=folder), "utf-8")
        self.settings = load_settings(self.file)
        self.people = People(load_cohorts(write_roster(folder)), folder / "people.db")
        self.store = Store(folder)
        self.slips = folder / "slips"

    def chosen(self, *usernames: str) -> list[Person]:
        return [p for p in self.people.cohorts.people if not usernames or p.username in usernames]

    def invite(self, chosen: Sequence[Person]) -> list[Issued]:
        return issue(self.settings, self.people, self.store, chosen, self.slips, NOW)

    def missing(self) -> list[Person]:
        return missing(self.people.cohorts.people, self.store, NOW)

    def texts(self) -> dict[Path, bytes]:
        return {file: file.read_bytes() for file in self.slips.glob("cot-*.txt")}

    def left_beside(self) -> list[Path]:
        return list(self.slips.glob(".*"))

    def opens(self, username: str) -> bool:
        """Whether the link on a person's slip, as it lies in the folder, is an open invitation."""
        file = self.slips / f"{username}.txt"
        words = file.read_text("utf-8").split() if file.exists() else []
        [token, *_] = [*(word.partition("token=")[2] for word in words if "token=" in word), ""]
        assert not token or read_token(token)
        found = self.store.find(token)
        return found is not None and found.standing(NOW) is Standing.OPEN

    def promise(self) -> None:
        """Whoever is not missing can come in with what lies in the folder."""
        missing = {person.username for person in self.missing()}
        for person in self.people.cohorts.people:
            assert person.username in missing or self.opens(person.username), person


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def people_in(file: Path) -> set[str]:
    """User names on the slips of a PDF."""
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(file.read_bytes())).pages)
    return set(re.findall(r"cot-\d\d", words))


def test_fewer_than_the_cohort_never_replace_the_slips_of_all(desk: Desk) -> None:
    everybody = desk.invite(desk.chosen())
    assert {one.pdf for one in everybody} == {desk.slips / "2027a-test.pdf"}
    alone = desk.invite(desk.chosen("cot-01"))
    first = desk.invite(desk.chosen("cot-02", "cot-03"))
    second = desk.invite(desk.chosen("cot-03", "cot-04"))
    pdfs = {one.pdf.name: people_in(one.pdf) for one in (*everybody, *alone, *first, *second)}
    assert pdfs == {
        "2027a-test.pdf": {"cot-01", "cot-02", "cot-03", "cot-04"},
        "2027a-test-cot-01.pdf": {"cot-01"},
        "2027a-test-2027-02-08-10h00.pdf": {"cot-02", "cot-03"},
        "2027a-test-2027-02-08-10h00-2.pdf": {"cot-03", "cot-04"},
    }
    desk.promise()


def test_one_persons_file_is_not_that_of_another_cohort(desk: Desk) -> None:
    """Cohort `2027a-test-cot-01` exists too, of one person."""
    other = desk.settings.cohorts / "2027a-test-cot-01"
    other.mkdir()
    for file in (desk.settings.cohorts / "2027a-test").iterdir():
        text = file.read_text("utf-8").replace("2027a-test", other.name)
        lines = text.splitlines(keepends=True)
        if file.name == "roster.csv":
            lines = [lines[0], "onl-01,Ama,ama@example.org,en,participant,online,\n"]
        (other / file.name).write_text("".join(lines), "utf-8")
    desk.people = People(load_cohorts(desk.settings.cohorts), desk.settings.state / "people.db")
    [first, second] = desk.invite(desk.chosen("cot-01", "onl-01"))
    assert first.pdf.name == "2027a-test-2027-02-08-10h00.pdf"
    assert second.pdf.name == "2027a-test-cot-01.pdf"


def stepping(real: Callable[..., object], name: str, told: Callable[[str], None]) -> object:
    """A step of ``issue`` that tells its name before it is taken."""

    def step(*arguments: object, **named: object) -> object:
        told(name)
        return real(*arguments, **named)

    return step


class Killed(BaseException):
    """Nothing of the process works from here on, no cleaning up either."""


class Stop:
    """Stops before one step: killed, or with an error, after which the process goes on."""

    def __init__(self, patch: pytest.MonkeyPatch, last: int, killed: bool) -> None:
        self.last, self.killed = last, killed
        self.seen: list[str] = []
        for owner, name in STEPS:
            patch.setattr(owner, name, stepping(getattr(owner, name), name, self.at))

    def at(self, step: str) -> None:
        number = len(self.seen)
        self.seen.append(step)
        if self.killed and number >= self.last:
            raise Killed
        if number == self.last:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "disk full"])
@pytest.mark.parametrize("again", [True, False], ids=["again", "first time"])
def test_wherever_it_stops_nobody_waits_for_a_slip_that_is_not_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, again: bool, killed: bool
) -> None:
    monkeypatch.setattr("hub.login.issue.pdf", lambda slips, now: b"%PDF")
    for last in count():
        desk.invite(desk.chosen())
        if not again:
            for username in ("cot-01", "cot-02"):
                desk.store.revoke(username, NOW)
                (desk.slips / f"{username}.txt").unlink()
        before, latest = desk.texts(), desk.store.latest()
        with monkeypatch.context() as patch:
            stop = Stop(patch, last, killed)
            try:
                desk.invite(desk.chosen("cot-01", "cot-02"))
            except (Killed, OSError):
                pass
            else:
                break
        desk.promise()
        step = stop.seen[last]
        if "revoke" not in stop.seen:
            assert (desk.texts(), desk.store.latest()) == (before, latest), step
        if not killed and step != "unlink":
            assert not desk.left_beside(), step
        desk.invite(desk.missing())
        assert desk.missing() == []
        desk.promise()
        assert not desk.left_beside(), step
    assert {name for _, name in STEPS} == set(stop.seen)


def test_what_a_killed_run_left_beside_is_removed_even_when_nobody_is_to_be_invited(
    desk: Desk,
) -> None:
    desk.invite(desk.chosen())
    for name in (".cot-01.txt.4711", ".2027a-test.pdf.4711", f".cot-02.txt.{os.getpid()}"):
        (desk.slips / name).write_text("token=secret", "utf-8")
    desk.invite([])
    assert not desk.left_beside()
    assert len(list(desk.slips.iterdir())) == 5


def test_files_are_on_the_disk_and_have_their_names_before_anybody_is_invited(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        steps.append(f"fsync {name.removesuffix(f'.{os.getpid()}')}")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    for owner, name in ((Path, "replace"), (Store, "revoke"), (Store, "issue")):
        monkeypatch.setattr(owner, name, stepping(getattr(owner, name), name, steps.append))
    desk.invite(desk.chosen("cot-01"))
    assert steps == [
        f"fsync {desk.slips.parent.name}",
        "fsync .cot-01.txt",
        "fsync .2027a-test-cot-01.pdf",
        "revoke",
        *("replace", "replace"),
        "fsync slips",
        "issue",
    ]


def invite_missing(folder: Path, barrier: Barrier) -> None:
    words = ["--settings", str(folder / "settings.yml"), "invite", "issue", "--missing"]
    barrier.wait()
    sys.exit(cli.main([*words, "--slips", str(folder / "slips")]))


def test_of_two_who_invite_the_missing_at_once_one_invites_them(desk: Desk) -> None:
    barrier = HUBS.Barrier(2)
    arguments = (desk.settings.state, barrier)
    processes = [HUBS.Process(target=invite_missing, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert {one.id for one in desk.store.latest().values()} == {1, 2, 3, 4}
    desk.promise()
