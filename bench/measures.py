"""What is measured. Each function takes a deployment and returns numbers with their units in the name."""

import asyncio
import json
import re
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass

import aiohttp
from playwright.async_api import CDPSession, Page, async_playwright
from yarl import URL

from bench.deployments import Deployment, docker
from bench.visitor import Visitor

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 120_000


@dataclass(frozen=True)
class Crowd:
    """Many people who click at the same moment."""

    people: int
    failures: int
    last_seconds: float
    median_seconds: float
    reasons: tuple[str, ...]


async def ready(deployment: Deployment) -> None:
    """Wait until the hub answers."""
    address = URL(deployment.url) / "hub/health"
    deadline = time.monotonic() + 120
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(address) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(f"{deployment.name} does not answer")
            await asyncio.sleep(0.2)


async def crowd(deployment: Deployment, people: int) -> Crowd:
    """Everybody logs in, then everybody clicks at once; the clock runs from the click."""
    async with AsyncExitStack() as open_browsers:
        visitors = []
        for number in range(1, people + 1):
            visitor = await open_browsers.enter_async_context(deployment.visitor(number))
            await visitor.log_in()
            visitors.append(visitor)
        visits = await asyncio.gather(*(visitor.open_lab() for visitor in visitors))
    seconds = sorted(visit.seconds for visit in visits)
    failures = [visit.failure for visit in visits if visit.failure]
    return Crowd(
        people=people,
        failures=len(failures),
        last_seconds=round(seconds[-1], 1),
        median_seconds=round(seconds[len(seconds) // 2], 1),
        reasons=tuple(sorted(set(failures))[:3]),
    )


async def stop_servers(deployment: Deployment, people: int) -> None:
    """Stop everybody's server through the hub, as the button does."""
    for number in range(1, people + 1):
        async with deployment.visitor(number) as visitor:
            await visitor.log_in()
            await visitor.stop()


def idle_memory_mib(deployment: Deployment, username: str) -> float:
    """MiB that Docker reports for a server with Lab open and no kernel."""
    usage = docker(
        "stats", "--no-stream", "--format", "{{ .MemUsage }}", deployment.server_prefix + username
    )
    number, unit = re.match(r"([\d.]+)(\w+)", usage).groups()  # type: ignore[union-attr]
    return float(number) * {"MiB": 1.0, "GiB": 1024.0}[unit]


@dataclass
class Wire:
    """Bytes and requests of one visit, as the browser counts them on the wire."""

    megabytes: float = 0.0
    requests: int = 0


async def lab_visits(visitor: Visitor) -> tuple[Wire, Wire]:
    """A first visit to Lab with an empty cache, and a second with the cache that it left.

    The launcher of ``/lab`` is opened, the same on both sides, on a server that already runs.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        context = await browser.new_context(locale="fr-FR")
        page = await context.new_page()
        # Not on to Lab, as a login goes by itself: the first visit has to find an empty cache.
        await page.goto(f"{visitor.hub}/hub/login?next=%2Fhub%2Fhome")
        await page.fill("input[name=username]", visitor.username)
        await page.fill("input[name=password]", visitor.password)
        await page.press("input[name=password]", "Enter")
        await page.wait_for_load_state("networkidle")
        first = await _visit(await context.new_page(), visitor)
        second = await _visit(await context.new_page(), visitor)
        await browser.close()
    return first, second


async def _visit(page: Page, visitor: Visitor) -> Wire:
    wire = Wire()
    session: CDPSession = await page.context.new_cdp_session(page)
    await session.send("Network.enable")

    def finished(event: dict[str, float]) -> None:
        wire.megabytes += event["encodedDataLength"] / 1e6
        wire.requests += 1

    session.on("Network.loadingFinished", finished)
    await page.goto(f"{visitor.hub}/user/{visitor.username}/lab", timeout=PATIENCE_MS)
    await page.wait_for_selector(".jp-Launcher, .jp-NotebookPanel .jp-Cell", timeout=PATIENCE_MS)
    await page.wait_for_load_state("networkidle")
    await page.close()
    wire.megabytes = round(wire.megabytes, 3)
    return wire


def as_json(results: dict[str, dict[str, object]]) -> str:
    """The results for a file, the dataclasses in them written out."""
    return json.dumps(results, indent=1, default=asdict)
