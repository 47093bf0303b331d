"""The roster decides who may come in, and as what."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from hub.login.admission import Proven, RosterAdmission, initials
from hub.login.authenticator import RosterAuthenticator
from hub.login.store import Store
from hub.people import People


@pytest.fixture
def admission(people: People) -> RosterAdmission:
    return RosterAuthenticator(people=people)


def test_everybody_on_the_roster_and_nobody_else_is_allowed(admission: RosterAdmission) -> None:
    allowed = [admission.check_allowed(name) for name in ("cot-01", "cot-04", "cot-09", "Afí")]
    assert allowed == [True, True, False, False]


def test_nothing_but_the_roster_allows_anybody(admission: RosterAdmission) -> None:
    admission.allowed_users = {"cot-09"}
    admission.admin_users = {"cot-01"}
    assert not admission.check_allowed("cot-09")
    person = admission.people.person("cot-01")
    assert person is not None
    assert admission.admitted(person)["admin"] is False


@pytest.mark.parametrize(
    ("username", "admin", "groups"),
    [
        ("cot-01", False, ["2027a-test", "participant"]),
        ("cot-03", False, ["2027a-test", "instructor"]),
        ("cot-04", True, ["2027a-test", "admin"]),
    ],
)
def test_role_and_groups_are_said_outright_so_that_they_are_revoked_too(
    admission: RosterAdmission, username: str, admin: bool, groups: list[str]
) -> None:
    refreshed = asyncio.run(admission.refresh_user(SimpleNamespace(name=username)))
    assert isinstance(refreshed, dict)
    assert (refreshed["admin"], refreshed["groups"]) == (admin, groups)


def test_somebody_who_was_removed_is_refused_at_the_next_refresh(
    admission: RosterAdmission,
) -> None:
    assert asyncio.run(admission.refresh_user(SimpleNamespace(name="cot-09"))) is False
    assert admission.auth_refresh_strict


def test_only_a_handler_of_ours_can_say_who_is_there(admission: RosterAuthenticator) -> None:
    async def ask(data: object) -> object:
        return await admission.authenticate(None, data)

    assert asyncio.run(ask({"username": "cot-04", "password": "anything"})) is None
    assert asyncio.run(ask(None)) is None
    assert asyncio.run(ask(Proven(username="cot-09"))) is None
    admitted = asyncio.run(ask(Proven(username="cot-04")))
    assert isinstance(admitted, dict)
    assert admitted["name"] == "cot-04"


def test_an_attempt_is_held_as_the_throttle_says_before_it_is_checked(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticator = RosterAuthenticator(people=people, store=Store(tmp_path))
    held: list[float] = []

    async def sleep(seconds: float) -> None:
        held.append(seconds)

    async def attack() -> None:
        for number in range(12):
            await authenticator.check_password("cot-01", "guess", f"198.51.100.{number}", None)

    monkeypatch.setattr("hub.login.authenticator.asyncio.sleep", sleep)
    asyncio.run(attack())
    assert held == [0.0] * 10 + [1.0, 2.0]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Afí Ɖossou", "AƉ"),
        ("O'Brien, Adaeze", "OA"),
        ("Jean-Baptiste de Souza Kpɔnɔ", "JK"),
        ("Ɛnyɔnam", "Ɛ"),
        ("Παῦλος", "Π"),
        ("’Abd ’Allah", ""),
    ],
)
def test_initials_are_of_the_first_and_the_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters
