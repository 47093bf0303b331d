"""What the builder makes of a sound source."""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from build import main

from tests.unit.content.conftest import ROOT, Course

LANGUAGES = ("en", "fr")


def cells(course: Course, path: str) -> dict[str, Any]:
    notebook = json.loads(course.built(path))
    return {cell["id"]: cell for cell in notebook["cells"]}


def text(course: Course, path: str, key: str) -> str:
    return "".join(cells(course, path)[key]["source"])


def test_each_language_reads_its_own_text(course: Course) -> None:
    assert text(course, "en/day1/03-svd.ipynb", "svd-thm").startswith("**Theorem.**")
    assert text(course, "fr/day1/03-svd.ipynb", "svd-thm").startswith("**Théorème.**")
    assert "$$\\min_" in text(course, "fr/day1/03-svd.ipynb", "svd-eq")


def test_a_learner_reads_the_plain_literal_of_their_language(course: Course) -> None:
    french = text(course, "fr/day1/03-svd.ipynb", "svd-fig")
    assert 'ax.set_xlabel("rang $k$")' in french
    assert 'ax.set_title(f"au rang {k}", loc="left")' in french
    assert "T(" not in french


def test_of_a_pair_of_comments_one_is_kept(course: Course) -> None:
    french = text(course, "fr/day1/03-svd.ipynb", "svd-ex1")
    assert "    # renvoyer la meilleure approximation\n" in french
    assert "return the best" not in french


@pytest.mark.parametrize(
    ("language", "stub"), [("en", "# YOUR CODE HERE"), ("fr", "# VOTRE CODE ICI")]
)
def test_participants_get_a_stub_for_each_solution(
    course: Course, language: str, stub: str
) -> None:
    built = text(course, f"{language}/day1/03-svd.ipynb", "svd-ex1")
    assert built.endswith(f"    {stub}\n    raise NotImplementedError")
    assert "linalg" not in built


def test_instructors_get_the_solution_without_its_marks(course: Course) -> None:
    built = text(course, "instructor/fr/day1/03-svd.ipynb", "svd-ex1")
    assert "np.linalg.svd(A, full_matrices=False)" in built
    assert "SOLUTION" not in built


def test_worked_answers_are_for_instructors_alone(course: Course) -> None:
    assert "svd-answer" in cells(course, "instructor/en/day1/03-svd.ipynb")
    assert "svd-answer" not in cells(course, "en/day1/03-svd.ipynb")


@pytest.mark.parametrize("path", ["en", "fr", "instructor/en", "instructor/fr"])
def test_a_built_notebook_is_valid_and_bare(course: Course, path: str) -> None:
    built = course.built(f"{path}/day1/03-svd.ipynb")
    nbformat.validate(nbformat.reads(built, as_version=4))
    for cell in json.loads(built)["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_both_languages_have_the_same_cells_in_the_same_order(course: Course) -> None:
    english, french = (list(cells(course, f"{lang}/day1/03-svd.ipynb")) for lang in LANGUAGES)
    assert (
        english == french == ["svd-thm", "svd-eq", "imports", "svd-ex1", "svd-ex1-check", "svd-fig"]
    )


def test_tags_stay_on_the_cells(course: Course) -> None:
    assert cells(course, "fr/day1/03-svd.ipynb")["svd-ex1"]["metadata"] == {"tags": ["exercise"]}


def test_a_second_build_writes_the_same_bytes_and_touches_nothing(course: Course) -> None:
    assert main(["--lang", "en"], course.root) == 0
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in course.library.build.rglob("*.*")}
    assert main(["--lang", "en"], course.root) == 0
    assert before
    assert before == {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in before}


def test_the_package_stands_beside_the_languages_and_no_old_file_stays(course: Course) -> None:
    old = course.library.build / "fr" / "day1" / "09-old.ipynb"
    old.parent.mkdir(parents=True)
    old.write_text("{}", "utf-8")
    main(["--lang", "en"], course.root)
    build = course.library.build
    assert sorted(p.name for p in build.iterdir()) == ["airina", "en", "fr", "instructor"]
    assert (build / "airina" / "__init__.py").exists()
    assert (build / "instructor" / "airina" / "__init__.py").exists()
    assert not old.exists()


def test_one_notebook_can_be_built_while_another_is_at_fault(course: Course) -> None:
    other = course.source.with_name("04-other.py")
    other.write_text("# %% [markdown]\n# No key.\n", "utf-8")
    assert main(["--lang", "en"], course.root) == 1
    assert not course.library.build.exists()
    assert main(["--lang", "en", "--only", "d1-03"], course.root) == 0
    assert (course.library.build / "fr" / "day1" / "03-svd.ipynb").exists()


def test_jupytext_reads_the_same_cells_from_every_source(course: Course) -> None:
    import jupytext
    from builder.source import read

    paths = [course.source, *sorted((ROOT / "content" / "src").rglob("*.py"))]
    for path in paths:
        text = path.read_text("utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = jupytext.reads(text, fmt="py:percent")
        theirs = [(cell.cell_type, cell.metadata["key"], cell.source) for cell in notebook.cells]
        source, faults = read(path, "d1-03", text)
        ours = [(c.kind, c.key, c.text) for block in source.blocks for c in block.cells]
        assert not faults
        assert ours == theirs


def test_the_builder_does_not_import_the_hub() -> None:
    assert not any(name == "hub" or name.startswith("hub.") for name in _imported_by_builder())


def _imported_by_builder() -> set[str]:
    import subprocess

    code = "import sys; sys.path.insert(0, 'content'); import build; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_the_course_of_this_repository_builds(tmp_path: Path) -> None:
    assert main(["--lang", "en", "--into", str(tmp_path / "build")], ROOT / "content") == 0
