"""What a person has put where the release has something else is moved aside before git could lose it.

A file, or a link, that stands where the release has a folder; a folder, or a link that leads nowhere, where
it has a file. git would delete the one and refuse the other.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from course_server.salvage import beside


def make_way(course: Path, released: Iterable[str]) -> dict[str, str]:
    """Rename to ``<name>__kept`` what is in the way of files of the release; what became of each name."""
    moved: dict[str, str] = {}
    for blocked in dict.fromkeys(in_the_way(course, released)):
        kept = beside(course / blocked, "kept")
        (course / blocked).rename(kept)
        moved[blocked.as_posix()] = kept.relative_to(course).as_posix()
    return moved


def in_the_way(course: Path, released: Iterable[str]) -> Iterator[Path]:
    """What is in the way, by its path below the course; of a file, the outermost alone."""
    plain: set[Path] = set()
    for path in map(Path, released):
        for folder in [*reversed(path.parents)][1:]:
            if folder in plain:
                continue
            if not os.path.lexists(course / folder):
                break
            if (course / folder).is_symlink() or not (course / folder).is_dir():
                yield folder
                break
            plain.add(folder)
        else:
            file = course / path
            if file.is_dir() if not file.is_symlink() else not file.exists():
                yield path
