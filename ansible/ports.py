"""Which ports a site wants, and at which of them something listens already.

Before anything is installed there is no YAML reader and no pydantic. The defaults are therefore read out
of the syntax of ``hub/settings.py``, where they exist once, and an inventory's own numbers out of its
text; tests compare both with what the hub itself makes of the same files.
"""

import ast
import re
from pathlib import Path

from environment import ROOT

SETTINGS = ROOT / "hub" / "settings.py"
ANY = "any address"
LOOPBACK = "127.0.0.1"
ELSEWHERE = "another address"

LISTENS_AT = {
    "edge": ANY,
    "proxy": LOOPBACK,
    "proxy_api": LOOPBACK,
    "hub": ELSEWHERE,
    "course": ELSEWHERE,
}
"""The hub and its service listen on their own network's gateway: only who listens everywhere is in
their way."""

CONTAINER = {"proxy_api": "proxy", "course": "hub"}
"""Whose port it is, where the port is not named after its container."""

LISTEN = "0A"  # the state of a socket in /proc/net/tcp
NAMES = {"00000000": ANY, "0" * 32: ANY, "0100007F": LOOPBACK}


def of(inventory: Path) -> dict[str, int]:
    """The five ports of a site, by name."""
    text = _text(inventory)
    found = {name: re.search(rf"(?<!\w){name}:\s*(\d+)", text) for name in LISTENS_AT}
    default = _defaults("Ports")
    return {name: int(match[1] if match else default[name]) for name, match in found.items()}


def project(inventory: Path) -> str:
    """The prefix of a site's containers."""
    match = re.search(r"(?<!\w)project:\s*([a-z0-9-]+)", _text(inventory))
    return match[1] if match else _defaults("Settings")["project"]


def taken(inventory: Path, proc_net: Path = Path("/proc/net")) -> dict[str, int]:
    """Those ports of a site, by name, at which some program listens in a way that excludes ours.

    None of a site on another machine: what listens here is not in its way.
    """
    if "ansible_connection: local" not in _text(inventory):
        return {}
    heard = listeners(proc_net)
    return {
        name: port
        for name, port in of(inventory).items()
        if (ANY, port) in heard
        or (LISTENS_AT[name], port) in heard
        or (LISTENS_AT[name] == ANY and any(port == other for _, other in heard))
    }


def listeners(proc_net: Path) -> set[tuple[str, int]]:
    """Address and port of everything that listens on this machine."""
    heard = set()
    for file in (proc_net / "tcp", proc_net / "tcp6"):
        for line in file.read_text("ascii").splitlines()[1:] if file.exists() else ():
            _, local, _, state, *_ = line.split()
            address, _, port = local.partition(":")
            if state == LISTEN:
                heard.add((NAMES.get(address, f"address {address}"), int(port, 16)))
    return heard


def _text(inventory: Path) -> str:
    """All that an inventory says about its hosts, without comments."""
    files = [inventory / "hosts.yml", *sorted((inventory / "group_vars").rglob("*.yml"))]
    return re.sub(r"(?m)(^|\s)#.*$", "", "\n".join(file.read_text("utf-8") for file in files))


def _defaults(model: str) -> dict[str, str]:
    """The default values in ``hub/settings.py`` of one model's fields, as written."""
    tree = ast.parse(SETTINGS.read_text("utf-8"))
    (body,) = (
        node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == model
    )
    return {
        ast.unparse(field.target): str(word.value.value)
        for field in body
        if isinstance(field, ast.AnnAssign) and isinstance(field.value, ast.Call)
        for word in field.value.keywords
        if word.arg == "default" and isinstance(word.value, ast.Constant)
    }
