"""The ports that preflight reads are those that the hub will use."""

import socket
from pathlib import Path

import ports
import pytest
import yaml

from hub.settings import Ports, Settings

ROOT = Path(__file__).parents[3]
INVENTORIES = sorted(file.parent for file in (ROOT / "ansible/inventory").glob("*/hosts.yml"))


@pytest.mark.parametrize("inventory", INVENTORIES, ids=lambda folder: folder.name)
def test_they_are_the_hubs_for_every_inventory_of_the_tree(inventory: Path) -> None:
    said = yaml.safe_load((inventory / "group_vars/all.yml").read_text("utf-8"))["hub_settings"]
    assert ports.of(inventory) == Ports.model_validate(said.get("ports", {})).model_dump()
    default = Settings.model_fields["project"].default
    assert ports.project(inventory) == said.get("project", default)


@pytest.mark.parametrize(
    "written",
    [
        "hub_settings:\n  project: other\n  ports:\n    edge: 9000 # ours\n    proxy_api: 9011\n",
        "hub_settings: {project: other, ports: {edge: 9000, proxy_api: 9011}}\n# edge: 7000\n",
    ],
    ids=["block", "flow"],
)
def test_an_inventory_may_say_others(tmp_path: Path, written: str) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "hosts.yml").write_text("all: {hosts: {local: {}}}\n", "utf-8")
    (tmp_path / "group_vars" / "all.yml").write_text(written, "utf-8")
    assert ports.of(tmp_path) == Ports(edge=9000, proxy_api=9011).model_dump()
    assert ports.project(tmp_path) == "other"


def test_what_listens_here_is_not_in_the_way_of_a_site_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "tcp").write_text(f"{HEAD}0: 00000000:1F40 00000000:0000 0A\n", "ascii")
    assert ports.taken(ROOT / "ansible/inventory/local", tmp_path) == {"edge": 8000}
    assert ports.taken(ROOT / "ansible/inventory/online", tmp_path) == {}


HEAD = "  sl  local_address rem_address   st\n"


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("0: 00000000:1F40 00000000:0000 0A", {"edge": 8000}),
        ("0: 0100A8C0:1F40 00000000:0000 0A", {"edge": 8000}),
        ("0: 0100007F:1F40 0100007F:9999 01", {}),
        ("0: 0100007F:1F4A 00000000:0000 0A", {"proxy": 8010}),
        ("0: 0100A8C0:1F4A 00000000:0000 0A", {}),
        ("0: 0100007F:1F91 00000000:0000 0A", {}),
        ("0: 00000000:1F91 00000000:0000 0A", {"hub": 8081}),
    ],
    ids=[
        "edge by any address",
        "edge by one address",
        "a connection is no listener",
        "proxy by loopback",
        "proxy's number on another address",
        "hub's number on another address",
        "hub by any address",
    ],
)
def test_a_port_is_taken_by_who_listens_in_its_way(
    tmp_path: Path, line: str, taken: dict[str, int]
) -> None:
    (tmp_path / "tcp").write_text(HEAD + line + "\n", "ascii")
    assert ports.taken(ROOT / "ansible/inventory/local", tmp_path) == taken


def test_a_real_listener_is_heard() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert (ports.LOOPBACK, server.getsockname()[1]) in ports.listeners(Path("/proc/net"))
    with socket.create_server(("::", 0), family=socket.AF_INET6) as server:
        assert (ports.ANY, server.getsockname()[1]) in ports.listeners(Path("/proc/net"))
