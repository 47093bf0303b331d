"""git's ``pre-receive`` on the sources: ``main`` moves only through the gate; other branches are drafts.

git tells on stdin what is to move, one branch a line, and shows the pusher what is written here.
"""

import os
import signal
import sqlite3
import sys
from pathlib import Path

from hub.delivery.gate import GATE_SECONDS, NO_ROOM, Gate, TooLong
from hub.delivery.git import QUARANTINE, Git
from hub.delivery.sources import MAIN, Sources
from hub.delivery.telling import Telling
from hub.errors import InvalidInput, Message
from hub.files import load_cohorts, load_settings
from hub.i18n import parse
from hub.journal import Journal
from hub.people import People

DRAFT = Message("Only main is judged and released; this is kept as a draft.")
NO_BRANCH = Message(
    "%(name)s is not taken: only branches and tags are, and no branch below main. What to do: push a branch "
    "of another name."
)
NO_PEOPLE = Message(
    "The push could not be judged: the rosters of this site have mistakes. Nothing has changed. What to do: "
    "tell whoever runs the site."
)

TAKEN = ("refs/heads/", "refs/tags/")
IN_THE_WAY = f"{MAIN}/"
"""A branch below ``main`` would keep ``main`` itself from being made."""

RELEASES = Path("/srv/hub/releases")


def main() -> int:
    """0 lets the push through."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGALRM, _too_long)
    settings = load_settings(Path(os.environ["HUB_SETTINGS"]))
    journal = Journal(settings.state)
    language = parse(os.environ.get("LANG")) or settings.default_language
    telling = Telling(journal, language, sys.stdout.buffer)
    moves = [line.split() for line in sys.stdin]
    if odd := [name for _, _, name in moves if not name.startswith(TAKEN) or IN_THE_WAY in name]:
        telling.say(Message(NO_BRANCH.text, {"name": odd[0]}))
        return 1
    [(old, new)] = [(old, new) for old, new, name in moves if name == MAIN] or [(None, None)]
    if old is None or new is None:
        telling.say(DRAFT)
        return 0
    try:
        cohorts = load_cohorts(settings.cohorts)
    except InvalidInput:
        telling.say(NO_PEOPLE)
        return 1
    sources = Sources(settings.state)
    quarantine = {name: os.environ[name] for name in QUARANTINE if name in os.environ}
    gate = Gate(
        settings,
        People(cohorts, settings.state / "people.db"),
        journal,
        sources,
        Path(os.environ.get("HUB_RELEASES", RELEASES)),
        Git(sources.folder, quarantine),
        telling,
        start_clock=_start_clock,
    )
    try:
        return 0 if gate.judge(old, new, os.environ["REMOTE_USER"]) else 1
    except (OSError, sqlite3.Error):
        telling.say(NO_ROOM)
        return 1


def _start_clock() -> None:
    signal.alarm(GATE_SECONDS)


def _end(*_: object) -> None:
    """The pusher has gone: take the container away and end. Once: a second word changes nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(1)


def _too_long(*_: object) -> None:
    raise TooLong


if __name__ == "__main__":
    sys.exit(main())
