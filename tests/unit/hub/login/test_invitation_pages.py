"""Following an invitation at a real hub process, over HTTP, as a browser does."""

import threading
from pathlib import Path

from hub.i18n import Language
from hub.login import handlers, invitation
from hub.login.store import NewInvitation
from hub.login.tokens import grouped, new_code, new_token
from hub.people import People
from tests.unit.hub.login.browser import PASSWORD, WRONG, Browser, invite, page
from tests.unit.hub.login.running import PASSWORDS, RunningHub, StartHub, write_roster


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
    typed = f" {grouped(invited.code).lower()} "
    browser.get("/hub/invitation")
    answer = browser.send("/hub/invitation", code=typed)
    assert answer.status_code == 200
    assert (page(answer)["name"], page(answer)["token"]) == ("Afí Ɖossou", typed.strip())
    fields = {"token": typed, "password": PASSWORD, "language": "fr"}
    assert browser.send("/hub/invitation", **fields).status_code == 303


def test_a_code_is_in_no_address_and_a_get_guesses_none(hub: RunningHub) -> None:
    """A picture in a page that somebody of the room opens would otherwise slow all of them down."""
    browser, neighbour = Browser(hub), Browser(hub)
    neighbour.session.headers["X-Forwarded-For"] = browser.session.headers["X-Forwarded-For"]
    invited = invite(hub, "cot-02")
    for code in [invited.code, *(new_code() for _ in range(12))]:
        assert browser.get("/hub/invitation", token=code).status_code == 410
        assert browser.send("/hub/invitation", token=code, _xsrf="stale").status_code == 403
    neighbour.get("/hub/invitation")
    answer = neighbour.send("/hub/invitation", code=invited.code)
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() < 1, "nobody is held"


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


def test_codes_cannot_be_guessed_fast_and_nobody_is_refused(
    hub: RunningHub, browser: Browser
) -> None:
    invited = invite(hub, "cot-02")
    browser.get("/hub/invitation")
    tries = [browser.send("/hub/invitation", code=new_code()) for _ in range(10)]
    assert [answer.status_code for answer in tries] == [400] * 10
    answer = browser.send("/hub/invitation", code=invited.code)
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 1


def test_a_new_password_puts_out_whoever_came_in_before(hub: RunningHub) -> None:
    """A slip that was lost is used by a stranger; the owner asks for another, which is the remedy we name."""
    stranger, owner = Browser(hub), Browser(hub)
    assert stranger.accept(invite(hub, "cot-02").token, WRONG).status_code == 303
    assert stranger.get("/hub/token").status_code == 200
    assert owner.accept(invite(hub, "cot-02").token).status_code == 303
    assert owner.get("/hub/token").status_code == 200
    assert stranger.get("/hub/token").status_code == 302
    assert stranger.get("/hub/login").status_code == 200


def test_the_form_of_an_invitation_that_cannot_be_used_is_not_shown_again(
    browser: Browser, invited: NewInvitation
) -> None:
    browser.accept(invited.token)
    answer = browser.send("/hub/invitation", token=invited.token, password=PASSWORD, _xsrf="stale")
    assert (answer.status_code, page(answer)["page"]) == (403, "invitation_code")


def test_when_something_fails_the_log_has_no_link(start_hub: StartHub, tmp_path: Path) -> None:
    write_roster(tmp_path)
    hub = start_hub(tmp_path, PASSWORDS)
    invited = invite(hub, "cot-01")
    (tmp_path / "login.db").write_bytes(b"damaged" * 1000)
    for side in tmp_path.glob("login.db-*"):
        side.unlink()
    assert Browser(hub).get("/hub/invitation", token=invited.token).status_code == 500
    written = hub.stop()
    assert "Traceback" in written
    assert invited.token not in written


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
