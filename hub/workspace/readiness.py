"""When a server can be used.

JupyterHub asks with pauses that double up to 5 s, and so notices a server 1 to 3 s after it is ready. On
one machine asking costs next to nothing: a connection that is refused takes 0.1 ms.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

PAUSE = 0.05
"""Seconds between two attempts."""

CHECK_EVERY = 20
"""Attempts between two looks at the container: one that has died will never answer."""


async def answers(
    address: str, port: int, path: str, alive: Callable[[], Awaitable[bool]], pause: float = PAUSE
) -> bool:
    """True once a server answers HTTP there, False once its container is no longer alive."""
    attempt = 0
    while not await responds(address, port, path):
        attempt += 1
        if attempt % CHECK_EVERY == 0 and not await alive():
            return False
        await asyncio.sleep(pause)
    return True


async def responds(address: str, port: int, path: str) -> bool:
    """Whether one request is answered with anything that is HTTP."""
    try:
        reader, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n".encode("ascii"))
        return (await reader.readline()).startswith(b"HTTP/")
    except OSError:
        return False
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
