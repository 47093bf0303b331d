"""Inviting people: slips first, records second, so that nobody waits for a slip that was never written."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.cohort import Person
from hub.i18n import Language
from hub.login.slips import Slip, pdf, text
from hub.login.store import NewInvitation, Standing, Store
from hub.login.tokens import new_code, new_token
from hub.people import People
from hub.settings import Settings


@dataclass(frozen=True)
class Issued:
    """Who was invited, and the file with their link and code."""

    person: Person
    language: Language
    file: Path


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
    """Invite the chosen people; whatever invitation they had is revoked.

    Writes ``<username>.txt`` for each and ``<cohort>.pdf`` for each cohort into ``folder``, for nobody
    else to read. When a file cannot be written, nobody is invited and the older files stay.
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
    contents = {f"{slip.person.username}.txt": text(slip).encode() for slip in slips}
    for cohort in {slip.cohort.id for slip in slips}:
        contents[f"{cohort}.pdf"] = pdf([slip for slip in slips if slip.cohort.id == cohort], now)
    with _written(folder, contents):
        store.issue([slip.invitation for slip in slips], now)
    return [
        Issued(slip.person, slip.language, folder / f"{slip.person.username}.txt") for slip in slips
    ]


def expiry(person: Person, days: int, now: datetime) -> datetime:
    """The last second of the day, where the person is, that comes ``days`` days after today."""
    zone = ZoneInfo(person.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), zone)


@contextmanager
def _written(folder: Path, contents: Mapping[str, bytes]) -> Iterator[None]:
    """Write all files aside; give them their names when what follows has worked, else remove them."""
    if contents:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = {folder / name: folder / f".{name}.{os.getpid()}" for name in contents}
    try:
        for file, beside in aside.items():
            descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as target:
                target.write(contents[file.name])
        yield
        for file, beside in aside.items():
            beside.replace(file)
    finally:
        for beside in aside.values():
            beside.unlink(missing_ok=True)
