"""``make bench``: the first figures, ours beside plain, on this machine, in one run.

A round is one person's click to Lab, on each side in turn (A B B A); then thirty people at once; then
what a visit weighs and what an idle server holds. Results are printed and kept in ``.build/bench.json``.
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from bench.deployments import Deployment, Ours, ours, plain
from bench.measures import as_json, crowd, idle_memory_mib, lab_visits, ready, stop_servers
from tests.scratch_site import ROOT

PEOPLE = 30
ROUNDS = 2
KEPT = ROOT / ".build" / "bench.json"


async def alone(deployments: list[Deployment]) -> dict[str, list[float]]:
    """Seconds from a click to Lab for one person, sides interleaved."""
    seconds: dict[str, list[float]] = {deployment.name: [] for deployment in deployments}
    for deployment in (deployments + deployments[::-1]) * ROUNDS:
        visit = await crowd(deployment, 1)
        seconds[deployment.name].append(visit.last_seconds)
        await stop_servers(deployment, 1)
    return seconds


async def measure(deployments: list[Deployment]) -> dict[str, dict[str, object]]:
    """Every figure of every deployment."""
    results: dict[str, dict[str, object]] = {}
    clicks = await alone(deployments)
    for deployment in deployments:
        together = await crowd(deployment, PEOPLE)
        await stop_servers(deployment, PEOPLE)
        await crowd(deployment, 1)
        idle = idle_memory_mib(deployment, "bench-01")  # before a visit starts a kernel
        first, second = await lab_visits(deployment.visitor(1))
        results[deployment.name] = {
            "one_click_to_lab_seconds": statistics.median(clicks[deployment.name]),
            "thirty_at_once": together,
            "first_visit": first,
            "second_visit": second,
            "idle_server_mib": idle,
        }
        await stop_servers(deployment, 1)
    return results


async def run(a: Ours, b: Deployment) -> dict[str, dict[str, object]]:
    """Both deployments, up and with people."""
    await ready(a)
    await a.let_in(PEOPLE)
    await ready(b)
    return await measure([a, b])


def main() -> int:
    """Start both, measure, remove both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ours").mkdir()
        (folder / "plain").mkdir()
        with ours(folder / "ours", PEOPLE) as a, plain(folder / "plain") as b:
            results = asyncio.run(run(a, b))
    KEPT.write_text(as_json(results), "utf-8")
    print(as_json(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
