"""The whole of ``content/``: every source judged, then every notebook built, or nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from builder import day5, leaks, lock, parity, programme, prose
from builder.faults import LANGUAGES, Fault, Refused
from builder.notebook import built
from builder.pieces import Pieces, documents, pieces, put_into
from builder.source import Source, read
from builder.view import AUDIENCES, Audience, text_of, view
from builder.vocabulary import Glossary

Files = dict[Path, str]

# With one of these a cell cannot be shown to anyone, so what it would show cannot be judged.
_UNREADABLE = {
    "not_python",
    "translation_call",
    "unclosed_solution",
    "nested_solution",
    "unopened_solution",
}


@dataclass(frozen=True)
class Judged:
    """A source and the faults of its own text."""

    source: Source
    form: list[Fault]
    parity: list[Fault]

    @property
    def readable(self) -> bool:
        return not self.form and not any(fault.name in _UNREADABLE for fault in self.parity)


class Library:
    """``root`` is the folder ``content/``; everything is read when it is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.build = root / "build"
        self.lock = root / "i18n.lock"
        self.glossary = root / "glossary.yml"

    def sources(self) -> tuple[list[Judged], list[Fault]]:
        """Every source that the programme lists, judged by itself; and the faults of the data."""
        src = self.root / "src"
        data, wrong = day5.read(self.root)
        made = pieces(data) if data else {}
        found = {path.relative_to(src) for path in src.rglob("*.py")}
        table = self.root / programme.FILE
        entries, faults = programme.read(table.read_text("utf-8") if table.exists() else "", found)
        return [
            self._judged(entry, made) for entry in entries if entry.path in found
        ], faults + wrong

    def _judged(self, entry: programme.Entry, made: Pieces) -> Judged:
        file = Path("src") / entry.path
        try:
            text = (self.root / file).read_text("utf-8-sig")
        except UnicodeDecodeError:
            return Judged(Source(file, entry.name, "", ()), [Fault(file, "encoding")], [])
        source, form = read(file, entry.name, text)
        source, unknown = put_into(source, made)
        return Judged(source, form + unknown, list(parity.faults(source)))

    def package(self) -> Files:
        """The package ``airina``, which participants get beside their notebooks."""
        return {
            path.relative_to(self.root): path.read_text("utf-8")
            for path in sorted((self.root / "airina").rglob("*"))
            if path.suffix in {".py", ".toml"}
        }

    def release(self, only: Collection[str] = ()) -> Files:
        """What ``build/`` must hold, by relative path; with ``only``, the files of these notebooks.

        Raises Refused with every fault of every source; with ``only``, with those of these notebooks.
        """
        everything, faults = self.sources()
        mine = [judged for judged in everything if not only or judged.source.name in only]
        for name in sorted(set(only) - {judged.source.name for judged in everything}):
            faults.append(Fault(programme.FILE, "unknown_notebook", values={"name": name}))
        if only:
            mine_too = {day5.FOLDER} if any(name.startswith("d5-") for name in only) else set()
            faults = [
                f for f in faults if f.name == "unknown_notebook" or f.file.parent in mine_too
            ]
        faults += self._faults(mine, everything)
        if faults:
            raise Refused(faults)
        files: Files = {}
        for judged in mine:
            files |= _notebooks(judged.source)
        data, _ = day5.read(self.root)
        if data and (not only or any(judged.source.name.startswith("d5-") for judged in mine)):
            files |= {Path("instructor") / path: text for path, text in documents(data).items()}
        package = self.package()
        return files | package | {Path("instructor") / path: text for path, text in package.items()}

    def _faults(self, mine: list[Judged], everything: list[Judged]) -> Iterator[Fault]:
        reviewed = lock.load(self.lock)
        try:
            glossary = Glossary(self.glossary.read_text("utf-8"))
        except ValueError as error:
            glossary = Glossary("")
            yield Fault(Path(self.glossary.name), "glossary", values={"error": error})
        for judged in mine:
            yield from judged.form + judged.parity
            if judged.readable:
                yield from prose.faults(judged.source, glossary)
                yield from lock.faults(judged.source, reviewed.get(judged.source.name, {}))
                yield from _logic(judged.source)
        readable = [judged.source for judged in everything if judged.readable]
        judged_sources = [judged.source for judged in mine if judged.readable]
        yield from leaks.faults(judged_sources, readable, self.package())


def _logic(source: Source) -> Iterator[Fault]:
    """Code that is not the same in both languages once built."""
    for block in source.code:
        for audience in AUDIENCES:
            seen = [view(block, language, audience) or [] for language in LANGUAGES]
            differs = parity.logic_differs(*map(text_of, seen))
            if differs:
                english, _, french = differs.partition(" / ")
                values: dict[str, object] = {"en": english, "fr": french}
                yield Fault(source.file, "code_tokens", block.key, block.line, values)
                break


def _notebooks(source: Source) -> Files:
    return {
        path_of(source, language, audience): built(source, language, audience)
        for language in LANGUAGES
        for audience in AUDIENCES
    }


def path_of(source: Source, language: str, audience: Audience) -> Path:
    """Where a notebook stands below ``build/``."""
    inner = Path(language) / source.file.relative_to("src").with_suffix(".ipynb")
    return Path("instructor") / inner if audience == "instructor" else inner
