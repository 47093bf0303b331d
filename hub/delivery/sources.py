"""The sources of a site's course: one bare repository that instructors push to, and what was built of it.

``<state>/course/course.git`` is the repository: its branch ``main`` holds what passed the gate, its other
branches are drafts. ``<state>/course/built/<commit>/`` is the course built from a commit of ``main``. What
was built is there before ``main`` moves to its commit, so that whoever reads ``main`` finds it.
"""

import os
import shutil
import sys
import time
from collections.abc import Collection
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from hub.delivery.git import NONE, Git, GitFailed, unlock
from hub.delivery.pushed import LARGEST_FILE
from hub.durable import to_disk

MAIN = "refs/heads/main"

LARGEST_PACK = 64 * 2**20
"""Bytes of one push, more of which git refuses; the whole course is two megabytes."""

HOOK = "pre-receive"

CONFIGURATION = {
    "receive.fsckObjects": "true",
    "receive.maxInputSize": str(LARGEST_PACK),
    # A file is never held in memory whole while it comes in: some kilobytes can be as many megabytes.
    "receive.unpackLimit": "1",
    "core.bigFileThreshold": str(LARGEST_FILE),
    # Deleting main is refused by the hook, which tells why; here once more, by git itself.
    "receive.denyDeleteCurrent": "true",
    # What several pushes have left is tidied at the end of one, never behind its back; what was not
    # referred to for two weeks goes, which no push that is under way can be.
    "gc.autoDetach": "false",
    "gc.pruneExpire": "2.weeks.ago",
}

AS_PUSHED = "* -export-ignore -export-subst -text -ident -filter -working-tree-encoding\n"
"""Of every file, whatever ``.gitattributes`` that were pushed say: an archive has each one as it is."""

IDENTITY = {
    f"GIT_{who}_{key}": value
    for who in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Course"), ("EMAIL", "course@course.invalid"))
}
"""Of commits that the site makes itself."""

NOT_SOURCES = ("build", "**/__pycache__/**", "**/.ipynb_checkpoints/**")

KEPT_SECONDS = 2 * 3600.0
"""What somebody may be reading or writing stays for so long: a push may wait for another's gate."""


