"""Runs built notebooks, each on a fresh kernel with one core, and tells what they cost.

    python content/execute.py --kind instructor d1-03 --lang fr
    python content/execute.py --kind participant               every notebook, both languages

An instructor's notebook must run to its end with every check proved (``AIRINA_STRICT=1``) and without a
warning. A participant's must stop only where nothing is written yet: at a NotImplementedError, or at a
name that was to be defined there. With ``--draw 1``, other random numbers than those of the source: what
holds for one seed alone is no statement. Exit codes: 0 all good, 1 at least one fault.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from builder.faults import LANGUAGES, Fault, Language, own_language
from builder.view import AUDIENCES, Audience
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

ROOT = Path(__file__).resolve().parent
LOCALES: dict[Language, str] = {"en": "en_US.UTF-8", "fr": "fr_FR.UTF-8"}
SECONDS = 60
MEBIBYTES = 1536
_SEED = re.compile(r"(?m)(^SEED = |\bdefault_rng\()(\d+)(?=\)|$)")
PATIENCE = 10  # seconds on the wall, for one cell, for each second of the processor allowed


@dataclass(frozen=True)
class Built:
    """A built notebook, and the root of the release it stands in, which kernels find on PYTHONPATH."""

    path: Path
    name: str
    language: Language
    kind: Audience
    root: Path


@dataclass(frozen=True)
class Run:
    """What one run cost the kernel, its start included, and the faults of the notebook.

    ``seconds`` are those of the processor: a machine that is busy elsewhere changes nothing in them.
    """

    built: Built
    seconds: float
    mebibytes: int
    faults: list[Fault]


@dataclass
class Cost:
    """What a kernel has used so far."""

    seconds: float = 0.0
    mebibytes: int = 0

    def read(self, pid: int) -> None:
        """Reads Linux's own counters: time of user and system, and the most memory ever held."""
        status = Path(f"/proc/{pid}/status").read_text("ascii", errors="replace")
        (peak,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        self.mebibytes = int(peak.split()[1]) // 1024
        times = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2]
        user, system = times.split()[11:13]
        self.seconds = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def find(
    build: Path, kind: Audience, languages: list[Language], names: list[str]
) -> Iterator[Built]:
    """The built notebooks asked for; all when ``names`` is empty."""
    root = build / "instructor" if kind == "instructor" else build
    for language in languages:
        for path in sorted((root / language).rglob("*.ipynb")):
            course = json.loads(path.read_text("utf-8"))["metadata"]["course"]
            if not names or course["id"] in names:
                yield Built(path, course["id"], language, kind, root)


def run(built: Built, seconds: int = SECONDS, save: Path | None = None, draw: int = 0) -> Run:
    """Executes one notebook; ``save`` is a folder for the notebook with its outputs.

    ``draw`` numbers the random numbers: 0 those of the source, 1, 2, … others.
    """
    notebook: Any = nbformat.read(built.path, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = redrawn(cell.source, draw)
    cost, faults = _executed(built, notebook, seconds)
    faults += _judged(built, notebook)
    if cost.seconds > seconds:
        values: dict[str, object] = {"found": round(cost.seconds), "limit": seconds}
        faults.append(Fault(_place(built), "too_slow", values=values))
    if cost.mebibytes > MEBIBYTES:
        values = {"found": cost.mebibytes, "limit": MEBIBYTES}
        faults.append(Fault(_place(built), "too_large", values=values))
    if save:
        target = save / built.path.relative_to(built.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)  # type: ignore[no-untyped-call]
    return Run(built, cost.seconds, cost.mebibytes, faults)


def redrawn(code: str, draw: int) -> str:
    """The code with every seed that it names moved by a thousand for each draw."""
    return _SEED.sub(lambda seed: f"{seed[1]}{int(seed[2]) + 1000 * draw}", code)


def _executed(built: Built, notebook: Any, seconds: int) -> tuple[Cost, list[Fault]]:
    """Runs every cell, filling in the outputs. Returns the cost, and the fault that ended the run."""
    cost = Cost()

    def measure(**_: object) -> None:
        kernel: Any = client.km
        cost.read(kernel.provisioner.pid)

    with TemporaryDirectory() as sockets:
        client = NotebookClient(
            notebook,
            timeout=PATIENCE * seconds,
            kernel_name="python3",
            allow_errors=built.kind == "participant",
            resources={"metadata": {"path": str(built.path.parent)}},
            on_cell_executed=measure,
            # Sockets in the file system: no port, no network, and no warning about either.
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}}),
        )
        try:
            client.execute(env=_environment(built))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return cost, [_failure(built, notebook, error)]
    return cost, []


