"""A server tells the service ``course`` how its workspace stands; nothing ever waits for that."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from tornado.httpclient import AsyncHTTPClient

PAUSE = 3.0
"""Seconds from one word to the next."""

AGAIN = 30.0
"""The same after one that was not heard."""

PATIENCE = 5.0
"""Seconds for the service to answer."""

log = logging.getLogger("course_server")


class Telling:
    """What changes is told soon, and what changes meanwhile once more after a pause."""

    def __init__(
        self,
        service: str | None,
        token: str,
        report: Callable[[], Awaitable[dict[str, Any]]],
    ) -> None:
        """``service`` is the address of the service, with a slash at its end; None: there is none."""
        self._service = service
        self._token = token
        self._report = report
        self._changed = False
        self._task: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Something has changed. Called on the server's event loop; returns at once."""
        self._changed = True
        if self._service and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._tell(self._service))

    async def _tell(self, service: str) -> None:
        while self._changed:
            self._changed, pause = False, PAUSE
            try:
                await self._post(service)
            except (
                Exception
            ) as error:  # whatever it is: a service that restarts is back in a moment
                log.debug("the service was not told: %s", type(error).__name__)
                self._changed, pause = True, AGAIN
            await asyncio.sleep(pause)

    async def _post(self, service: str) -> None:
        await AsyncHTTPClient().fetch(
            f"{service}told",
            method="POST",
            headers={
                "Authorization": f"token {self._token}",
                "Content-Type": "application/json",
            },
            body=json.dumps(await self._report()),
            request_timeout=PATIENCE,
            connect_timeout=PATIENCE,
            follow_redirects=False,
        )