class Sources:
    """``state`` is the folder of the hub's own files."""

    largest_push = 16 * LARGEST_PACK
    """Bytes of a request, which nobody keeps: whoever sends too much hears so from git."""

    def __init__(self, state: Path) -> None:
        self.folder = state / "course" / "course.git"
        self.builds = state / "course" / "built"
        self.lock = state / "course" / "gate.lock"
        self.git = Git(self.folder, IDENTITY)

    def create(self) -> None:
        """Make the repository, or bring its configuration and its hooks to what they must be."""
        for folder in (self.folder.parent, self.folder, self.builds):
            folder.mkdir(exist_ok=True, mode=0o750)  # to be read by the hub's user alone
        if not self._is_whole():
            self.git.run("init", "--quiet", "--bare", "--initial-branch=main", "--template=")
        unlock(self.folder)
        listed = self.git.text("config", "--local", "--list").splitlines()
        for name, value in CONFIGURATION.items():
            # Only what differs: two processes that write at once would be in each other's way.
            if f"{name.lower()}={value}" not in listed:
                self.git.run("config", name, value)
        for name in ("hooks", "info"):
            (self.folder / name).mkdir(exist_ok=True, mode=0o750)
        # -P: nothing in the folder that git calls it in can take the place of a module.
        text = f"#!/bin/sh\nexec {sys.executable} -P -m hub.delivery.hook\n"
        _replace(self.folder / "hooks" / HOOK, text)
        _replace(self.folder / "info" / "attributes", AS_PUSHED)

    def _is_whole(self) -> bool:
        """Whether git takes the folder for a repository: the making of one can be cut short."""
        try:
            return self.git.text("rev-parse", "--is-bare-repository") == "true"
        except GitFailed:
            return False

    def is_judging(self) -> bool:
        """Whether a gate is at work now."""
        with self.lock.open("a") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def head(self) -> str | None:
        """The commit of ``main``; None before the first."""
        if not (self.folder / "HEAD").exists():
            return None
        return self.git.text("for-each-ref", "--format=%(objectname)", MAIN) or None

    def has(self, commit: str) -> bool:
        """Whether ``main`` is at a commit, or has come from there."""
        head = self.head()
        if head is None or head == commit:
            return head is not None
        try:
            return self.git.goes_on_from(head, commit)
        except GitFailed:  # it is not even here
            return False

    def built(self, commit: str) -> Path:
        """Where the course built from a commit is, or is to be."""
        return self.builds / commit

    def current(self) -> tuple[str, Path] | None:
        """The commit of ``main`` and the course built from it; None while there is no such course."""
        head = self.head()
        if head is None or not self.built(head).is_dir():
            return None
        return head, self.built(head)

    def place(self) -> Path:
        """A new folder beside the built courses, in which one is made; ``keep`` gives it its name."""
        return Path(mkdtemp(prefix=".new-", dir=self.builds))

    def keep(self, commit: str, made: Path) -> None:
        """What was made of a commit is there from now on, a power cut or not; ``made`` is from ``place``."""
        target = self.built(commit)
        if target.is_dir():
            shutil.rmtree(made)
        else:
            for path in [*made.rglob("*"), made]:
                to_disk(path)
            made.rename(target)
            to_disk(self.builds)
        os.utime(target)

    def prune(self, needed: Collection[str]) -> None:
        """Remove what was built of commits that nobody needs, and what processes that died have left.

        git leaves what it has received of a push when it is ended by a signal.
        """
        unlock(self.folder)
        wanted = {*needed, self.head()}
        built = (folder for folder in self.builds.iterdir() if folder.name not in wanted)
        received = (self.folder / "objects").glob("tmp_objdir-incoming-*")
        for folder in [*built, *received]:
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder)

    def import_tree(self, folder: Path, built: Path, message: str) -> str:
        """Take a course that was built and judged elsewhere: ``folder`` its sources, ``built`` the result.

        Returns the commit, on top of ``main``; the present one when it has these very files. Raises
        GitFailed when ``main`` moved meanwhile or git fails, OSError when the disk does: ``main`` and
        what it needs are then as they were.
        """
        head = self.head()
        tree = self.tree_of(folder)
        if head and self.tree(head) == tree:
            commit = head
        else:
            parents = ["-p", head] if head else []
            commit = self.git.text("commit-tree", tree, *parents, "-m", message)
        if not self.built(commit).is_dir():
            made = self.place()
            try:
                shutil.copytree(built, made, dirs_exist_ok=True)
            except OSError:
                shutil.rmtree(made, ignore_errors=True)
                raise
            self.keep(commit, made)
        self.git.run("update-ref", MAIN, commit, head or NONE)
        return commit

    def tree(self, commit: str) -> str:
        """Git's name for all the files of a commit."""
        return self.git.text("rev-parse", f"{commit}^{{tree}}")

    def tree_of(self, folder: Path) -> str:
        """The same for the sources in a folder, which are in the repository from now on."""
        with TemporaryDirectory() as place:
            variables = {"GIT_INDEX_FILE": f"{place}/index", "GIT_WORK_TREE": str(folder)}
            git = Git(self.folder, variables)
            left = [f":(exclude,glob){name}" for name in NOT_SOURCES]
            git.run(
                "-C", str(folder), "-c", "core.autocrlf=false", "add", "--all", "--", ".", *left
            )
            return git.text("write-tree")


def _replace(file: Path, text: str) -> None:
    """Write a file beside and put it in place, whole or not at all; it may be run."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(text, "utf-8")
    beside.chmod(0o750)
    beside.rename(file)
