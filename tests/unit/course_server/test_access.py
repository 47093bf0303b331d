"""Who gets into a person's server below ``course/``: the person and the hub, each to what is theirs."""

from collections.abc import Iterator

import pytest

from .rehearsal import KEY, Server, hub_running, server_running
from .standins import stand_in


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("access") / "home"
    with hub_running() as hub, server_running(home, hub) as server:
        yield server


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    stand_in(monkeypatch)
    return running


ADDRESSES: dict[str, tuple[object, bool, bool]] = {
    # what is told (None: GET), whether the hub may, whether the owner may
    "sync": ({}, True, True),
    "state": (None, True, True),
    "announce": ({"id": 1, "at": "2027-03-01T08:00:00+00:00", "text": "Bonjour."}, True, False),
    "original": ({"path": "fr/day1/03-svd.ipynb"}, True, True),
    "return": ({"save_point": "20270302T083001"}, True, True),
    "read": ({"path": "absent.ipynb"}, True, False),
    "copy": ({"name": "copies/a.ipynb", "content": {}}, True, False),
    "work.zip": (None, False, True),
    "news": (None, False, True),
    "saved": ({"id": "0"}, False, True),
}
STRANGERS = {
    "nobody": None,
    "unheard-of": "unheard-of",
    "cut short": KEY[:-1],
    "of another server": "5f" * 32,
    "not ASCII": "é",
    "another person": "another",
    "an admin": "admin",
    "a service": "culls",
}


@pytest.mark.parametrize("what", ADDRESSES)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_get_nowhere(server: Server, what: str, stranger: str) -> None:
    answer = server.ask(what, ADDRESSES[what][0], STRANGERS[stranger])
    assert answer.status == 403
    assert answer.json == {"message": "Ce serveur ne s’ouvre qu’à la personne à qui il appartient."}


@pytest.mark.parametrize("what", ADDRESSES)
def test_the_hub_and_the_owner_get_to_what_is_theirs(server: Server, what: str) -> None:
    told, for_hub, for_owner = ADDRESSES[what]
    assert (server.ask(what, told, KEY).status != 403) is for_hub
    assert (server.ask(what, told, "owner").status != 403) is for_owner
    assert (server.ask(what, told, headers=server.lab("owner")).status != 403) is for_owner


@pytest.mark.parametrize("what", ADDRESSES)
def test_another_persons_browser_gets_nowhere(server: Server, what: str) -> None:
    for headers in (server.lab("another"), server.lab("admin")):
        assert server.ask(what, ADDRESSES[what][0], headers=headers).status == 403


@pytest.mark.parametrize("what", [name for name, (told, *_) in ADDRESSES.items() if told])
def test_another_page_in_the_owners_browser_changes_nothing(server: Server, what: str) -> None:
    headers = server.lab("owner")
    del headers["X-XSRFToken"]
    assert server.ask(what, ADDRESSES[what][0], headers=headers).status == 403


def test_a_key_in_another_place_is_no_key(server: Server) -> None:
    assert server.ask("state", headers={"Authorization": f"Basic {KEY}"}).status == 403
    assert server.ask("state", headers=server.browser(KEY)).status == 403
    assert server.ask(f"state?token={KEY}").status == 403


def test_a_server_without_a_key_knows_no_hub(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch)
    home = tmp_path_factory.mktemp("keyless") / "home"
    with hub_running() as hub, server_running(home, hub, key="") as server:
        for key in ("", " ", KEY):
            assert server.ask("state", headers={"Authorization": f"token {key}"}).status == 403
        assert server.ask("state", token="owner").status == 200
