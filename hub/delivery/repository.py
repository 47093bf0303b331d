"""A bare git repository that only grows: what one cohort may see now, on its branch ``main``.

Nothing is ever checked out: objects are written first, and the branch moves last, in one step. Whoever
fetches meanwhile sees the old release or the new one.
"""

from collections.abc import Mapping
from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryDirectory

from hub.delivery.git import NONE, Git, unlock

BRANCH = "refs/heads/main"

AUTHOR = {
    f"GIT_{who}_{key}": value
    for who in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Course release"), ("EMAIL", "release@course.invalid"))
}
"""Of every commit: a release is the course's, and a workspace's history names nobody."""


class Repository:
    """One cohort's releases. ``folder`` is the bare repository; readers need only read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._git = Git(folder, AUTHOR, umask=0o022)  # people's servers read it as another user

    def create(self) -> None:
        """Make the repository where there is none; git completes one whose making was cut short."""
        unlock(self.folder)
        if self.head() is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._git.run("init", "--quiet", "--bare", "--initial-branch=main")

    def head(self) -> str | None:
        """The commit of the latest release; None before the first."""
        if not (self.folder / "HEAD").exists():
            return None
        return self._git.text("for-each-ref", "--format=%(objectname)", BRANCH) or None

    def files(self) -> dict[str, str]:
        """Every file of the latest release, with git's name for its content."""
        head = self.head()
        listed = self._git.text("ls-tree", "-r", "-z", head) if head else ""
        entries = (entry.partition("\t") for entry in listed.split("\0") if entry)
        return {name: kind.split()[2] for kind, _, name in entries}

    def add(self, files: Mapping[str, bytes], message: str) -> str:
        """The commit in which ``files`` are so, and all others as before: the present one if it is."""
        head, before = self.head(), self.files()
        changed = {name: data for name, data in files.items() if before.get(name) != blob(data)}
        if head and not changed:
            return head
        with TemporaryDirectory() as place:
            index = {"GIT_INDEX_FILE": f"{place}/index"}
            self._git.run("read-tree", head or "--empty", variables=index)
            listed = "".join(
                f"100644 {self._write(data)}\t{name}\0" for name, data in changed.items()
            )
            self._git.run(
                "update-index", "-z", "--index-info", given=listed.encode(), variables=index
            )
            tree = self._git.text("write-tree", variables=index)
        parents = ["-p", head] if head else []
        commit = self._git.text("commit-tree", tree, *parents, "-m", message)
        self._git.run("update-ref", BRANCH, commit, head or NONE)  # only from where it was read
        return commit

    def _write(self, content: bytes) -> str:
        return self._git.text("hash-object", "-w", "--stdin", given=content)


def blob(content: bytes) -> str:
    """Git's name for a file's content: a process for each of 200 files would take a second."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
