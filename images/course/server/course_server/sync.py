"""The sync: the release comes into the workspace, and no character a person wrote is lost.

nbgitpuller does the merging, with a driver for notebooks (``notebook_merge``) that git calls. What it
does, and what is added around it, by number; a test carries each number:

 1. No course yet: the release is copied whole, and appears at once or not at all.
 2. Nothing new: nothing changes, and nothing is run but one question to git.
 3. A new file arrives.
 4. A file changed on both sides: both changes are kept; where they touch the same lines, the person's
    stay. Of a notebook, cells are compared; the result is a notebook.
 5. A person has a file where the release brings one: theirs gets the time in its name, the release's
    arrives.
 6. A file that the person deleted comes back.
 7. A file that the person changed and the release no longer has stays.
 8. Names with accents and spaces, a person's or the release's, behave like any other.
 9. A lock that an earlier sync left behind is removed at a server's start: no other git works then.
    While the server runs the lock may be the person's own git: the sync is not made, until the next.
10. No release, one that cannot be read, or one that is still empty: the workspace stays as it is.
11. A folder that is not a repository, or that git cannot use: rebuilt (``repair``), at a server's start.
    Likewise a history that was rewritten. While the server runs, the workspace stays as it is.
12. A sync that was interrupted, by a power cut or by its time-out: rebuilt at the next start.
13. No room to work in: the workspace stays as it is.
14. Whatever else goes wrong: the workspace stays as it is, and the process says so and ends.
15. Before anything changes, the whole course becomes a save point (``save_points``).
16. Lines of the release that did not come in, because the person has changed the same ones: the
    release's version lands beside theirs (``originals``), once for each, renewed while it is untouched.
17. A renamed or copied notebook is the person's own file; the release's keeps its name.
18. What a person has put in the way of the release, a file for a folder or the reverse, is moved aside.
19. What a git of the person's own has fetched, and not merged, is merged as ever.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from subprocess import CalledProcessError

from course_server import originals, save_points
from course_server.git import git, names, reference
from course_server.notebook_merge import UNMERGED
from course_server.places import BRANCH, COURSE, HAS, RELEASE
from course_server.puller import Puller, renamed
from course_server.repair import Fresh, examine, marked, rebuild, remove_stale_locks
from course_server.salvage import MARK
from course_server.way import make_way

ROOM = 64 * 2**20
"""Free bytes below which a sync is not begun: one that runs out half-way leaves files cut short."""


class Outcome(StrEnum):
    """What became of a sync."""

    COPIED = "copied"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REBUILT = "rebuilt"
    NO_RELEASE = "without a release"
    NO_ROOM = "out of room"
    FAILED = "not synced"


@dataclass(frozen=True)
class Synced:
    """A sync that has ended. Paths are those of the release, which are those below the course."""

    outcome: Outcome
    arrived: tuple[str, ...] = ()
    """Files that have come or were corrected."""
    kept: dict[str, str] = field(default_factory=dict)
    """Files of which not all came in, because theirs stays; and where the release's version is."""
    moved: dict[str, str] = field(default_factory=dict)
    """What was in the way of the release, and what it is called now; of a course that was built anew,
    the course itself, as ``.``."""


def synchronise(release: Path, course: Path, room: int = ROOM, *, starting: bool = False) -> Synced:
    """Bring ``release`` (a bare repository) into ``course``; see the cases above.

    ``starting``: nothing else uses the workspace yet, so that what is damaged may be replaced. Raises
    whatever git or nbgitpuller fails with otherwise; the workspace is then as it was.
    """
    if is_current(release, course):
        return Synced(Outcome.UNCHANGED)
    fresh = Fresh(course)
    if starting:
        fresh.resume()
    if shutil.disk_usage(course.parent).free < room:
        return Synced(Outcome.NO_ROOM)
    if reference(release, f"refs/heads/{BRANCH}") is None or not (release / "objects").is_dir():
        return Synced(Outcome.NO_RELEASE)
    url = release.as_uri()
    if not os.path.lexists(course):
        fresh.copy(url)
        fresh.put_in_place()
        return Synced(Outcome.COPIED, tuple(names(git(course, "ls-files", "-z"))))
    try:
        examine(course)
        if starting:
            remove_stale_locks(course)
        moved = make_way(course, names(git(release, "ls-tree", "-r", "-z", "--name-only", BRANCH)))
        return merge(Puller(url, str(course), branch=BRANCH, depth=0), course, moved)
    except Exception as error:  # Damaged, git's failures, and nbgitpuller's own bare ones
        if not starting:
            raise
        tell(error)
    return Synced(Outcome.REBUILT, moved={".": rebuild(course, fresh, url).name})


def is_current(release: Path, course: Path) -> bool:
    """Whether there is nothing to do: known without any git but one that looks for deleted files."""
    has = reference(course / ".git", HAS)
    if has is None or has != reference(release, f"refs/heads/{BRANCH}"):
        return False
    if (course / ".git" / MARK).exists() or (course / ".git" / "index.lock").exists():
        return False
    try:
        if git(course, "ls-files", "--deleted", "-z"):
            return False
        # A git of the person's own may have fetched and not merged. One commit: there is nothing to ask.
        return has == reference(course / ".git", "HEAD") or merged(course) == has
    except CalledProcessError:
        return False


def merged(course: Path) -> str | None:
    """The commit of the release up to which the person's course has it; None when they share none."""
    try:
        return git(course, "merge-base", "HEAD", HAS).decode().strip()
    except CalledProcessError:
        return None


def merge(puller: Puller, course: Path, moved: dict[str, str]) -> Synced:
    """nbgitpuller's work in a healthy course, from which some files were ``moved`` away before.

    Raises whatever git or nbgitpuller fails with.
    """
    before = merged(course) or reference(course / ".git", HAS)
    (course / ".git" / UNMERGED).unlink(missing_ok=True)
    for _ in puller.ensure_lock():  # case 9, before the mark: a git of theirs is no interruption
        pass
    save_points.take(course)
    with marked(course) as said:
        said.extend(puller.pull())
    after = reference(course / ".git", HAS)
    moved = moved | renamed(said, course)
    if before == after:
        return Synced(Outcome.UNCHANGED, moved=moved)
    arrived = changed(course, f"{before}..{after}")
    kept = originals.lay_beside(course, unmerged(course), arrived)
    return Synced(Outcome.UPDATED, arrived, kept, moved)


def changed(course: Path, commits: str) -> tuple[str, ...]:
    """Files that came or were edited between two commits."""
    listed = git(course, "diff", "--name-only", "--diff-filter=d", "-z", commits)
    return tuple(names(listed))


def unmerged(course: Path) -> Sequence[str]:
    """Files of which lines of the release did not come in."""
    try:
        listed = (course / ".git" / UNMERGED).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return ()
    return tuple(dict.fromkeys(listed))


def tell(reason: object) -> None:
    """One line in the server's log; of a command only its verb, for the rest may name a person's files."""
    if isinstance(reason, subprocess.CalledProcessError):
        verb = next((word for word in reason.cmd[1:] if word.isalpha()), "")
        reason = f"git {verb} ended with {reason.returncode}"
    print(f"course_server: {reason!r}", file=sys.stderr)


def main() -> None:
    """One sync at a server's start; what became of it on standard output, as JSON."""
    try:
        synced = synchronise(RELEASE, COURSE, starting=True)
    except Exception as error:  # case 14: the server is waiting
        tell(error)
        synced = Synced(Outcome.FAILED)
    print(json.dumps(asdict(synced)))


if __name__ == "__main__":
    main()
