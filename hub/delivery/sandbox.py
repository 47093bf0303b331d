"""A container in which what was pushed runs, and nowhere else: no network, a participant's limits.

What goes in and out lies on a volume in memory, in the place of a workspace: a push that fills it fills
nothing of the host. What is built is where people have it, ``course/``: kernels look for the package there.
"""

import io
import secrets
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

import docker
from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException

from hub.confinement import host_config, memory_bytes
from hub.naming import Names
from hub.settings import Settings

PLACE = "/home/participant"
CONTENT = f"{PLACE}/content"
BUILT = f"{PLACE}/course"

LABEL = "africa.airina.gate"
"""On everything that a gate makes, so that the next one finds what a gate that died has left."""

PERSON = 1000
"""User and group of ``participant`` in the course image."""

PLACE_OPTIONS = {
    "type": "tmpfs",
    "device": "tmpfs",
    "o": f"size=256m,nr_inodes=20000,uid={PERSON},gid={PERSON}",
}

LONGEST_SECONDS = 3600
"""After which a container ends by itself, should nobody be left to end it."""

ENGINE_SECONDS = 60
"""For one answer of the engine; what a program says may take longer."""

COUNTERS = (
    "cat /sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events 2>/dev/null "
    "| sed -n 's/^oom_kill //p'; cat /sys/fs/cgroup/pids/pids.events /sys/fs/cgroup/pids.events "
    "2>/dev/null | sed -n 's/^max //p'"
)
"""The kernel's own counts for the container, in either version of its groups: two numbers."""


class NoSandbox(Exception):
    """The engine did not give a container, or lost it; the text is for a log."""


@dataclass
class Ended:
    """How a program ended: filled in once all that it said was read."""

    code: int | None = None


@dataclass(frozen=True)
class Strain:
    """How often the container has met its limits so far."""

    memory: int = 0
    """Processes ended by the kernel for want of memory."""
    processes: int = 0
    """Processes that could not be started."""


class Box(Protocol):
    """Where pushed code runs."""

    def put(self, tar: bytes) -> None:
        """Files for ``CONTENT``, which the code there can read and not change."""

    def run(
        self, command: list[str], variables: Mapping[str, str], ended: Ended
    ) -> Iterator[tuple[bool, bytes]]:
        """What a program says, as it says it: whether it is an error, and a piece of it."""

    def take(self) -> Iterable[bytes]:
        """A tar of ``BUILT``."""

    def strain(self) -> Strain:
        """Which limits were met."""


@contextmanager
def sandbox(settings: Settings) -> Iterator[Box]:
    """A new container, gone at the end whatever happens. Raises NoSandbox."""
    try:
        engine = docker.APIClient(version="auto", timeout=ENGINE_SECONDS)
    except ENGINE_ERRORS as error:
        raise NoSandbox(str(error)) from error
    try:
        _remove_what_was_left(engine, settings.names)
        box = Container(engine, settings)
        try:
            box.start()
            yield box
        finally:
            box.remove()
    except ENGINE_ERRORS as error:
        raise NoSandbox(str(error)) from error
    finally:
        engine.close()


ENGINE_ERRORS = (DockerException, RequestException)


class Container:
    """``Box`` on a Docker engine."""

    def __init__(self, engine: Any, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._name = f"{settings.names.project}-gate-{secrets.token_hex(4)}"
        self._labels = {Names.LABEL: settings.names.project, LABEL: "1"}

    def start(self) -> None:
        """Make it: it waits to be told what to run."""
        limits, engine = self._settings.limits.participant, self._engine
        engine.create_volume(
            self._name, driver="local", driver_opts=PLACE_OPTIONS, labels=self._labels
        )
        rights = engine.create_host_config(
            **host_config(limits),
            mem_limit=memory_bytes(limits),
            nano_cpus=int(limits.cpus * 1e9),
            network_mode="none",
            binds={self._name: {"bind": PLACE, "mode": "rw"}},
        )
        engine.create_container(
            self._settings.course_image,
            ["sleep", str(LONGEST_SECONDS)],
            name=self._name,
            user="participant",
            working_dir="/",
            labels=self._labels,
            host_config=rights,
        )
        engine.start(self._name)
        engine.put_archive(self._name, PLACE, _folders())

    def remove(self) -> None:
        """Take it away, with whatever runs in it and whatever it wrote."""
        with suppress(NotFound):
            self._engine.remove_container(self._name, v=True, force=True)
        with suppress(NotFound):
            self._engine.remove_volume(self._name, force=True)

    def put(self, tar: bytes) -> None:
        """See ``Box``."""
        self._engine.put_archive(self._name, CONTENT, tar)

    def run(
        self, command: list[str], variables: Mapping[str, str], ended: Ended
    ) -> Iterator[tuple[bool, bytes]]:
        """See ``Box``."""
        program = self._engine.exec_create(
            self._name, command, environment=dict(variables), workdir=CONTENT, user="participant"
        )
        for out, err in self._engine.exec_start(program["Id"], stream=True, demux=True):
            if out:
                yield False, out
            if err:
                yield True, err
        ended.code = self._engine.exec_inspect(program["Id"])["ExitCode"]

    def take(self) -> Iterable[bytes]:
        """See ``Box``."""
        stream, _ = self._engine.get_archive(self._name, f"{BUILT}/.", chunk_size=256 * 1024)
        found: Iterable[bytes] = stream
        return found

    def strain(self) -> Strain:
        """See ``Box``. A container so full that nothing more starts in it says so by that."""
        ended = Ended()
        said = b"".join(piece for _, piece in self.run(["sh", "-c", COUNTERS], {}, ended)).split()
        if ended.code or len(said) != 2:
            return Strain(processes=1)
        return Strain(int(said[0]), int(said[1]))


def _folders() -> bytes:
    """The two folders of ``PLACE``: sources that are root's, results that are the participant's."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, owner in (("content", 0), ("course", PERSON)):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode, folder.uid, folder.gid = tarfile.DIRTYPE, 0o755, owner, owner
            tar.addfile(folder)
    return packed.getvalue()


def _remove_what_was_left(engine: Any, names: Names) -> None:
    """Only one gate of a site works at a time: another's container is one whose gate has died."""
    mine = {"label": [f"{Names.LABEL}={names.project}", LABEL]}
    for container in engine.containers(all=True, filters=mine):
        with suppress(NotFound, APIError):
            engine.remove_container(container["Id"], v=True, force=True)
    for volume in engine.volumes(filters=mine)["Volumes"] or []:
        with suppress(NotFound, APIError):
            engine.remove_volume(volume["Name"], force=True)
