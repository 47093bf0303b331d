"""A site that follows another repository: the same gate, only forwards, nothing lost."""

import asyncio
import hmac
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.testing import bind_unused_port

from hub.delivery.follow import FOLLOWER, Follower
from hub.delivery.listening import server_of
from hub.delivery.sources import HOOK
from hub.journal import Verdict
from tests.unit.hub.delivery.site import PREFIX, ROOT, PushSite, git

SECRET = "between us"
RECORD = "#!/bin/sh\nread old new name\necho $REMOTE_USER $new >> {file}\nexit {code}\n"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A repository of the team's, with one commit."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    git("init", "-q", "-b", "main", cwd=folder)
    change(folder, "one")
    return folder


def change(folder: Path, text: str, *more: str) -> str:
    """A commit there."""
    (folder / "file").write_text(text, "utf-8")
    git("add", ".", cwd=folder)
    assert git("commit", "-q", "-m", text, *more, cwd=folder).returncode == 0
    return git("rev-parse", "HEAD", cwd=folder).stdout.strip()


@pytest.fixture
def site(tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> PushSite:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    follow = {"url": f"file://{elsewhere}", "secret": SECRET, "every_seconds": 3600}
    site = PushSite(tmp_path / "site", follow=follow)
    monkeypatch.setenv("HUB_SETTINGS", str(site.file))
    return site


def gate_that(site: PushSite, code: int) -> Path:
    """A hook of the test's; the file in which it writes down who pushed what."""
    record = site.folder / "record"
    hook = site.sources.folder / "hooks" / HOOK
    hook.write_text(RECORD.format(file=record, code=code), "utf-8")
    return record


def look(site: PushSite, times: int = 1) -> None:
    """Fetch, and push what is new."""

    async def looks() -> None:
        follower = Follower(site.settings, site.sources, site.journal, site._has_moved)
        for _ in range(times):
            assert site.settings.follow
            await follower.once(site.settings.follow)

    asyncio.run(looks())


def test_what_is_new_there_comes_through_the_gate(site: PushSite, elsewhere: Path) -> None:
    record = gate_that(site, 0)
    look(site, times=2)
    second = change(elsewhere, "two")
    look(site)
    assert site.sources.head() == second
    assert [line.split()[0] for line in record.read_text("ascii").splitlines()] == [FOLLOWER] * 2
    assert site.moved == 2


def test_what_the_gate_refuses_changes_nothing_and_is_not_judged_again(
    site: PushSite, elsewhere: Path
) -> None:
    gate_that(site, 1)
    head = git("rev-parse", "HEAD", cwd=elsewhere).stdout.strip()
    look(site)
    assert site.sources.head() is None
    number = site.journal.gate_begins(head, FOLLOWER)  # as the real gate writes it down
    site.journal.gate_ends(number, Verdict.REFUSED)
    record = gate_that(site, 0)
    record.unlink()
    look(site)
    assert not record.exists()


def test_what_passed_and_did_not_land_is_pushed_again(site: PushSite, elsewhere: Path) -> None:
    head = git("rev-parse", "HEAD", cwd=elsewhere).stdout.strip()
    number = site.journal.gate_begins(head, FOLLOWER)
    site.journal.gate_ends(number, Verdict.PASSED)
    gate_that(site, 0)
    look(site)
    assert site.sources.head() == head


def test_a_look_that_fails_ends_nothing(site: PushSite, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = asyncio.Event()

    async def fail(self: Follower, follow: object) -> None:
        looked.set()
        raise sqlite3.OperationalError("database or disk is full")

    async def runs() -> bool:
        running = asyncio.create_task(
            Follower(site.settings, site.sources, site.journal, site._has_moved).run()
        )
        await asyncio.wait_for(looked.wait(), 20)
        await asyncio.sleep(0)
        alive = not running.done()
        running.cancel()
        return alive

    monkeypatch.setattr(Follower, "once", fail)
    assert asyncio.run(runs())


def test_a_branch_that_was_rewritten_is_told_by_the_real_gate_and_moves_nothing(
    site: PushSite, elsewhere: Path
) -> None:
    gate_that(site, 0)
    change(elsewhere, "two")
    look(site)
    before = site.sources.head()
    change(elsewhere, "another two", "--amend")
    site.sources.create()  # the real hook
    look(site)
    assert site.sources.head() == before
    gate = site.journal.last_gate()
    assert gate is not None
    assert (gate.by, gate.verdict) == (FOLLOWER, Verdict.REFUSED)
    assert "réécrirait l’historique" in gate.lines[0]


def test_a_repository_that_cannot_be_reached_is_told_once(site: PushSite, elsewhere: Path) -> None:
    elsewhere.rename(elsewhere.with_name("away"))
    look(site, times=3)
    gate = site.journal.last_gate()
    assert gate is not None
    assert (gate.id, gate.verdict) == (1, Verdict.BROKEN)
    assert f"file://{elsewhere}" in gate.lines[0]
    assert site.moved == 0


@pytest.mark.parametrize(
    ("secret", "status"),
    [(SECRET, 204), ("another", 403), (None, 403)],
    ids=["ours", "other", "none"],
)
def test_a_forges_word_is_believed_when_it_is_signed(
    site: PushSite, secret: str | None, status: int
) -> None:
    gate_that(site, 0)
    body = b'{"ref": "refs/heads/main"}'
    headers = {}
    if secret:
        signed = hmac.new(secret.encode(), body, sha256).hexdigest()
        headers["X-Hub-Signature-256"] = f"sha256={signed}"

    async def tell() -> tuple[int, bool]:
        follower = Follower(site.settings, site.sources, site.journal, site._has_moved)
        sock, port = bind_unused_port()
        server = server_of(follower.routes(PREFIX))
        server.add_sockets([sock])
        answer = await AsyncHTTPClient(force_instance=True).fetch(
            f"http://127.0.0.1:{port}{PREFIX}followed",
            method="POST",
            body=body,
            headers=headers,
            raise_error=False,
        )
        server.stop()
        await server.close_all_connections()
        return answer.code, follower._asked.is_set()

    assert asyncio.run(tell()) == (status, status == 204)


def test_without_a_secret_there_is_no_such_address(tmp_path: Path) -> None:
    site = PushSite(tmp_path / "plain", follow={"url": "https://example.org/x.git"})
    follower = Follower(site.settings, site.sources, site.journal, site._has_moved)
    assert follower.routes(PREFIX) == []
