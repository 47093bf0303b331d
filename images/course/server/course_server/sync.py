"""The sync: the release comes into the workspace, and no character a person wrote is lost.

nbgitpuller does the merging. What it does, and what is added around it, by number; a test carries
each number:

 1. No course yet: the release is copied whole, and appears at once or not at all.
 2. Nothing new: nothing changes.
 3. A new file arrives.
 4. A file changed on both sides: both changes are kept; where they touch the same lines, the person's
    stay.
 5. A person has a file where the release brings one: theirs gets the time in its name, the release's
    arrives.
 6. A file that the person deleted comes back.
 7. A file that the person changed and the release no longer has stays.
 8. Names with accents and spaces, a person's or the release's, behave like any other.
 9. A lock that an earlier sync left behind is removed: at a server's start no other git works here.
10. No release, one that cannot be read, or one that is still empty: the workspace stays as it is.
11. A folder that is not a repository, or that git cannot use: rebuilt (``repair``). Likewise a history
    that was rewritten.
12. A sync that was interrupted, by a power cut or by its time-out: rebuilt at the next start.
13. No room to work in: the workspace stays as it is.
14. Whatever else goes wrong: the workspace stays as it is, and the process says so and ends.
"""

import os
import shutil
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

from course_server.git import git, isolate
from course_server.places import BRANCH, COURSE, RELEASE
from course_server.puller import GitPuller
from course_server.repair import Fresh, examine, marked, rebuild, remove_stale_locks

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


def synchronise(release: Path, course: Path, room: int = ROOM) -> Outcome:
    """Bring ``release`` (a bare repository) into ``course``; see the cases above."""
    fresh = Fresh(course)
    fresh.resume()
    if shutil.disk_usage(course.parent).free < room:
        return Outcome.NO_ROOM
    url = release.as_uri()
    try:
        puller = GitPuller(url, str(course), branch=BRANCH, depth=0)
    except Exception as error:  # CalledProcessError, BranchExistError: there is nothing to be had
        tell(error)
        return Outcome.NO_RELEASE
    if not os.path.lexists(course):
        fresh.copy(url)
        fresh.put_in_place()
        return Outcome.COPIED
    try:
        examine(course)
        return merge(puller, course)
    except Exception as error:  # Damaged, git's failures, and nbgitpuller's own bare ones
        tell(error)
    rebuild(course, fresh, url)
    return Outcome.REBUILT


def merge(puller: GitPuller, course: Path) -> Outcome:
    """nbgitpuller's work in a healthy course; raises whatever git or nbgitpuller fails with."""
    remove_stale_locks(course)
    before = git(course, "rev-parse", f"origin/{BRANCH}")
    with marked(course):
        for _ in puller.pull():
            pass
    after = git(course, "rev-parse", f"origin/{BRANCH}")
    return Outcome.UNCHANGED if after == before else Outcome.UPDATED


def tell(reason: object) -> None:
    """One line in the server's log; of a command only its verb, for the rest may name a person's files."""
    if isinstance(reason, subprocess.CalledProcessError):
        verb = next((word for word in reason.cmd[1:] if word.isalpha()), "")
        reason = f"git {verb} ended with {reason.returncode}"
    print(f"course_server: {reason!r}", file=sys.stderr)


def main() -> None:
    """One sync; its outcome on standard output."""
    isolate(os.environ, COURSE)
    try:
        outcome = synchronise(RELEASE, COURSE)
    except Exception as error:  # case 14: the server is waiting
        tell(error)
        outcome = Outcome.FAILED
    print(outcome)


if __name__ == "__main__":
    main()
