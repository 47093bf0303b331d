"""Inviting people: slips first, records second, so that nobody waits for a slip that was never written.

Whoever has an open invitation has its slip on the disk, wherever a crash or a power cut fell. Between the
two they have no invitation at all: ``missing`` names them, and the next run invites them.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fcntl import LOCK_EX, flock
from itertools import chain, count
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.cohort import Cohort, Cohorts, Person
from hub.durable import to_disk
from hub.i18n import Language
from hub.login.slips import Slip, pdf, text
from hub.login.store import NewInvitation, Standing, Store
from hub.login.tokens import new_code, new_token
from hub.people import People
from hub.settings import Settings


@dataclass(frozen=True)
class Issued:
    """Who was invited, the file with their link and code, and the PDF with their slip."""

    person: Person
    language: Language
    file: Path
    pdf: Path


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """One who invites at a time, of all processes; a process that dies gives the lock back.

    Of two who ask for the missing at once, the second would revoke the slips that the first has just told.
    """
    with (state / "invite.lock").open("a") as lock:
        flock(lock, LOCK_EX)
        yield


def missing(people: Iterable[Person], store: Store, now: datetime) -> list[Person]:
    """Those with neither a password nor an open invitation."""
    with_password, latest = store.with_password(), store.latest()
    return [
        person
        for person in people
        if person.username not in with_password
        and not (
            (invitation := latest.get(person.username))
            and invitation.standing(now) is Standing.OPEN
        )
    ]


def issue(
    settings: Settings,
    people: People,
    store: Store,
    chosen: Sequence[Person],
    folder: Path,
    now: datetime,
) -> list[Issued]:
    """Invite the chosen people, ``alone``; whatever invitation they had is revoked.

    Writes ``<username>.txt`` for each and a PDF for each cohort into ``folder``, for nobody else to read.
    When a file cannot be written, nobody is invited and what they had stays; when one cannot be given its
    name, nobody is invited and what they had is revoked.
    """
    slips = [
        Slip(
            person,
            people.language(person.username) or person.language,
            people.cohorts.cohort_of(person),
            NewInvitation(
                person.username,
                new_token(),
                new_code(),
                expiry(person, settings.invitation_days, now),
            ),
            str(settings.public_url).rstrip("/"),
        )
        for person in chosen
    ]
    contents = {folder / f"{slip.person.username}.txt": text(slip).encode() for slip in slips}
    pdfs = {}
    for cohort in people.cohorts.all:
        if of_cohort := [slip for slip in slips if slip.cohort.id == cohort.id]:
            file = _pdf_file(folder, cohort, [s.person for s in of_cohort], people.cohorts, now)
            pdfs[cohort.id], contents[file] = file, pdf(of_cohort, now)
    with _aside(folder, contents) as aside:
        # A slip is about to lose its file: were its invitation still open, `missing` would pass over it.
        for slip in slips:
            store.revoke(slip.person.username, now)
        for file, beside in aside.items():
            beside.replace(file)
        if slips:
            to_disk(folder)
        store.issue([slip.invitation for slip in slips], now)
    return [
        Issued(
            slip.person,
            slip.language,
            folder / f"{slip.person.username}.txt",
            pdfs[slip.cohort.id],
        )
        for slip in slips
    ]


def expiry(person: Person, days: int, now: datetime) -> datetime:
    """The last second of the day, where the person is, that comes ``days`` days after today."""
    zone = ZoneInfo(person.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), zone)


def _pdf_file(
    folder: Path, cohort: Cohort, chosen: Sequence[Person], cohorts: Cohorts, now: datetime
) -> Path:
    """``<cohort>.pdf`` for the whole cohort; for fewer another name, for the others' slips hold still.

    One person's says whose it is, and only a later one of theirs takes its place. Several people's says
    when it was written, as the cohort's clocks show it, and is never written over.
    """
    if set(chosen) == set(cohort.people):
        return folder / f"{cohort.id}.pdf"
    own = f"{cohort.id}-{chosen[0].username}"
    # Of the cohorts `2027a` and `2027a-online`, the first may have a person `online`.
    if len(chosen) == 1 and own not in {one.id for one in cohorts.all}:
        return folder / f"{own}.pdf"
    moment = f"{now.astimezone(ZoneInfo(cohort.calendar.time_zone)):%Y-%m-%d-%Hh%M}"
    numbers = chain([""], (f"-{number}" for number in count(2)))
    files = (folder / f"{cohort.id}-{moment}{number}.pdf" for number in numbers)
    return next(file for file in files if not file.exists())


@contextmanager
def _aside(folder: Path, contents: Mapping[Path, bytes]) -> Iterator[Mapping[Path, Path]]:
    """All files, written beside their places and on the disk; what has not moved by the end is removed.

    So is what a run that was killed has left beside: it holds links and codes.
    """
    for left in folder.glob(".*.*.[0-9]*"):
        left.unlink()
    if contents:
        made = [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for one in made:
            to_disk(one.parent)
    aside = {file: folder / f".{file.name}.{os.getpid()}" for file in contents}
    try:
        for file, beside in aside.items():
            descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as target:
                target.write(contents[file])
                target.flush()
                os.fsync(target.fileno())
        yield aside
    finally:
        for beside in aside.values():
            beside.unlink(missing_ok=True)
