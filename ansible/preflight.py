"""Whether this machine can become a hub, asked before anything is touched; every obstacle at once.

``look`` observes, ``obstacles`` judges what was observed. Nothing but Python's own library: on a bare
machine this runs before anything is installed.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ports
from environment import FOR_IMAGES, ROOT, VENV, packages_of

GIB = 2**30
ROOM_TO_BUILD = 8 * GIB
"""Bytes: base images, wheels, five images and room for workspaces."""
ROOM_TO_RUN = GIB
PROCESSOR = "x86_64"
BUILT = ROOT / ".build" / "images.json"
INSTALLABLE = {"debian", "ubuntu"}


@dataclass(frozen=True)
class Taken:
    """A port of ours at which something else listens."""

    name: str
    port: int


@dataclass(frozen=True)
class Machine:
    """What was observed."""

    root: bool
    engine: bool
    distributions: frozenset[str]
    """``ID`` and ``ID_LIKE`` of os-release."""
    free: int
    """Bytes, on the fullest of the disks that will be written to."""
    built: bool
    """Whether all images have been made here before."""
    missing: tuple[str, ...] = ()
    """Debian packages that building needs and that are not installed."""
    unreachable: tuple[str, ...] = ()
    """Registries that did not answer, by the name of the program that asks them."""
    taken: tuple[Taken, ...] = ()
    processor: str = PROCESSOR


def obstacles(machine: Machine) -> Iterator[str]:
    """What stands in the way and what to do about it, one line each."""
    if machine.processor != PROCESSOR:
        yield (
            f"its processor is {machine.processor}, and the packages of the images are pinned for "
            f"{PROCESSOR}. What to do: use a machine with such a processor."
        )
    if not machine.engine:
        yield from _no_engine(machine)
    need = ROOM_TO_RUN if machine.built else ROOM_TO_BUILD
    if machine.free < need:
        yield (
            f"{machine.free / GIB:.1f} GiB of disk are free and {need / GIB:.0f} are needed. "
            "What to do: make room; `docker system df` shows what Docker holds."
        )
    if machine.missing and not machine.built and not machine.root and _is_debian(machine):
        names = " ".join(machine.missing)
        yield (
            f"{names}: missing, and only root can install them. "
            f"What to do: have root run `apt install {names}`."
        )
    for program in machine.unreachable:
        yield (
            f"{program} cannot reach its registry. What to do: check the network, and {program}'s "
            "settings for a mirror or a proxy; what is there already is kept."
        )
    for taken in machine.taken:
        yield (
            f"port {taken.port} (the {taken.name}'s) is taken by another program. What to do: stop it "
            f"(`ss -ltnp 'sport = :{taken.port}'` names it), or write another port under "
            f"`hub_settings: ports: {taken.name}:` in the inventory's group_vars/all.yml."
        )


def _no_engine(machine: Machine) -> Iterator[str]:
    if not _is_debian(machine):
        yield (
            "no Docker engine answers, and this is neither Debian nor Ubuntu, so none can be installed. "
            "What to do: install and start Docker Engine yourself, then run `make up` again."
        )
    elif not machine.root:
        yield (
            "no Docker engine answers, and only root can install one. What to do: run `make up` as root, "
            "or start an engine that this account may use."
        )


def _is_debian(machine: Machine) -> bool:
    return bool(machine.distributions & INSTALLABLE)


def look(inventory: Path) -> Machine:
    """This machine, as it is now, for the site of ``inventory``."""
    engine, built = engine_answers(), BUILT.exists()
    return Machine(
        root=os.geteuid() == 0,
        engine=engine,
        distributions=distributions(Path("/etc/os-release")),
        free=free_bytes(engine),
        built=built,
        missing=packages_of(FOR_IMAGES),
        unreachable=() if built else tuple(unreachable()),
        taken=tuple(taken_ports(inventory, engine)),
        processor=platform.machine(),
    )


def engine_answers() -> bool:
    """Whether a Docker engine answers this account."""
    return bool(_output("docker", "version", "--format", "{{ .Server.Version }}"))


def distributions(os_release: Path) -> frozenset[str]:
    """The names by which a distribution says what it is and what it is like."""
    if not os_release.exists():
        return frozenset()
    pairs = (line.partition("=") for line in os_release.read_text("utf-8").splitlines())
    said = {key: value.strip("\"'") for key, _, value in pairs}
    return frozenset([said.get("ID", ""), *said.get("ID_LIKE", "").split()]) - {""}


def free_bytes(engine: bool) -> int:
    """On the disk of the project, or on Docker's, whichever has less."""
    docker = _output("docker", "info", "--format", "{{ .DockerRootDir }}") if engine else ""
    places = [ROOT, Path(docker or "/var/lib")]
    return min(shutil.disk_usage(place).free for place in places if place.exists())


def unreachable() -> Iterator[str]:
    """The programs whose registry does not answer; one that is not installed yet is not asked."""
    refresh = ("apt-get", "update", "-qq", "--option", "APT::Update::Error-Mode=any")
    if os.geteuid() == 0 and shutil.which("apt-get") and not _succeeds(*refresh):
        yield "apt-get"
    python = VENV / "bin" / "python" if VENV.exists() else Path(sys.executable)
    if VENV.exists() or importlib.util.find_spec("pip"):
        ask = (
            "-m",
            "pip",
            "--retries=0",
            "--timeout=15",
            "download",
            "--no-deps",
            "--no-cache-dir",
        )
        if not _succeeds(str(python), *ask, "--dest", str(ROOT / ".build"), "wheel"):
            yield "pip"
    if shutil.which("npm") and not _succeeds("npm", "ping", "--fetch-retries=0"):
        yield "npm"


def taken_ports(inventory: Path, engine: bool) -> Iterator[Taken]:
    """The site's ports at which something listens that is not the site's own container."""
    running = _output("docker", "ps", "--format", "{{ .Names }}").split() if engine else []
    project = ports.project(inventory)
    for name, port in ports.taken(inventory).items():
        if f"{project}-{ports.CONTAINER.get(name, name)}" not in running:
            yield Taken(name, port)


def _output(*command: str) -> str:
    """What a program says; nothing when it fails or is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
