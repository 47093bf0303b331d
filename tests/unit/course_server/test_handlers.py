"""The addresses below ``course/``: what they answer, and what they do not do."""

import asyncio
import errno
import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import IncompleteRead
from pathlib import Path

import pytest
from course_server import course as course_module
from course_server import files

from .rehearsal import KEY, SVD, Answer, Server, hub_running, server_running
from .standins import RELEASED, Work


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


# --- sync and state --------------------------------------------------------------------------------


def test_a_sync_answers_with_the_workspace(server: Server, work: Work) -> None:
    work.arrives = (SVD,)
    work.notebooks = {SVD: {"new": True}}
    found = server.ask("sync", {}, KEY).json
    assert found["commit"] == RELEASED
    assert (found["outcome"], found["arrived"]) == ("updated", [SVD])
    assert found["notebooks"] == {SVD: {"new": True}}
    assert server.ask("state", token=KEY).json == found


def test_what_arrived_last_is_told_until_something_else_does(server: Server, work: Work) -> None:
    work.arrives = (SVD,)
    server.ask("sync", {}, KEY)
    work.arrives = ()
    assert server.ask("sync", {}, KEY).json["arrived"] == [SVD]


def test_before_any_sync_the_workspace_is_not_synced(server: Server, work: Work) -> None:
    found = server.ask("state", token="owner").json
    assert (found["outcome"], found["arrived"]) == ("not synced", [])
    assert work.syncs == 0


def test_a_sync_that_fails_says_so_and_the_next_one_works(server: Server, work: Work) -> None:
    work.fails = RuntimeError("git")
    assert server.ask("sync", {}, KEY).json["outcome"] == "not synced"
    assert work.told == [work.fails]  # in the log
    work.fails = None
    assert server.ask("sync", {}, KEY).json["outcome"] == "updated"


def two_syncs(server: Server, work: Work, pool: ThreadPoolExecutor) -> list[Future[Answer]]:
    """The second is asked for while the first is under way."""
    work.may_end.clear()
    first = pool.submit(server.ask, "sync", {}, KEY)
    assert work.under_way.wait(10)
    second = pool.submit(server.ask, "sync", {}, KEY)
    server.wait_until(lambda: len(server.served.course._under_way) == 2)
    return [first, second]


def test_a_second_sync_waits_and_has_nothing_to_do(
    server: Server, work: Work, pool: ThreadPoolExecutor
) -> None:
    both = two_syncs(server, work, pool)
    work.may_end.set()
    assert [one.result().json["commit"] for one in both] == [RELEASED, RELEASED]
    assert (work.syncs, work.most_at_once) == (1, 1)


def test_a_second_sync_brings_what_was_released_meanwhile(
    server: Server, work: Work, pool: ThreadPoolExecutor
) -> None:
    work.leaves_behind = "b" * 40
    both = two_syncs(server, work, pool)
    work.may_end.set()
    for one in both:
        one.result()
    assert (work.syncs, work.most_at_once) == (2, 1)


def test_the_server_answers_while_it_syncs(
    server: Server, work: Work, pool: ThreadPoolExecutor
) -> None:
    work.may_end.clear()
    first = pool.submit(server.ask, "sync", {}, KEY)
    assert work.under_way.wait(10)
    assert server.ask("news", token="owner").status == 200
    work.may_end.set()
    assert first.result().status == 200


def test_who_waits_too_long_is_told_so_and_the_work_goes_on(
    server: Server, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course_module, "PATIENCE", 0.05)
    work.may_end.clear()
    answer = server.ask("sync", {}, KEY)
    assert answer.status == 409
    assert "Recommencez dans une minute" in answer.json["message"]
    monkeypatch.setattr(course_module, "PATIENCE", 10)
    work.may_end.set()
    assert server.ask("state", token=KEY).json["outcome"] == "updated"


# --- original, return ------------------------------------------------------------------------------


def test_the_original_is_put_beside(server: Server, work: Work) -> None:
    answer = server.ask("original", {"path": SVD}, "owner")
    assert answer.json == {"path": "fr/day1/03-svd__original.ipynb"}


