"""Running git for the sync: bounded to the course's folder, deaf to anybody's configuration."""

import os
import subprocess
from collections.abc import MutableMapping
from pathlib import Path

CONFIGURATION = Path(__file__).with_name("gitconfig")


def isolate(environment: MutableMapping[str, str], course: Path) -> None:
    """Set the variables under which git, ours and nbgitpuller's, does the same for everybody."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "GIT_DIR", "GIT_WORK_TREE"):
        environment.pop(name, None)
    environment["LANG"] = "C"  # nbgitpuller reads git's messages
    environment["GIT_CONFIG_SYSTEM"] = str(CONFIGURATION)
    environment["GIT_CONFIG_GLOBAL"] = os.devnull
    environment["GIT_TERMINAL_PROMPT"] = "0"
    # A course whose .git is damaged must not be taken for a part of a repository around it.
    environment["GIT_CEILING_DIRECTORIES"] = str(course.parent)


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git prints; raises CalledProcessError with git's own words when it fails."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, input=given, check=True, capture_output=True).stdout


def names(listed: bytes) -> list[str]:
    """The names in an answer to ``-z``, any bytes in them kept."""
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]
