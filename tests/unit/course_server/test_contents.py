"""A notebook is whole at every moment, for whoever reads it."""

import asyncio
import errno
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from course_server.contents import WholeFiles
from tornado.web import HTTPError

NAME = "cahier d’été.ipynb"


def notebook(text: str) -> dict[str, Any]:
    """What JupyterLab sends when somebody saves."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {"type": "notebook", "format": "json", "content": content}


@pytest.fixture
def manager(tmp_path: Path) -> WholeFiles:
    return WholeFiles(root_dir=str(tmp_path))


@pytest.fixture
def saved(manager: WholeFiles, tmp_path: Path) -> Path:
    """A notebook that was saved once."""
    asyncio.run(manager.save(notebook("first"), NAME))
    return tmp_path / NAME


def text(path: Path) -> str:
    return "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_it_can_be_read_while_it_is_written(
    manager: WholeFiles, saved: Path, tmp_path: Path
) -> None:
    with manager.atomic_writing(str(saved)) as file:
        file.write('{"cells": [')
        file.flush()
        read = asyncio.run(manager.get(NAME))
        assert read["content"]["cells"][0]["source"] == "first"
        file.write("]}")
    assert json.loads(saved.read_text("utf-8")) == {"cells": []}
    assert names(tmp_path) == {NAME}


def test_a_disk_that_is_full_leaves_what_was_there(
    manager: WholeFiles, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_the_disk(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", fill_the_disk)
    with pytest.raises(HTTPError, match="No space left"):
        asyncio.run(manager.save(notebook("second"), NAME))
    assert text(saved) == "first"
    assert names(tmp_path) == {NAME}


def test_saving_keeps_the_permissions_and_follows_a_link(
    manager: WholeFiles, saved: Path, tmp_path: Path
) -> None:
    saved.chmod(0o640)
    link = tmp_path / "lien.ipynb"
    link.symlink_to(NAME)
    asyncio.run(manager.save(notebook("second"), "lien.ipynb"))
    assert link.is_symlink()
    assert text(saved) == "second"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    assert saved.stat().st_mode == other.stat().st_mode


def test_files_of_text_and_of_bytes_are_kept_too(manager: WholeFiles, tmp_path: Path) -> None:
    plain = {"type": "file", "format": "text", "content": "é\n"}
    asyncio.run(manager.save(plain, "notes.txt"))
    asyncio.run(manager.save({**plain, "format": "base64", "content": "AAE="}, "image.png"))
    assert (tmp_path / "notes.txt").read_bytes() == "é\n".encode()
    assert (tmp_path / "image.png").read_bytes() == b"\0\1"


def test_a_file_that_may_not_be_written_says_so(
    manager: WholeFiles, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != saved)
    with pytest.raises(HTTPError) as refused:
        asyncio.run(manager.save(notebook("second"), NAME))
    assert refused.value.status_code == 403
    assert text(saved) == "first"
