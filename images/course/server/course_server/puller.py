"""nbgitpuller's GitPuller without its web handlers, with an environment of our choice for its git.

``nbgitpuller/__init__.py`` imports the web server that its links need: 0.1 s of processor time in every
server that starts, for nothing. A bare package with the same path lets ``nbgitpuller.pull`` be imported
alone; the code that runs is nbgitpuller's own.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from types import ModuleType
from typing import Any

from course_server.git import SECONDS, environment

if "nbgitpuller" not in sys.modules:
    spec = find_spec("nbgitpuller")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("nbgitpuller is not installed beside course_server")
    package = ModuleType("nbgitpuller")
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules["nbgitpuller"] = package

from nbgitpuller import pull


class Bounded(subprocess.Popen[bytes]):
    """A git that has an end. nbgitpuller reads what it says for as long as that takes, and then waits."""

    def __init__(self, *command: Any, **given: Any) -> None:
        super().__init__(*command, **given)
        self._limit = Timer(SECONDS, self.kill)
        self._limit.daemon = True
        self._limit.start()

    def wait(self, timeout: float | None = None) -> int:
        """See ``subprocess.Popen.wait``. Nothing is left of it after: no thread, no pipe."""
        code = super().wait(timeout)
        self._limit.cancel()
        if self.stdout:
            self.stdout.close()  # which nbgitpuller leaves to the garbage collector
        return code


class Subprocess:
    """The module ``subprocess`` as nbgitpuller uses it: every git gets the sync's environment.

    nbgitpuller would hand on the server's, in which an instructor's own configuration of git is.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)

    def _given(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "env": environment(Path(given.get("cwd") or "/"))}

    def _bounded(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**self._given(given), "timeout": SECONDS}

    def run(self, *command: Any, **given: Any) -> Any:
        """See ``subprocess.run``."""
        return subprocess.run(*command, **self._bounded(given))

    def check_call(self, *command: Any, **given: Any) -> Any:
        """See ``subprocess.check_call``."""
        return subprocess.check_call(*command, **self._bounded(given))

    def check_output(self, *command: Any, **given: Any) -> Any:
        """See ``subprocess.check_output``."""
        return subprocess.check_output(*command, **self._bounded(given))

    def Popen(self, *command: Any, **given: Any) -> Any:  # noqa: N802 (its name there)
        """See ``subprocess.Popen``."""
        return Bounded(*command, **self._given(given))


pull.subprocess = Subprocess()

RENAMED = re.compile(
    r"Renamed (?P<stem>.+?)(?P<end>(?:\.[^/.]*)?) to (?P<now>(?P=stem)__\d{14}(?P=end)) to avoid.*"
)
"""What nbgitpuller says of case 5 (``sync``): it puts the time before the ending of a name."""


class Puller(pull.GitPuller):  # type: ignore[misc]  # nbgitpuller is not typed
    """GitPuller for a repository on this machine whose branch is known to be there."""

    def update_remotes(self) -> Iterator[str]:
        """Fetch the release, wherever a git of the person's own has turned its remotes and branches."""
        which = f"+refs/heads/{self.branch_name}:refs/remotes/origin/{self.branch_name}"
        command = ["git", "fetch", "--no-tags", self.git_url, which]
        yield from pull.execute_cmd(command, cwd=self.repo_dir)

    def branch_exists(self, branch: str) -> None:
        """Ask nothing: nbgitpuller would ask the repository twice, with four processes."""


def renamed(said: Iterable[str], course: Path) -> dict[str, str]:
    """Files of the person's that stood where the release brings one, and the names that they have now."""
    found = filter(None, map(RENAMED.fullmatch, said))
    return {
        os.path.relpath(one["stem"] + one["end"], course): os.path.relpath(one["now"], course)
        for one in found
    }
