"""A file that is sent while a thread is still writing it."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler

CHUNK = 256 * 1024
"""Bytes that are sent at once, at most."""


async def send(handler: RequestHandler, write: Callable[[BinaryIO], None]) -> None:
    """Send what ``write`` writes; a slow link makes its thread wait, not the server's memory grow.

    Raises what it raises. What has been sent by then is cut off, so that no browser takes it for whole.
    """
    source, sink = os.pipe()

    def fill() -> None:
        with open(sink, "wb") as out:  # noqa: PTH123 (a descriptor has no path)
            write(out)

    with open(source, "rb", buffering=0) as read:  # noqa: PTH123, ASYNC230 (read in a thread)
        writing = asyncio.create_task(asyncio.to_thread(fill))
        has_begun = False
        with suppress(StreamClosedError):  # nobody is there any more: the thread's next write fails
            while chunk := await asyncio.to_thread(read.read, CHUNK):
                has_begun = True
                handler.write(chunk)
                await handler.flush()
    try:
        await writing
    except BrokenPipeError:
        return
    except BaseException:
        if has_begun:
            handler.detach().close()
        raise
