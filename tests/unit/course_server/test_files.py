"""One notebook read, one copy kept: as it is, where it belongs, and nothing else."""

import json
import os
import stat
from pathlib import Path

import pytest
from course_server import files

from .rehearsal import COPY, KEY, NOTEBOOK, SVD, Server


def put(server: Server, path: str, content: object = NOTEBOOK) -> Path:
    """A file of the course."""
    file = server.course / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), "utf-8")
    return file


# --- read ------------------------------------------------------------------------------------------


def test_a_notebook_is_read_as_it_is(server: Server) -> None:
    notebook = {**NOTEBOOK, "metadata": {"é": [1, None]}}
    put(server, SVD, notebook)
    assert server.ask("read", {"path": SVD}, KEY).json == {"content": notebook}


@pytest.mark.parametrize(
    "path",
    [
        "fr/day1/absent.ipynb",
        "../private.ipynb",
        "fr/../../private.ipynb",
        "fr/day1/../../../private.ipynb",
        "link.ipynb",
        "folder/private.ipynb",
        "circle.ipynb",
        "queue.ipynb",
        "a.ipynb",
        "notes.txt",
        "release.json",
        "a\0.ipynb",
        "\ud800.ipynb",
        "x" * 300 + ".ipynb",
        ".ipynb",
        "",
    ],
)
def test_nothing_else_is_read(server: Server, path: str) -> None:
    (server.home / "private.ipynb").write_text("{}", "utf-8")
    (server.course / "link.ipynb").symlink_to(server.home / "private.ipynb")
    (server.course / "folder").symlink_to(server.home)
    (server.course / "circle.ipynb").symlink_to("circle.ipynb")
    os.mkfifo(server.course / "queue.ipynb")
    (server.course / "a.ipynb").mkdir()
    for name in ("notes.txt", "release.json"):
        put(server, name)
    assert server.ask("read", {"path": path}, KEY).status == 404


def test_an_absolute_path_is_not_read(server: Server) -> None:
    private = server.home / "private.ipynb"
    private.write_text("{}", "utf-8")
    assert server.ask("read", {"path": str(private)}, KEY).status == 404


def test_a_link_within_the_course_is_read(server: Server) -> None:
    put(server, SVD)
    (server.course / "link.ipynb").symlink_to(SVD)
    assert server.ask("read", {"path": "link.ipynb"}, KEY).json == {"content": NOTEBOOK}


def test_a_notebook_is_read_up_to_the_limit(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = put(server, SVD).stat().st_size
    monkeypatch.setattr(files, "LARGEST", size)
    assert server.ask("read", {"path": SVD}, KEY).status == 200
    monkeypatch.setattr(files, "LARGEST", size - 1)
    answer = server.ask("read", {"path": SVD}, KEY)
    assert answer.status == 409
    assert "16\u202fMio" in answer.json["message"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[1]", b"[" * 200_000])
def test_a_file_that_is_no_notebook_is_said_to_be_none(server: Server, content: bytes) -> None:
    put(server, SVD).write_bytes(content)
    answer = server.ask("read", {"path": SVD}, KEY)
    assert answer.status == 409
    assert "pas celui d’un notebook" in answer.json["message"]


# --- copy ------------------------------------------------------------------------------------------


def test_a_copy_is_there_to_be_read_and_is_replaced(server: Server) -> None:
    for text in ("première", "seconde"):
        content = {**NOTEBOOK, "metadata": {"text": text}}
        answer = server.ask("copy", {"name": COPY, "content": content}, KEY)
        assert (answer.status, answer.json) == (200, {"path": COPY})
        assert json.loads((server.home / COPY).read_text("utf-8")) == content
        assert stat.S_IMODE((server.home / COPY).stat().st_mode) == 0o444
    assert [path.name for path in (server.home / COPY).parent.iterdir()] == ["03-svd.ipynb"]


@pytest.mark.parametrize(
    "name",
    [
        "03-svd.ipynb",
        "copies",
        "copies/.ipynb",
        "copies/../course/03-svd.ipynb",
        "copies/cot-03/../../x.ipynb",
        "/copies/x.ipynb",
        "copies//x.ipynb",
        "copies/./x.ipynb",
        "copies/.hidden/x.ipynb",
        "copies/x y.ipynb",
        "copies/é.ipynb",
        "copies/x.ipynb\n",
        "copies/x.py",
        "course/x.ipynb",
        "../copies/x.ipynb",
        "copies/a\0b.ipynb",
    ],
)
def test_a_copy_goes_nowhere_else(server: Server, name: str) -> None:
    before = sorted(server.home.rglob("*"))
    assert server.ask("copy", {"name": name, "content": NOTEBOOK}, KEY).status == 400
    assert sorted(server.home.rglob("*")) == before


@pytest.mark.parametrize("link", ["copies", "copies/2027a-cotonou", "copies/2027a-cotonou/cot-03"])
def test_a_copy_follows_no_link(server: Server, link: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (server.home / link).parent.mkdir(parents=True, exist_ok=True)
    (server.home / link).symlink_to(elsewhere)
    assert server.ask("copy", {"name": COPY, "content": NOTEBOOK}, KEY).status == 409
    assert not list(elsewhere.iterdir())


def test_a_copy_replaces_a_link_and_not_what_it_leads_to(server: Server) -> None:
    mine = put(server, "mine.ipynb")
    (server.home / COPY).parent.mkdir(parents=True)
    (server.home / COPY).symlink_to(mine)
    content = {**NOTEBOOK, "metadata": {"of": "cot-03"}}
    assert server.ask("copy", {"name": COPY, "content": content}, KEY).status == 200
    assert json.loads(mine.read_text("utf-8")) == NOTEBOOK


def test_a_file_in_the_way_of_a_copy_stays(server: Server) -> None:
    (server.home / "copies").write_text("mine", "utf-8")
    answer = server.ask("copy", {"name": COPY, "content": NOTEBOOK}, KEY)
    assert answer.status == 409
    assert "occupe la place" in answer.json["message"]
    assert (server.home / "copies").read_text("utf-8") == "mine"


def test_a_copy_is_bounded(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 100)
    content = {**NOTEBOOK, "metadata": {"text": "x" * 100}}
    assert server.ask("copy", {"name": COPY, "content": content}, KEY).status == 409
    assert not (server.home / COPY).exists()


def test_a_copy_of_half_a_character_is_refused(server: Server) -> None:
    content = {**NOTEBOOK, "metadata": {"text": "\ud800"}}
    assert server.ask("copy", {"name": COPY, "content": content}, KEY).status == 409
