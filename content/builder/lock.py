"""``i18n.lock``: which texts a person has read side by side in both languages.

For each notebook and each cell key it keeps a hash of the English and of the French text at the last
review (``en``, ``fr``), or of the code of a cell that says nothing to people (``any``). A key that was
once in the lock is a promise: it is the cell's id in the workspaces of participants.
"""

import fcntl
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from builder.code import said_in
from builder.faults import Fault, Refused
from builder.source import Block, Source

Stamp = dict[str, str]
Lock = dict[str, dict[str, Stamp]]


def load(path: Path) -> Lock:
    """The lock, empty before the first review. Raises Refused when it cannot be read."""
    if not path.exists():
        return {}
    try:
        lock: Lock = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise Refused([Fault(Path(path.name), "lock", values={"error": error})]) from None
    return lock


@contextmanager
def changed(path: Path) -> Iterator[Lock]:
    """The lock to change; written whole on leaving, one process at a time."""
    with path.with_name(".i18n.lock.guard").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        lock = load(path)
        yield lock
        kept = {name: stamps for name, stamps in lock.items() if stamps}
        beside = path.with_name(".i18n.lock.new")
        beside.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
        beside.replace(path)


def stamp(block: Block) -> Stamp:
    """The hashes of what a block says; of its code when it says nothing to people."""
    if not block.is_code:
        cells = {cell.language: cell.text for cell in block.cells}
        return {language: _hash(text) for language, text in cells.items()}
    said = said_in(block.cells[0].lines)
    if not said["en"] and not said["fr"]:
        return {"any": _hash(block.cells[0].text)}
    return {language: _hash("\n".join(texts)) for language, texts in said.items()}


def _hash(text: str) -> str:
    """Of the words: where a line is broken does not matter."""
    words = re.sub(r"[ \t\n]+", " ", text).strip()
    return hashlib.sha256(words.encode()).hexdigest()[:10]


def faults(source: Source, reviewed: Mapping[str, Stamp]) -> Iterator[Fault]:
    """Translations nobody has read, translations gone stale, keys renamed or gone."""
    now = {block.key: stamp(block) for block in source.blocks}
    lines = {block.key: block.line for block in source.blocks}
    renamed = _renamed(now, reviewed)
    for old, new in renamed.items():
        values: dict[str, object] = {"old": old}
        yield Fault(source.file, "renamed_key", new, lines[new], values)
    for key in reviewed.keys() - now.keys() - renamed.keys():
        yield Fault(source.file, "vanished_key", key, None, {"ref": f"{source.name}/{key}"})
    for key in now.keys() - set(renamed.values()):
        name = _state(now[key], reviewed.get(key))
        if name:
            values = {"ref": f"{source.name}/{key}"}
            yield Fault(source.file, name, key, lines[key], values)


def _renamed(now: Mapping[str, Stamp], reviewed: Mapping[str, Stamp]) -> dict[str, str]:
    """Old key to new key, where a text lives on under another key."""
    new = {key: now[key] for key in now if key not in reviewed}
    gone = (key for key in reviewed if key not in now)
    renamed: dict[str, str] = {}
    for old in gone:
        heirs = [
            key for key, value in new.items() if set(value.items()) & set(reviewed[old].items())
        ]
        if heirs:
            renamed[old] = heirs[0]
    return renamed


def _state(now: Stamp, reviewed: Stamp | None) -> str:
    """The name of the fault, or the empty string when the review holds."""
    if reviewed is None or now.keys() != reviewed.keys():
        return "unreviewed"
    if "any" in now or now == reviewed:
        return ""
    same = {language for language in now if now[language] == reviewed[language]}
    return {"fr": "stale_fr", "en": "stale_en"}.get("".join(same), "both_changed")
