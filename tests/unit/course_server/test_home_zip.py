"""*Take my work home*. Rendering needs what only the course image has: ``tests/images`` tries it."""

import io
import json
import os
from pathlib import Path
from zipfile import ZipFile

import pytest
from course_server import home_zip

from tests.unit.course_server.conftest import Learner, Pusher
from tests.unit.course_server.notebooks import edit, notebook, rewrite


class Pipe(io.RawIOBase):
    """As a browser's connection is: written to, and never turned back."""

    def __init__(self) -> None:
        self.received = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        data = bytes(piece)  # type: ignore[call-overload]
        self.received += data
        return len(data)


@pytest.fixture
def learner(learner: Learner, pusher: Pusher, monkeypatch: pytest.MonkeyPatch) -> Learner:
    for name in ("fr/day1/svd.ipynb", "fr/day1/été.ipynb", "airina/__init__.py"):
        pusher.write(name, notebook(ex1="à écrire"))
    pusher.commit()
    learner.start()
    edit(learner.course / "fr/day1/svd.ipynb", rewrite("ex1", "ma réponse"))
    monkeypatch.setattr(home_zip, "render", lambda file: f"<p>{file.name}</p>")
    return learner


def zipped(learner: Learner, language: str = "fr") -> ZipFile:
    pipe = Pipe()
    home_zip.write(learner.home, language, pipe)  # type: ignore[arg-type]
    return ZipFile(io.BytesIO(bytes(pipe.received)))


def test_everything_of_theirs_is_in_it_and_a_page_for_what_they_changed(learner: Learner) -> None:
    (learner.home / "mes notes").mkdir()
    (learner.home / "mes notes" / "idées.md").write_text("idée", "utf-8")
    (learner.home / "vide.txt").touch()
    found = zipped(learner)
    assert found.testzip() is None
    assert set(found.namelist()) == {
        "LISEZMOI-README.html",
        "requirements.txt",
        "course/a.ipynb",
        "course/airina/__init__.py",
        "course/fr/day1/svd.ipynb",
        "course/fr/day1/svd.html",
        "course/fr/day1/été.ipynb",
        "mes notes/idées.md",
        "vide.txt",
    }
    cells = json.loads(found.read("course/fr/day1/svd.ipynb"))["cells"]
    assert cells[0]["source"] == ["ma réponse"]
    assert found.getinfo("course/fr/day1/été.ipynb").flag_bits & 0x800, "names are UTF-8"


def test_nothing_from_outside_their_home_and_no_cache_is_in_it(
    learner: Learner, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("of somebody else", "utf-8")
    (learner.home / "link").symlink_to(tmp_path / "secret")
    (learner.home / "folder").symlink_to(tmp_path)
    (learner.course / "__pycache__").mkdir()
    (learner.course / "__pycache__" / "x.pyc").touch()
    names = zipped(learner).namelist()
    assert not any("secret" in name or "link" in name or ".git/" in name for name in names)
    assert not any("__pycache__" in name for name in names)


@pytest.mark.parametrize(("language", "first"), [("fr", "Mon travail"), ("en", "My work")])
def test_the_page_says_what_it_is_in_their_language_first(
    learner: Learner, language: str, first: str
) -> None:
    page = zipped(learner, language).read("LISEZMOI-README.html").decode()
    assert page.index(first) < page.index({"fr": "My work", "en": "Mon travail"}[language])
    assert f'<html lang="{language}">' in page
    assert "http" not in page


def test_a_workspace_without_a_course_can_be_taken_home_too(
    learner: Learner, tmp_path: Path
) -> None:
    home = tmp_path / "other"
    home.mkdir()
    (home / "notes.md").write_text("mes notes", "utf-8")
    pipe = Pipe()
    home_zip.write(home, "fr", pipe)  # type: ignore[arg-type]
    names = ZipFile(io.BytesIO(bytes(pipe.received))).namelist()
    assert names == ["LISEZMOI-README.html", "requirements.txt", "notes.md"]


def test_a_page_asks_nothing_of_the_internet() -> None:
    rendered = (
        '<script src="https://cdn.example/x.js"></script><script>let a = 1;</script>'
        '<link rel="stylesheet" href="https://cdn.example/x.css"><p>texte</p>'
        "<script type='text/javascript' src='//cdn.example/y.js' async></script>"
    )
    assert home_zip.OUTSIDE.sub("", rendered) == "<script>let a = 1;</script><p>texte</p>"


def test_no_two_files_in_it_have_one_name(learner: Learner) -> None:
    (learner.home / "requirements.txt").write_text("les miens", "utf-8")
    (learner.course / "fr/day1/svd.html").write_text("ma page", "utf-8")
    found = zipped(learner)
    assert len(found.namelist()) == len(set(found.namelist()))
    assert found.read("requirements (2).txt").decode() == "les miens"
    assert found.read("course/fr/day1/svd.html").decode() == "ma page"
    assert found.read("course/fr/day1/svd (2).html").decode() == "<p>svd.ipynb</p>"


def test_a_name_that_is_no_utf_8_keeps_nothing_out(learner: Learner) -> None:
    for name in (b"\xe9t\xe9.txt", b"\xe8t\xe8.txt"):
        (learner.home / os.fsdecode(name)).write_text(repr(name), "utf-8")
    found = zipped(learner)
    texts = {found.read(name).decode() for name in found.namelist() if name.endswith(".txt")}
    assert {repr(b"\xe9t\xe9.txt"), repr(b"\xe8t\xe8.txt")} <= texts
