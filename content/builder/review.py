"""What a person does with a source: set its French (``typeset``), record a review (``accept``)."""

from collections.abc import Iterator
from pathlib import Path

from builder import lock, prose
from builder.faults import Fault, Refused
from builder.library import Library
from builder.source import Source


def accept(library: Library, names: list[str]) -> list[str]:
    """Stamps cells (``d1-03/svd-thm``) or whole notebooks (``d1-03``, or the path of a source).

    Returns the cells whose stamp changed. Raises Refused, and stamps nothing, for a name of nothing or
    for a source that cannot be read.
    """
    judged, _ = library.sources()
    by_name = {one.source.name: one for one in judged}
    wanted = {name: _target(name, [one.source for one in judged]) for name in names}
    reviewed = lock.load(library.lock)
    faults: list[Fault] = []
    for name, (book, key) in wanted.items():
        if book not in by_name:
            faults.append(Fault(Path(name), "nothing_to_accept"))
            continue
        one = by_name[book]
        known = {block.key for block in one.source.blocks} | reviewed.get(book, {}).keys()
        if not one.readable:
            faults += one.form + one.parity
        elif key and key not in known:
            faults.append(Fault(Path(name), "nothing_to_accept"))
    if faults:
        raise Refused(faults)
    with lock.changed(library.lock) as stamps:
        return [
            cell
            for book, key in wanted.values()
            for cell in _stamped(by_name[book].source, key, stamps.setdefault(book, {}))
        ]


def typeset(library: Library, names: list[str]) -> list[str]:
    """Sets the French of notebooks on disk; returns those that changed. Raises Refused like ``accept``."""
    judged, _ = library.sources()
    by_name = {one.source.name: one for one in judged}
    wanted = {name: _target(name, [one.source for one in judged])[0] for name in names}
    faults = [
        Fault(Path(name), "unknown_notebook", values={"name": name})
        for name, book in wanted.items()
        if book not in by_name
    ]
    for book in wanted.values():
        if book in by_name and not by_name[book].readable:
            faults += by_name[book].form + by_name[book].parity
    if faults:
        raise Refused(faults)
    books = sorted(set(wanted.values()))
    return [book for book in books if prose.write_typeset(library.root, by_name[book].source)]


def _target(name: str, sources: list[Source]) -> tuple[str, str]:
    """The notebook and the cell that a name means; an empty cell for the whole notebook."""
    for source in sources:
        if Path(name).resolve().match(str(source.file)):
            return source.name, ""
    book, _, key = name.partition("/")
    return book, key


def _stamped(source: Source, key: str, stamps: dict[str, lock.Stamp]) -> Iterator[str]:
    """Stamps one cell or all of them, and forgets those that are gone."""
    now = {block.key: lock.stamp(block) for block in source.blocks}
    for cell in sorted({key} if key else now.keys() | stamps.keys()):
        if now.get(cell) == stamps.get(cell):
            continue
        if cell in now:
            stamps[cell] = now[cell]
        else:
            del stamps[cell]
        yield f"{source.name}/{cell}"
