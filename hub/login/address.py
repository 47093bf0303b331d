"""From which machine somebody asks: failures are counted by it (``throttle``).

The edge and the proxy each write down who has asked them (``X-Forwarded-For``, the last one at its end).
Nobody else is believed: people's servers reach the hub directly and may write there what they like.
Tornado's own ``remote_ip`` asks neither who has written it, nor whether ``X-Real-Ip`` is anybody's of ours.
"""

from collections.abc import Collection, Sequence

from tornado.httputil import HTTPServerRequest


def address_of(request: HTTPServerRequest, proxies: Collection[str]) -> str:
    """The address of whoever asks; ``proxies`` are those of the site's own."""
    peer = str(request.connection.context._orig_remote_ip)  # type: ignore[union-attr]
    written = ",".join(request.headers.get_list("X-Forwarded-For"))
    return client(peer, [hop.strip() for hop in written.split(",") if hop.strip()], proxies)


def client(peer: str, written: Sequence[str], proxies: Collection[str]) -> str:
    """The first, from the end, that no proxy of ours is: what it has written itself counts for nothing."""
    hops = list(written)
    while peer in proxies and hops:
        peer = hops.pop()
    return peer
