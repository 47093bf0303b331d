"""A person's browser as far as the hub can tell: cookies, forms, redirects, no JavaScript.

Times are wall-clock seconds from the click that asks for a server to the answer of JupyterLab's page.
"""

import asyncio
import json
import re
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

LIMIT_SECONDS = 300
"""A visitor who has no Lab after this long has failed."""


class VisitFailed(Exception):
    """What a person would have seen instead of JupyterLab."""


@dataclass(frozen=True)
class Visit:
    """One person's way to Lab."""

    username: str
    seconds: float
    failure: str | None = None


class Visitor:
    """One person with one cookie jar."""

    def __init__(self, hub: str, username: str, password: str) -> None:
        self.hub = URL(hub)
        self.username = username
        self.password = password

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # the hub's address may be a number
            timeout=aiohttp.ClientTimeout(total=LIMIT_SECONDS),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def log_in(self) -> None:
        """Fill in the login form."""
        async with self._session.get(self.hub / "hub/login") as page:
            text = await page.text()
        found = re.search(r'name="_xsrf"[^>]*value="([^"]+)"', text)
        form = {"username": self.username, "password": self.password}
        form["_xsrf"] = found.group(1) if found else self._cookie("_xsrf")
        async with self._session.post(
            self.hub / "hub/login", data=form, allow_redirects=False
        ) as answer:
            if answer.status not in (302, 303):
                raise VisitFailed(f"login answered {answer.status}")

    async def open_lab(self) -> Visit:
        """Click *Open* and wait for JupyterLab's page."""
        start = time.monotonic()
        try:
            await asyncio.wait_for(self._to_lab(), LIMIT_SECONDS)
        except (VisitFailed, TimeoutError, aiohttp.ClientError) as error:
            return Visit(
                self.username, time.monotonic() - start, f"{type(error).__name__}: {error}"
            )
        return Visit(self.username, time.monotonic() - start)

    async def sync(self) -> float:
        """Ask the own server for updates, as *get updates* does; seconds until it has answered."""
        server = self.hub / "user" / self.username
        xsrf = self._session.cookie_jar.filter_cookies(server / "")["_xsrf"].value
        start = time.monotonic()
        async with self._session.post(
            server / "course/sync", json={}, headers={"X-XSRFToken": xsrf}
        ) as answer:
            if answer.status != 200:
                raise VisitFailed(f"sync answered {answer.status}")
            await answer.read()
        return time.monotonic() - start

    async def follow_link(self, repository: str) -> float:
        """What nbgitpuller's page does after a click on its link; the time at which it had finished."""
        server = self.hub / "user" / self.username
        query = {"repo": repository, "branch": "main", "targetpath": "course", "_xsrf": ""}
        query["_xsrf"] = self._session.cookie_jar.filter_cookies(server / "")["_xsrf"].value
        async with self._session.get(server / "git-pull/api", params=query) as stream:
            if stream.status != 200:
                raise VisitFailed(f"git-pull answered {stream.status}")
            async for line in stream.content:
                event = json.loads(line[5:]) if line.startswith(b"data:") else {}
                if event.get("phase") == "error":
                    raise VisitFailed(str(event.get("message")))
                if event.get("phase") == "finished":
                    return time.time()
        raise VisitFailed("git-pull ended without a word")

    async def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        address = self.hub / "hub/api/users" / self.username / "server"
        headers = {"X-XSRFToken": self._cookie("_xsrf"), "Referer": str(self.hub / "hub/home")}
        while True:
            async with self._session.delete(address, headers=headers) as answer:
                if answer.status == 204 or answer.status == 400:
                    return
                if answer.status != 202:
                    raise VisitFailed(f"stop answered {answer.status}")
            await asyncio.sleep(0.5)

    async def _to_lab(self) -> None:
        async with self._session.get(self.hub / "hub/spawn") as page:
            text, address = await page.text(), str(page.url)
            if page.status >= 400:
                raise VisitFailed(f"spawn answered {page.status}")
        if "spawn-pending" in address:
            await self._follow_progress(text)
        async with self._session.get(self.hub / "user" / self.username / "lab") as lab:
            body = await lab.text()
            if lab.status != 200 or "jupyter-config-data" not in body:
                raise VisitFailed(f"lab answered {lab.status} at {lab.url.path}")

    async def _follow_progress(self, page: str) -> None:
        address = self.hub / "hub/api/users" / self.username / "server/progress"
        token = re.search(r'_xsrf=([^"&\s]+)|xsrf_token:\s*"([^"]+)"', page)
        xsrf = next((group for group in (token.groups() if token else ()) if group), None)
        query = {"_xsrf": xsrf or self._cookie("_xsrf")}
        async with self._session.get(address, params=query) as stream:
            if stream.status != 200:
                raise VisitFailed(f"progress answered {stream.status}")
            async for line in stream.content:
                if not line.startswith(b"data:"):
                    continue
                event = json.loads(line[5:])
                if event.get("failed"):
                    raise VisitFailed(event.get("message", "failed"))
                if event.get("ready"):
                    return
        raise VisitFailed("the progress ended before the server was ready")

    def _cookie(self, name: str) -> str:
        return self._session.cookie_jar.filter_cookies(self.hub / "hub/")[name].value


async def accept_invitation(hub: str, link: str, password: str) -> None:
    """Choose French and a password, as the page of the invitation asks."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(link) as page:
            form = dict(re.findall(r'name="(_xsrf|token)"[^>]*value="([^"]+)"', await page.text()))
        form |= {"language": "fr", "password": password}
        address = URL(hub) / "hub/invitation"
        async with session.post(address, data=form, allow_redirects=False) as answer:
            if answer.status not in (302, 303):
                raise VisitFailed(f"the invitation answered {answer.status}")
