"""Asking people's servers: what the part of them that is ours (``course_server``) answers.

Its addresses are below ``/user/NAME/course/``. The service ``course`` may use them and nothing else of
a server: its token carries two scopes of our own, and none of JupyterHub's that open servers.
"""

import json
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.simple_httpclient import HTTPTimeoutError

from hub.settings import Settings

DELIVER = "custom:course:deliver"
"""May bring a release, an announcement or a copy of a notebook into a server."""

READ = "custom:course:read"
"""May read one notebook of a workspace."""

SCOPES = {
    DELIVER: "Bring a release, an announcement or a copy of a notebook into people's servers.",
    READ: "Read one notebook at a time in people's workspaces.",
}


class Unanswered(Exception):
    """A server did not do what it was asked; the text is for a log, and names nobody."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        """HTTP status of its answer; None when there was none."""


class Servers:
    """Everybody's servers, by way of the proxy. ``token`` is the service's own."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._proxy = f"http://127.0.0.1:{settings.ports.proxy}"
        self._headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        # Not the shared client, of which all users of one process together may have ten connections.
        self._client = AsyncHTTPClient(force_instance=True, defaults={"max_clients": 200})

    async def ask(
        self, username: str, what: str, told: dict[str, Any] | None = None, seconds: float = 20
    ) -> dict[str, Any]:
        """What a person's server answers to ``POST course/<what>`` (to ``GET`` when nothing is told).

        Raises Unanswered when it does not run, refuses, fails, or takes longer than ``seconds``.
        """
        try:
            answer = await self._client.fetch(
                f"{self._proxy}/user/{username}/course/{what}",
                method="GET" if told is None else "POST",
                body=None if told is None else json.dumps(told),
                headers=self._headers,
                request_timeout=seconds,
                connect_timeout=seconds,
                follow_redirects=False,
            )
            found: dict[str, Any] = json.loads(answer.body)
        except HTTPTimeoutError as error:
            raise Unanswered(f"no answer within {seconds:g} s") from error
        except HTTPClientError as error:
            raise Unanswered(f"answered with {error.code}", error.code) from error
        except (OSError, ValueError) as error:
            raise Unanswered(type(error).__name__) from error
        return found
