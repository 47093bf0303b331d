"""Logging in at a real hub process, over HTTP, as a browser does."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from hub.login import handlers
from hub.login.store import NewInvitation, Store
from tests.unit.hub.login.browser import IN_THE_WRONG_FIELD, PASSWORD, WRONG, Browser, invite, page
from tests.unit.hub.login.running import PASSWORDS, ROSTER, RunningHub, StartHub, write_roster


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


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_login_never_leads_to_another_site(
    hub: RunningHub, browser: Browser, invited: NewInvitation, address: str
) -> None:
    browser.accept(invited.token)
    answer = Browser(hub).log_in("cot-01", PASSWORD, next=address)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).netloc == ""
    assert answer.headers["Location"] in ("/hub/spawn", "/hub/home")


@pytest.mark.parametrize(
    "address",
    ["/user/cot-02/", "/%75ser/cot-02/x", "/hub/../user/cot-02/x", "/user/cot-01/../cot-02/x"],
)
def test_a_login_never_leads_into_somebody_elses_server(
    hub: RunningHub, invited: NewInvitation, address: str
) -> None:
    """What answers there is theirs, and may look like our login page."""
    Browser(hub).accept(invited.token)
    answer = Browser(hub).log_in("cot-01", PASSWORD, next=address)
    assert answer.headers["Location"] == "/hub/home"
    own = Browser(hub).log_in("cot-01", PASSWORD, next="/user/cot-01/lab/tree/a%20b?x=1")
    assert own.headers["Location"] == "/user/cot-01/lab/tree/a%20b?x=1"


def test_a_password_that_is_very_long_is_wrong_and_costs_nothing(
    hub: RunningHub, invited: NewInvitation
) -> None:
    """To normalise 70 000 accents takes ten seconds, in which the whole hub stands still."""
    Browser(hub).accept(invited.token)
    answer = Browser(hub).log_in("cot-01", "a" + "\u0301" * 35_000 + "\u0316" * 35_000)
    assert answer.status_code == 403
    assert answer.elapsed.total_seconds() < 2
    answer = Browser(hub).accept(invite(hub, "cot-01").token, "\u0301" * 35_000 + "\u0316" * 35_000)
    assert answer.status_code == 400
    assert answer.elapsed.total_seconds() < 2


def test_nobody_chooses_the_address_that_they_are_counted_by(
    hub: RunningHub, invited: NewInvitation
) -> None:
    Browser(hub).accept(invited.token)
    attacker = Browser(hub)
    answers = []
    for number in range(4):
        attacker.session.headers["X-Real-Ip"] = f"198.51.100.{number}"
        answers.append(attacker.log_in("cot-01", WRONG).status_code)
    assert answers == [403, 403, 403, 429]


def test_a_user_name_that_is_given_again_opens_nothing_to_who_had_it(
    start_hub: StartHub, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("first")
    write_roster(folder)
    first = start_hub(folder, PASSWORDS)
    earlier = Browser(first)
    assert earlier.accept(invite(first, "cot-01").token).status_code == 303
    open_still = invite(first, "cot-01")
    later = tmp_path_factory.mktemp("later")
    copy_state(folder, later)
    write_roster(later, ROSTER.replace("afi@example.org", "another@example.org"))
    again = start_hub(later, PASSWORDS)
    earlier.hub = again
    assert earlier.get("/hub/token").status_code == 302
    assert Browser(again).log_in("cot-01", PASSWORD).status_code == 403
    assert Browser(again).get("/hub/invitation", token=open_still.token).status_code == 410
    assert Store(later).with_password() == set()


def test_a_login_leads_to_where_its_person_wanted_to_go(
    browser: Browser, invited: NewInvitation
) -> None:
    browser.accept(invited.token)
    other = Browser(browser.hub)
    answer = other.log_in("cot-01", PASSWORD, next="/hub/home?a=b")
    assert answer.headers["Location"] == "/hub/home?a=b"
    answer = Browser(browser.hub).log_in("cot-01", PASSWORD, username="stays-behind")
    assert answer.headers["Location"] == "/hub/spawn"


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
    hub: RunningHub, start_hub: StartHub, tmp_path_factory: pytest.TempPathFactory
) -> None:
    removed, demoted = Browser(hub), Browser(hub)
    assert removed.accept(invite(hub, "cot-01").token).status_code == 303
    assert demoted.accept(invite(hub, "cot-04").token).status_code == 303
    admin = {"Authorization": "token " + "a" * 40}
    url = f"{hub.url}/hub/api/users"
    assert requests.get(f"{url}/cot-04", headers=admin, timeout=20).json()["admin"] is True
    made = requests.post(f"{url}/cot-01/tokens", headers=admin, json={}, timeout=20)
    own = {"Authorization": f"token {made.json()['token']}"}

    folder = tmp_path_factory.mktemp("changed-roster")
    copy_state(hub.folder, folder)
    without = "".join(line for line in ROSTER.splitlines(True) if "cot-01" not in line)
    write_roster(folder, without.replace(",admin,", ",instructor,"))
    again = start_hub(folder, PASSWORDS)
    removed.hub = demoted.hub = again
    assert removed.get("/hub/home").status_code == 302, "the cookie no longer opens anything"
    assert removed.log_in("cot-01", PASSWORD).status_code == 403
    answer = requests.get(f"{again.url}/hub/api/user", headers=own, timeout=20)
    assert answer.status_code == 403, "nor does a token"
    assert demoted.get("/hub/token").status_code == 200
    url = f"{again.url}/hub/api/users/cot-04"
    known = requests.get(url, headers=admin, timeout=20).json()
    assert (known["admin"], "admin" in known["roles"]) == (False, False)
    written = again.stop()
    assert "Failed login for nobody we know" in written
    assert "User logged in: cot-01" not in written
    assert "Traceback" not in written


def copy_state(source: Path, target: Path) -> None:
    """What a hub remembers, as a backup would have it."""
    for name in ("jupyterhub_cookie_secret", "login.key"):
        shutil.copy(source / name, target)
    for name in ("jupyterhub.sqlite", "login.db"):
        with (
            closing(sqlite3.connect(source / name)) as live,
            closing(sqlite3.connect(target / name)) as copy,
        ):
            live.backup(copy)


def test_a_password_in_the_wrong_field_is_a_failed_login(browser: Browser) -> None:
    assert browser.log_in(IN_THE_WRONG_FIELD, "").status_code == 403
