"""Brings ``build/`` to what it must hold; what already is right is not touched."""

from pathlib import Path


def write(folder: Path, files: dict[Path, str], prune: bool) -> int:
    """Writes what differs, and with ``prune`` removes every other file. Returns how many changed."""
    changed = 0
    for path, text in files.items():
        target = folder / path
        if target.exists() and target.read_bytes() == text.encode():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        beside.write_text(text, "utf-8")
        beside.replace(target)
        changed += 1
    if prune:
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir():
                _remove_if_empty(path)
            elif path.relative_to(folder) not in files:
                path.unlink()
                changed += 1
    return changed


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
