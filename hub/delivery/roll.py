"""Asking the hub: whose server runs, and whose a token is."""

import json
from typing import Any
from urllib.parse import urljoin

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

PAGES = "application/jupyterhub-pagination+json"
"""JupyterHub's own type for a list that comes in pages."""

SECONDS = 20


class Roll:
    """The hub's API at ``api`` (no slash at its end), with the service's own ``token``."""

    def __init__(self, api: str, token: str) -> None:
        self.api = api
        self._token = token
        self._client = AsyncHTTPClient(force_instance=True)

    async def running(self) -> list[str]:
        """User names of everybody whose server can be used now."""
        names: list[str] = []
        address: str | None = f"{self.api}/users?state=ready"
        while address:
            page = await self._get(address, self._token)
            names += [user["name"] for user in page["items"]]
            following = page["_pagination"]["next"]
            address = urljoin(self.api, following["url"]) if following else None
        return names

    async def whose(self, token: str) -> dict[str, Any] | None:
        """The user, or the service, that a token is of, as the hub describes it; None for no valid token."""
        try:
            return await self._get(f"{self.api}/user", token)
        except HTTPClientError as error:
            if error.code in (401, 403):
                return None
            raise

    async def _get(self, address: str, token: str) -> dict[str, Any]:
        headers = {"Authorization": f"token {token}", "Accept": PAGES}
        answer = await self._client.fetch(address, headers=headers, request_timeout=SECONDS)
        found: dict[str, Any] = json.loads(answer.body)
        return found
