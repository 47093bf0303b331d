"""Which page a person sees first: the open day's first notebook, in their language."""

import json
from pathlib import Path

HOME_PAGE = "lab"
"""JupyterLab as it was left: where there is no notebook to open."""


def language(lang: str | None) -> str:
    """``fr`` or ``en`` from ``LANG``; the hub sets it to the person's choice. French where it is silent."""
    return "en" if (lang or "").lower().startswith("en") else "fr"


def landing_page(home: Path, course: Path, lang: str | None) -> str:
    """Path of the page below the server's base URL, not yet escaped: ``lab/tree/course/fr/day1/….ipynb``.

    ``release.json`` in the course names the first notebook in each language. A file that is missing,
    or that is not what it should be, leads to JupyterLab itself: nobody is sent to an error.
    """
    try:
        first = json.loads((course / "release.json").read_text("utf-8"))["first"][language(lang)]
        notebook = course / first
        if notebook.is_file() and notebook.resolve().is_relative_to(course.resolve()):
            return f"lab/tree/{notebook.relative_to(home).as_posix()}"
    except (OSError, ValueError, LookupError, TypeError):
        pass
    return HOME_PAGE
