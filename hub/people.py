"""The people of a site and the language each of them has chosen.

The roster says a person's first language; what they choose later, on any page, wins and is kept in
``people.db``. Both the pages and the servers ask here, so that the choice follows the person.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from hub.cohort import Cohorts, Person
from hub.i18n import Language

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS language (username TEXT PRIMARY KEY, language TEXT NOT NULL) STRICT"
)


class People:
    """Everybody of a site, with their choice of language in one small SQLite file."""

    def __init__(self, cohorts: Cohorts, database: Path) -> None:
        self.cohorts = cohorts
        self._database = database
        with closing(self._connect()) as connection, connection:
            connection.execute(SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._database, timeout=10)

    def person(self, username: str) -> Person | None:
        """Who has this user name."""
        return self.cohorts.person(username)

    def language(self, username: str) -> Language | None:
        """The person's chosen language, else the roster's; None for somebody who is on no roster."""
        with closing(self._connect()) as connection:
            query = "SELECT language FROM language WHERE username = ?"
            row = connection.execute(query, (username,)).fetchone()
        if row:
            return Language(row[0])
        person = self.cohorts.person(username)
        return person.language if person else None

    def choose_language(self, username: str, language: Language) -> None:
        """Keep a person's choice."""
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "INSERT INTO language VALUES (?, ?) "
                "ON CONFLICT (username) DO UPDATE SET language = excluded.language",
                (username, language.value),
            )
