"""Logging in through a real provider: it proves an e-mail address, the roster decides."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pydantic import HttpUrl, SecretStr

from hub.login import openid
from hub.people import People
from hub.settings import OpenIDConnect
from tests.unit.hub.login.provider import provide
from tests.unit.hub.login.running import HUBS, RunningHub, StartHub, free_port, write_roster

EXTRA = """
from hub.login.openid import RosterOpenID
from hub.settings import OpenIDConnect

c.JupyterHub.authenticator_class = RosterOpenID
c.RosterOpenID.people = people
c.RosterOpenID.provider = OpenIDConnect(
    name="Université",
    client_id="hub",
    client_secret="secret-of-the-client",
    authorize_url="{provider}/oauth2/authorize",
    token_url="{provider}/oauth2/token",
    userdata_url="{provider}/userinfo",
)
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    port = free_port()
    ready, tell = HUBS.Pipe(duplex=False)
    process = HUBS.Process(target=provide, args=(port, tell))
    process.start()
    tell.close()
    with ready:
        assert ready.poll(30), "the provider does not start"
        ready.recv()
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.join(timeout=10)


@pytest.fixture(scope="module")
def hub(start_hub: StartHub, provider: str, tmp_path_factory: pytest.TempPathFactory) -> RunningHub:
    folder = tmp_path_factory.mktemp("openid")
    write_roster(folder)
    return start_hub(folder, EXTRA.format(provider=provider))


@dataclass
class Visitor:
    """A browser that goes to the provider and comes back, step by step."""

    hub: RunningHub
    provider: str
    session: requests.Session

    def says(self, **claims: object) -> None:
        """What the provider knows about this visitor."""
        requests.put(f"{self.provider}/users/somebody", json=claims, timeout=20).raise_for_status()

    def leave(self, following: str = "") -> str:
        """The provider's page to which the hub sends us."""
        query = {"next": following} if following else {}
        answer = self.session.get(
            f"{self.hub.url}/hub/oauth_login", params=query, allow_redirects=False, timeout=20
        )
        return answer.headers["Location"]

    def agree(self, address: str, **form: str) -> str:
        """Where the provider sends us back to."""
        data = form or {"sub": "somebody"}
        answer = self.session.post(address, data=data, allow_redirects=False, timeout=20)
        return answer.headers["Location"]

    def come_back(self, address: str) -> requests.Response:
        return self.session.get(address, allow_redirects=False, timeout=20)

    def log_in(self, following: str = "", **claims: object) -> requests.Response:
        self.says(**claims)
        return self.come_back(self.agree(self.leave(following)))


@pytest.fixture
def visitor(hub: RunningHub, provider: str) -> Visitor:
    return Visitor(hub, provider, requests.Session())


def page(answer: requests.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_a_verified_address_on_the_roster_comes_in_as_its_person(
    hub: RunningHub, visitor: Visitor
) -> None:
    answer = visitor.log_in(email="ADAEZE@example.org", email_verified=True, name="Somebody Else")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/hub/spawn")
    admin = {"Authorization": "token " + "a" * 40}
    known = requests.get(f"{hub.url}/hub/api/users/cot-02", headers=admin, timeout=20).json()
    assert known["user_info"]["name"] == "O'Brien, Adaeze"
    assert sorted(known["groups"]) == ["2027a-test", "participant"]
    assert known["admin"] is False
    assert known["auth_state"] is None


def test_an_admin_of_the_roster_is_admin_and_nobody_else_whatever_the_provider_says(
    hub: RunningHub, visitor: Visitor
) -> None:
    visitor.log_in(email="zo@example.org", email_verified=True)
    visitor.session = requests.Session()
    visitor.log_in(email="koku@example.org", email_verified=True, groups=["admin"], admin=True)
    admin = {"Authorization": "token " + "a" * 40}
    url = f"{hub.url}/hub/api/users"
    admins = {
        user["name"]: user["admin"]
        for user in requests.get(url, headers=admin, timeout=20).json()
        if user["name"] in ("cot-03", "cot-04")
    }
    assert admins == {"cot-03": False, "cot-04": True}


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"email": "stranger@example.org", "email_verified": True}, openid.NOT_ON_ROSTER),
        ({"email": "cot-01", "email_verified": True}, openid.NOT_ON_ROSTER),
        ({"email": "afi@example.org", "email_verified": False}, openid.UNVERIFIED),
        ({"email": "afi@example.org", "email_verified": "true"}, openid.UNVERIFIED),
        ({"email": "afi@example.org"}, openid.UNVERIFIED),
        ({}, openid.UNVERIFIED),
    ],
    ids=str,
)
def test_anybody_else_is_refused_with_the_reason_and_a_remedy(
    visitor: Visitor, claims: dict[str, object], reason: openid.Message
) -> None:
    answer = visitor.log_in(**claims)
    assert answer.status_code == 403
    told = page(answer)
    assert (told["message"], told["values"]) == (reason.text, {"provider": "Université"})
    assert told["remedy"]
    assert visitor.come_back(f"{visitor.hub.url}/hub/home").status_code == 302


