"""What a pusher is told: line by line, in their language, in the push's own output and in the journal."""

import sqlite3
from contextlib import suppress
from typing import BinaryIO
from unicodedata import category

from hub.errors import Message
from hub.i18n import Language, render
from hub.journal import Journal, Verdict

LONGEST_LINE = 400
MOST_LINES = 400
"""Of one gate, before what it comes to; a thousand faults help nobody."""

LEFT_OUT = Message("Lines left out here: %(count)d.")


class Telling:
    """For one push. ``out`` is what git hands on to the pusher."""

    def __init__(self, journal: Journal, language: Language, out: BinaryIO) -> None:
        self.language = language
        self._journal = journal
        self._out = out
        self._number: int | None = None
        self._lines = 0

    def begin(self, head: str, by: str) -> None:
        """From now on the journal hears it too. Raises sqlite3.Error when it cannot be written."""
        end_what_died(self._journal)
        self._number = self._journal.gate_begins(head, by)

    def say(self, what: Message | str) -> None:
        """One line. Raises BrokenPipeError when nobody listens any more."""
        self._lines += 1
        if self._lines <= MOST_LINES:
            self._write(what)

    def conclude(self, what: Message | str) -> None:
        """A line of what it comes to, which is told however much was said before. Raises as ``say``."""
        if self._lines > MOST_LINES:
            self._write(Message(LEFT_OUT.text, {"count": self._lines - MOST_LINES}))
            self._lines = MOST_LINES
        self._write(what)

    def _write(self, what: Message | str) -> None:
        text = render(what, self.language) if isinstance(what, Message) else what
        line = "".join(map(_shown, text))[:LONGEST_LINE].rstrip()
        if self._number is not None:
            with suppress(sqlite3.Error):  # with a full disk the pusher is told all the same
                self._journal.gate_says(self._number, line)
        self._out.write(f"{line}\n".encode())
        self._out.flush()

    def end(self, verdict: Verdict) -> None:
        """The last word. Raises sqlite3.Error when the journal cannot be written."""
        if self._number is not None:
            self._journal.gate_ends(self._number, verdict)


def end_what_died(journal: Journal) -> None:
    """For whoever holds the lock of the gates: one that still runs has died, or its machine has."""
    last = journal.last_gate()
    if last and last.verdict is Verdict.RUNNING:
        journal.gate_ends(last.id, Verdict.BROKEN)


def _shown(sign: str) -> str:
    """A character as a terminal may have it: none that moves the cursor, or turns the writing round."""
    return " " if category(sign)[0] == "C" or sign in "\u2028\u2029" else sign
