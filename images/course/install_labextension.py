"""Puts JupyterLab's extension where a server finds it: ``install_labextension.py FOLDER LABEXTENSIONS``.

It is one script, so that a thin link is asked once. Its name carries a hash of its content: the edge lets
a browser keep it for ever, and a new one has a new name.
"""

import hashlib
import json
import sys
from pathlib import Path

PARTS = ("unchanged.js", "notices.js", "documents.js", "merge.js", "refresh.js", "entry.js")
"""In this order, in one scope; nothing of them is visible to the rest of the page."""
HASH_DIGITS = 20
"""The edge takes 16 or more for a hash."""


def script(folder: Path) -> str:
    """The extension as the browser gets it."""
    texts = json.dumps(json.loads((folder / "texts.json").read_text("utf-8")), ensure_ascii=False)
    parts = "\n".join((folder / part).read_text("utf-8") for part in PARTS)
    return f"(() => {{\n'use strict';\nconst TEXTS = {texts};\n\n{parts}}})();\n"


def install(folder: Path, labextensions: Path) -> Path:
    """Write the extension below a folder of extensions; return its script."""
    content = script(folder).encode()
    package = json.loads((folder / "package.json").read_text("utf-8"))
    build = package["jupyterlab"]["_build"]
    place = labextensions / package["name"]
    entry: Path = (place / build["load"]).with_suffix(
        f".{hashlib.sha256(content).hexdigest()[:HASH_DIGITS]}.js"
    )
    entry.parent.mkdir(parents=True)
    entry.write_bytes(content)
    build["load"] = str(entry.relative_to(place))
    (place / "package.json").write_text(json.dumps(package, indent=2) + "\n", "utf-8")
    return entry


if __name__ == "__main__":
    install(Path(sys.argv[1]), Path(sys.argv[2]))
