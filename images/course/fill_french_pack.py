"""Makes the French language pack fit this JupyterLab: ``python fill_french_pack.py fr-pack-4.6.json``.

The pack is made for JupyterLab 4.5; the file holds the strings that 4.6 has and the pack has not.
JupyterLab's page reads the pack's ``.json``; its server, which translates menus and settings, reads
the ``.mo``: strings of settings schemas go into both.

The pack also has catalogues of extensions that are not here, and JupyterLab asks for all of them at each
visit, 40 of 90 kB: they are removed. A catalogue bears the name of the package that it is for.

Stops when the pack knows a string already, or when JupyterLab no longer has it: either way the file is
out of date and its owner should look.
"""

import json
import sys
from collections.abc import Callable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo

PACK = "jupyterlab_language_pack_fr_FR"
CONTEXT_SEPARATOR = "\x04"
"""Between a context and a message, in gettext's catalogues."""


Strings = dict[tuple[str | None, str], list[str]]
"""French, singular and plural where there are two, by (context, English)."""


def translations(file: Path) -> Strings:
    """``interface`` has no contexts, ``schemas`` is grouped by them."""
    content = json.loads(file.read_text())
    groups = {None: content["interface"], **content["schemas"]}
    return {
        (context, english): french if isinstance(french, list) else [french]
        for context, group in groups.items()
        for english, french in group.items()
    }


def strings_in(schema: Any) -> set[str]:
    """Every string in a settings schema of JupyterLab."""
    if isinstance(schema, str):
        return {schema}
    if isinstance(schema, dict):
        return set().union(*(strings_in(value) for value in schema.values()))
    if isinstance(schema, list):
        return set().union(*(strings_in(value) for value in schema))
    return set()


def unknown_to_lab(strings: Strings, lab: Path) -> list[str]:
    """Strings that the JupyterLab in a folder does not have."""
    schemas = strings_in([json.loads(path.read_text()) for path in lab.glob("schemas/**/*.json")])
    code = "".join(path.read_text() for path in sorted(lab.glob("static/*.js")))
    gone = []
    for context, english in strings:
        here = english in schemas if context else any(form in code for form in in_code(english))
        if not here:
            gone.append(english)
    return sorted(gone)


def in_code(english: str) -> set[str]:
    """How a string may be written in JavaScript, between one kind of quotes or another."""
    escaped = english.replace("\\", "\\\\").replace("\n", "\\n")
    ascii_only = "".join(c if ord(c) < 128 else f"\\u{ord(c):04x}" for c in escaped)
    forms = {escaped, ascii_only}
    return {form.replace(quote, f"\\{quote}") for form in forms for quote in "\"'`"} | forms


def read_catalogue(file: Path) -> Catalog:
    """A compiled catalogue. Babel reads contexts as bytes and then cannot find or write them."""
    catalogue = Catalog(locale="fr_FR")
    with file.open("rb") as compiled:
        for message in read_mo(compiled):
            context: str | bytes | None = message.context
            if isinstance(context, bytes):
                context = context.decode()
            catalogue.add(message.id, message.string, context=context)
    return catalogue


def fill(strings: Strings, catalogues: Path) -> list[str]:
    """Add the strings to the catalogues in a folder; return those that they had already."""
    for_page = catalogues / "jupyterlab.json"
    for_server = catalogues / "jupyterlab.mo"
    page = json.loads(for_page.read_text())
    server = read_catalogue(for_server)
    known = []
    for (context, english), french in strings.items():
        key = f"{context}{CONTEXT_SEPARATOR}{english}" if context else english
        if key in page or server.get(english, context=context) is not None:
            known.append(english)
        page[key] = french
        if context:
            server.add(english, french[0], context=context)
    for_page.write_text(json.dumps(page, ensure_ascii=False))
    with for_server.open("wb") as compiled:
        write_mo(compiled, server)
    return known


def remove_foreign(catalogues: Path, is_here: Callable[[str], object]) -> set[str]:
    """Remove the catalogues of packages that are not here; return their names."""
    foreign = [file for file in catalogues.glob("[!.]*") if not is_here(file.stem)]
    for file in foreign:
        file.unlink()
    return {file.stem for file in foreign}


def main(file: Path) -> int:
    """Fit the pack of this environment, or say what is out of date."""
    strings = translations(file)
    gone = unknown_to_lab(strings, Path(sys.prefix) / "share/jupyter/lab")
    catalogues = Path(str(files(PACK))) / "locale/fr_FR/LC_MESSAGES"
    known = fill(strings, catalogues)
    foreign = remove_foreign(catalogues, find_spec)
    for english in gone:
        print(f"{file.name}: this JupyterLab has no such string: {english!r}", file=sys.stderr)
    for english in known:
        print(f"{file.name}: the pack translates this by itself: {english!r}", file=sys.stderr)
    if gone or known:
        print("Remove these lines from the file, or correct them.", file=sys.stderr)
        return 1
    print(f"{len(strings)} strings added to the French pack, {len(foreign)} catalogues removed")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
