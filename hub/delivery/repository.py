"""A bare git repository that only grows: what one cohort may see now, on its branch ``main``.

Nothing is ever checked out: objects are written first, and the branch moves last, in one step. Whoever
fetches meanwhile sees the old release or the new one.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryDirectory

BRANCH = "refs/heads/main"

AUTHOR = {"NAME": "Course release", "EMAIL": "release@course.invalid"}
"""Of every commit: a release is the course's, and a workspace's history names nobody."""


class Repository:
    """One cohort's releases. ``folder`` is the bare repository; readers need only read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C",
            "TZ": "UTC",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_AUTHOR_{key}": value for key, value in AUTHOR.items()},
            **{f"GIT_COMMITTER_{key}": value for key, value in AUTHOR.items()},
        }

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One publication at a time, of all processes; a process that dies gives the lock back."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self.folder.with_suffix(".lock").open("a") as lock:
            flock(lock, LOCK_EX)
            yield

    def create(self) -> None:
        """Make the repository where there is none; git completes one whose making was cut short."""
        if self.head() is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._git("init", "--quiet", "--bare", "--initial-branch=main")

    def head(self) -> str | None:
        """The commit of the latest release; None before the first."""
        if not (self.folder / "HEAD").exists():
            return None
        return self._git("for-each-ref", "--format=%(objectname)", BRANCH).strip() or None

    def files(self) -> dict[str, str]:
        """Every file of the latest release, with git's name for its content."""
        head = self.head()
        listed = self._git("ls-tree", "-r", "-z", head) if head else ""
        entries = (entry.partition("\t") for entry in listed.split("\0") if entry)
        return {name: kind.split()[2] for kind, _, name in entries}

    def add(self, files: Mapping[str, bytes], message: str) -> str:
        """The commit in which ``files`` are so, and all others as before: the present one if it is."""
        head, before = self.head(), self.files()
        changed = {name: data for name, data in files.items() if before.get(name) != blob(data)}
        if head and not changed:
            return head
        with TemporaryDirectory() as place:
            index = f"{place}/index"
            self._git("read-tree", head or "--empty", index=index)
            listed = "".join(
                f"100644 {self._write(data)}\t{name}\0" for name, data in changed.items()
            )
            self._git("update-index", "-z", "--index-info", given=listed.encode(), index=index)
            tree = self._git("write-tree", index=index).strip()
        parents = ["-p", head] if head else []
        commit = self._git("commit-tree", tree, *parents, "-m", message).strip()
        # The branch moves only from where it was read: 40 zeros stand for "not there yet".
        self._git("update-ref", BRANCH, commit, head or "0" * 40)
        return commit

    def _write(self, content: bytes) -> str:
        return self._git("hash-object", "-w", "--stdin", given=content).strip()

    def _git(self, *arguments: str, given: bytes = b"", index: str = "") -> str:
        done = subprocess.run(
            ["git", "--git-dir", str(self.folder), *arguments],
            input=given,
            env=self._environment | ({"GIT_INDEX_FILE": index} if index else {}),
            umask=0o022,  # people's servers read the repository as another user
            check=True,
            capture_output=True,
        )
        return done.stdout.decode("utf-8", "surrogateescape")


def blob(content: bytes) -> str:
    """Git's name for a file's content: a process for each of 200 files would take a second."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
