"""Running built notebooks: what is proved, what is refused, what it costs. Needs a kernel: course image."""

import json
from pathlib import Path

import pytest
from build import main as build

from tests.unit.content.conftest import ROOT, Course

pytestmark = pytest.mark.notebooks

BEFORE = """\
# %% key="imports"
import numpy as np
from airina import check, expect

"""
SOLVED = """\
# %% key="ex1" tags=["exercise"]
def double(x):
    # BEGIN SOLUTION
    return x + x
    # END SOLUTION


# %% key="after"
value = double(3)
print(value)
"""


def execute(course: Course, cells: str, kind: str, *options: str) -> int:
    """Builds a course of these cells beside the real package, and runs it in French."""
    from execute import main

    (course.root / "airina").rename(course.root / "unused")
    (course.root / "airina").symlink_to(ROOT / "content" / "airina")
    course.source.write_text(BEFORE + cells, "utf-8")
    build(["--lang", "en", "accept", "d1-03"], course.root)
    assert build(["--lang", "en"], course.root) == 0
    where = ["--build", str(course.library.build), "--lang", "fr", "--kind", kind]
    return main([*where, *options, "d1-03"])


def test_a_sound_notebook_runs_for_both_audiences_and_its_cost_is_told(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(course, SOLVED, "instructor") == 0
    assert "✔ d1-03 instructor fr" in capsys.readouterr().out


def test_a_participant_stops_at_an_exercise_and_that_is_right(course: Course) -> None:
    after = '\n# %% key="last"\nprint(value + 1)\n'
    assert execute(course, SOLVED + after, "participant") == 0


@pytest.mark.parametrize(
    ("cell", "kind", "said"),
    [
        ("1 / 0", "instructor", "ZeroDivisionError"),
        ("raise NotImplementedError", "instructor", "NotImplementedError"),
        ('expect("d1_03.x", 1.0, 2.0)', "instructor", "CheckFailed"),
        ('check("d1_03.nothing", 1)', "instructor", "CheckFailed"),
        ("np.log(np.zeros(1))", "instructor", "divide by zero"),
        ("np.random.default_rng().bit_generator", "instructor", "object of Python"),
        ("1 / 0", "participant", "ZeroDivisionError"),
        ("print(never_defined)", "participant", "NameError"),
    ],
)
def test_a_notebook_at_fault_is_refused_with_its_cell(
    course: Course, cell: str, kind: str, said: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    faulty = f'# %% key="faulty"\n{cell}\n'
    assert execute(course, faulty, kind) == 1
    told = capsys.readouterr().err
    assert ", faulty: " in told
    assert said in told


def test_a_failed_expectation_does_not_stop_a_participant(course: Course) -> None:
    assert execute(course, '# %% key="x"\nexpect("d1_03.x", 1.0, 2.0)\n', "participant") == 0


def test_a_notebook_that_takes_too_long_is_refused(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    busy = '# %% key="busy"\nimport time\n\nwhile time.process_time() < 2:\n    pass\n'
    assert execute(course, busy, "instructor", "--seconds", "1") == 1
    assert "1 s" in capsys.readouterr().err.replace("\u00a0", " ")


@pytest.mark.parametrize(("draw", "first"), [("0", 0.6369616873214543), ("2", 0.5751363188576363)])
@pytest.mark.parametrize(
    "seeds", ["SEED = 0\nrng = np.random.default_rng(SEED)", "rng = np.random.default_rng(0)"]
)
def test_another_draw_moves_every_seed(course: Course, draw: str, first: float, seeds: str) -> None:
    cell = f'# %% key="x"\n{seeds}\nexpect("d1_03.x", rng.random(), {first}, atol=1e-12)\n'
    assert execute(course, cell, "instructor", "--draw", draw) == 0


def test_a_notebook_that_was_not_built_is_refused(course: Course) -> None:
    from execute import main

    assert main(["--build", str(course.library.build), "d9-99"]) == 1


def test_the_messages_are_in_the_language_of_the_notebook_and_outputs_can_be_kept(
    course: Course, tmp_path: Path
) -> None:
    cell = '# %% key="x"\nexpect("d1_03.x", 1.0, 1.0)\n'
    assert execute(course, cell, "instructor", "--save", str(tmp_path)) == 0
    saved = json.loads((tmp_path / "fr" / "day1" / "03-svd.ipynb").read_text("utf-8"))
    (output,) = saved["cells"][1]["outputs"]
    assert output["text"] == ["✔ d1_03.x | prévu 1 | mesuré 1\n"]