def test_a_login_that_was_not_completed_says_how_to_go_on(
    hub: RunningHub, visitor: Visitor
) -> None:
    denied = visitor.come_back(visitor.agree(visitor.leave(), action="deny"))
    visitor.says(email="afi@example.org", email_verified=True)
    back = visitor.agree(visitor.leave())
    stale = requests.get(back, timeout=20)
    forged = visitor.come_back(f"{hub.url}/hub/oauth_callback?code=made-up&state=made-up")
    for answer in (denied, stale, forged):
        assert (answer.status_code, page(answer)["message"]) == (403, openid.NOT_COMPLETED.text)


def test_the_code_alone_is_worth_nothing_without_the_browser_that_asked(visitor: Visitor) -> None:
    asked = parse_qs(urlsplit(visitor.leave()).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{visitor.hub.url}/hub/oauth_callback"]
    visitor.says(email="afi@example.org", email_verified=True)
    back = visitor.agree(visitor.leave())
    other = Visitor(visitor.hub, visitor.provider, requests.Session())
    own_state = parse_qs(urlsplit(other.leave()).query)["state"][0]
    code = parse_qs(urlsplit(back).query)["code"][0]
    stolen = other.session.get(
        f"{visitor.hub.url}/hub/oauth_callback",
        params={"code": code, "state": own_state},
        allow_redirects=False,
        timeout=20,
    )
    assert stolen.status_code == 403, "PKCE: the verifier is the first browser's"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "\\\\evil.example"])
def test_a_login_never_leads_to_another_site(visitor: Visitor, address: str) -> None:
    answer = visitor.log_in(address, email="afi@example.org", email_verified=True)
    assert answer.status_code == 302
    assert urlsplit(answer.headers["Location"]).netloc == ""
    assert not answer.headers["Location"].startswith(("//", "/\\"))


def test_the_login_page_names_the_provider_and_there_are_no_invitations(hub: RunningHub) -> None:
    login = f"{hub.url}/hub/login"
    shown = page(requests.get(login, params={"next": "/hub/home?a=b"}, timeout=20))
    assert (shown["page"], shown["openid"]) == ("login", "Université")
    assert shown["leave"] == "/hub/oauth_login?next=%2Fhub%2Fhome%3Fa%3Db"
    assert requests.get(f"{hub.url}/hub/invitation", timeout=20).status_code == 404


@pytest.fixture(scope="module", autouse=True)
def nothing_personal_is_logged(hub: RunningHub) -> Iterator[None]:
    """After all tests of this file: no address, name or secret of the provider is in the hub's log."""
    yield
    written = hub.stop()
    assert "now running" in written
    for secret in ("example.org", "Adaeze", "secret-of-the-client", "access_token"):
        assert secret not in written


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("koku@example.org", "KOKU@Example.org", True),
        ("koku@example.org", "\u212aoku@example.org", False),
        ("weiss@example.org", "weiß@example.org", False),
        ("zoé@example.org", "zoe\u0301@example.org", True),
        ("zoé@example.org", "ZOÉ@example.org", False),
    ],
    ids=["case", "the sign for kelvin", "a sharp s", "composed", "case beyond ASCII"],
)
def test_what_only_looks_like_an_address_is_another(ours: str, theirs: str, same: bool) -> None:
    assert openid.is_same_address(ours, theirs) is same


@pytest.mark.parametrize(
    "told",
    [None, [], "koku@example.org", {}, {"email": ["koku@example.org"], "email_verified": True}],
)
def test_nonsense_of_the_provider_is_nobody(people: People, told: Any) -> None:
    provider = OpenIDConnect(
        name="Université",
        client_id="hub",
        client_secret=SecretStr("secret-of-the-client"),
        authorize_url=HttpUrl("https://id.example.org/a"),
        token_url=HttpUrl("https://id.example.org/t"),
        userdata_url=HttpUrl("https://id.example.org/u"),
    )
    authenticator = openid.RosterOpenID(people=people, provider=provider)
    with pytest.raises(openid.LoginRefused, match="no verified"):
        authenticator.user_info_to_username(told)
