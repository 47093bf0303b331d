"""One person on the board, and a copy of their notebook."""

from typing import Any

import pytest

from hub.journal import Cause
from hub.servers import Unanswered

from .conftest import NOTEBOOK, OLD, Site, text, visit, workspace

COPY = "copies/one/one-01/fr-day1-03-svd.ipynb"
CONTENT = {"cells": [], "nbformat": 4}


@pytest.fixture
def worked(board: Site) -> Site:
    """Somebody has worked, and their server and the instructor's run."""
    board.journal.told("one-01", workspace(beside="fr/day1/03-svd__original.ipynb"))
    board.run("one-01", "one-80")
    board.servers.answers["one-01", "read"] = {"content": CONTENT}
    return board


def test_it_says_how_the_notebooks_stand(worked: Site) -> None:
    page = text(visit(worked, "board/one/one-01", "one-80"))
    assert "Afí Ɖossou one-01 · up to date" in page
    assert "La SVD fr/day1/03-svd.ipynb changed by them kept theirs, ours beside it" in page
    assert page.index("La SVD") < page.index("Vecteurs")  # what was worked on comes first
    assert "never opened" in page
    assert "The SVD" not in page  # which they do not have
    assert "modifié" in text(visit(worked, "board/one/one-01", "one-80", language="fr"))


def test_a_copy_goes_from_their_server_into_mine_and_opens_there(worked: Site) -> None:
    answer = visit(worked, "board/one/one-01", "one-80", path=NOTEBOOK)
    assert (answer.code, answer.headers["Location"]) == (303, f"/user/one-80/lab/tree/{COPY}")
    assert worked.servers.asked == [
        ("one-01", "read", {"path": NOTEBOOK}),
        ("one-80", "copy", {"name": COPY, "content": CONTENT}),
    ]


@pytest.mark.parametrize("path", ["", "../secret.ipynb", "en/day1/03-svd.ipynb"])
def test_only_a_notebook_that_is_there_can_be_copied(path: str, worked: Site) -> None:
    assert visit(worked, "board/one/one-01", "one-80", path=path).code == 400
    assert worked.servers.asked == []


@pytest.mark.parametrize(
    ("running", "said"),
    [
        (["one-01"], "Your own server does not run. Open it from your page"),
        (["one-80"], "This person’s server does not run. Ask them to open it"),
    ],
)
def test_whoever_has_to_start_a_server_is_named(
    running: list[str], said: str, worked: Site
) -> None:
    worked.run(*running)
    answer = visit(worked, "board/one/one-01", "one-80", path=NOTEBOOK)
    assert answer.code == 409
    assert said in text(answer)
    assert worked.servers.asked == []


@pytest.mark.parametrize(
    ("who", "what", "status", "said"),
    [
        ("one-01", "read", None, "Their server did not answer"),
        ("one-01", "read", 404, "is not in their server any more"),
        ("one-01", "read", 409, "too large to be copied"),
        ("one-80", "copy", 507, "Your own workspace is full."),
        ("one-80", "copy", None, "Your own server did not take the copy"),
    ],
)
def test_a_server_that_refuses_is_told_beside_the_notebook(
    who: str, what: str, status: int | None, said: str, worked: Site
) -> None:
    worked.servers.answers[who, what] = Unanswered("", status)
    answer = visit(worked, "board/one/one-01", "one-80", path=NOTEBOOK)
    page = answer.body.decode()
    assert answer.code == 409
    assert page.index("La SVD") < page.index(said) < page.index("Vecteurs")


def test_nobody_of_this_name_is_in_the_cohort(board: Site) -> None:
    assert visit(board, "board/one/two-01", "one-90").code == 404


def test_a_server_that_has_told_nothing_is_said_to_have(board: Site) -> None:
    assert "has not reported any notebook yet" in text(visit(board, "board/one/one-01", "one-80"))


def test_trouble_is_shown_with_its_cause(worked: Site) -> None:
    worked.journal.told("one-01", workspace(OLD))
    worked.journal.failed("one-01", Cause.REFUSED)
    page = text(visit(worked, "board/one/one-01", "one-80"))
    assert "in trouble" in page
    assert "The server answered with an error." in page


@pytest.mark.parametrize("answer", [{}, {"content": "x"}, {"content": None}, ["content"]])
def test_what_is_no_notebook_is_not_copied(answer: Any, worked: Site) -> None:
    worked.servers.answers["one-01", "read"] = answer
    page = text(visit(worked, "board/one/one-01", "one-80", path=NOTEBOOK))
    assert "Their server did not answer as it should." in page
    assert [what for _, what, _ in worked.servers.asked] == ["read"]
