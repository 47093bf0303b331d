"""Asking people's servers: what the part of them that is ours (``course_server``) answers.

Its addresses are below ``/user/NAME/course/``. A person runs any code they like in their server and may
read whatever is sent there; so each server has a key of its own, which opens these addresses of that
server and nothing else anywhere. No token of the hub's is ever sent to one.
"""

import hmac
import json
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

from hub.keys import key_in
from hub.settings import Settings

KEY_FILE = "servers.key"

ANSWER = 512 * 1024
"""Bytes of an answer that is read; a workspace of 500 notebooks needs 100 kB."""

NOTEBOOK = 48 * 2**20
"""The same of an answer that is a notebook: 16 MiB (``course_server.files``), and JSON's escapes."""

CONNECTIONS = 200
"""To servers at the same moment; a cohort has 40."""

KEY_VARIABLE = "COURSE_KEY"
"""By which a server knows its own key."""


def key_of(settings: Settings, username: str) -> str:
    """The key of one person's server."""
    site = key_in(settings.state / KEY_FILE)
    return hmac.new(site, username.encode(), "sha256").hexdigest()


class Unanswered(Exception):
    """A server did not do what it was asked; the text is for a log, and names nobody."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        """HTTP status of its answer; None when there was none."""


class Servers:
    """Everybody's servers, by way of the proxy."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._proxy = f"http://127.0.0.1:{settings.ports.proxy}"
        # Not the shared client, of which all users of one process together may have ten connections.
        self._clients = {
            largest: AsyncHTTPClient(
                force_instance=True, max_clients=CONNECTIONS, max_body_size=largest
            )
            for largest in (ANSWER, NOTEBOOK)
        }

    async def ask(
        self,
        username: str,
        what: str,
        told: dict[str, Any] | None = None,
        seconds: float = 20,
        largest: int = ANSWER,
    ) -> dict[str, Any]:
        """What a person's server answers to ``POST course/<what>`` (to ``GET`` when nothing is told).

        Raises Unanswered when it does not run, refuses, fails, takes longer than ``seconds``, or answers
        with anything but a JSON object of at most ``largest`` bytes (``ANSWER`` or ``NOTEBOOK``).
        """
        headers = {
            "Authorization": f"token {key_of(self._settings, username)}",
            "Content-Type": "application/json",
        }
        try:
            answer = await self._clients[largest].fetch(
                f"{self._proxy}/user/{username}/course/{what}",
                method="GET" if told is None else "POST",
                body=None if told is None else json.dumps(told),
                headers=headers,
                request_timeout=seconds,
                connect_timeout=seconds,
                follow_redirects=False,
            )
            found = json.loads(answer.body)
        except HTTPTimeoutError as error:
            raise Unanswered(f"no answer within {seconds:g} s") from error
        except HTTPStreamClosedError as error:
            raise Unanswered("hung up") from error
        except HTTPClientError as error:
            raise Unanswered(f"answered with {error.code}", error.code) from error
        except (OSError, ValueError, RecursionError) as error:
            raise Unanswered(type(error).__name__) from error
        if not isinstance(found, dict):
            raise Unanswered("answered with no object")
        return found
