"""What people ask of their own server on their page: sent on, written down, and told at home."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from hub.journal import Cause, SavePoint, Workspace
from hub.servers import Unanswered
from hub.web.pages import TODAY
from hub.web.today_said import SAID

from .board.conftest import HEAD, NOTEBOOK, OLD, Site, board, visit, workspace
from .conftest import HUB

__all__ = ["board"]

ME, OTHER = "one-01", "one-02"
POINT = SavePoint(id="20270302T083001", at=datetime(2027, 3, 2, 8, 30, 1, tzinfo=UTC))


@pytest.fixture
def site(board: Site) -> Site:
    """Day 1 is out; my server runs, and so does another person's."""
    for name, user in board.users.items():
        user.spawner = SimpleNamespace(ready=name in {ME, OTHER})
    addresses = [(f"{HUB.rstrip('/')}{path}", kind) for path, kind in TODAY]
    board.application.add_handlers(".*$", addresses)
    board.journal.told(ME, now(save_points=(POINT,)))
    return board


def now(commit: str = OLD, **more: Any) -> Workspace:
    """A workspace as a server tells of it."""
    return workspace(commit).model_copy(update=more)


def answers(site: Site, what: str, answer: Workspace | dict[str, Any] | Unanswered) -> None:
    """What my server will say."""
    told = answer.model_dump(mode="json") if isinstance(answer, Workspace) else answer
    site.servers.answers[ME, what] = told


def press(site: Site, what: str, by: str = ME, **fields: str) -> HTTPResponse:
    """Send a form of the page."""
    return visit(site, f"today/{what}", by, **(fields or {"_": ""}))


def said(answer: HTTPResponse) -> str:
    """What home will say."""
    assert answer.code == 303
    address, _, key = answer.headers["Location"].partition("?said=")
    assert address == f"{HUB}home"
    assert key in SAID
    return str(key)


def test_updates_are_fetched_written_down_and_told(site: Site) -> None:
    answers(site, "sync", now(HEAD, arrived=(NOTEBOOK,)))
    assert said(press(site, "updates")) == "came"
    assert site.servers.asked == [(ME, "sync", {})]
    kept = site.journal.workspace(ME)
    assert kept is not None
    assert kept.commit == HEAD
    assert said(press(site, "updates")) == "nothing-new"


@pytest.mark.parametrize(
    ("outcome", "key", "cause"),
    [("out of room", "no-room", Cause.NO_ROOM), ("not synced", "not-synced", Cause.NOT_SYNCED)],
)
def test_updates_that_did_not_come_in_are_trouble(
    site: Site, outcome: str, key: str, cause: Cause
) -> None:
    answers(site, "sync", now(OLD, outcome=outcome))
    assert said(press(site, "updates")) == key
    assert site.journal.troubles()[ME].cause is cause


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (None, "silent"),
        (503, "silent"),
        (424, "off"),
        (409, "in-the-way"),
        (507, "no-room"),
        (500, "refused"),
        (404, "refused"),
    ],
)
def test_a_server_that_does_not_do_it_is_told(site: Site, status: int | None, key: str) -> None:
    answers(site, "sync", Unanswered("", status))
    assert said(press(site, "updates")) == key
    kept = site.journal.workspace(ME)
    assert kept is not None
    assert kept.commit == OLD


@pytest.mark.parametrize("answer", [{}, {"commit": "x"}, {"commit": HEAD, "outcome": "o" * 41}])
def test_what_a_server_babbles_is_not_written_down(site: Site, answer: dict[str, Any]) -> None:
    answers(site, "sync", answer)
    before = site.journal.workspace(ME)
    assert said(press(site, "updates")) == "refused"
    assert site.journal.workspace(ME) == before


def test_the_original_opens_beside_mine(site: Site) -> None:
    answers(site, "original", {"path": "fr/day1/03-svd__original é.ipynb"})
    answer = press(site, "original", path=NOTEBOOK)
    assert answer.code == 303
    inside = "course/fr/day1/03-svd__original%20%C3%A9.ipynb"
    assert answer.headers["Location"] == f"/user/{ME}/lab/tree/{inside}"
    assert site.servers.asked == [(ME, "original", {"path": NOTEBOOK})]


@pytest.mark.parametrize("path", ["../../hub/logout", "//example.org/", "/", "", None, 3])
def test_a_server_leads_nowhere_else(site: Site, path: object) -> None:
    answers(site, "original", {"path": path})
    assert said(press(site, "original", path=NOTEBOOK)) == "refused"


@pytest.mark.parametrize(
    "path", ["", "fr/day2/01.ipynb", "../.ssh/id", "fr/day1/solutions/1.ipynb"]
)
def test_there_is_an_original_only_of_what_is_open(site: Site, path: str) -> None:
    assert said(press(site, "original", path=path)) == "no-notebook"
    assert site.servers.asked == []


def test_an_original_that_the_server_lacks_is_told(site: Site) -> None:
    answers(site, "original", Unanswered("", 404))
    assert said(press(site, "original", path=NOTEBOOK)) == "no-notebook"


def test_going_back_is_asked_first_and_then_done(site: Site) -> None:
    listed = visit(site, "today/save-points", ME)
    assert f"today/return?save_point={POINT.id}" in listed.body.decode()
    asked = visit(site, f"today/return?save_point={POINT.id}", ME, language="fr")
    assert "Rien n’est perdu" in asked.body.decode()
    assert site.servers.asked == []
    answers(site, "return", now(HEAD))
    assert said(press(site, "return", save_point=POINT.id)) == "returned"
    assert site.servers.asked == [(ME, "return", {"save_point": POINT.id})]
    kept = site.journal.workspace(ME)
    assert kept is not None
    assert kept.commit == HEAD


@pytest.mark.parametrize("identifier", ["", "20270302T083002", "../x", POINT.id + "-1"])
def test_there_is_no_way_back_to_what_is_no_save_point_of_mine(site: Site, identifier: str) -> None:
    assert said(press(site, "return", save_point=identifier)) == "no-save-point"
    assert said(visit(site, f"today/return?save_point={identifier}", ME)) == "no-save-point"
    assert said(press(site, "return", by=OTHER, save_point=POINT.id)) == "no-save-point"
    assert site.servers.asked == []


@pytest.mark.parametrize(
    ("what", "fields"),
    [("updates", {}), ("original", {"path": NOTEBOOK}), ("return", {"save_point": POINT.id})],
)
def test_a_server_that_rests_is_not_asked(site: Site, what: str, fields: dict[str, str]) -> None:
    site.users[ME].spawner.ready = False
    assert said(press(site, what, **fields)) == "off"
    assert site.servers.asked == []


@pytest.mark.parametrize("what", ["updates", "original", "return"])
def test_whoever_is_not_logged_in_goes_to_log_in(site: Site, what: str) -> None:
    answer = press(site, what, by="nobody")
    assert answer.code in {302, 403}
    assert site.servers.asked == []


@pytest.mark.parametrize("what", ["updates", "original"])
def test_whoever_opens_a_forms_address_goes_home(site: Site, what: str) -> None:
    answer = visit(site, f"today/{what}", ME)
    assert (answer.code, answer.headers["Location"]) == (303, f"{HUB}home")


def test_save_points_are_only_looked_at(site: Site) -> None:
    assert press(site, "save-points").code == 405
