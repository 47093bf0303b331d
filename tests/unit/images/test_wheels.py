"""The wheelhouse: exactly what a lock names, nothing else."""

import hashlib
from pathlib import Path

import pytest

from images.building import engine
from images.building.problems import Problem
from images.building.recipes import IMAGES, ROOT, WHEELHOUSES
from images.building.wheels import Wheelhouse, locked, platforms

LOCKS = [*(house.lock for house in WHEELHOUSES.values()), ROOT / "tests/tools.lock"]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def house(tmp_path: Path) -> Wheelhouse:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "# resolved\n"
        f"numpy==2.4.6 \\\n    --hash=sha256:{sha256(b'numpy for one')} \\\n"
        f"    --hash=sha256:{sha256(b'numpy for another')}\n    # via torch\n"
        f"torch==2.13.0+cpu \\\n    --hash=sha256:{sha256(b'torch')}\n"
    )
    folder = tmp_path / "wheels"
    folder.mkdir()
    return Wheelhouse("course", lock, folder, "3.11.2", 36)


def test_a_lock_gives_each_requirement_its_hashes(house: Wheelhouse) -> None:
    assert locked(house.lock.read_text()) == {
        "numpy==2.4.6": {sha256(b"numpy for one"), sha256(b"numpy for another")},
        "torch==2.13.0+cpu": {sha256(b"torch")},
    }


def test_a_wheel_with_one_of_the_hashes_is_enough(house: Wheelhouse) -> None:
    (house.folder / "numpy.whl").write_bytes(b"numpy for another")
    assert house.missing() == ["torch==2.13.0+cpu"]


def test_a_wheel_with_another_content_does_not_count(house: Wheelhouse) -> None:
    (house.folder / "torch.whl").write_bytes(b"torch, tampered with")
    assert "torch==2.13.0+cpu" in house.missing()


def test_a_full_wheelhouse_asks_nobody_and_loses_what_the_lock_does_not_name(
    house: Wheelhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "run", lambda *_: pytest.fail("a download was asked for"))
    for content in (b"numpy for one", b"torch", b"of last year"):
        (house.folder / f"{content.decode()}.whl").write_bytes(content)
    house.fill(tmp_path)
    assert sorted(house.files()) == ["numpy for one.whl", "torch.whl"]


def test_pip_s_own_settings_come_first_and_the_package_s_index_second(
    house: Wheelhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[list[str]] = []

    def fails(command: list[str], *_: object) -> None:
        tries.append(command)
        raise Problem("out of reach", "wait")

    monkeypatch.setattr(engine, "run", fails)
    own = Wheelhouse("torch", house.lock, house.folder, "3.11.2", 36, "https://index.example/cpu")
    with pytest.raises(Problem):
        own.fill(tmp_path)
    assert "--index-url" not in tries[0]
    assert tries[1][-2:] == ["--index-url", "https://index.example/cpu"]


def test_wheels_for_a_newer_c_library_are_not_taken() -> None:
    assert "manylinux_2_36_x86_64" in list(platforms(36))
    assert "manylinux_2_37_x86_64" not in list(platforms(36))
    assert "manylinux2014_x86_64" in list(platforms(36))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_requirement_of_a_lock_has_a_hash(lock: Path) -> None:
    requirements = locked(lock.read_text())
    assert requirements
    assert [name for name, hashes in requirements.items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_names_no_index_and_no_folder_of_a_machine(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert str(ROOT) not in text


def test_the_lock_of_node_names_no_registry() -> None:
    assert '"resolved"' not in (IMAGES / "proxy/package-lock.json").read_text()


def test_pytorch_is_the_build_without_cuda() -> None:
    assert list(locked((IMAGES / "course/torch.lock").read_text())) == ["torch==2.13.0+cpu"]


def test_the_package_that_is_left_out_is_in_neither_server_s_lock() -> None:
    for name in ("course", "hub"):
        names = {r.partition("==")[0] for r in locked(WHEELHOUSES[name].lock.read_text())}
        assert "jupyter-events" in names
        assert not {"rfc3987-syntax", "lark"} & names


def test_hub_and_course_run_the_same_jupyterhub_and_tests_the_hub_s() -> None:
    locks = [WHEELHOUSES["course"].lock, WHEELHOUSES["hub"].lock, ROOT / "tests/tools.lock"]
    versions = {
        next(r for r in locked(lock.read_text()) if r.startswith("jupyterhub==")) for lock in locks
    }
    assert len(versions) == 1
