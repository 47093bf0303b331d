"""The course's spawner: one container per person, always fresh, never silent about its end.

What differs from DockerSpawner, and why:

- Docker is called on a pool of threads (``site``). DockerSpawner has one for everybody, so that one slow
  call, of one person, holds up the whole room.
- A start waits for its turn in ``pre_spawn_hook``: JupyterHub begins to count ``start_timeout`` after
  that hook, so that the time in the queue is never held against a start.
- A start ends when the server answers, so that the turn is kept while the machine is busy with it, and
  ``start_timeout`` covers all of it.
- A container is never used twice (DockerSpawner's ``remove=False`` would keep old images, limits and
  tokens), nor removed by Docker itself (its ``remove=True`` would lose why it ended): its end is read,
  kept in the spawner's state, and only then is it removed.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Any, ClassVar

from docker.errors import DockerException, NotFound
from requests.exceptions import RequestException
from traitlets import Any as AnyTrait
from traitlets import default

from hub import confinement
from hub.i18n import render
from hub.workspace.ending import failure_of
from hub.workspace.failures import Failure, Reason, SpawnFailed, reason_of
from hub.workspace.progress import READY, Stage, event
from hub.workspace.queue import StartQueue
from hub.workspace.readiness import answers
from hub.workspace.site import SLACK, SiteSpawner

LOG_LINES = 20
"""Lines of a dead server's log that are copied to the hub's, for whoever runs the site."""

STOP_SECONDS, STOP_PAUSE = 60.0, 2.0
"""For how long, and how often, an engine is asked again to stop a server."""

ENGINE_ERRORS = (DockerException, RequestException)


class CourseSpawner(SiteSpawner):
    """A person's server. ``settings`` and ``people`` are set by ``hub.configure``."""

    last_failure = AnyTrait(None, allow_none=True)
    """The ``Failure`` of the last server or of the last start; None once a start has gone well."""

    _queue: ClassVar[StartQueue | None] = None
    _stage = Stage.STARTING

    # --- its turn, and what is told meanwhile ------------------------------------------------------

    @property
    def queue(self) -> StartQueue:
        """One for all servers of the hub."""
        if CourseSpawner._queue is None:
            CourseSpawner._queue = StartQueue(self.settings.start.at_once)
        return CourseSpawner._queue

    @default("pre_spawn_hook")
    def _pre_spawn_hook(self) -> Callable[["CourseSpawner"], Any]:
        return CourseSpawner.wait_for_turn

    @default("progress_ready_hook")
    def _progress_ready_hook(self) -> Callable[..., Any]:
        return CourseSpawner.ready_event

    async def wait_for_turn(self) -> None:
        """JupyterHub's ``pre_spawn_hook``: before ``start``, and before its time is counted."""
        self._reach(Stage.STARTING)
        await self.queue.enter(self)

    def _reach(self, stage: Stage) -> None:
        self._stage = stage
        self.queue.announce()

    async def progress(self) -> AsyncGenerator[dict[str, object], None]:
        """Events for the page that waits, each once."""
        told = None
        while True:
            moved = self.queue.moved
            now = event(self._stage, self.queue.place(self), self.language)
            if now != told:
                yield now
                told = now
            await moved.wait()

    async def _generate_progress(self) -> AsyncGenerator[dict[str, object], None]:
        """JupyterHub's wrapper of ``progress``, without the English sentence that it begins with."""
        async with aclosing(self.progress()) as events:
            async for one in events:
                yield one

    def ready_event(self, told: dict[str, object]) -> dict[str, object]:
        """JupyterHub's last event, in the person's language."""
        rest = {key: value for key, value in told.items() if key != "html_message"}
        return rest | {"message": render(READY, self.language)}

    # --- start, look, stop -------------------------------------------------------------------------

    async def start(self) -> tuple[str, int]:
        """Make and start the container; returns its address once the server answers there."""
        seconds = self.settings.start.timeout_seconds
        # Whatever becomes of this start, it is not what became of the last.
        self.last_failure = None
        try:
            async with asyncio.timeout(seconds):
                await self.prepare()
                address, port = await super().start()
                self._reach(Stage.ANSWERING)
                path = f"{self.server.base_url}api"
                answered = await answers(address, port, path, self._is_alive)
            if not answered:
                found_out = await self.remove_object()
                raise self.failed(found_out or Failure(Reason.STOPPED, {"code": 0}))
        except TimeoutError as error:
            raise await self._given_up(
                Failure(Reason.DID_NOT_ANSWER, {"seconds": seconds})
            ) from error
        except ENGINE_ERRORS as error:
            self.log.error("Docker, for %s: %s", self.object_name, error)
            raise await self._given_up(Failure(reason_of(error))) from error
        finally:
            self.queue.leave(self)
        return address, port

    async def get_url(self) -> str:
        """Where the server is, asked of Docker: a hub that was restarted amid a start was never told."""
        try:
            address, port = await self.get_ip_and_port()
        except ENGINE_ERRORS:
            return str(self.server.url)
        return f"{self.server.proto}://{address}:{port}{self.server.base_url}"

    async def poll(self) -> str | int | None:
        """None while the server runs, or while Docker cannot say; else how it ended."""
        try:
            found = await self.get_object()
            if found is None:
                return 0
            if not found["State"]["Running"]:
                await self.remove_object()
        except ENGINE_ERRORS as error:
            self.log.warning("Docker does not say how %s is: %s", self.object_name, error)
            return None
        return None if found["State"]["Running"] else str(found["State"]["Status"])

    async def stop(self, now: bool = False) -> None:
        """Stop the server; a notebook that ran out of memory meanwhile is told about.

        JupyterHub forgets a server that could not be stopped, and it would go on, known to nobody: an engine
        that does not answer, as while it is restarted, is asked again.
        """
        end = time.monotonic() + STOP_SECONDS
        while True:
            try:
                await self.stop_object()
                await self.remove_object(asked=True)
                break
            except ENGINE_ERRORS as error:
                if time.monotonic() > end:
                    raise
                self.log.warning("Docker does not stop %s: %s", self.object_name, error)
            await asyncio.sleep(STOP_PAUSE)
        self.clear_state()

    async def get_object(self) -> dict[str, Any] | None:
        """The container as Docker describes it, or None when there is none.

        DockerSpawner takes every trouble of the engine (500) for a container that is gone, and a
        person's running server would be forgotten.
        """
        try:
            found: dict[str, Any] = await self.docker("inspect_container", self.object_name)
        except NotFound:
            self.object_id = ""
            return None
        self.object_id = found["Id"]
        return found

    async def remove_object(self, asked: bool = False) -> Failure | None:
        """Find out, and keep, how the container ended, unless it still runs; remove it in any case."""
        found = await self.get_object()
        if found is None:
            return None
        state = found["State"]
        lines = await self.docker("logs", found["Id"], tail=LOG_LINES)
        log = lines.decode("utf-8", "replace")
        if not asked:
            self.log.warning("%s was %s; its log ends:\n%s", self.object_name, state["Status"], log)
        memory_gib = found["HostConfig"]["Memory"] / confinement.GIB
        failure = None if state["Running"] else failure_of(state, log, memory_gib, asked)
        self.last_failure = failure or self.last_failure
        with suppress(NotFound):
            await self.docker("remove_container", found["Id"], v=True, force=True)
        self.object_id = ""
        return failure

    async def _is_alive(self) -> bool:
        found = await self.get_object()
        return found is not None and bool(found["State"]["Running"])

    # --- why it is not there -----------------------------------------------------------------------

    async def _given_up(self, failure: Failure) -> SpawnFailed:
        """Tell why, and clear away what there is of a container: the first reason is the true one.

        An engine that hangs does not answer to this either, and JupyterHub does not wait for long.
        """
        with suppress(TimeoutError, *ENGINE_ERRORS):
            async with asyncio.timeout(SLACK / 2):
                await self.remove_object()
        return self.failed(failure)

    def failed(self, failure: Failure) -> SpawnFailed:
        """Remember a failure; returns what is to be raised."""
        self.last_failure = failure
        return SpawnFailed(failure, self.language)

    def get_state(self) -> dict[str, Any]:
        """What the hub's database keeps; the last failure outlives the server and the hub."""
        kept = {"last_failure": self.last_failure.to_state()} if self.last_failure else {}
        return {**super().get_state(), **kept}

    def load_state(self, state: dict[str, Any]) -> None:
        """What the hub's database has kept."""
        super().load_state(state)
        self.last_failure = Failure.from_state(state.get("last_failure"))

    def clear_state(self) -> None:
        """After a server, or before one: a start that was cancelled has no turn any more."""
        self.queue.leave(self)
        super().clear_state()
