"""Passwords: which ones are taken, how they are hashed, and that the event loop never waits for it.

Parameters: argon2id with 19 MiB, two passes and one lane, which OWASP's Password Storage Cheat Sheet asks
for. On two cores a check takes 0.04 s, and 24 people who log in at the same moment, as a class does, are
checked in half a second; servers that start at that moment need the cores more. Two threads hold 38 MiB.
"""

import asyncio
import re
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.cohort import Person
from hub.errors import Message

MIN_LENGTH = 10
MAX_LENGTH = 200
LONGEST = 4 * MAX_LENGTH
"""Characters as they are typed: of more, normalising alone takes seconds in which nothing else runs."""
THREADS = 2

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

OBVIOUS = (
    *("motdepasse", "password", "passwort", "azerty", "qwerty", "bonjour", "bienvenue", "welcome"),
    *("admin", "letmein", "iloveyou", "jetaime", "soleil", "jupyter", "airina", "cotonou", "benin"),
)
"""Words that are tried first here, in the spelling of ``_letters_and_digits``."""
ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890123456789"),
    *("azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm"),
)
REMAINDER = 5
"""Letters that must be left when the person's names and obvious words are taken out of a password."""


@dataclass(frozen=True)
class Checked:
    """Whether a password was right, and its new hash when the old one has outdated parameters."""

    right: bool
    new_hash: str | None = None


class Passwords:
    """Hashing in a pool of two threads: a flood of logins cannot take all the memory or every core."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._nobodys = _hash_of_nothing()
        self.waiting = 0
        """Checks that have been asked for and are not done."""

    async def hash(self, password: str) -> str:
        """The argon2id hash of a password that ``problem_with`` has found nothing wrong with."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: HASHER.hash(normalised(password)))

    async def check(self, password: str, known: str | None) -> Checked:
        """Compare with a hash; without one as much work is done, so that time does not tell who exists."""
        if len(password) > LONGEST:
            password, known = "", None
        loop = asyncio.get_running_loop()
        self.waiting += 1
        try:
            return await loop.run_in_executor(self._pool, _check, password, known or self._nobodys)
        finally:
            self.waiting -= 1


def _hash_of_nothing() -> str:
    """A hash that no password has, and that takes as long to compare with as a real one."""
    salt, tag = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (HASHER.salt_len, HASHER.hash_len)
    )
    cost = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${tag}"


def _check(password: str, known: str) -> Checked:
    normal = normalised(password)
    try:
        HASHER.verify(known, normal)
    except (VerificationError, InvalidHashError):
        return Checked(right=False)
    return Checked(True, HASHER.hash(normal) if HASHER.check_needs_rehash(known) else None)


def normalised(password: str) -> str:
    """The same characters from every keyboard: NFC, every space the plain one (RFC 8265, 4.2)."""
    spaces = "".join(" " if unicodedata.category(c) == "Zs" else c for c in password)
    return unicodedata.normalize("NFC", spaces)


def problem_with(password: str, person: Person) -> Message | None:
    """Why this person cannot take this password: too short, too long, their own name, or guessed first."""
    length = len(password) if len(password) > LONGEST else len(normalised(password))
    if length < MIN_LENGTH:
        text = "This password has %(length)d characters; choose one of at least %(least)d."
        return Message(text, {"length": length, "least": MIN_LENGTH})
    if length > MAX_LENGTH:
        text = "This password has %(length)d characters; choose one of at most %(most)d."
        return Message(text, {"length": length, "most": MAX_LENGTH})
    if _guessed_early(password, (*OBVIOUS, *_own_words(person))):
        return Message(
            "This password would be guessed early: it is little more than a name, a well-known word, "
            "a number or a row of keys. Choose several words that have nothing to do with one another."
        )
    return None


def _letters_and_digits(text: str) -> str:
    """Without case, accents, punctuation and spaces."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in parts if c.isalnum())


def _guessed_early(password: str, words: tuple[str, ...]) -> bool:
    plain = _letters_and_digits(password)
    if len(set(password.casefold())) < 5:
        return True
    if plain and (plain.isdecimal() or any(plain in row or plain in row[::-1] for row in ROWS)):
        return True
    rest = plain
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != plain and sum(c.isalpha() for c in rest) < REMAINDER


def _own_words(person: Person) -> Iterator[str]:
    """The person's user name, e-mail address and names, whole and in parts of three letters or more."""
    for text in (person.username, person.email, person.name):
        for part in (text, *re.split(r"[\W\d_]+", text)):
            if len(word := _letters_and_digits(part)) >= 3:
                yield word
