"""Logging in at a real hub process, over HTTP, as a browser does."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from hub.i18n import Language
from hub.login import handlers, invitation
from hub.login.store import NewInvitation, Store
from hub.login.tokens import grouped, new_code, new_token
from hub.people import People
from tests.unit.hub.login.conftest import ROSTER, RunningHub, StartHub, write_roster

# Hashing is made cheap: what it costs in earnest is test_passwords' to look at.
EXTRA = """
from argon2 import PasswordHasher

from hub.login import passwords
from hub.login.authenticator import RosterAuthenticator
from hub.login.store import Store

passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
c.JupyterHub.authenticator_class = RosterAuthenticator
c.RosterAuthenticator.people = people
c.RosterAuthenticator.store = Store(folder)
"""

PASSWORD = "palmier vert, train de nuit"
WRONG = "océan gris, lampe de poche"
SECRETS_TYPED = [PASSWORD, WRONG, "my-secret-in-the-wrong-field"]


@pytest.fixture(scope="module")
def hub(start_hub: StartHub, tmp_path_factory: pytest.TempPathFactory) -> RunningHub:
    folder = tmp_path_factory.mktemp("site")
    write_roster(folder)
    return start_hub(folder, EXTRA)


@pytest.fixture
def invited(hub: RunningHub) -> NewInvitation:
    """cot-01 with a fresh invitation."""
    return invite(hub, "cot-01")


def invite(hub: RunningHub, username: str, days: float = 21) -> NewInvitation:
    now = datetime.now(UTC)
    new = NewInvitation(username, new_token(), new_code(), now + timedelta(days=days))
    Store(hub.folder).issue([new], now)
    return new


class Browser:
    """A browser with its own cookies and address; pages of the test are JSON."""

    count = 0

    def __init__(self, hub: RunningHub) -> None:
        Browser.count += 1
        self.hub = hub
        self.session = requests.Session()
        self.session.headers["X-Forwarded-For"] = f"192.0.2.{Browser.count}"

    def get(self, path: str, **query: str) -> requests.Response:
        return self.session.get(
            self.hub.url + path, params=query, allow_redirects=False, timeout=20
        )

    def send(
        self, path: str, query: dict[str, str] | None = None, **fields: str
    ) -> requests.Response:
        xsrf = next((c.value for c in self.session.cookies if c.name == "_xsrf"), None)
        data = {"_xsrf": xsrf, **fields}
        return self.session.post(
            self.hub.url + path, params=query, data=data, allow_redirects=False, timeout=20
        )

    def log_in(self, name: str, password: str, **query: str) -> requests.Response:
        self.get("/hub/login")
        return self.send("/hub/login", query, username=name, password=password)

    def accept(
        self, token: str, password: str = PASSWORD, language: str = "fr"
    ) -> requests.Response:
        self.get("/hub/invitation", token=token)
        return self.send("/hub/invitation", token=token, password=password, language=language)

    def whoami(self) -> str | None:
        answer = self.get("/hub/home")
        return None if answer.status_code == 302 else "somebody"


@pytest.fixture
def browser(hub: RunningHub) -> Browser:
    return Browser(hub)


def page(answer: requests.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_an_invitation_shows_the_name_and_keeps_the_choice(
    hub: RunningHub, browser: Browser, invited: NewInvitation
) -> None:
    shown = page(browser.get("/hub/invitation", token=invited.token))
    assert (shown["page"], shown["name"], shown["chosen"]) == ("invitation", "Afí Ɖossou", "fr")
    answer = browser.accept(invited.token, language="en")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/hub/spawn")
    assert browser.session.cookies["lang"] == "en"
    assert browser.get("/hub/login").status_code == 302
    assert Browser(hub).log_in("Afi@Example.org", PASSWORD).headers["Location"] == "/hub/spawn"
    assert Browser(hub).log_in("COT-01", PASSWORD).status_code == 303


def test_looking_at_an_invitation_never_uses_it(
    hub: RunningHub, browser: Browser, invited: NewInvitation
) -> None:
    for _ in range(3):
        assert Browser(hub).get("/hub/invitation", token=invited.token).status_code == 200
    assert browser.accept(invited.token).status_code == 303


def test_a_code_typed_by_hand_leads_to_the_same_page(
    browser: Browser, invited: NewInvitation
) -> None:
    browser.get("/hub/invitation")
    answer = browser.send("/hub/invitation", code=f" {grouped(invited.code).lower()} ")
    assert answer.status_code == 303
    token = parse_qs(urlsplit(answer.headers["Location"]).query)["token"][0]
    assert page(browser.get("/hub/invitation", token=token))["name"] == "Afí Ɖossou"
    assert browser.accept(token).status_code == 303


def test_mistakes_are_told_together_and_use_nothing_up(
    browser: Browser, invited: NewInvitation
) -> None:
    answer = browser.accept(invited.token, password="Ɖossou", language="klingon")
    assert answer.status_code == 400
    assert set(page(answer)["errors"]) == {"language", "password"}
    assert browser.accept(invited.token).status_code == 303


def test_what_cannot_be_used_says_why_and_what_to_do(hub: RunningHub, browser: Browser) -> None:
    first = invite(hub, "cot-02")
    second = invite(hub, "cot-02")
    unknown = browser.get("/hub/invitation", token=new_token())
    assert unknown.status_code == 410
    assert page(unknown)["reason"] == invitation.UNKNOWN.text
    replaced = page(browser.get("/hub/invitation", token=first.token))
    assert replaced["reason"] == invitation.REASONS[invitation.Standing.REVOKED].text
    assert (replaced["remedy"], replaced["to_login"]) == (invitation.ASK.text, False)
    assert browser.accept(second.token).status_code == 303
    used = page(Browser(hub).get("/hub/invitation", token=second.token))
    assert used["reason"] == invitation.REASONS[invitation.Standing.USED].text
    assert (used["remedy"], used["to_login"]) == (invitation.LOG_IN.text, True)
    late = invite(hub, "cot-02", days=-1)
    expired = page(Browser(hub).accept(late.token))
    assert expired["reason"] == invitation.REASONS[invitation.Standing.EXPIRED].text


def test_of_two_people_who_accept_at_once_one_wins(hub: RunningHub) -> None:
    invited = invite(hub, "cot-03")
    browsers = [Browser(hub) for _ in range(4)]
    passwords = [f"{PASSWORD} {number}" for number in range(4)]
    for one in browsers:
        one.get("/hub/invitation", token=invited.token)
    answers: dict[int, int] = {}

    def accept(number: int) -> None:
        answer = browsers[number].send(
            "/hub/invitation", token=invited.token, password=passwords[number], language="fr"
        )
        answers[number] = answer.status_code

    threads = [threading.Thread(target=accept, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [303, 410, 410, 410]
    [winner] = [number for number, status in answers.items() if status == 303]
    assert Browser(hub).log_in("cot-03", passwords[winner]).status_code == 303


def test_a_second_click_on_the_button_is_welcome_too(
    browser: Browser, invited: NewInvitation
) -> None:
    browser.get("/hub/invitation", token=invited.token)
    fields = {"token": invited.token, "password": PASSWORD, "language": "fr"}
    assert browser.send("/hub/invitation", **fields).status_code == 303
    other = Browser(browser.hub)
    other.get("/hub/login")
    assert other.send("/hub/invitation", **fields).headers["Location"] == "/hub/spawn"
    assert other.send("/hub/invitation", **{**fields, "password": WRONG}).status_code == 410


def test_wrong_passwords_are_refused_then_made_to_wait_and_only_for_that_browser(
    hub: RunningHub, invited: NewInvitation
) -> None:
    owner = Browser(hub)
    owner.accept(invited.token)
    attacker = Browser(hub)
    owner.session.headers["X-Forwarded-For"] = attacker.session.headers["X-Forwarded-For"]
    statuses = [attacker.log_in("cot-01", WRONG).status_code for _ in range(4)]
    assert statuses == [403, 403, 403, 429]
    answer = attacker.log_in("afi@example.org", PASSWORD)
    assert answer.status_code == 429, "nothing is checked meanwhile, by e-mail neither"
    assert page(answer)["wait"] == int(answer.headers["Retry-After"]) > 0
    owner.get("/hub/logout")
    assert owner.log_in("cot-01", PASSWORD).status_code == 303, "a known device is not slowed"
    assert Browser(hub).log_in("cot-01", PASSWORD).status_code == 303, "nor another address"


def test_somebody_unknown_is_answered_like_a_wrong_password(browser: Browser) -> None:
    answer = browser.log_in("nobody@example.org", WRONG)
    assert (answer.status_code, page(answer)["error"]) == (403, handlers.WRONG.text)
    assert page(answer)["username"] == "nobody@example.org"


def test_codes_cannot_be_guessed_fast(hub: RunningHub, browser: Browser) -> None:
    invited = invite(hub, "cot-02")
    browser.get("/hub/invitation")
    tries = [browser.send("/hub/invitation", code=new_code()) for _ in range(11)]
    assert [answer.status_code for answer in tries] == [400] * 10 + [429]
    assert browser.send("/hub/invitation", code=invited.code).status_code == 429
    assert browser.get("/hub/invitation", token=invited.code).status_code == 429
    assert browser.get("/hub/invitation", token=invited.token).status_code == 200


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_login_never_leads_to_another_site(
    hub: RunningHub, browser: Browser, invited: NewInvitation, address: str
) -> None:
    browser.accept(invited.token)
    answer = Browser(hub).log_in("cot-01", PASSWORD, next=address)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).netloc == ""
    assert answer.headers["Location"].startswith(("/hub/spawn", "/%5C"))


def test_a_login_leads_to_where_its_person_wanted_to_go(
    browser: Browser, invited: NewInvitation
) -> None:
    browser.accept(invited.token)
    other = Browser(browser.hub)
    answer = other.log_in("cot-01", PASSWORD, next="/hub/home?a=b")
    assert answer.headers["Location"] == "/hub/home?a=b"
    answer = Browser(browser.hub).log_in("cot-01", PASSWORD, username="stays-behind")
    assert answer.headers["Location"] == "/hub/spawn"


def test_a_form_without_its_xsrf_token_is_shown_again_and_does_nothing(
    hub: RunningHub, browser: Browser, invited: NewInvitation
) -> None:
    fields = {"token": invited.token, "password": PASSWORD, "language": "fr", "_xsrf": "stale"}
    browser.get("/hub/invitation", token=invited.token)
    answer = browser.send("/hub/invitation", **fields)
    assert answer.status_code == 403
    assert page(answer)["errors"] == {"password": handlers.EXPIRED_FORM.text}
    answer = browser.send("/hub/login", username="cot-01", password=PASSWORD, _xsrf="stale")
    assert (answer.status_code, page(answer)["error"]) == (403, handlers.EXPIRED_FORM.text)
    assert page(answer)["username"] == "cot-01"
    code = browser.send("/hub/invitation", code=invited.code, _xsrf="stale")
    assert (code.status_code, page(code)["error"]) == (403, handlers.EXPIRED_FORM.text)
    del fields["_xsrf"]
    assert browser.send("/hub/invitation", **fields).status_code == 303, "nothing was used up"


def test_pages_with_a_token_in_their_address_are_not_kept_nor_told(
    browser: Browser, invited: NewInvitation
) -> None:
    answer = browser.get("/hub/invitation", token=invited.token)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "strict-origin"


def test_the_rest_api_takes_no_password_and_creates_nobody(
    hub: RunningHub, browser: Browser, invited: NewInvitation
) -> None:
    browser.accept(invited.token)
    api = f"{hub.url}/hub/api/users"
    body = {"auth": {"username": "cot-01", "password": PASSWORD}}
    assert requests.post(f"{api}/cot-01/tokens", json=body, timeout=20).status_code == 403
    admin = {"Authorization": "token " + "a" * 40}
    assert requests.post(f"{api}/nobody", headers=admin, timeout=20).status_code == 400
    known = requests.get(f"{api}/cot-01", headers=admin, timeout=20).json()
    assert (known["admin"], sorted(known["groups"])) == (False, ["2027a-test", "participant"])
    assert known["roles"] == ["user"]
    assert known["user_info"] == {
        "name": "Afí Ɖossou",
        "display_name": "Afí Ɖossou",
        "initials": "AƉ",
    }


def test_the_roster_takes_back_what_it_gave(
    start_hub: StartHub, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("shrinking")
    write_roster(folder)
    hub = start_hub(folder, EXTRA)
    removed, demoted = Browser(hub), Browser(hub)
    assert removed.accept(invite(hub, "cot-01").token).status_code == 303
    assert demoted.accept(invite(hub, "cot-04").token).status_code == 303
    admin = {"Authorization": "token " + "a" * 40}
    url = f"{hub.url}/hub/api/users"
    assert requests.get(f"{url}/cot-04", headers=admin, timeout=20).json()["admin"] is True
    made = requests.post(f"{url}/cot-01/tokens", headers=admin, json={}, timeout=20)
    own = {"Authorization": f"token {made.json()['token']}"}
    hub.stop()

    without = "".join(line for line in ROSTER.splitlines(True) if "cot-01" not in line)
    write_roster(folder, without.replace(",admin,", ",instructor,"))
    again = start_hub(folder, EXTRA)
    removed.hub = demoted.hub = again
    assert removed.get("/hub/home").status_code == 302, "the cookie no longer opens anything"
    assert removed.log_in("cot-01", PASSWORD).status_code == 403
    answer = requests.get(f"{again.url}/hub/api/user", headers=own, timeout=20)
    assert answer.status_code == 403, "nor does a token"
    assert demoted.get("/hub/token").status_code == 200
    url = f"{again.url}/hub/api/users/cot-04"
    known = requests.get(url, headers=admin, timeout=20).json()
    assert (known["admin"], "admin" in known["roles"]) == (False, False)
    assert "Traceback" not in "".join(again.log)


def test_the_language_that_was_chosen_is_kept(
    hub: RunningHub, browser: Browser, invited: NewInvitation, people: People
) -> None:
    browser.accept(invited.token, language="en")
    kept = People(people.cohorts, hub.folder / "people.db")
    assert kept.language("cot-01") is Language.EN
    assert (
        page(Browser(hub).get("/hub/invitation", token=invite(hub, "cot-01").token))["chosen"]
        == "en"
    )


@pytest.fixture(scope="module", autouse=True)
def nothing_personal_is_logged(hub: RunningHub) -> Iterator[None]:
    """After all tests of this file: what they typed, and who people are, is nowhere in the hub's log."""
    yield
    written = "".join(hub.log)
    assert "User logged in: cot-01" in written
    assert "Failed login for cot-01" in written
    for secret in (*SECRETS_TYPED, "Ɖossou", "example.org", "stale"):
        assert secret not in written
    assert "[secret]" in written


def test_a_password_in_the_wrong_field_is_not_logged(browser: Browser) -> None:
    assert browser.log_in("my-secret-in-the-wrong-field", "").status_code == 403
