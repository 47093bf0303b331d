"""The gate between a push and what participants see. ``hook`` calls it; git moves ``main`` if it says so.

1. One push at a time; who waits is told so. If ``main`` has moved meanwhile, nothing is run.
2. The pushed files are judged by git's list of them: kinds, sizes, names.
3. They are built, in a sandbox, by the pushed builder; its refusals are passed on.
4. What was built is read as hostile data, and is proved here, by none of the pushed programs: no solution
   in what participants get or ever got, no link out of the course, nothing taken back that was released.
5. Notebooks that are not as they were when they last ran to their end are executed, in the sandbox.
6. What was built is in its place before ``main`` moves. Until then nothing has changed for anybody.
"""

import shutil
import sqlite3
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path, PurePosixPath

from hub.delivery import course, links, proof, pushed
from hub.delivery.course import Notebook, Strange
from hub.delivery.git import NONE, Git, GitFailed
from hub.delivery.releaser import Releaser
from hub.delivery.sandbox import Box, NoSandbox, sandbox
from hub.delivery.sources import Sources
from hub.delivery.telling import Telling
from hub.delivery.trial import Trial, keys
from hub.errors import InvalidInput, Message
from hub.journal import Journal, Verdict
from hub.people import People
from hub.report import line
from hub.settings import Settings

LANDS_WITHIN = 5.0
"""Seconds from the end of a gate that was passed to git's moving of ``main``: some hundredths."""

WAITS = Message("Another push is being judged; yours comes next.")
DELETED = Message(
    "main cannot be deleted: it is what participants have. What to do: undo what is wrong with git revert, "
    "and push that."
)
REWRITTEN = Message(
    "This push would rewrite the history of main, which only grows. What to do: git pull, then push again; "
    "to take a commit back, use git revert."
)
FETCH_FIRST = Message(
    "main has moved since: somebody else’s push came first. What to do: git pull, then push again."
)
BUILDING = Message("Building the course, in both languages…")
EXECUTING = Message("Notebooks to execute: %(count)d of %(all)d.")
PASSED = Message("All is good: main is now at %(commit)s.")
GETS = Message("%(cohort)s gets it within seconds; files that change: %(count)d.")
SAME = Message("Nothing changes in what %(cohort)s sees now.")
REFUSED = Message(
    "Refused: nothing has changed for anybody. Mend what is said above, commit, push again."
)
NO_ENGINE = Message(
    "The push could not be judged: the hub could not start a container of the course image. Nothing has "
    "changed. What to do: push again later; if it goes on, tell whoever runs the site."
)
NO_ROOM = Message(
    "The push could not be judged: the hub’s disk has no room left, or fails. Nothing has changed. What to "
    "do: tell whoever runs the site."
)
TOO_LONG = Message(
    "The push could not be judged: it took more than %(minutes)d minutes. Nothing has changed. What to do: "
    "push again, what ran well is not executed again; or push less at once."
)
MISTAKE = Message(
    "The push could not be judged: the hub made a mistake (%(error)s). Nothing has changed. What to do: tell "
    "whoever runs the site."
)
CUT_OFF = Message("The push was broken off before it was judged. Nothing has changed.")

GATE_SECONDS = 30 * 60

Boxes = Callable[[Settings], AbstractContextManager[Box]]


class Refused(Exception):
    """The push is not to go through; each message says why."""

    def __init__(self, messages: Sequence[Message | str]) -> None:
        super().__init__()
        self.messages = messages


class TooLong(Exception):
    """The time of the gate is over."""


class Candidate(Sources):
    """The sources as they will be when the push has gone through."""

    def __init__(self, state: Path, commit: str, built: Path) -> None:
        super().__init__(state)
        self._candidate = commit, built

    def current(self) -> tuple[str, Path] | None:
        """What was pushed."""
        return self._candidate


