"""What delivery has done and what people ask of it, in one SQLite file: ``delivery.db``.

The gate, the service that delivers, the pages and the admin's commands are processes of their own and
meet here. Whoever wants something writes it down; the service sees that the file has changed and brings
the site to it, so that nothing asked for is lost with a process. Git keeps what was released; this file
only says how far it has come. User names are in it, and names of released files; nothing else of anybody.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, Field

from hub.errors import Problem
from hub.i18n import Language
from hub.naming import USERNAME
from hub.opening import Asked, Part, Wish
from hub.report import line
from hub.settings import Frozen

FILE = "delivery.db"

SCHEMA = """
CREATE TABLE IF NOT EXISTS asked (
    cohort TEXT NOT NULL, day INTEGER NOT NULL, part TEXT NOT NULL, wish TEXT NOT NULL,
    opens_at TEXT, by TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS release (
    cohort TEXT PRIMARY KEY, released TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS stuck (
    cohort TEXT PRIMARY KEY, problems TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS workspace (
    username TEXT PRIMARY KEY, report TEXT NOT NULL, told_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS trouble (
    username TEXT PRIMARY KEY, cause TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS gate (
    id INTEGER PRIMARY KEY, head TEXT NOT NULL, by TEXT NOT NULL, began TEXT NOT NULL,
    ended TEXT, verdict TEXT NOT NULL, lines TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS passed (key TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS announcement (
    id INTEGER PRIMARY KEY, cohort TEXT NOT NULL, fr TEXT NOT NULL, en TEXT NOT NULL,
    by TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS again (id INTEGER PRIMARY KEY, username TEXT NOT NULL) STRICT;
"""


Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC)),
]
"""As somebody's server tells it; what a calendar cannot turn into another zone would break pages."""


class Listed(Frozen):
    """One notebook of a release."""

    id: str
    """The notebook's id in the programme, ``d1-03``: the same in both languages."""
    day: int
    language: Language
    path: str
    """In the release, and below ``course/`` in a workspace: ``fr/day1/03-svd.ipynb``."""
    title: str
    solution: bool = False
    """The instructor's version, with the answers."""


class Release(Frozen):
    """What one cohort has now."""

    cohort: str
    head: str
    """The commit of the cohort's repository."""
    source: str
    """The commit of the sources behind it."""
    parts: frozenset[tuple[int, Part]]
    """What is open: days, and solutions of days."""
    landing: int | None
    """The day whose first notebook people are led to; None before the course."""
    notebooks: tuple[Listed, ...]
    """In the order of the programme."""
    at: AwareDatetime


class Notebook(Frozen):
    """How one released notebook stands in one workspace."""

    mine: bool = False
    """The person has changed it."""
    updated: bool = False
    """A correction has come since they last had it open."""
    new: bool = False
    """It has come and was never open."""
    deleted: bool = False
    """They have deleted it; the next sync that brings something brings it back."""
    beside: str | None = Field(default=None, max_length=300)
    """Theirs was kept, and the course's is there."""


class SavePoint(Frozen):
    """A state of the whole course in a workspace that its person can go back to."""

    id: str = Field(pattern=r"^[0-9]{8}T[0-9]{6}(-[0-9]+)?$")
    """The moment, in UTC: ``20270302T083001``."""
    at: Moment


class Cause(StrEnum):
    """Why a running server did not take a release."""

    SILENT = "silent"
    """It did not answer in time, or not at all."""
    REFUSED = "refused"
    """It answered with an error."""
    NO_ROOM = "no-room"
    """The workspace has no room left."""
    NOT_SYNCED = "not-synced"
    """The sync itself came to no good end; the workspace is as it was."""


class Workspace(Frozen):
    """What a server tells of its workspace (``course_server``); all of it is the person's own word."""

    commit: str | None = Field(pattern=r"^[0-9a-f]{40}$")
    """The commit of the cohort's repository that it has; None before the first sync."""
    outcome: str = Field(max_length=40)
    at: Moment
    saved_at: Moment | None = None
    """When a file of the course was last kept."""
    arrived: tuple[str, ...] = Field(default=(), max_length=500)
    """Files that the last sync which brought something has brought or changed."""
    notebooks: dict[str, Notebook] = Field(default={}, max_length=500)
    """By path in the release: ``fr/day1/03-svd.ipynb``."""
    save_points: tuple[SavePoint, ...] = Field(default=(), max_length=100)
    """The latest first."""

    def lacks(self, release: Release) -> Cause | None:
        """Why a sync did not bring a release in; None when it did."""
        if self.commit == release.head:
            return None
        return Cause.NO_ROOM if self.outcome == "out of room" else Cause.NOT_SYNCED

    @property
    def kept(self) -> tuple[str, ...]:
        """Notebooks of which theirs was kept and the course's lies beside."""
        return tuple(name for name, notebook in self.notebooks.items() if notebook.beside)


class Verdict(StrEnum):
    """How a gate ended; ``BROKEN`` when it could not judge."""

    RUNNING = "running"
    PASSED = "passed"
    REFUSED = "refused"
    BROKEN = "broken"


class Gate(Frozen):
    """One push on its way: what the pusher was told, line by line, in their language."""

    id: int
    head: str
    by: str = Field(pattern=USERNAME)
    began: AwareDatetime
    ended: AwareDatetime | None
    verdict: Verdict
    lines: tuple[str, ...]


LONGEST = 500
"""Characters of an announcement in one language."""


class Announcement(Frozen):
    """A sentence to everybody of a cohort, in both languages."""

    id: int
    cohort: str
    fr: str = Field(min_length=1, max_length=LONGEST)
    en: str = Field(min_length=1, max_length=LONGEST)
    by: str
    at: AwareDatetime


class Trouble(Frozen):
    """A running server did not take a release; gone once it has."""

    username: str
    cause: Cause
    at: AwareDatetime


class Journal:
    """The file ``delivery.db`` in the folder of the hub's state."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self._file = state / FILE
        with self._open() as connection:
            # Readers do not wait for a writer, nor a writer for readers.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=10)) as connection, connection:
            yield connection

    def _rows(self, query: str, *values: object) -> list[tuple[str, ...]]:
        with self._open() as connection:
            return connection.execute(query, values).fetchall()

    def _write(self, query: str, *values: object) -> int:
        with self._open() as connection:
            return connection.execute(query, values).lastrowid or 0

    # --- when days open ----------------------------------------------------------------------------

    def ask(self, cohort: str, day: int, part: Part, asked: Asked, by: str) -> None:
        """A wish about one part of one day; the last one counts."""
        at = asked.opens_at.isoformat() if asked.opens_at else None
        self._write(
            "INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(cohort, day, part.value, asked.wish.value, at, by, _now()),
        )

    def asks(self, cohort: str) -> dict[tuple[int, Part], Asked]:
        """The last wish about each part of each day."""
        rows = self._rows(
            "SELECT day, part, wish, opens_at, at FROM asked WHERE cohort = ? ORDER BY rowid",
            cohort,
        )
        return {
            (int(day), Part(part)): Asked(
                Wish(wish),
                datetime.fromisoformat(then) if then else None,
                datetime.fromisoformat(at),
            )
            for day, part, wish, then, at in rows
        }

    # --- releases ----------------------------------------------------------------------------------

    def released(self, release: Release) -> None:
        """A cohort has this now."""
        with self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO release VALUES (?, ?)",
                (release.cohort, release.model_dump_json()),
            )
            connection.execute("DELETE FROM stuck WHERE cohort = ?", (release.cohort,))

    def releases(self) -> dict[str, Release]:
        """What each cohort has, by its id."""
        rows = self._rows("SELECT cohort, released FROM release")
        return {cohort: Release.model_validate_json(released) for cohort, released in rows}

    def stuck(self, cohort: str, problems: Sequence[Problem]) -> None:
        """A cohort's release cannot be made; told once, until it is another problem."""
        told = json.dumps(
            {language.value: [line(one, language) for one in problems] for language in Language}
        )
        if self._rows("SELECT 1 FROM stuck WHERE cohort = ? AND problems = ?", cohort, told):
            return
        self._write("INSERT OR REPLACE INTO stuck VALUES (?, ?, ?)", cohort, told, _now())

    def stuck_cohorts(self, language: Language) -> dict[str, tuple[str, ...]]:
        """Which cohorts' releases cannot be made, and why, by cohort."""
        rows = self._rows("SELECT cohort, problems FROM stuck")
        return {cohort: tuple(json.loads(problems)[language.value]) for cohort, problems in rows}

    # --- workspaces --------------------------------------------------------------------------------

    def told(self, username: str, workspace: Workspace) -> None:
        """A server has told how its workspace stands; what was wrong with it before is over."""
        with self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO workspace VALUES (?, ?, ?)",
                (username, workspace.model_dump_json(), _now()),
            )
            connection.execute("DELETE FROM trouble WHERE username = ?", (username,))

    def workspaces(self) -> dict[str, Workspace]:
        """What each person's server told last, by user name."""
        rows = self._rows("SELECT username, report FROM workspace")
        return {username: Workspace.model_validate_json(report) for username, report in rows}

    def workspace(self, username: str) -> Workspace | None:
        """What one person's server told last."""
        rows = self._rows("SELECT report FROM workspace WHERE username = ?", username)
        return Workspace.model_validate_json(rows[0][0]) if rows else None

    def failed(self, username: str, cause: Cause) -> None:
        """A running server did not take a release."""
        self._write(
            "INSERT OR REPLACE INTO trouble VALUES (?, ?, ?)", username, cause.value, _now()
        )

    def troubles(self) -> dict[str, Trouble]:
        """Whose server did not take a release, and why."""
        return {
            username: Trouble(username=username, cause=Cause(cause), at=datetime.fromisoformat(at))
            for username, cause, at in self._rows("SELECT username, cause, at FROM trouble")
        }

    def ask_again(self, usernames: Sequence[str]) -> None:
        """Somebody wants these servers to be synced now, whatever was tried before."""
        with self._open() as connection:
            connection.executemany(
                "INSERT INTO again (username) VALUES (?)", [(name,) for name in usernames]
            )

    def wanted_again(self) -> frozenset[str]:
        """Whom somebody wants to be synced, and who has not been since."""
        return frozenset(name for (name,) in self._rows("SELECT username FROM again"))

    def asked_again(self, usernames: Collection[str]) -> None:
        """These have been."""
        if not usernames:  # nothing done must not count as a change
            return
        with self._open() as connection:
            connection.executemany(
                "DELETE FROM again WHERE username = ?", [(name,) for name in usernames]
            )

    # --- the gate ----------------------------------------------------------------------------------

    def gate_begins(self, head: str, by: str) -> int:
        """A push is being judged; returns its number."""
        return self._write(
            "INSERT INTO gate (head, by, began, verdict, lines) VALUES (?, ?, ?, ?, '[]')",
            *(head, by, _now(), Verdict.RUNNING.value),
        )

    def gate_says(self, number: int, line: str) -> None:
        """One more line of what the pusher is told."""
        self._write(
            "UPDATE gate SET lines = json_insert(lines, '$[#]', ?) WHERE id = ?", line, number
        )

    def gate_ends(self, number: int, verdict: Verdict) -> None:
        """The push was judged."""
        self._write(
            "UPDATE gate SET verdict = ?, ended = ? WHERE id = ?", verdict.value, _now(), number
        )

    def last_gate(self) -> Gate | None:
        """The latest push, judged or being judged."""
        rows = self._rows(
            "SELECT id, head, by, began, ended, verdict, lines FROM gate ORDER BY id DESC LIMIT 1"
        )
        return next(iter(_gates(rows)), None)

    def keep_passed(self, keys: Sequence[str]) -> None:
        """These notebooks, with what they import and what runs them, have run to their end."""
        with self._open() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO passed VALUES (?, ?)", [(key, _now()) for key in keys]
            )

    def passed(self, keys: Sequence[str]) -> frozenset[str]:
        """Which of these have."""
        known = {key for (key,) in self._rows("SELECT key FROM passed")}
        return frozenset(known.intersection(keys))

    # --- announcements -----------------------------------------------------------------------------

    def announce(self, cohort: str, fr: str, en: str, by: str) -> int:
        """Tell a cohort something; returns the number of the announcement.

        Raises ValidationError for a text that ``Announcement`` does not take: once here, it is read by all.
        """
        told = Announcement(id=0, cohort=cohort, fr=fr, en=en, by=by, at=datetime.now(UTC))
        return self._write(
            "INSERT INTO announcement (cohort, fr, en, by, at) VALUES (?, ?, ?, ?, ?)",
            *(told.cohort, told.fr, told.en, told.by, told.at.isoformat()),
        )

    def last_announcement(self) -> int:
        """The number of the latest announcement; 0 before the first."""
        return int(self._rows("SELECT coalesce(max(id), 0) FROM announcement")[0][0])

    def announcements(self, cohort: str, since: datetime) -> list[Announcement]:
        """What a cohort was told since then, oldest first."""
        rows = self._rows(
            "SELECT id, cohort, fr, en, by, at FROM announcement "
            "WHERE cohort = ? AND at >= ? ORDER BY id",
            *(cohort, since.astimezone(UTC).isoformat()),
        )
        names = ("id", "cohort", "fr", "en", "by", "at")
        return [Announcement.model_validate(dict(zip(names, row, strict=True))) for row in rows]


class Watch:
    """Tells whether the journal has changed, at the cost of reading one page of it."""

    def __init__(self, state: Path) -> None:
        self._connection = sqlite3.connect(state / FILE, timeout=10)
        self._seen = -1

    def changed(self) -> bool:
        """True the first time, and whenever another connection has written since."""
        [(version,)] = self._connection.execute("PRAGMA data_version").fetchall()
        before, self._seen = self._seen, version
        return bool(before != version)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _gates(rows: Sequence[tuple[str, ...]]) -> Iterator[Gate]:
    names = ("id", "head", "by", "began", "ended", "verdict")
    for *values, lines in rows:
        told = dict(zip(names, values, strict=True))
        yield Gate.model_validate({**told, "lines": tuple(json.loads(lines))})


def _now() -> str:
    return datetime.now(UTC).isoformat()
