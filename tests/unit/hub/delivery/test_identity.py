"""Who may have the sources: tokens and passwords, asked from a real hub."""

import asyncio
import base64
from collections.abc import Iterator

import pytest
import requests

from hub.delivery.identity import SCOPE, Asker, Identity, NotAdmitted
from hub.delivery.roll import Roll
from hub.files import load_cohorts
from hub.people import People
from tests.unit.hub.login.browser import PASSWORD, WRONG, Browser, invite
from tests.unit.hub.login.running import PASSWORDS, RunningHub, run_hub, write_roster

INSTRUCTOR, ADMIN, PARTICIPANT = "cot-03", "cot-04", "cot-01"
# As the site does: the service stands before the hub like a proxy, and passes on whose request it is.
TRUSTED = f"""{PASSWORDS}
from hub.configure import TEAM

c.JupyterHub.trusted_downstream_ips = ["127.0.0.1"]
c.JupyterHub.load_roles.append(TEAM)
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub in which an instructor and a participant have passwords; neither is in its log."""
    folder = tmp_path_factory.mktemp("hub")
    write_roster(folder)
    hub = run_hub(folder, TRUSTED)
    for name in (INSTRUCTOR, ADMIN, PARTICIPANT):
        assert Browser(hub).accept(invite(hub, name).token).status_code == 303
    yield hub
    written = hub.stop()
    for secret in (PASSWORD, WRONG, "example.org"):
        assert secret not in written


@pytest.fixture
def identity(hub: RunningHub) -> Identity:
    people = People(load_cohorts(hub.folder / "cohorts"), hub.folder / "people.db")
    return Identity(people, Roll(f"{hub.url}/hub/api", "a" * 40))


count = iter(range(1, 250))


def ask(identity: Identity, *logins: tuple[str, str]) -> list[str | int]:
    """User names, or the status of the refusal, for names and passwords sent one after the other."""
    address = f"198.51.100.{next(count)}"

    async def one(name: str, password: str) -> str | int:
        coded = base64.b64encode(f"{name}:{password}".encode()).decode()
        try:
            return (await identity.person(Asker(f"Basic {coded}", address))).username
        except NotAdmitted as error:
            return error.status

    async def each() -> list[str | int]:
        return [await one(*login) for login in logins]

    return asyncio.run(each())


def token_of(hub: RunningHub, username: str, *scopes: str) -> str:
    answer = requests.post(
        f"{hub.url}/hub/api/users/{username}/tokens",
        headers={"Authorization": f"token {'a' * 40}"},
        json={"scopes": scopes} if scopes else None,
        timeout=20,
    )
    return str(answer.json()["token"])


def test_a_token_is_enough_and_the_name_beside_it_means_nothing(
    hub: RunningHub, identity: Identity
) -> None:
    assert ask(identity, ("cot-04", token_of(hub, INSTRUCTOR))) == [INSTRUCTOR]


def test_a_token_may_open_the_sources_and_nothing_else(hub: RunningHub, identity: Identity) -> None:
    tokens = [token_of(hub, name, SCOPE) for name in (INSTRUCTOR, ADMIN)]
    assert ask(identity, *(("", token) for token in tokens)) == [INSTRUCTOR, ADMIN]


def test_a_token_that_somebody_left_in_anothers_server_does_not(
    hub: RunningHub, identity: Identity
) -> None:
    """An admin who opens a participant's server gives it a token that opens that server."""
    left = token_of(hub, ADMIN, f"access:servers!server={PARTICIPANT}/", "read:users:name!user")
    assert ask(identity, ("", left)) == [403]


def test_the_password_of_the_hub_goes_with_user_name_or_e_mail(identity: Identity) -> None:
    logins = (INSTRUCTOR, PASSWORD), ("KOKU@example.org", PASSWORD)
    assert ask(identity, *logins) == [INSTRUCTOR, INSTRUCTOR]


def test_participants_are_refused_whatever_they_prove(hub: RunningHub, identity: Identity) -> None:
    assert ask(identity, (PARTICIPANT, PASSWORD), ("", token_of(hub, PARTICIPANT))) == [403, 403]


@pytest.mark.parametrize(
    ("name", "password"),
    [
        (INSTRUCTOR, WRONG),
        (INSTRUCTOR, ""),
        ("nobody", PASSWORD),
        (INSTRUCTOR, "f" * 32),
        ("x", "a" * 40),
    ],
)
def test_what_is_wrong_is_asked_for_again(identity: Identity, name: str, password: str) -> None:
    assert ask(identity, (name, password)) == [401]


@pytest.mark.parametrize("header", ["", "Basic", "Basic !", "Bearer x", "Basic /w=="])
def test_what_is_no_login_is_none(identity: Identity, header: str) -> None:
    with pytest.raises(NotAdmitted) as caught:
        asyncio.run(identity.person(Asker(header, "192.0.2.1")))
    assert caught.value.status == 401


def test_guessing_is_slowed_down_by_the_hub_itself(identity: Identity) -> None:
    wrong = [(INSTRUCTOR, f"{WRONG}{number}") for number in range(4)]
    assert ask(identity, *wrong, (INSTRUCTOR, PASSWORD)) == [401] * 3 + [429] * 2
    assert ask(identity, (INSTRUCTOR, PASSWORD)) == [INSTRUCTOR]  # from another address


def test_where_a_provider_logs_people_in_git_takes_tokens_alone(
    hub: RunningHub, identity: Identity
) -> None:
    tokens = Identity(identity.people, identity._roll, takes_passwords=False)
    assert ask(tokens, ("", token_of(hub, INSTRUCTOR)), (INSTRUCTOR, PASSWORD)) == [INSTRUCTOR, 401]
    assert "token" in str(tokens._unknown)


def test_a_good_answer_is_remembered_and_only_as_a_hash(
    hub: RunningHub, identity: Identity
) -> None:
    token = token_of(hub, INSTRUCTOR)
    assert ask(identity, ("", token)) == [INSTRUCTOR]
    identity._roll = Roll("http://127.0.0.1:1/hub/api", "")
    assert ask(identity, ("", token)) == [INSTRUCTOR]
    assert token not in repr(vars(identity))


@pytest.mark.parametrize("password", [PASSWORD, "1" * 32], ids=["password", "token"])
def test_a_hub_that_does_not_answer_refuses_nobody_for_good(
    identity: Identity, password: str
) -> None:
    identity._roll = Roll("http://127.0.0.1:1/hub/api", "")
    assert ask(identity, (INSTRUCTOR, password)) == [503]