def _environment(built: Built) -> dict[str, str]:
    """One thread, the package of the release, the person's language, and nothing of the outside."""
    strict = {"AIRINA_STRICT": "1"} if built.kind == "instructor" else {}
    return {
        **os.environ,
        **strict,
        "LANG": LOCALES[built.language],
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(built.root.resolve()),
    }


def _place(built: Built) -> Path:
    folder = built.root.parent if built.kind == "instructor" else built.root
    return built.path.relative_to(folder)


def _failure(built: Built, notebook: Any, error: Exception) -> Fault:
    """The cell where the run ended, and what it said."""
    ran = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("execution")
    ]
    if isinstance(error, CellExecutionError):
        told = f"{error.ename}: {error.evalue}"
    else:
        told = f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
    return Fault(_place(built), "cell_failed", ran[-1].id if ran else "", values={"error": told})


def _warning(text: str) -> str:
    """The line of a warning that says what is wrong, without the file of the cell."""
    lines = text.strip().splitlines() or [""]
    line = next((line for line in lines if "Warning: " in line), lines[-1])
    return line.rpartition("py:")[2].strip()


def _judged(built: Built, notebook: Any) -> Iterator[Fault]:
    first = True
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                values: dict[str, object] = {"error": _warning(output.text)}
                yield Fault(_place(built), "cell_warns", cell.id, values=values)
            shown = output.get("data", {}).get("text/plain", "")
            if re.match(r"\[?<\w+\.", shown):
                values = {"error": shown[:60]}
                yield Fault(_place(built), "shows_object", cell.id, values=values)
            if output.output_type == "error" and built.kind == "participant":
                allowed = {"NotImplementedError"} if first else {"NotImplementedError", "NameError"}
                first = False
                if output.ename not in allowed:
                    values = {"error": f"{output.ename}: {output.evalue}"}
                    yield Fault(_place(built), "not_at_an_exercise", cell.id, values=values)
                if any("/airina/" in line for line in output.traceback):
                    yield Fault(_place(built), "traceback_through_package", cell.id)


def main(arguments: list[str]) -> int:
    """Runs what was asked for, one after the other, on one core."""
    options = _parser().parse_args(arguments)
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})  # runs side by side share them out
    languages = [options.lang] if options.lang else list(LANGUAGES)
    found = list(find(options.build, options.kind, languages, options.names))
    faults = [
        Fault(Path(name), "not_built")
        for name in options.names or ["*"]
        if not any(name in (built.name, "*") for built in found)
    ]
    for built in found:
        done = run(built, options.seconds, options.save, options.draw)
        faults += done.faults
        verdict = "✔" if not done.faults else "✘"
        print(
            f"{verdict} {built.name} {built.kind} {built.language}"
            f" {done.seconds:6.1f} s {done.mebibytes:5d} MiB",
            flush=True,
        )
    for fault in faults:
        print(fault.said(own_language()), file=sys.stderr)
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kind", choices=AUDIENCES, default="instructor")
    parser.add_argument("--lang", choices=LANGUAGES, help="one language; default: both")
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="the built notebooks")
    parser.add_argument("--save", type=Path, help="folder for the notebooks with their outputs")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="limit for one notebook")
    parser.add_argument("--draw", type=int, default=0, help="other random numbers: 1, 2, …")
    parser.add_argument("names", nargs="*", metavar="ID", help="such as d1-03; default: all")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
