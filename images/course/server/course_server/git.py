"""Running git for the sync: bounded to the course's folder, deaf to anybody's configuration.

The environment is made for each call and given to it: the server's own, which kernels and terminals
inherit, stays as it is.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent

SETTINGS = {
    # Notebooks are merged by cell. -I -S: nothing of the person's, and nothing that takes time.
    "merge.notebook.driver": f"{sys.executable} -I -S {HERE / 'notebook_merge.py'} %O %A %B %P",
    "core.attributesFile": str(HERE / "gitattributes"),
}
"""What ``gitconfig`` cannot say, because it depends on where this is installed."""

SECONDS = 60.0
"""For one call, of which none needs a second: one that hangs must not hold up a person's course."""

MEANT_FOR_OTHERS = ("GIT_", "LC_", "LANGUAGE")
"""Beginnings of variables that are a person's, or an instructor's, for their own git."""


def environment(folder: Path) -> dict[str, str]:
    """Variables under which git, ours and nbgitpuller's, does the same for everybody in ``folder``."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(MEANT_FOR_OTHERS)
    }
    settings = {
        variable: said
        for number, (key, value) in enumerate(SETTINGS.items())
        for variable, said in (
            (f"GIT_CONFIG_KEY_{number}", key),
            (f"GIT_CONFIG_VALUE_{number}", value),
        )
    }
    return kept | {
        "LANG": "C",  # nbgitpuller reads git's messages
        "GIT_CONFIG_SYSTEM": str(HERE / "gitconfig"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": str(len(SETTINGS)),
        **settings,
        "GIT_TERMINAL_PROMPT": "0",
        # A course whose .git is damaged must not be taken for a part of a repository around it.
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }


def git(
    folder: Path, *arguments: str, given: bytes = b"", more: Mapping[str, str] | None = None
) -> bytes:
    """What git prints; raises CalledProcessError with git's own words when it fails, or TimeoutExpired."""
    command = ["git", "-C", str(folder), *arguments]
    variables = environment(folder) | dict(more or {})
    return subprocess.run(
        command, input=given, env=variables, check=True, capture_output=True, timeout=SECONDS
    ).stdout


def names(listed: bytes) -> list[str]:
    """The names in an answer to ``-z``, any bytes in them kept."""
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]


def reference(repository: Path, name: str) -> str | None:
    """The commit that a reference names, read without git; None when there is none.

    ``repository`` is the folder that holds ``HEAD``; the formats are those of gitrepository-layout(5).
    """
    try:
        said = (repository / name).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return _packed(repository, name)
    return reference(repository, said[5:]) if said.startswith("ref: refs/") else said or None


def _packed(repository: Path, name: str) -> str | None:
    try:
        lines = (repository / "packed-refs").read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return next((line[:40] for line in lines if line[41:] == name), None)
