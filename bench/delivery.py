"""``make bench-delivery``: from a push to every server that runs, ours beside plain nbgitpuller links.

Ours: 40 servers, an instructor who corrects a notebook three times, the real gate. Plain: as many servers
of the plain deployment, a git daemon, and 40 people who click on the link at the moment of the push; that
somebody has to tell them to is not counted. Results are printed and kept in ``.build/bench-delivery.json``.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from bench.deployments import Deployment, Ours, Plain, docker, ours, plain
from bench.measures import crowd, ready
from bench.visitor import VisitFailed, Visitor, accept_invitation
from tests.scratch_site import PASSWORD, ROOT, free_ports
from tests.teacher import Teacher

PEOPLE = 40
ROUNDS = 3
NOTHING_NEW = 50
NOTEBOOK, SOURCE = "d1-03", "src/day1/03-svd.py"
"""The notebook that is corrected."""
KEPT = ROOT / ".build" / "bench-delivery.json"

TOLD = """
import json, sqlite3
db = sqlite3.connect("/srv/hub/state/delivery.db")
[gate] = db.execute("SELECT began, ended FROM gate ORDER BY id DESC LIMIT 1").fetchall()
[release] = db.execute("SELECT released FROM release WHERE cohort = '2027a-cotonou'").fetchall()
head = json.loads(release[0])["head"]
reports = [json.loads(row[0]) for row in db.execute("SELECT report FROM workspace")]
print(json.dumps([gate, [r["at"] for r in reports if r["commit"] == head]]))
"""
"""Run in the hub's container: when the gate began and ended, and when each workspace had the release."""


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


async def start_all(deployment: Deployment, at_once: int) -> float:
    """Everybody's server, so many at once; seconds until the last one runs."""
    start = time.monotonic()
    async with AsyncExitStack() as browsers:
        waiting = asyncio.Semaphore(at_once)

        async def open_one(visitor: Visitor) -> None:
            async with waiting:
                visit = await visitor.open_lab()
            assert visit.failure is None, visit.failure

        visitors = []
        for number in range(1, PEOPLE + 1):
            visitor = await browsers.enter_async_context(deployment.visitor(number))
            await visitor.log_in()
            visitors.append(visitor)
        await asyncio.gather(*(open_one(visitor) for visitor in visitors))
    return round(time.monotonic() - start, 1)


def received_bytes(deployment: Deployment) -> int:
    """What all servers have received over their networks since they started."""
    counter = "/sys/class/net/eth0/statistics/rx_bytes"
    names = [f"{deployment.server_prefix}bench-{number:02d}" for number in range(1, PEOPLE + 1)]
    return sum(int(docker("exec", name, "cat", counter)) for name in names)


def processor_seconds(deployment: Deployment, username: str) -> float:
    """What a server has used of the processor, all its processes together."""
    script = "cat /sys/fs/cgroup/cpuacct/cpuacct.usage || grep usage_usec /sys/fs/cgroup/cpu.stat"
    said = docker(
        "exec", deployment.server_prefix + username, "sh", "-c", f"({script}) 2>/dev/null"
    )
    return int(said.split()[-1]) / (1e6 if "usage_usec" in said else 1e9)


# --- ours ------------------------------------------------------------------------------------------


async def measure_ours(a: Ours, folder: Path) -> dict[str, object]:
    """Starts, pushes, and syncs with nothing new."""
    await ready(a)
    await a.let_in(PEOPLE)
    await accept_invitation(a.url, a.site.invitation(a.teacher).link, PASSWORD)
    started = await crowd(a, PEOPLE)
    at_start = received_bytes(a)
    teacher = Teacher(a.url, a.teacher, PASSWORD, folder)
    run_seconds = await asyncio.to_thread(execution_seconds, a)
    visible: list[float] = []
    gates: list[float] = []
    for number in range(1, ROUNDS + 1):
        await asyncio.to_thread(correct, teacher, number)
        began, ended, seen = await seen_by_all(a)
        gates.append(ended - began)
        visible += [moment - ended for moment in seen]
    return {
        "servers": PEOPLE,
        "all_started_seconds": started.last_seconds,
        "failures": started.failures,
        "received_by_all_at_start_mb": round(at_start / 1e6, 2),
        "push_to_visible_p50_seconds": percentile(visible, 0.5),
        "push_to_visible_p95_seconds": percentile(visible, 0.95),
        "push_to_visible_max_seconds": percentile(visible, 1.0),
        "gate_seconds": [round(gate, 2) for gate in gates],
        "run_of_the_notebook_seconds": round(run_seconds, 2),
        **await nothing_new(a),
    }


def correct(teacher: Teacher, number: int) -> None:
    """One more sentence, pushed; returns when the gate has passed it."""
    teacher.add_sentence(
        NOTEBOOK, SOURCE, 2, en=f"Read again, round {number}.", fr=f"Relu, tour {number}."
    )
    pushed = teacher.push()
    assert pushed.returncode == 0, pushed.stderr


async def seen_by_all(a: Ours) -> tuple[float, float, list[float]]:
    """When the last gate began and ended, and when each server had the release after it."""
    hub = f"{a.site.project}-hub"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        [began, ended], seen = json.loads(docker("exec", hub, "python", "-c", TOLD))
        if ended and len(seen) == PEOPLE:
            moments = [timestamp(moment) for moment in seen]
            if min(moments) > timestamp(ended):
                return timestamp(began), timestamp(ended), moments
        await asyncio.sleep(0.3)
    raise TimeoutError(f"{len(seen)} of {PEOPLE} servers have the release")


