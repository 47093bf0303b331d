"""*Take my work home*: one zip of a workspace that can be read, and run, without the hub.

Every file of theirs and the course, a page that says what is in it, the versions to install elsewhere,
and, beside each notebook that they have changed, a page to read. It is written as it is made: nothing of
it is held in memory but one file at a time, and nothing in it asks anything of the internet.
"""

import html
import os
import re
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, count
from pathlib import Path, PurePosixPath
from stat import S_ISDIR, S_ISLNK, S_ISREG
from subprocess import CalledProcessError
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from course_server import standing
from course_server.places import COURSE

PAGE = "LISEZMOI-README.html"
SAID = {
    "fr": (
        "Mon travail",
        "Cette archive contient tout votre espace de travail : le cours avec vos réponses, dans le dossier "
        "« course », et vos autres fichiers.",
        "Chaque notebook que vous avez modifié est accompagné d’une page du même nom, en .html, que tout "
        "navigateur ouvre, sans Internet. Les formules y restent écrites en TeX.",
        "Pour exécuter les notebooks ailleurs : installez Python 3.11, puis, dans ce dossier, "
        "« pip install -r requirements.txt » et « jupyter lab ». Ouvrez-les depuis le dossier « course » : "
        "ils importent « airina », qui s’y trouve.",
    ),
    "en": (
        "My work",
        "This archive holds all of your workspace: the course with your answers, in the folder “course”, "
        "and your other files.",
        "Each notebook that you have changed comes with a page of the same name, in .html, which any "
        "browser opens, without the internet. Formulas stay written in TeX there.",
        "To run the notebooks elsewhere: install Python 3.11, then, in this folder, "
        "“pip install -r requirements.txt” and “jupyter lab”. Open them from the folder “course”: "
        "they import “airina”, which is there.",
    ),
}
"""Title and paragraphs of the page, by language."""

REQUIREMENTS = "requirements.txt"
PACKAGES = (
    *("jax", "torch", "numpy", "scipy", "scikit-learn", "matplotlib", "pandas"),
    *("ipywidgets", "jupyterlab"),
)
LEFT_OUT = frozenset({".git", ".cache", ".ipynb_checkpoints", "__pycache__", ".local", ".ipython"})
CHUNK = 2**20

OUTSIDE = re.compile(
    r"<script\b[^>]*\bsrc\s*=[^>]*>\s*</script>|<link\b[^>]*\bhref\s*=\s*[\"']?(?:https?:)?//[^>]*>",
    re.IGNORECASE,
)
"""What a rendered notebook would fetch: formulas stay readable as they are written."""


def write(home: Path, language: str, out: BinaryIO) -> None:
    """Write the zip of the workspace ``home`` into ``out``, which need not be seekable."""
    course = home / COURSE.name
    theirs = changed(course)
    taken: set[str] = set()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        put_text(archive, free(PAGE, taken), page(language))
        put_text(archive, free(REQUIREMENTS, taken), requirements())
        for file in files(home):
            # A zip's names are UTF-8; those that a foreign archive has brought may not be.
            name = os.fsencode(file.relative_to(home)).decode("utf-8", "replace")
            put_file(archive, free(name, taken), file)
            if file in theirs and (rendered := render(file)):
                put_text(archive, free(f"{name.removesuffix('.ipynb')}.html", taken), rendered)


def free(name: str, taken: set[str]) -> str:
    """A name that no other file in the zip has, which is then taken: ``svd (2).html``."""
    path = PurePosixPath(name)
    others = (str(path.with_stem(f"{path.stem} ({number})")) for number in count(2))
    names = chain([name], others)
    found = next(one for one in names if one not in taken)
    taken.add(found)
    return found


def changed(course: Path) -> set[Path]:
    """The notebooks of the course that the person has changed."""
    try:
        found = standing.report(course)["notebooks"] if (course / ".git").is_dir() else {}
    except (
        OSError,
        CalledProcessError,
    ):  # a damaged course is taken home all the same, without pages
        return set()
    return {course / path for path, notebook in found.items() if notebook["mine"]}


def files(home: Path) -> Iterator[Path]:
    """Every regular file of theirs, in order; no link is followed, no hidden folder of a program entered."""
    try:
        inside = sorted(home.iterdir())
    except OSError:  # they have closed it: the rest is not kept from them for that
        return
    for path in inside:
        try:
            mode = path.lstat().st_mode
        except OSError:
            continue
        if path.name in LEFT_OUT or S_ISLNK(mode):
            continue
        if S_ISDIR(mode):
            yield from files(path)
        elif S_ISREG(mode):
            yield path


def put_file(archive: ZipFile, name: str, file: Path) -> None:
    """One file, piece by piece; one that is gone or may not be read is left out."""
    try:
        source = file.open("rb")
    except OSError:
        return
    with source, archive.open(entry(name, file.stat().st_mtime), "w", force_zip64=True) as target:
        while piece := source.read(CHUNK):
            target.write(piece)


def put_text(archive: ZipFile, name: str, text: str) -> None:
    """A file that is made here."""
    archive.writestr(entry(name, time.time()), text)


def entry(name: str, moment: float) -> ZipInfo:
    """How a file is described; a zip knows no year before 1980."""
    when = max(time.localtime(moment)[:6], (1980, 1, 1, 0, 0, 0))
    found = ZipInfo(name, when)
    found.compress_type = ZIP_DEFLATED
    found.external_attr = 0o644 << 16
    return found


def requirements() -> str:
    """The versions of the course, as pip reads them."""
    return "".join(f"{name}=={found}\n" for name in PACKAGES if (found := installed(name)))


def installed(name: str) -> str | None:
    """The version of a package here, without the mark of a build (``+cpu``)."""
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return None


def page(language: str) -> str:
    """What is in the zip, in both languages, the person's first."""
    order = sorted(SAID, key=lambda one: one != language)
    sections = "".join(
        f'<section lang="{one}"><h1>{html.escape(SAID[one][0])}</h1>'
        + "".join(f"<p>{html.escape(text)}</p>" for text in SAID[one][1:])
        + "</section>"
        for one in order
    )
    style = "body{max-width:42rem;margin:3rem auto;padding:0 1rem;font:1.05rem/1.6 serif}"
    return (
        f'<!doctype html><html lang="{order[0]}"><meta charset="utf-8">'
        f"<title>{html.escape(SAID[order[0]][0])}</title><style>{style}</style>{sections}</html>\n"
    )


def render(notebook: Path) -> str | None:
    """A notebook as a page that stands by itself; None where it cannot be shown."""
    import nbformat  # slow to import, and asked for once in a course
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(template_name="classic")  # type: ignore[no-untyped-call]
    exporter.mathjax_url = exporter.mermaid_js_url = exporter.require_js_url = ""
    exporter.jquery_url = ""
    try:
        found = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
        text, _ = exporter.from_notebook_node(found)
    except Exception:  # whatever is in their file: the notebook itself is in the zip
        return None
    return OUTSIDE.sub("", str(text))