@pytest.mark.parametrize(
    ("what", "told"),
    [("original", {"path": "fr/day9/x.ipynb"}), ("return", {"save_point": "20200101T000000"})],
)
def test_what_there_is_not_is_not_found(
    server: Server, work: Work, what: str, told: dict[str, str]
) -> None:
    answer = server.ask(what, told, KEY)
    assert answer.status == 404
    assert answer.json["message"]


def test_a_return_answers_with_the_workspace(server: Server, work: Work) -> None:
    found = server.ask("return", {"save_point": "20270302T083001"}, "owner")
    assert (found.status, found.json["save_points"]) == (200, [])


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507, "Votre espace est plein"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 507, "Votre espace est plein"),
        (OSError(errno.EIO, "Input/output error", "/home/private.ipynb"), 500, "prévenez l’équipe"),
        (ValueError("private.ipynb"), 500, "prévenez l’équipe"),
    ],
)
def test_what_goes_wrong_is_said_without_its_details(
    server: Server,
    work: Work,
    error: Exception,
    status: int,
    words: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    work.fails = error
    answer = server.ask("original", {"path": SVD}, KEY)
    assert answer.status == status
    assert words in answer.json["message"]
    assert "private" not in capfd.readouterr().err
    assert len(work.told) == (status == 500)


# --- bodies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("original", b""),
        ("original", b"{"),
        ("original", b"[]"),
        ("original", b"\xff"),
        ("original", b"[" * 60_000),
        ("original", b'{"path": 1}'),
        ("return", b'{"save_point": null}'),
        ("announce", b'{"id": true, "at": "", "text": "x"}'),
        ("announce", b'{"id": 1, "at": ""}'),
        ("announce", b'{"id": 1, "at": "", "text": "%s"}' % (b"x" * 1001)),
        ("copy", b'{"name": "copies/x.ipynb", "content": []}'),
        ("read", b"{}"),
    ],
)
def test_a_body_that_is_not_what_it_should_be(
    server: Server, work: Work, what: str, body: bytes
) -> None:
    answer = server.ask(what, raw=body, token=KEY)
    assert answer.status == 400
    assert "mal formée" in answer.json["message"]


def test_a_body_that_is_too_large(server: Server, work: Work) -> None:
    body = json.dumps({"path": SVD, "more": "x" * 64 * 1024}).encode()
    assert server.ask("original", raw=body, token=KEY).status == 400
    assert server.ask("copy", raw=b"x" * (files.LARGEST + 64 * 1024 + 1), token=KEY).status == 400


def test_errors_are_in_the_persons_language(tmp_path: Path) -> None:
    with hub_running() as hub, server_running(tmp_path / "home", hub, "en_GB.UTF-8") as server:
        told = server.ask("read", {"path": "x.ipynb"}, KEY).json
        assert told == {"message": "There is no notebook of this name in the course."}


# --- the zip ---------------------------------------------------------------------------------------


def test_the_zip_is_sent_while_it_is_made(server: Server, work: Work) -> None:
    answer = server.ask("work.zip", token="owner")
    assert answer.headers["Content-Type"] == "application/zip"
    assert 'filename="work.zip"' in answer.headers["Content-Disposition"]
    assert answer.body == b"fr" * 2**19 * 8


def test_a_zip_that_fails_half_way_is_not_taken_for_whole(server: Server, work: Work) -> None:
    work.fails = OSError(errno.EIO, "Input/output error")
    with pytest.raises(IncompleteRead):
        server.ask("work.zip", token="owner")
    server.wait_until(lambda: len(work.told) == 1)


def test_a_zip_that_cannot_begin_is_an_error(
    server: Server, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "parts", 0)
    work.fails = OSError(errno.EIO, "Input/output error")
    answer = server.ask("work.zip", token="owner")
    assert answer.status == 500
    assert "prévenez l’équipe" in answer.json["message"]


def test_the_zip_of_somebody_who_leaves_ends(server: Server, work: Work) -> None:
    work.parts = 1000

    async def leave() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        path = "/user/cot-07/course/work.zip"
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: token owner\r\n\r\n"
        writer.write(request.encode())
        await reader.read(1000)
        writer.transport.abort()

    asyncio.run(leave())
    assert work.has_ended.wait(10)
    assert work.written < work.parts
    assert server.ask("state", token=KEY).status == 200
