"""How failed logins slow further ones down, without a way to lock somebody else out. Pure: time is passed in.

A *device* is a browser in which this very account has logged in before: it carries a signed cookie.
An attempt counts as failed from the moment it is admitted until it turns out right, so that many
attempts at the same time gain nothing. The cases:

1. The same account from the same place (the device; without one, the address): two failures are free,
   typing is hard; after the n-th in a row nothing is checked for 2^(n-2) seconds, at most 60.
2. Any account from the same address: from the 60th failure on an attempt is held for a second, more
   with each, at most 5, and then checked. Held, not refused: one person in a classroom, which has one
   address, cannot take the others' turns.
3. The same account from anywhere: the same from the 10th failure on.
4. A device is judged by case 1 alone, with a count of its own: no stranger's failure ever delays it.
   Whoever has none, and sits behind the very address their account is attacked from, waits as the
   attacker does; a new invitation, whose link nothing slows down, makes their browser a device.
5. An attempt that is right takes back the failures of its place, in all three counts.
6. An unknown short code counts for its address: from the 10th on one is held as in case 2; a right one
   takes one back. A link is never slowed: 128 bits cannot be guessed.
7. A count fades to nothing within an hour without an attempt. Of more than 10 000 the oldest goes.

An IPv6 address counts as its /64 where it is refused, which is the least that a customer is given, and as
its /48 where it is held, which is the most.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address, ip_network

FADES_SECONDS = 3600.0
REMEMBERED = 10_000

PLACE_FREE, PLACE_LONGEST = 2, 60.0
ADDRESS_FREE, ACCOUNT_FREE, CODE_FREE = 59, 9, 9
LONGEST_HOLD = 5.0

LEAST, WHOLE = 64, 48
"""Bits of an IPv6 network that a customer is given, at the least and at the most (RIPE-690)."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Attempt:
    """One try at one account's password."""

    account: str
    address: str
    device: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What to do with an attempt, in seconds: refuse it and say how long to wait, or hold and check it."""

    wait: int = 0
    hold: float = 0.0


@dataclass(frozen=True)
class _Count:
    failures: float
    at: float
    """When it last grew."""

    def faded(self, now: float) -> float:
        return self.failures * max(0.0, 1.0 - (now - self.at) / FADES_SECONDS)


class Throttle:
    """Counts failures by place, by address and by account. ``now`` is in seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._counts: OrderedDict[Key, _Count] = OrderedDict()

    def __len__(self) -> int:
        return len(self._counts)

    def admit(self, attempt: Attempt, now: float) -> Verdict:
        """Judge an attempt and, unless it must wait, count it as failed (cases 1 to 4)."""
        place, address, account = _keys(attempt)
        wait = self._wait(place, now)
        if wait > 0:
            return Verdict(wait=math.ceil(wait))
        self._add(place, now)
        if attempt.device is not None:
            return Verdict()
        hold = max(self._hold(address, now, ADDRESS_FREE), self._hold(account, now, ACCOUNT_FREE))
        self._add(address, now)
        self._add(account, now)
        return Verdict(hold=hold)

    def was_right(self, attempt: Attempt, now: float) -> None:
        """Take back what this attempt's place has failed (case 5)."""
        place, address, account = _keys(attempt)
        failures = self._failures(place, now)
        self._counts.pop(place, None)
        if attempt.device is None:
            self._take_back(address, failures)
            self._take_back(account, failures)

    def admit_code(self, address: str, now: float) -> Verdict:
        """Judge the look-up of a short code, and count it as unknown (case 6)."""
        key = ("code", _network(address, WHOLE))
        hold = self._hold(key, now, CODE_FREE)
        self._add(key, now)
        return Verdict(hold=hold)

    def code_was_right(self, address: str) -> None:
        """Take back one failure (case 6)."""
        self._take_back(("code", _network(address, WHOLE)), 1.0)

    def _failures(self, key: Key, now: float) -> float:
        count = self._counts.get(key)
        return count.faded(now) if count else 0.0

    def _wait(self, place: Key, now: float) -> float:
        """Seconds until the next attempt may be checked; doubled by each failure that is not free."""
        count = self._counts.get(place)
        if count is None or (beyond := round(count.failures) - PLACE_FREE) <= 0:
            return 0.0
        return max(0.0, count.at + min(2.0 ** min(beyond, 10), PLACE_LONGEST) - now)

    def _hold(self, key: Key, now: float, free: int) -> float:
        """Seconds before this attempt is checked; one more for each failure that is not free."""
        return min(max(round(self._failures(key, now)) - free, 0.0), LONGEST_HOLD)

    def _add(self, key: Key, now: float) -> None:
        self._counts[key] = _Count(self._failures(key, now) + 1.0, now)
        self._counts.move_to_end(key)
        while True:
            oldest, count = next(iter(self._counts.items()))
            if len(self._counts) <= REMEMBERED and count.faded(now) > 0:
                return
            del self._counts[oldest]

    def _take_back(self, key: Key, failures: float) -> None:
        if count := self._counts.get(key):
            self._counts[key] = replace(count, failures=max(0.0, count.failures - failures))


def _keys(attempt: Attempt) -> tuple[Key, Key, Key]:
    """Of the place, of the address, of the account."""
    address = _network(attempt.address, LEAST)
    place = ("device", attempt.device) if attempt.device else ("address", address)
    network = _network(attempt.address, WHOLE)
    return ("place", attempt.account, *place), ("address", network), ("account", attempt.account)


def _network(address: str, bits: int) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, bits), strict=False))
    return address
