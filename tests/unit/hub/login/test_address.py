"""Whose word on an address is believed."""

import pytest

from hub.login.address import client

PROXIES = ["127.0.0.1", "10.213.0.1"]


@pytest.mark.parametrize(
    ("peer", "written", "address"),
    [
        ("10.213.0.1", ["203.0.113.5", "127.0.0.1"], "203.0.113.5"),
        ("10.213.0.1", ["198.51.100.9", "203.0.113.5", "127.0.0.1"], "203.0.113.5"),
        ("10.213.0.1", ["198.51.100.9", "10.213.0.7"], "10.213.0.7"),
        ("10.213.0.7", ["198.51.100.9"], "10.213.0.7"),
        ("203.0.113.5", ["198.51.100.9", "127.0.0.1"], "203.0.113.5"),
        ("127.0.0.1", [], "127.0.0.1"),
    ],
    ids=[
        "through the edge",
        "forged before it",
        "through the service",
        "a server",
        "direct",
        "local",
    ],
)
def test_only_our_own_proxies_say_who_asks(peer: str, written: list[str], address: str) -> None:
    assert client(peer, written, PROXIES) == address
