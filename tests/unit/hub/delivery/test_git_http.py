"""Clone and push over real HTTP with real git; a hook of the test's own stands for the gate."""

import base64
import http.client
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.delivery.pushed import LARGEST_FILE
from hub.delivery.sources import HOOK
from tests.unit.hub.delivery.site import COHORT, PREFIX, Clone, PushSite, git

FOLLOW = {"url": "https://example.org/course.git"}


def open_gate(site: PushSite, text: str = "exit 0") -> None:
    """A hook that does as it is told."""
    (site.sources.folder / "hooks" / HOOK).write_text(f"#!/bin/sh\n{text}\n", "utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PushSite]:
    site = PushSite(tmp_path)
    open_gate(site)
    with site.serving():
        yield site


def pushed(clone: Clone, **files: str) -> str:
    """A commit that was pushed."""
    for name, text in files.items():
        clone.write(name, text)
    commit = clone.commit()
    done = clone.push()
    assert done.returncode == 0, done.stderr
    return commit


def ask(site: PushSite, method: str, path: str, token: str = "1" * 32) -> tuple[int, str]:
    """Status and text of one request."""
    coded = base64.b64encode(f"any:{token}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request(method, path, headers={"Authorization": f"Basic {coded}"} if token else {})
    answer = connection.getresponse()
    told = answer.status, answer.read().decode()
    connection.close()
    return told


def test_clone_change_push_and_fetch(site: PushSite) -> None:
    clone = site.clone()
    first = pushed(clone, a="1")
    assert site.sources.head() == first
    other = site.clone("other", "3" * 32)
    other.git("pull", "-q", "origin", "main")
    second = pushed(other, b="2")
    clone.git("pull", "-q", "origin", "main")
    assert clone.git("rev-parse", "HEAD") == second
    assert site.moved >= 2


def test_a_push_that_is_larger_than_gits_buffer_comes_in_pieces(site: PushSite) -> None:
    clone = site.clone()
    clone.write("large", os.urandom(5 * 2**20))
    commit = clone.commit()
    assert clone.push().returncode == 0
    assert site.sources.head() == commit


def test_what_the_hook_says_is_handed_on_while_it_speaks(site: PushSite) -> None:
    clone = site.clone()
    heard = site.folder / "heard"
    open_gate(site, f"echo first; while [ ! -e {heard} ]; do sleep 0.05; done; echo second")
    clone.write("a", "1")
    clone.commit()
    command = ["git", "push", "-q", "origin", "main"]
    with subprocess.Popen(command, cwd=clone.folder, stderr=subprocess.PIPE, text=True) as push:
        lines = push.stderr
        assert lines is not None
        assert "first" in lines.readline()
        heard.touch()
        assert "second" in lines.readline()
    assert push.returncode == 0


def test_the_hook_knows_who_pushes_and_no_secret(site: PushSite) -> None:
    clone = site.clone()
    open_gate(site, f"env > {site.folder}/environment")
    pushed(clone, a="1")
    told = (site.folder / "environment").read_text("utf-8")
    assert "REMOTE_USER=ens-01\n" in told
    assert "LANG=fr_FR.UTF-8\n" in told
    assert "the-service-s-own-secret" not in told
    assert "1" * 32 not in told


def test_participants_neither_clone_nor_push(site: PushSite) -> None:
    done = git("clone", site.url("2" * 32), "clone", cwd=site.folder)
    assert done.returncode != 0
    assert "403" in done.stderr
    for service in ("git-upload-pack", "git-receive-pack"):
        status, text = ask(site, "POST", f"{PREFIX}course.git/{service}", "2" * 32)
        assert status == 403
        assert "Seuls les enseignants" in text
        assert "Only instructors" in text


@pytest.mark.parametrize("token", ["", "f" * 32], ids=["nothing", "an unknown token"])
def test_who_is_nobody_is_asked_to_log_in(site: PushSite, token: str) -> None:
    status, text = ask(site, "GET", f"{PREFIX}course.git/info/refs?service=git-upload-pack", token)
    assert status == 401
    assert "/hub/token" in text
    assert git("clone", site.url("f" * 32), "clone", cwd=site.folder).returncode != 0


@pytest.mark.parametrize(
    "path",
    [
        "course.git/config",
        "course.git/HEAD",
        "course.git/objects/info/packs",
        "course.git/../../delivery.db",
        "course.git/%2e%2e/%2e%2e/delivery.db",
        "course.git/info/refs",
        "course.git/info/refs?service=git-upload-archive",
        "other.git/info/refs?service=git-upload-pack",
    ],
)
def test_nothing_else_is_served(site: PushSite, path: str) -> None:
    assert ask(site, "GET", PREFIX + path)[0] == 404


def test_a_sender_who_goes_ends_git_and_its_hook(site: PushSite) -> None:
    clone = site.clone()
    begun = site.folder / "begun"
    open_gate(site, f"echo $$ > {begun}.new; mv {begun}.new {begun}; exec sleep 600")
    clone.write("a", "1")
    clone.commit()
    command = ["git", "push", "-q", "origin", "main"]
    with subprocess.Popen(command, cwd=clone.folder, start_new_session=True) as push:
        wait_for(begun.exists)
        os.killpg(push.pid, signal.SIGKILL)
    process = Path("/proc", begun.read_text("ascii").strip())
    wait_for(lambda: not process.exists())
    assert site.sources.head() is None
    open_gate(site)
    assert clone.push().returncode == 0


def wait_for(true: Callable[[], bool]) -> None:
    """Return as soon as something is so."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_site_that_follows_another_repository_takes_no_push(tmp_path: Path) -> None:
    site = PushSite(tmp_path, follow=FOLLOW)
    open_gate(site)
    with site.serving():
        clone = site.clone()
        clone.write("a", "1")
        clone.commit()
        done = clone.push()
        status, text = ask(site, "POST", f"{PREFIX}course.git/git-receive-pack")
    assert done.returncode != 0
    assert status == 403
    assert "https://example.org/course.git" in text
    assert site.sources.head() is None


def test_drafts_are_taken_as_they_are(tmp_path: Path) -> None:
    site = PushSite(tmp_path)  # with the real hook
    with site.serving():
        clone = site.clone()
        clone.write("anything", "1")
        clone.commit()
        done = clone.push("origin", "main:refs/heads/draft")
        assert done.returncode == 0, done.stderr
        assert "gardé comme brouillon" in done.stderr
        assert clone.push("--force", "origin", ":refs/heads/draft").returncode == 0
    assert site.sources.head() is None


@pytest.mark.parametrize("name", ["refs/replace/{}", "refs/notes/x", "refs/heads/main/x"])
def test_nothing_but_branches_and_tags_is_taken(tmp_path: Path, name: str) -> None:
    """git would read the course through what ``refs/replace`` says it is."""
    site = PushSite(tmp_path)  # with the real hook
    with site.serving():
        clone = site.clone()
        clone.write("anything", "1")
        name = name.format(clone.commit())
        done = clone.push("origin", f"HEAD:{name}")
    assert done.returncode != 0
    assert f"{name} n’est pas accepté" in done.stderr
    assert site.sources.git.text("for-each-ref") == ""


def test_a_roster_with_a_mistake_is_told_and_not_shown(tmp_path: Path) -> None:
    site = PushSite(tmp_path)
    with site.serving():
        clone = site.clone()
        clone.write("anything", "1")
        clone.commit()
        with (site.folder / "cohorts" / COHORT / "roster.csv").open(
            "a", encoding="utf-8"
        ) as roster:
            roster.write("cot-09,Invented Nine,nine@example.org,xx,participant,on-site,\n")
        done = clone.push()
    assert done.returncode != 0
    assert "listes de participants de ce site contiennent des erreurs" in done.stderr
    assert "Traceback" not in done.stderr
    assert "nine@example.org" not in done.stderr


def test_an_answer_that_is_cut_short_does_not_look_whole(site: PushSite) -> None:
    """``http-backend`` is ended while it speaks, as at the end of its time."""
    clone = site.clone()
    clone.write("a", "1")
    clone.commit()
    open_gate(site, "echo one; kill -9 $(ps -o ppid= $PPID); sleep 1")
    done = clone.push()
    assert done.returncode != 0
    assert "RPC failed" in done.stderr


def test_what_is_small_and_becomes_large_is_not_held_in_memory(site: PushSite) -> None:
    assert site.sources.git.text("config", "receive.unpackLimit") == "1"
    clone = site.clone()
    clone.write("large", bytes(2 * LARGEST_FILE))
    clone.commit()
    assert clone.push().returncode == 0
    packs = list((site.sources.folder / "objects" / "pack").glob("*.pack"))
    assert [pack.stat().st_size < 2**20 for pack in packs] == [True]


def test_a_push_that_is_too_large_is_refused_by_git(site: PushSite) -> None:
    site.sources.git.run("config", "receive.maxInputSize", "1000")
    clone = site.clone()
    clone.write("large", os.urandom(5000))
    clone.commit()
    done = clone.push()
    assert done.returncode != 0
    assert "exceeds maximum allowed size" in done.stderr


def test_no_log_has_what_somebody_logs_in_with(
    site: PushSite, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    pushed(site.clone(), a="1")
    for token in ("2" * 32, "f" * 32):
        ask(site, "GET", f"{PREFIX}course.git/info/refs?service=git-receive-pack", token)
    written = caplog.text + "".join(capfd.readouterr())
    for token in ("1", "2", "f"):
        assert token * 32 not in written
        assert base64.b64encode(f"any:{token * 32}".encode()).decode() not in written
