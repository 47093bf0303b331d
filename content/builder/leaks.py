"""The proof that no solution reaches participants: looked for in everything they get."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from builder import solutions
from builder.code import localised
from builder.faults import LANGUAGES, Fault
from builder.source import Block, Source
from builder.view import text_of, view


@dataclass(frozen=True)
class Page:
    """A piece of what participants get: where it stands, its notebook, its lines without spaces."""

    where: str
    source: str
    lines: frozenset[str]


def faults(
    judged: Iterable[Source], sources: Iterable[Source], package: dict[Path, str]
) -> Iterator[Fault]:
    """Lines of a solution of ``judged`` that stand in a participant's cell or in the package beside."""
    pages = [page for source in sources for page in _pages(source)]
    pages += [Page(str(path), "", _lines(text)) for path, text in package.items()]
    for source in judged:
        for block in source.code:
            for telling in _telling(block):
                yield from _found(source, block, telling, pages)


def _pages(source: Source) -> Iterator[Page]:
    for block in source.blocks:
        lines: set[str] = set()
        for language in LANGUAGES:
            seen = view(block, language, "participant")
            lines |= _lines(text_of(seen)) if seen else set()
        yield Page(f"{source.name}/{block.key}", source.name, frozenset(lines))


def _lines(text: str) -> frozenset[str]:
    return frozenset(map(solutions.bare, text.split("\n")))


def _telling(block: Block) -> Iterator[list[str]]:
    """The lines that would give a solution away; of a cell tagged ``solution``, all of them."""
    lines = block.cells[0].lines
    found, _ = solutions.regions(lines)
    whole = [range(len(lines))] if block.has("solution") else []
    for inside in whole or [range(region.begin + 1, region.end) for region in found]:
        seen = {localised(lines, language)[i] for language in LANGUAGES for i in inside}
        bare = (solutions.bare(line) for line in sorted(filter(None, seen)))
        yield [line for line in bare if solutions.is_telling(line)]


def _found(source: Source, block: Block, telling: list[str], pages: list[Page]) -> Iterator[Fault]:
    for page in pages:
        shared = [line for line in telling if line in page.lines]
        # Elsewhere one common line is chance; a whole solution of two lines or more is not.
        elsewhere = page.source != source.name
        if shared and not (elsewhere and (len(telling) < 2 or len(shared) < len(telling))):
            values: dict[str, object] = {"solution": shared[0], "where": page.where}
            yield Fault(source.file, "leak", block.key, block.line, values)
