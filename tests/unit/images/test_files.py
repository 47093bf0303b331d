"""What counts as a change of an image's sources, and what is sent to the engine."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from images.building.files import fingerprint, found, send


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "inner/run.sh").write_text("true\n")
    return tmp_path


def test_equal_sources_have_one_fingerprint_whatever_their_dates(tree: Path) -> None:
    before = fingerprint(found({"": tree}))
    os.utime(tree / "Dockerfile", (0, 0))
    assert fingerprint(found({"": tree})) == before


@pytest.mark.parametrize("change", ["content", "name", "executable", "more"])
def test_every_change_of_a_source_changes_the_fingerprint(tree: Path, change: str) -> None:
    before = fingerprint(found({"": tree}))
    match change:
        case "content":
            (tree / "inner/run.sh").write_text("false\n")
        case "name":
            (tree / "inner/run.sh").rename(tree / "inner/go.sh")
        case "executable":
            (tree / "inner/run.sh").chmod(0o755)
        case "more":
            (tree / "inner/new").touch()
    assert fingerprint(found({"": tree})) != before


def test_a_fact_is_part_of_the_fingerprint(tree: Path) -> None:
    files = found({"": tree})
    assert fingerprint(files, ["trixie"]) != fingerprint(files, ["bookworm"])


def test_two_facts_are_not_one_longer_fact() -> None:
    assert fingerprint({}, ["ab", "c"]) != fingerprint({}, ["a", "bc"])


def test_what_tools_leave_behind_is_no_source(tree: Path) -> None:
    before = found({"": tree})
    (tree / "inner/__pycache__").mkdir()
    (tree / "inner/__pycache__/run.cpython-313.pyc").touch()
    assert found({"": tree}) == before


def test_a_file_may_be_put_at_a_name_of_its_own(tree: Path) -> None:
    assert found({"sbom/lock": tree / "Dockerfile"}) == {"sbom/lock": tree / "Dockerfile"}


def test_a_place_that_is_not_there_stops_the_build(tree: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        found({"": tree / "nowhere"})


def test_a_context_is_root_s_without_dates_and_readable_by_all(tree: Path) -> None:
    (tree / "inner/run.sh").chmod(0o700)
    (tree / "Dockerfile").chmod(0o600)
    sink = io.BytesIO()
    send(found({"": tree}), sink)
    sink.seek(0)
    with tarfile.open(fileobj=sink) as archive:
        members = {m.name: (m.mode, m.uid, m.gid, m.mtime) for m in archive}
    assert members == {"Dockerfile": (0o644, 0, 0, 0), "inner/run.sh": (0o755, 0, 0, 0)}
