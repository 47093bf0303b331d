"""Logging in at a real hub process, over HTTP, as a browser does."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from hub.login import handlers
from hub.login.store import NewInvitation
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
