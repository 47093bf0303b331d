"""Each obstacle of a machine is told with what to do about it, and all of them at once."""

from dataclasses import replace
from pathlib import Path

import preflight
import pytest
from preflight import GIB, Machine, Taken, obstacles

READY = Machine(
    root=True,
    engine=False,
    distributions=frozenset({"debian"}),
    free=20 * GIB,
    built=False,
)


@pytest.mark.parametrize(
    "machine",
    [
        READY,
        replace(READY, distributions=frozenset({"ubuntu", "debian"})),
        replace(READY, root=False, engine=True),
        replace(READY, engine=True, distributions=frozenset({"fedora"})),
        replace(READY, free=2 * GIB, built=True),
        replace(READY, missing=("mmdebstrap",)),
        replace(READY, root=False, engine=True, missing=("mmdebstrap",), built=True),
    ],
    ids=[
        "bare Debian",
        "bare Ubuntu",
        "engine, not root",
        "engine on Fedora",
        "built before",
        "root installs",
        "needs no tools again",
    ],
)
def test_a_machine_that_can_become_a_hub_meets_no_obstacle(machine: Machine) -> None:
    assert list(obstacles(machine)) == []


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (replace(READY, root=False), ["only root", "run `make up` as root"]),
        (
            replace(READY, distributions=frozenset({"fedora"})),
            ["neither Debian nor Ubuntu", "install and start Docker Engine"],
        ),
        (replace(READY, free=8 * GIB - 1), ["8.0 GiB", "8 are needed", "make room"]),
        (replace(READY, free=GIB // 2, built=True), ["0.5 GiB", "1 are needed"]),
        (
            replace(READY, root=False, engine=True, missing=("mmdebstrap", "zstd")),
            ["only root", "have root run `apt install mmdebstrap zstd`"],
        ),
        (replace(READY, unreachable=("pip",)), ["pip cannot reach", "check the network"]),
        (
            replace(READY, taken=(Taken("edge", 8000),)),
            ["port 8000", "ss -ltnp", "`hub_settings: ports: edge:`"],
        ),
    ],
    ids=["not root", "not Debian", "disk", "disk when built", "programs", "registry", "port"],
)
def test_an_obstacle_is_told_with_what_to_do(machine: Machine, words: list[str]) -> None:
    (told,) = obstacles(machine)
    assert all(word in told for word in [*words, "What to do: "]), told


def test_all_obstacles_are_told_at_once() -> None:
    machine = replace(
        READY,
        root=False,
        free=GIB,
        unreachable=("apt-get", "npm"),
        taken=(Taken("edge", 8000), Taken("hub", 8081)),
    )
    assert len(list(obstacles(machine))) == 6


def test_a_distribution_is_known_by_what_it_is_and_what_it_is_like(tmp_path: Path) -> None:
    file = tmp_path / "os-release"
    file.write_text('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', "utf-8")
    assert preflight.distributions(file) == {"linuxmint", "ubuntu", "debian"}
    assert preflight.distributions(tmp_path / "none") == frozenset()


def test_this_machine_can_be_observed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "unreachable", lambda: iter(("npm",)))
    monkeypatch.setattr(preflight, "BUILT", Path("/nowhere"))
    seen = preflight.look(Path(__file__).parents[3] / "ansible/inventory/local")
    assert seen.free > 0
    assert seen.unreachable == ("npm",)
    assert not seen.built


def test_the_sites_own_containers_are_not_in_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight.ports, "taken", lambda _: {"edge": 8000, "proxy_api": 8011})
    monkeypatch.setattr(preflight, "_output", lambda *_: "airina-proxy\nother-edge")
    inventory = Path(__file__).parents[3] / "ansible/inventory/local"
    assert list(preflight.taken_ports(inventory, engine=True)) == [Taken("edge", 8000)]
