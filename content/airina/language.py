"""The messages of the package in the language of whoever runs the notebook.

``messages/en.toml`` and ``messages/fr.toml`` hold what every check may say;
``messages/d1_03.en.toml`` and ``messages/d1_03.fr.toml`` what the checks of one notebook say. They are
read again when they change, so that a corrected hint reaches a kernel that is already running.
"""

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("messages")


def language() -> str:
    """``fr`` when ``LANG`` begins with fr, else ``en``."""
    return "fr" if os.environ.get("LANG", "").lower().startswith("fr") else "en"


def message(check: str, key: str, **values: object) -> str:
    """The text of ``key`` for a check such as ``d1_03.ex1``, with its ``{places}`` filled in.

    Looked for among the texts of this check, then of its notebook, then of all. Raises KeyError.
    """
    notebook, _, exercise = check.partition(".")
    own = _texts(f"{notebook}.{language()}.toml")
    for texts in (own.get(exercise), own, _texts(f"{language()}.toml")):
        # An ``expect`` may bear the name of a message of its notebook: that is no table.
        text = texts.get(key) if isinstance(texts, dict) else None
        if isinstance(text, str):
            return text.format(**values)
    raise KeyError(f"no message {key} for {check}")


def _texts(name: str) -> dict[str, Any]:
    path = FOLDER / name
    return _read(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache
def _read(path: Path, changed: int) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