@dataclass(frozen=True)
class Gate:
    """For one push to ``main``. ``git`` sees what is being pushed; ``releases`` has a folder a cohort."""

    settings: Settings
    people: People
    journal: Journal
    sources: Sources
    releases: Path
    git: Git
    telling: Telling
    boxes: Boxes = sandbox

    start_clock: Callable[[], None] = lambda: None
    """Called when it is this push's turn; from then on ``TooLong`` may be raised."""

    def judge(self, old: str, new: str, by: str) -> bool:
        """Whether ``main`` may move from ``old`` to ``new``, pushed by ``by``; everything is told.

        Raises OSError when not even its turn could be waited for.
        """
        with self._turn():
            verdict = Verdict.BROKEN
            try:
                self.telling.begin(new, by)
                verdict = self._verdict(old, new)
            except (SystemExit, BrokenPipeError):
                with suppress(BrokenPipeError):
                    self.telling.conclude(CUT_OFF)
                raise
            except NoSandbox:
                self.telling.conclude(NO_ENGINE)
            except TooLong:
                self.telling.conclude(Message(TOO_LONG.text, {"minutes": GATE_SECONDS // 60}))
            except (OSError, sqlite3.Error, GitFailed):
                self.telling.conclude(NO_ROOM)
            except Exception as error:  # whoever pushes cannot do anything with a traceback
                self.telling.conclude(Message(MISTAKE.text, {"error": _where(error)}))
            finally:
                with suppress(sqlite3.Error):
                    self.telling.end(verdict)
        return verdict is Verdict.PASSED

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One gate at a time, of all processes; one that dies gives its turn back."""
        with self.sources.lock.open("a") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                self.telling.say(WAITS)
                flock(lock, LOCK_EX)
            self._let_land()
            self.start_clock()
            yield

    def _let_land(self) -> None:
        """The push before this one may have passed a moment ago: git moves ``main`` after its gate."""
        last = self.journal.last_gate()
        if last is None or last.verdict is not Verdict.PASSED:
            return
        end = time.monotonic() + LANDS_WITHIN
        while not self.sources.has(last.head) and time.monotonic() < end:
            time.sleep(0.02)

    def _verdict(self, old: str, new: str) -> Verdict:
        try:
            gets = self._judge(old, new)
        except (Refused, Strange) as error:
            for message in error.messages:
                self.telling.say(message)
            self.telling.conclude(REFUSED)
            return Verdict.REFUSED
        for message in [Message(PASSED.text, {"commit": new[:10]}), *gets]:
            self.telling.conclude(message)
        return Verdict.PASSED

    def _judge(self, old: str, new: str) -> list[Message]:
        """What each cohort gets; raises Refused or Strange."""
        self._may_follow(old, new)
        if wrong := list(pushed.faults(pushed.entries(self.git, new))):
            raise Refused(wrong)
        self.sources.prune({release.source for release in self.journal.releases().values()})
        with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
            starting = pool.submit(stack.enter_context, self.boxes(self.settings))
            self.telling.say(BUILDING)
            tar = self.git.run("archive", "--format=tar", new)
            texts = pushed.texts(tar)
            trial = Trial(starting.result(), self.settings, self.telling)
            trial.box.put(tar)
            if not trial.build():
                raise Refused([])
            files = course.read(trial.box.take())
            found = course.notebooks(files)
            made = self.sources.place()
            try:
                course.write(files, made)
                gets = self._prove(texts, files, found, Candidate(self.settings.state, new, made))
                self._execute(trial, texts, files, found)
                self._may_follow(old, new)  # still: the push before this one may have landed late
                self.sources.keep(new, made)
            finally:
                shutil.rmtree(made, ignore_errors=True)  # not there any more, when it was kept
            return gets

    def _may_follow(self, old: str, new: str) -> None:
        if new == NONE:
            raise Refused([DELETED])
        if (self.sources.head() or NONE) != old:
            raise Refused([FETCH_FIRST])
        if old != NONE and not self.git.goes_on_from(new, old):
            raise Refused([REWRITTEN])

    def _prove(
        self,
        texts: dict[str, str],
        files: dict[PurePosixPath, bytes],
        found: list[Notebook],
        candidate: Candidate,
    ) -> list[Message]:
        """What each cohort gets; raises Refused with everything that is wrong with what was built."""
        wanted = proof.solutions(texts, found)
        wrong: list[Message | str] = [*proof.faults(wanted, files), *links.faults(found, files)]
        releaser = Releaser(self.people.cohorts, self.journal, candidate, self.releases)
        gets = []
        for cohort in self.people.cohorts.all:
            repository = releaser.repository(cohort).folder
            if (repository / "HEAD").exists():
                wrong += proof.faults_before(wanted, cohort.id, Git(repository))
            try:
                count = len(releaser.plan(cohort, datetime.now(UTC)))
            except InvalidInput as error:
                wrong += [line(problem, self.telling.language) for problem in error.problems]
                continue
            values: dict[str, object] = {"cohort": cohort.id, "count": count}
            said = GETS if count else SAME
            gets.append(Message(said.text, values))
        if wrong:
            raise Refused(wrong)
        return gets

    def _execute(
        self,
        trial: Trial,
        texts: dict[str, str],
        files: dict[PurePosixPath, bytes],
        found: list[Notebook],
    ) -> None:
        """Raises Refused when a notebook does not run well; what did is not run again at the next push."""
        wanted = keys(self.settings.course_image, files, found, texts["execute.py"])
        known = self.journal.passed(list(wanted.values()))
        to_run = [name for name, key in wanted.items() if key not in known]
        self.telling.say(Message(EXECUTING.text, {"count": len(to_run), "all": len(wanted)}))
        good = 0
        for name, ran_well in trial.execute(to_run):
            if ran_well:
                self.journal.keep_passed([wanted[name]])
                good += 1
        if good < len(to_run):
            raise Refused([])


def _where(error: Exception) -> str:
    """What went wrong, and the line, for whoever mends it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"
