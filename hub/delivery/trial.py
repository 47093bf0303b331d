"""Building and executing what was pushed, in a sandbox, with everything told as it happens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

from hub.delivery.course import INSTRUCTOR, Notebook
from hub.delivery.sandbox import BUILT, Box, Ended, Strain
from hub.delivery.telling import Telling
from hub.errors import Message
from hub.i18n import Language
from hub.settings import Settings

PYTHON = "/opt/course/bin/python"
"""By its absolute path, in the course image."""

BUILD_SECONDS = 300
RUN_SECONDS = 60
"""Of the processor, for one notebook; ``execute.py`` keeps to it."""
WALL_SECONDS = 240
"""For one notebook, on the wall, whatever ``execute.py`` does."""

RUNS = ((INSTRUCTOR, "en"), ("participant", "fr"))
"""Each notebook as these two have it: between them they run all of its code."""

WORDS = {
    INSTRUCTOR: Message("instructors’ version"),
    "participant": Message("participants’ version"),
}
RAN = Message("%(number)d/%(count)d ✔ %(id)s, %(version)s: %(seconds)s s, %(memory)s MiB")
FAILED = Message("%(number)d/%(count)d ✘ %(id)s, %(version)s:")
SLOW = Message(
    "It was not done after %(limit)d s. What to do: make it shorter, or let it compute less."
)
HUNGRY = Message(
    "It needed more than the %(limit)s GiB of memory of a participant. What to do: work with less data, or "
    "let go of what is no longer used."
)
CROWDED = Message(
    "It started more than the %(limit)d processes and threads of a participant; nothing more could be run. "
    "What to do: look for what starts them."
)
CRASHED = Message("It ended with code %(code)s.")
NOT_BUILT = Message("build.py did not come to its end:")

MOST_SAID = 64 * 1024
"""Bytes of what one program says that are listened to."""

FIGURES = re.compile(r"([\d.]+) s\s+(\d+) MiB")
OWNED = re.compile(r"airina/(?:checks|messages)/(d\d+_\d+)\.")
"""Files of the package that are one notebook's own."""


@dataclass
class Trial:
    """One push in its sandbox."""

    box: Box
    settings: Settings
    telling: Telling
    _strain: Strain = field(default_factory=Strain)

    def build(self) -> bool:
        """Run ``build.py``; False when it refused, with its reasons passed on as they are."""
        code, _, errors = self._run(["build.py", "--into", BUILT], BUILD_SECONDS)
        if code == 0:
            return True
        if code != 1 or not errors:
            self.telling.say(NOT_BUILT)
        self._explain(code, errors, BUILD_SECONDS)
        return False

    def execute(self, names: list[str]) -> Iterator[tuple[str, bool]]:
        """Run notebooks, one after the other; each name, and whether it ran well, as soon as it has."""
        for number, name in enumerate(names, 1):
            good = all(
                self._execute(name, kind, language, number, len(names)) for kind, language in RUNS
            )
            yield name, good
            if self._strain.processes:
                return

    def _execute(self, name: str, kind: str, language: str, number: int, count: int) -> bool:
        command = ["execute.py", "--build", BUILT, "--kind", kind, "--lang", language]
        command += ["--seconds", str(RUN_SECONDS), name]
        code, said, errors = self._run(command, WALL_SECONDS)
        values: dict[str, object] = {
            "number": number,
            "count": count,
            "id": name,
            "version": WORDS[kind],
        }
        if code == 0:
            figures = FIGURES.search("\n".join(said))
            seconds, memory = figures.groups() if figures else ("?", "?")
            if self.telling.language is Language.FR:
                seconds = seconds.replace(".", ",")
            self.telling.say(Message(RAN.text, values | {"seconds": seconds, "memory": memory}))
            return True
        self.telling.say(Message(FAILED.text, values))
        self._explain(code, errors, WALL_SECONDS)
        return False

    def _explain(self, code: int | None, errors: list[str], seconds: int) -> None:
        """Why a program did not end well: what it said itself, and which limit it met."""
        for line in errors:
            self.telling.say(f"  {line}")
        before, limits = self._strain, self.settings.limits.participant
        self._strain = self.box.strain()
        if self._strain.processes > before.processes:
            self.telling.say(Message(CROWDED.text, {"limit": limits.pids}))
        elif self._strain.memory > before.memory:
            self.telling.say(Message(HUNGRY.text, {"limit": limits.memory_gib}))
        elif code in (124, 137):
            self.telling.say(Message(SLOW.text, {"limit": seconds}))
        elif not errors:
            self.telling.say(Message(CRASHED.text, {"code": code}))

    def _run(self, command: list[str], seconds: int) -> tuple[int | None, list[str], list[str]]:
        """Exit code of a pushed program, and what it said and complained of, by line."""
        ended, said, errors = Ended(), bytearray(), bytearray()
        bounded = ["timeout", "--kill-after=5", str(seconds), PYTHON, *command]
        variables = {"LANG": self.telling.language.lang_variable, "PYTHONDONTWRITEBYTECODE": "1"}
        for is_error, piece in self.box.run(bounded, variables, ended):
            kept = errors if is_error else said
            kept += piece[: max(0, MOST_SAID - len(kept))]
        return ended.code, _lines(said), _lines(errors)


def keys(
    image: str, files: dict[PurePosixPath, bytes], found: list[Notebook], program: str
) -> dict[str, str]:
    """For each notebook, by id, a hash of all that its runs depend on.

    That is: both versions that are run, what else is in their folders, the package without what is other
    notebooks' own, the ``program`` that runs them, and the image. What the program imports to find them is
    left out: it is the builder's, and what the builder makes differently is seen in the notebooks.
    """
    package = [(path, data) for path, data in sorted(files.items()) if path.parts[0] == "airina"]
    other = [(path, data) for path, data in sorted(files.items()) if path.suffix != ".ipynb"]
    told: dict[str, str] = {}
    for name in dict.fromkeys(notebook.id for notebook in found):
        own = [one.path for one in found if one.id == name and _is_run(one.path)]
        hashed = sha256(image.encode() + sha256(program.encode()).digest())
        parts = [(path, files[path]) for path in own]
        beside = {path.parent for path in own}
        parts += [one for one in other if not beside.isdisjoint(one[0].parents)]
        parts += [one for one in package if _is_of(name, one[0])]
        for path, data in parts:
            hashed.update(f"{path}\0{len(data)}\0".encode() + data)
        told[name] = hashed.hexdigest()
    return told


def _is_run(path: PurePosixPath) -> bool:
    return path.parts[:2] == (INSTRUCTOR, "en") or path.parts[0] == "fr"


def _is_of(name: str, path: PurePosixPath) -> bool:
    owner = OWNED.match(str(path))
    return owner is None or owner[1] == name.replace("-", "_")


def _lines(said: bytearray) -> list[str]:
    return [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
