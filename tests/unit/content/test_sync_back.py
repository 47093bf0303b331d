"""An edit made in a built notebook returns to its source, or is refused."""

import json
from pathlib import Path

import pytest
from build import main
from builder.faults import Refused
from builder.sync import sync_back

from tests.unit.content.conftest import Course


def edited(course: Course, key: str, old: str, new: str, path: str = "instructor/fr") -> Path:
    """A built notebook in which somebody replaced ``old`` by ``new`` in one cell."""
    assert main(["--lang", "en"], course.root) == 0
    file = course.library.build / path / "day1" / "03-svd.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["id"] == key:
            assert old in text
            cell["source"] = text.replace(old, new, 1)
    file.write_text(json.dumps(notebook), "utf-8")
    return file


def test_an_edit_of_the_text_returns_to_its_language_alone(course: Course) -> None:
    before = course.source.read_text("utf-8")
    file = edited(course, "svd-thm", "Le noyau a", "Son noyau\n\na")
    assert sync_back(course.library, file) == ["svd-thm"]
    after = course.source.read_text("utf-8")
    assert after == before.replace("# Le noyau a", "# Son noyau\n#\n# a")
    assert course.faults() == [("svd-thm", "stale_en")]


@pytest.mark.parametrize(
    ("key", "old", "new", "path"),
    [
        ("svd-ex1", "s[:k]) @ Vt[:k]", "s[:k]) @ Vt[:k, :]", "instructor/fr"),
        ("imports", "import numpy as np", "import numpy as np\nimport scipy", "fr"),
        ("svd-fig", "k = 3", "k = 4\nm = 2", "en"),
        ("svd-fig", "k = 3\n", "", "fr"),
        ("svd-ex1", "U, s, Vt =", "A = A + 0\n    U, s, Vt =", "instructor/en"),
        ("svd-ex1", "renvoyer la meilleure", "calculer la meilleure", "fr"),
        ("svd-fig", "k = 3", "k = 3\nr = 1", "fr"),
    ],
)
def test_an_edit_of_the_code_returns_and_builds_to_what_was_edited(
    course: Course, key: str, old: str, new: str, path: str
) -> None:
    file = edited(course, key, old, new, path)
    if "A = A + 0" in new:
        with pytest.raises(
            Refused
        ):  # before the first line of a solution: inside it, or before it?
            sync_back(course.library, file)
        return
    wanted = {c["id"]: "".join(c["source"]) for c in json.loads(file.read_text("utf-8"))["cells"]}
    assert sync_back(course.library, file) == [key]
    main(["--lang", "en", "accept", "d1-03"], course.root)
    built = json.loads(course.built(f"{path}/day1/03-svd.ipynb"))
    assert {c["id"]: "".join(c["source"]) for c in built["cells"]} == wanted


def test_the_other_language_keeps_its_words_when_code_returns(course: Course) -> None:
    sync_back(course.library, edited(course, "svd-fig", "k = 3", "k = 5"))
    text = course.source.read_text("utf-8")
    assert 'T(f"rank {k}", f"au rang {k}")' in text
    assert "k = 5" in text


@pytest.mark.parametrize(
    ("key", "old", "new", "path"),
    [
        ("svd-fig", "rang $k$", "le rang $k$", "fr"),
        ("svd-ex1", "raise NotImplementedError", "return A", "fr"),
        ("imports", "import numpy as np", "import numpy as (", "fr"),
        ("svd-fig", "k = 3", "k = 3\n# en: of the other language", "fr"),
    ],
)
def test_what_has_no_way_back_is_refused_and_nothing_changes(
    course: Course, key: str, old: str, new: str, path: str
) -> None:
    before = course.source.read_bytes()
    with pytest.raises(Refused) as refused:
        sync_back(course.library, edited(course, key, old, new, path))
    assert refused.value.faults[0].cell == key
    assert course.source.read_bytes() == before


def test_a_notebook_built_before_the_source_changed_is_refused(course: Course) -> None:
    file = edited(course, "svd-fig", "k = 3", "k = 5")
    course.change("Le noyau a", "Son noyau a")
    with pytest.raises(Refused, match="changed after"):
        sync_back(course.library, file)


def test_a_notebook_with_a_new_cell_is_refused(course: Course) -> None:
    file = edited(course, "svd-fig", "k = 3", "k = 5")
    notebook = json.loads(file.read_text("utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": "x", "metadata": {}, "source": "x"})
    file.write_text(json.dumps(notebook), "utf-8")
    with pytest.raises(Refused, match="added, removed or moved"):
        sync_back(course.library, file)


def test_a_notebook_from_elsewhere_is_refused(course: Course, tmp_path: Path) -> None:
    file = tmp_path / "x.ipynb"
    file.write_text('{"cells": [], "metadata": {}}', "utf-8")
    with pytest.raises(Refused, match="not built from a source"):
        sync_back(course.library, file)
