"""Builds the notebooks of the course from their bilingual sources.

    python content/build.py                        every notebook, into content/build/
    python content/build.py --only d1-03           one notebook: the faults of others do not matter
    python content/build.py accept d1-03/svd-thm   a person has read both languages of this cell
    python content/build.py accept d1-03           … of this whole notebook
    python content/build.py typeset d1-03          sets the spaces and signs of its French
    python content/build.py sync-back NOTEBOOK     brings an edit of a built notebook back to its source

Exit codes: 0 done, 1 refused (nothing was written), 2 not understood.
"""

import argparse
import sys
from pathlib import Path

from builder.faults import LANGUAGES, Language, Refused, own_language, said
from builder.library import Library
from builder.review import accept, typeset
from builder.sync import sync_back
from builder.write import write

ROOT = Path(__file__).resolve().parent


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Runs one command on the folder ``root``; prints in the language of ``--lang`` or ``LANG``."""
    options = _parser().parse_args(arguments)
    language: Language = options.lang
    library = Library(root)
    try:
        if options.command == "accept":
            done = said("accepted", language, what=" ".join(accept(library, options.names)))
        elif options.command == "typeset":
            done = said("typeset", language, what=" ".join(typeset(library, options.names)))
        elif options.command == "sync-back":
            cells = sync_back(library, options.notebook)
            done = said("brought_back", language, what=" ".join(cells))
        else:
            files = library.release(options.only)
            changed = write(options.into or library.build, files, prune=not options.only)
            done = said("built", language, changed=changed, count=len(files))
    except Refused as refused:
        for fault in refused.faults:
            print(fault.said(language), file=sys.stderr)
        print(said("refused", language, count=len(refused.faults)), file=sys.stderr)
        return 1
    print(done)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lang", choices=LANGUAGES, default=own_language(), help="of the messages")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="one notebook")
    parser.add_argument("--into", type=Path, help="another folder than content/build/")
    commands = parser.add_subparsers(dest="command", title="commands")
    reviewed = commands.add_parser("accept", help="record that both languages were read")
    reviewed.add_argument("names", nargs="+", metavar="KEY|FILE")
    french = commands.add_parser("typeset", help="set the spaces and signs of the French")
    french.add_argument("names", nargs="+", metavar="ID|FILE")
    back = commands.add_parser("sync-back", help="bring an edit back to its source")
    back.add_argument("notebook", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