def timestamp(moment: str) -> float:
    """Seconds since the epoch, of a moment as the journal writes it."""
    return datetime.fromisoformat(moment).timestamp()


def execution_seconds(a: Ours) -> float:
    """The notebook's two runs as the gate makes them, without the gate."""
    image = json.loads((ROOT / ".build" / "images.json").read_text("utf-8"))["course"]
    script = "cp -r /project/content/build ~/course && cd ~/course && " + " && ".join(
        f"python /project/content/execute.py --build . --kind {kind} --lang {lang} {NOTEBOOK}"
        for kind, lang in (("instructor", "en"), ("participant", "fr"))
    )
    label = f"--label=africa.airina.project={a.site.project}"
    start = time.monotonic()
    given = (label, "--entrypoint=sh", f"--volume={ROOT}:/project:ro")
    docker("run", "--rm", "--network=none", *given, image, "-euc", script)
    return time.monotonic() - start


async def nothing_new(a: Ours) -> dict[str, object]:
    """What asking a server for updates costs when there are none."""
    async with a.visitor(1) as visitor:
        await visitor.log_in()
        await visitor.open_lab()
        await visitor.sync()
        before = processor_seconds(a, visitor.username)
        seconds = [await visitor.sync() for _ in range(NOTHING_NEW)]
        used = processor_seconds(a, visitor.username) - before
    return {
        "nothing_new_processor_ms": round(used / NOTHING_NEW * 1000, 1),
        "nothing_new_answer_p50_ms": round(percentile(seconds, 0.5) * 1000, 1),
    }


# --- plain -----------------------------------------------------------------------------------------


@contextmanager
def git_daemon(folder: Path, address: str) -> Iterator[tuple[str, Path]]:
    """A repository with what ours has released, served to the network; its address and a clone."""
    clone = folder / "course"
    clone.mkdir()
    for part in ("fr", "en", "airina"):
        subprocess.run(["cp", "-r", str(ROOT / "content" / "build" / part), str(clone)], check=True)
    commit(clone, "init", "--quiet", "--initial-branch=main", ".")
    commit(clone, "add", "--all")
    commit(clone, "commit", "--quiet", "--message=first")
    [port] = free_ports(1)
    options = [f"--listen={address}", f"--port={port}", "--export-all", "--reuseaddr"]
    options.append("--max-connections=0")  # by itself it takes 32, and 8 of 40 clones fail
    daemon = subprocess.Popen(
        ["git", "daemon", *options, f"--base-path={folder}"], stderr=subprocess.DEVNULL
    )
    try:
        yield f"git://{address}:{port}/course", clone
    finally:
        daemon.terminate()
        daemon.wait()


def commit(clone: Path, *arguments: str) -> None:
    """git, with an invented author."""
    author = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    subprocess.run(["git", *author, "-C", str(clone), *arguments], check=True, env=os.environ)


async def all_click(visitors: list[Visitor], repository: str) -> tuple[list[float], int]:
    """When each click had brought the course, and how many ended with an error instead."""

    async def click(visitor: Visitor) -> float | None:
        try:
            return await visitor.follow_link(repository)
        except VisitFailed:
            return None

    ends = await asyncio.gather(*(click(visitor) for visitor in visitors))
    there = [end for end in ends if end is not None]
    return there, len(ends) - len(there)


async def measure_plain(b: Plain, folder: Path) -> dict[str, object]:
    """Everybody clicks on the link, for the first time and after each correction."""
    await ready(b)
    started = await start_all(b, at_once=3)  # all at once they miss their time-out
    with git_daemon(folder, b.gateway) as (repository, clone):
        async with AsyncExitStack() as browsers:
            visitors = []
            for number in range(1, PEOPLE + 1):
                visitor = await browsers.enter_async_context(b.visitor(number))
                await visitor.log_in()
                await visitor.open_lab()
                visitors.append(visitor)
            before = received_bytes(b)
            _, refused_first = await all_click(visitors, repository)
            first = received_bytes(b) - before
            visible: list[float] = []
            refused: list[int] = []
            for number in range(1, ROUNDS + 1):
                notebook = clone / "fr" / "day1" / "03-svd.ipynb"
                notebook.write_text(notebook.read_text("utf-8").replace("SVD", f"SVD {number}", 1))
                commit(clone, "commit", "--quiet", "--all", "--message=correct")
                start = time.time()
                ends, without = await all_click(visitors, repository)
                visible += [end - start for end in ends]
                refused.append(without)
    return {
        "servers": PEOPLE,
        "all_started_seconds_three_at_once": started,
        "received_by_all_at_first_click_mb": round(first / 1e6, 2),
        "first_clicks_that_failed": refused_first,
        "clicks_that_failed": refused,
        "click_to_visible_p50_seconds": percentile(visible, 0.5),
        "click_to_visible_p95_seconds": percentile(visible, 0.95),
        "click_to_visible_max_seconds": percentile(visible, 1.0),
    }


def main() -> int:
    """One after the other: 80 servers at once would measure the machine's memory."""
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side in ("ours", "plain"):
            (folder / side).mkdir()
        with ours(folder / "ours", PEOPLE) as a:
            results["ours"] = asyncio.run(measure_ours(a, folder / "ours"))
        keep(results)
        with plain(folder / "plain") as b:
            results["plain"] = asyncio.run(measure_plain(b, folder / "plain"))
    keep(results)
    return 0


def keep(results: dict[str, object]) -> None:
    """Print what is known so far, and keep it."""
    text = json.dumps(results, indent=1)
    KEPT.write_text(text, "utf-8")
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
