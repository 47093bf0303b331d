"""The files an image is made from: found, fingerprinted, and sent to the engine."""

import hashlib
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

LEFT_BY_TOOLS = {"__pycache__", ".mypy_cache", ".ruff_cache", ".ipynb_checkpoints"}
"""Folders that come and go without anybody changing a source."""


def found(places: Mapping[str, Path]) -> dict[str, Path]:
    """Every file below each place, by its name in the build context; a place may be a file."""
    files: dict[str, Path] = {}
    for name, place in places.items():
        if place.is_file():
            files[name] = place
            continue
        if not place.is_dir():
            raise FileNotFoundError(place)
        for path in sorted(place.rglob("*")):
            inner = path.relative_to(place)
            if path.is_file() and not LEFT_BY_TOOLS.intersection(inner.parts):
                files[str(Path(name) / inner)] = path
    return files


def fingerprint(files: Mapping[str, Path], facts: Iterable[str] = ()) -> str:
    """SHA-256 over names, contents and executable bits, and over facts that are not in a file."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(f"{fact}\0".encode())
    for name in sorted(files):
        content = hashlib.sha256(files[name].read_bytes()).hexdigest()
        digest.update(f"{name}\0{_mode(files[name]):o}\0{content}\0".encode())
    return digest.hexdigest()


def send(files: Mapping[str, Path], sink: IO[bytes]) -> None:
    """Write a build context: root's files, without dates, so that equal sources are equal to the engine."""
    with tarfile.open(fileobj=sink, mode="w|") as archive:
        for name in sorted(files):
            with files[name].open("rb") as content:
                member = archive.gettarinfo(arcname=name, fileobj=content)
                member.uid = member.gid = member.mtime = 0
                member.uname = member.gname = "root"
                member.mode = _mode(files[name])
                archive.addfile(member, content)


def _mode(path: Path) -> int:
    """Readable by all, executable or not; the umask of whoever cloned does not reach an image."""
    return 0o755 if path.stat().st_mode & 0o100 else 0o644
