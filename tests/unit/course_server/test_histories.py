"""Random histories of a person's edits and an instructor's pushes: no text that was ever kept is lost.

Every text that the person writes is unique. After each step of a history it is where they put it; or, if
they have deleted or replaced it themselves, nowhere in particular; or, after an interruption, somewhere
in the workspace, its save points or the backups of a rebuilt course. Every notebook is a notebook, and a
sync that ends well has the release.
"""

import json
import random
import subprocess
import sys
import textwrap
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from course_server import originals, save_points
from course_server.git import reference
from course_server.sync import Outcome

from tests.unit.course_server.conftest import Learner, Pusher, git
from tests.unit.course_server.notebooks import code, edit, notebook, rewrite, run, sources

NAMES = ("fr/day1/un.ipynb", "fr/day1/deux étés.ipynb", "en/day1/one.ipynb")
STEPS = 14

FEW, MANY = range(6), range(6, 212)


class History:
    """One person, one release, and what the person has a right to find."""

    def __init__(self, learner: Learner, pusher: Pusher, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (the same history each time)
        self.learner = learner
        self.pusher = pusher
        self.words = (f"mot{seed}x{number}" for number in count())
        self.cells = count()
        self.written: dict[str, str] = {}
        """Each of their words that must still be there, and the file it is in."""
        self.interrupted = False
        for name in NAMES:
            cells = {f"c{next(self.cells)}": f"cellule {n}\nligne\n" for n in range(4)}
            pusher.write(name, notebook(**cells))
        pusher.commit()
        learner.start()

    # --- what can happen ----------------------------------------------------------------------------

    def write_in_a_cell(self) -> None:
        """They write into a cell, over a line of it or behind it."""
        name, word = self._a_notebook(), next(self.words)
        path = self.learner.course / name
        [key] = self.random.sample(sorted(sources(path.read_text("utf-8"))), 1)
        lines = sources(path.read_text("utf-8"))[key].splitlines(keepends=True)
        place = self.random.randrange(len(lines) + 1)
        over = self.random.random() < 0.5
        for line in lines[place : place + 1] if over else []:
            self._forget(lambda other, line=line: other in line)  # type: ignore[misc]
        lines[place : place + over] = [f"{word}\n"]
        edit(path, rewrite(key, "".join(lines)))
        self.written[word] = name

    def add_a_cell(self) -> None:
        """They insert a cell of their own."""
        name, word = self._a_notebook(), next(self.words)
        where = self.random.randrange(5)
        own = code(f"own-{word}", word)
        edit(self.learner.course / name, lambda found: found["cells"].insert(where, own))
        self.written[word] = name

    def run_it(self) -> None:
        """They run all cells."""
        edit(self.learner.course / self._a_notebook(), run)

    def copy_it(self) -> None:
        """They copy a notebook under another name."""
        name = self._a_notebook()
        target = self.learner.course / Path(name).with_name(f"copie {next(self.words)}.ipynb")
        target.write_bytes((self.learner.course / name).read_bytes())

    def rename_it(self) -> None:
        """They rename a notebook; their words go with it."""
        name = self._a_notebook()
        new = str(Path(name).with_name(f"renommé {next(self.words)}.ipynb"))
        (self.learner.course / name).rename(self.learner.course / new)
        self.written = {w: new if place == name else place for w, place in self.written.items()}

    def delete_it(self) -> None:
        """They delete a notebook, with what they wrote in it."""
        name = self._a_notebook()
        (self.learner.course / name).unlink()
        self.written = {word: place for word, place in self.written.items() if place != name}

    def write_a_file(self) -> None:
        """They keep a file of their own, perhaps under a name that the release will bring."""
        word = next(self.words)
        name = self.random.choice(["notes é.md", f"fr/day2/{word}.md", "fr/day2/next.ipynb"])
        path = self.learner.course / name
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook(a=word) if name.endswith(".ipynb") else word, "utf-8")
        self.written[word] = name

    def go_back(self) -> None:
        """They go back to a save point; what is not in it is in the one that is made first."""
        taken = save_points.all_of(self.learner.course)
        if not taken:
            return
        kept = self._everything()
        save_points.go_back(self.learner.course, self.random.choice(taken))
        assert all(word in self._everything() for word in self.written if word in kept)
        self.written = {
            word: name
            for word, name in self.written.items()
            if word in self._text(self.learner.course / name)
        }

    def lay_the_original(self) -> None:
        """They ask for the course's version beside theirs."""
        originals.place(self.learner.course, self.random.choice(NAMES))

    def push(self) -> None:
        """The instructor corrects a cell, or adds one, or brings a notebook, and the server syncs."""
        name = self.random.choice(NAMES)
        path = self.pusher.clone / name
        what = self.random.choice(["correct", "correct", "add", "bring"])
        if what == "bring":
            path = self.pusher.clone / "fr/day2/next.ipynb"
            path.parent.mkdir(exist_ok=True)
            path.write_text(notebook(a=f"jour 2, {next(self.cells)}"), "utf-8")
        elif what == "add":
            own = code(f"c{next(self.cells)}", "nouvelle cellule\n")
            edit(path, lambda found: found["cells"].insert(1, own))
        else:
            key = self.random.choice(sorted(sources(path.read_text("utf-8"))))
            lines = sources(path.read_text("utf-8"))[key].splitlines(keepends=True)
            lines[self.random.randrange(len(lines))] = f"corrigé {next(self.cells)}\n"
            edit(path, rewrite(key, "".join(lines)))
        self.pusher.commit("--allow-empty")

    def sync(self) -> None:
        """The server runs and takes what is out; a name that both have brought gives theirs the time."""
        assert self.learner.sync().outcome in (Outcome.UPDATED, Outcome.UNCHANGED)
        self._synced()

    def restart(self) -> None:
        """The server starts anew."""
        self.learner.start()
        self._synced()

    def cut_off(self) -> None:
        """A sync is killed at some moment; the next start makes up for it."""
        self.push()
        script = f"""
            import sys
            sys.path[:0] = {sys.path!r}
            from pathlib import Path
            from course_server.sync import synchronise
            synchronise(Path({str(self.learner.release)!r}), Path({str(self.learner.course)!r}), 0)
        """
        killed = ["timeout", "--signal=KILL", f"{self.random.uniform(0.15, 0.5):.3f}"]
        command = [*killed, sys.executable, "-c", textwrap.dedent(script)]
        subprocess.run(command, check=False, capture_output=True)
        self.interrupted = True
        self.restart()

    # --- what must be so ----------------------------------------------------------------------------

    def _synced(self) -> None:
        head = reference(self.learner.release, "refs/heads/main")
        assert reference(self.learner.course / ".git", "refs/remotes/origin/main") == head
        self._brought_home()

    def _brought_home(self) -> None:
        """A file that gave its name to the release's is found under its own with the time in it."""
        for word, name in self.written.items():
            if word not in self._text(self.learner.course / name):
                moved = [
                    file.relative_to(self.learner.course).as_posix()
                    for file in (self.learner.course / name).parent.glob(f"{Path(name).stem}__*")
                    if word in self._text(file)
                ]
                if moved:
                    self.written[word] = moved[0]

    def check(self, step: str) -> None:
        """Nothing of theirs is lost, and every notebook is one."""
        for word, name in self.written.items():
            if word in self._text(self.learner.course / name):
                continue
            assert self.interrupted, f"{word} is not in {name} after {step}"
            assert word in self._everything(), f"{word} is nowhere after {step}"
        for file in self.learner.course.glob("*/**/*.ipynb"):
            assert json.loads(file.read_text("utf-8"))["cells"] is not None, f"{file} after {step}"

    def _everything(self) -> str:
        """All that is in the workspace, its backups and its save points."""
        texts = [self._text(file) for file in self.learner.home.rglob("*") if file.is_file()]
        for name in save_points.all_of(self.learner.course):
            point = f"{save_points.PREFIX}{name}"
            texts.append(git(self.learner.course, "grep", "-h", "-I", "-e", "", point))
        return "\n".join(texts)

    def _text(self, file: Path) -> str:
        if not file.is_file() or ".git" in file.parts:
            return ""
        return file.read_text("utf-8", errors="replace")

    def _a_notebook(self) -> str:
        """One of theirs that is there; the sync brings one back when none is."""
        here = [
            file.relative_to(self.learner.course).as_posix()
            for file in sorted(self.learner.course.rglob("*.ipynb"))
            if file.parent != self.learner.course and "__original" not in file.name
        ]
        if not here:
            self.restart()
            return self._a_notebook()
        return self.random.choice(here)

    def _forget(self, is_gone: Callable[[str], bool]) -> None:
        self.written = {word: name for word, name in self.written.items() if not is_gone(word)}

    def go_on(self) -> None:
        """One more step."""
        step = self.random.choice(
            [self.write_in_a_cell] * 5
            + [self.push] * 3
            + [self.sync] * 4
            + [self.add_a_cell, self.run_it, self.copy_it, self.rename_it, self.delete_it]
            + [self.write_a_file, self.go_back, self.lay_the_original, self.restart, self.cut_off]
        )
        step()
        self.check(step.__name__)


@pytest.mark.parametrize(
    "seed", [*FEW, *(pytest.param(seed, marks=pytest.mark.long) for seed in MANY)]
)
def test_no_text_that_was_kept_is_ever_lost(learner: Learner, pusher: Pusher, seed: int) -> None:
    history = History(learner, pusher, seed)
    for _ in range(STEPS):
        history.go_on()
    history.sync()
    history.check("the end")
