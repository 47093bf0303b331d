"""What the hub remembers about logins: hashes of passwords, and invitations by digest of their secrets.

One SQLite file, ``login.db``, which the hub and the admin's commands use at the same time, and one key,
``login.key``, without which a stolen copy of the file says nothing about the codes in it (50 bits could
otherwise be searched). No password, token or code is ever in either.
"""

import hmac
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from hub.cohort import Person
from hub.keys import key_in
from hub.login.tokens import read_code, read_token

SCHEMA = """
CREATE TABLE IF NOT EXISTS credential (
  username TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  set_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS owner (
  username TEXT PRIMARY KEY,
  email BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS invitation (
  id INTEGER PRIMARY KEY,
  username TEXT NOT NULL,
  token BLOB NOT NULL UNIQUE,
  code BLOB NOT NULL UNIQUE,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_open_invitation ON invitation (username)
  WHERE used_at IS NULL AND revoked_at IS NULL;
"""

COLUMNS = "id, username, issued_at, expires_at, used_at, revoked_at"
REVOKE = (
    "UPDATE invitation SET revoked_at = ? "
    "WHERE username = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?"
)


class Standing(StrEnum):
    """Whether an invitation can be used, and if not, why."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Invitation:
    """One invitation, without its secrets."""

    id: int
    username: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def standing(self, now: datetime) -> Standing:
        """What became of it."""
        if self.used_at:
            return Standing.USED
        if self.revoked_at:
            return Standing.REVOKED
        return Standing.EXPIRED if now >= self.expires_at else Standing.OPEN


@dataclass(frozen=True)
class NewInvitation:
    """An invitation with its secrets, as it goes to the person: only ever in memory and on their slip."""

    username: str
    token: str
    code: str
    expires_at: datetime

    def __repr__(self) -> str:
        """Without the secrets: they must not end up in a log by accident."""
        return f"NewInvitation({self.username!r})"


class Store:
    """Credentials and invitations of one site, in the folder of the hub's own files."""

    def __init__(self, state: Path) -> None:
        self._database = state / "login.db"
        self._key = key_in(state / "login.key")
        # SQLite would create it for anybody to read; its side files get the mode of the database.
        self._database.touch(mode=0o600)
        with self._transaction() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._database, timeout=10)) as connection, connection:
            yield connection

    def _digest(self, kind: str, secret: str) -> bytes:
        return hmac.digest(self._key, f"{kind}:{secret}".encode(), "sha256")

    def meet(self, people: Iterable[Person], now: datetime) -> set[str]:
        """User names that are somebody else's now, by their e-mail address; forgets the earlier one's access.

        Their password no longer holds, and their open invitation is revoked: a neutral user name is
        given again more easily than one thinks.
        """
        with self._transaction() as connection:
            rows = connection.execute("SELECT username, email FROM owner").fetchall()
            known = dict(rows)
            mine = {one.username: self._digest("email", one.email.casefold()) for one in people}
            changed = {name for name, email in mine.items() if known.get(name, email) != email}
            for name in changed:
                connection.execute("DELETE FROM credential WHERE username = ?", (name,))
                connection.execute(REVOKE, (_seconds(now), name, 0))
            connection.executemany("INSERT OR REPLACE INTO owner VALUES (?, ?)", list(mine.items()))
        return changed

    def password_hash(self, username: str) -> str | None:
        """The person's argon2 hash; None while they have chosen no password."""
        with self._transaction() as connection:
            query = "SELECT hash FROM credential WHERE username = ?"
            row = connection.execute(query, (username,)).fetchone()
        return str(row[0]) if row else None

    def replace_hash(self, username: str, old: str, new: str) -> None:
        """Keep the same password under newer parameters, unless it was changed in the meantime."""
        with self._transaction() as connection:
            query = "UPDATE credential SET hash = ? WHERE username = ? AND hash = ?"
            connection.execute(query, (new, username, old))

    def with_password(self) -> set[str]:
        """User names of everybody who has chosen a password."""
        with self._transaction() as connection:
            rows = connection.execute("SELECT username FROM credential").fetchall()
        return {str(row[0]) for row in rows}

    def issue(self, invitations: Sequence[NewInvitation], now: datetime) -> None:
        """Record all of these or none; whatever was open for the same people is revoked."""
        with self._transaction() as connection:
            for new in invitations:
                connection.execute(REVOKE, (_seconds(now), new.username, 0))
                connection.execute(
                    "INSERT INTO invitation (username, token, code, issued_at, expires_at) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (
                        new.username,
                        self._digest("token", new.token),
                        self._digest("code", new.code),
                        _seconds(now),
                        _seconds(new.expires_at),
                    ),
                )

    def find(self, secret: str) -> Invitation | None:
        """The invitation whose token, or whose code as somebody typed it, this is."""
        if token := read_token(secret):
            where, digest = "token", self._digest("token", token)
        elif code := read_code(secret):
            where, digest = "code", self._digest("code", code)
        else:
            return None
        with self._transaction() as connection:
            query = f"SELECT {COLUMNS} FROM invitation WHERE {where} = ?"  # noqa: S608 (two literals)
            row = connection.execute(query, (digest,)).fetchone()
        return _invitation(row) if row else None

    def accept(self, invitation: Invitation, password_hash: str, now: datetime) -> bool:
        """Use an invitation up and keep the password it was used for; False when it is no longer open.

        Both in one transaction: of two requests at the same moment one wins, whole.
        """
        with self._transaction() as connection:
            used = connection.execute(
                "UPDATE invitation SET used_at = ? WHERE id = ? "
                "AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?",
                (_seconds(now), invitation.id, _seconds(now)),
            ).rowcount
            if used:
                connection.execute(
                    "INSERT INTO credential VALUES (?, ?, ?) ON CONFLICT (username) "
                    "DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at",
                    (invitation.username, password_hash, _seconds(now)),
                )
        return used == 1

    def revoke(self, username: str, now: datetime) -> bool:
        """Withdraw the person's open invitation; False when there is none."""
        with self._transaction() as connection:
            moment = _seconds(now)
            return connection.execute(REVOKE, (moment, username, moment)).rowcount > 0

    def latest(self) -> dict[str, Invitation]:
        """Each person's latest invitation, by user name."""
        with self._transaction() as connection:
            query = f"SELECT {COLUMNS} FROM invitation ORDER BY id"  # noqa: S608 (a literal)
            rows = connection.execute(query).fetchall()
        return {invitation.username: invitation for invitation in map(_invitation, rows)}


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _invitation(row: tuple[int, str, int, int, int | None, int | None]) -> Invitation:
    number, username, issued, expires, used, revoked = row
    return Invitation(
        number,
        username,
        datetime.fromtimestamp(issued, UTC),
        datetime.fromtimestamp(expires, UTC),
        _moment(used),
        _moment(revoked),
    )
