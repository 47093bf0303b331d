"""The gate's rules by their numbers, with real git and a box that is a folder."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from hub.delivery import gate
from hub.delivery.gate import TooLong
from hub.delivery.git import NONE
from hub.delivery.release import Edition, publish
from hub.delivery.repository import Repository
from hub.delivery.sandbox import Box, NoSandbox, Strain
from hub.i18n import Language
from hub.journal import Verdict
from hub.opening import Part
from hub.settings import Settings
from tests.unit.hub.delivery.gating import (
    BUILD,
    EXECUTE,
    SOLVED,
    STUB,
    TITLE,
    Judge,
    notebook,
    tree,
)
from tests.unit.hub.delivery.site import COHORT, PushSite

FR, EN = "made/fr/day1/01-a.ipynb", "made/en/day1/01-a.ipynb"


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    return Judge(PushSite(tmp_path))


def verdict(judge: Judge) -> Verdict:
    gate = judge.site.journal.last_gate()
    assert gate is not None
    return gate.verdict


def test_a_good_push_is_built_executed_and_in_its_place(judge: Judge) -> None:
    assert judge.push(tree()), judge.said
    commit, built = judge.site.sources.current() or ("", Path())
    assert (built / "fr/day1/01-a.ipynb").read_text("utf-8") == tree()[FR]
    assert (built / "instructor/en/day1/01-a.ipynb").is_file()
    gate = judge.site.journal.last_gate()
    assert gate is not None
    assert (gate.head, gate.by, gate.verdict) == (commit, "ens-01", Verdict.PASSED)
    assert "\n".join(gate.lines) + "\n" == judge.said
    assert "1/1 ✔ d1-01, instructors’ version: 0.1 s, 10 MiB" in gate.lines
    assert f"{COHORT} gets it within seconds; files that change: 4." in gate.lines


def test_it_speaks_the_pushers_language(judge: Judge) -> None:
    judge.language = Language.FR
    assert judge.push(tree())
    assert "1/1 ✔ d1-01, version des enseignants\u00a0: 0,1\u00a0s, 10\u00a0Mio" in judge.said


def test_1_who_waits_is_told_and_a_main_that_moved_meanwhile_costs_no_run(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = judge.site.sources
    first, second = judge.commit(tree(), None), judge.commit(tree(other="x"), None)
    outcome: list[bool] = []

    # git moves main a moment after the gate before has let go: when this one looks for it.
    def land(_: float) -> None:
        sources.git.run("update-ref", "refs/heads/main", first)

    # Of that module alone: what runs git sleeps too.
    monkeypatch.setattr(gate, "time", SimpleNamespace(sleep=land, monotonic=time.monotonic))
    with sources.lock.open("a") as lock:
        flock(lock, LOCK_EX)
        waiting = Thread(target=lambda: outcome.append(judge.gate().judge(NONE, second, "ens-02")))
        waiting.start()
        while "comes next" not in judge.said:
            assert waiting.is_alive()
        number = judge.site.journal.gate_begins(first, "ens-01")
        judge.site.journal.gate_ends(number, Verdict.PASSED)
    waiting.join()
    assert outcome == [False]
    assert "main has moved since" in judge.said
    assert judge.box is None


def test_1_a_gate_that_died_is_not_under_way_for_ever(judge: Judge) -> None:
    judge.site.journal.gate_begins("f" * 40, "ens-02")
    dead = judge.site.journal.last_gate()
    judge.push(tree())
    with judge.site.journal._open() as connection:
        rows = connection.execute("SELECT id, verdict FROM gate ORDER BY id").fetchall()
    assert dead is not None
    assert rows == [(dead.id, "broken"), (dead.id + 1, "passed")]


def test_1_a_push_that_passed_and_did_not_land_is_not_taken_for_main(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git moves the branch after its gate, and may fail at that."""
    monkeypatch.setattr(gate, "LANDS_WITHIN", 0.05)
    assert judge.gate().judge(NONE, judge.commit(tree(), None), "ens-01")
    assert judge.push(tree(other="x")), judge.said


def test_1_a_push_that_lands_late_leaves_the_next_one_behind(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "LANDS_WITHIN", 0.05)
    first, second = judge.commit(tree(), None), judge.commit(tree(other="x"), None)
    assert judge.gate().judge(NONE, first, "ens-01")
    execute = gate.Trial.execute

    def lands_meanwhile(trial: gate.Trial, names: list[str]) -> Iterator[tuple[str, bool]]:
        judge.site.sources.git.run("update-ref", "refs/heads/main", first)
        return execute(trial, names)

    monkeypatch.setattr(gate.Trial, "execute", lands_meanwhile)
    assert not judge.gate().judge(NONE, second, "ens-02")
    assert "somebody else’s push came first" in judge.said


def test_1_main_is_neither_deleted_nor_rewritten(judge: Judge) -> None:
    assert judge.push(tree())
    assert not judge.judge(NONE)
    assert "main cannot be deleted" in judge.said
    assert not judge.judge(judge.commit(tree(other="x"), None))
    assert "rewrite the history" in judge.said


def test_2_all_that_is_wrong_with_the_files_is_said_at_once_and_nothing_runs(judge: Judge) -> None:
    files = tree()
    del files["execute.py"]
    assert not judge.push({**files, "src/été.py": "", "big": "x" * (9 * 2**20)})
    for said in ("execute.py is missing", "src/été.py has a name", "big has 9 MiB"):
        assert said in judge.said
    assert judge.box is None
    assert verdict(judge) is Verdict.REFUSED


def test_2_files_are_judged_as_they_were_pushed_whatever_their_attributes_say(judge: Judge) -> None:
    attributes = "execute.py export-ignore\nbig export-subst\n* text eol=crlf\n"
    big = "$Format:%B$" * 2**17  # of a long message: gigabytes in an archive
    assert judge.push(tree(big=big) | {".gitattributes": attributes}), judge.said
    assert judge.box
    assert (judge.box.folder / "content" / "big").read_text("ascii") == big
    assert (judge.box.folder / "content" / "execute.py").read_bytes() == EXECUTE.encode()


def test_3_the_builders_refusal_is_passed_on(judge: Judge) -> None:
    assert not judge.push(tree(refuse=""))
    assert "  src/day1/01-a.py:3: a mistake\n" in judge.said
    assert judge.site.sources.current() is None


def test_3_however_much_is_said_the_verdict_is_told(judge: Judge) -> None:
    builder = "import sys\nprint('a mistake\\n' * 450, file=sys.stderr)\nsys.exit(1)\n"
    assert not judge.push({**tree(), "build.py": builder})
    *_, left, last = judge.said.splitlines()
    assert left == "Lines left out here: 51."  # one was of the gate
    assert last.startswith("Refused: nothing has changed")
    assert judge.site.journal.last_gate().lines[-1] == last  # type: ignore[union-attr]


def test_3_a_builder_that_fails_is_told_with_what_it_said(judge: Judge) -> None:
    assert not judge.push({**tree(), "build.py": "raise SystemExit('no\\033[31mred')"})
    assert "  no [31mred\n" in judge.said


@pytest.mark.parametrize(
    ("code", "met", "said"),
    [
        (124, Strain(), "It was not done after 300 s"),
        (137, Strain(memory=1), "more than the 2 GiB of memory"),
        (1, Strain(processes=9), "more than the 512 processes"),
        (3, Strain(), "It ended with code 3."),
    ],
)
def test_3_a_limit_that_was_met_is_told_as_such(
    judge: Judge, code: int, met: Strain, said: str
) -> None:
    files = {**tree(), "build.py": f"import os; os._exit({code})"}

    @contextmanager
    def boxes(_: Settings) -> Iterator[Box]:
        with Judge.boxes(judge, _) as box:
            assert judge.box
            judge.box.met = met
            yield box

    judge.boxes = boxes  # type: ignore[method-assign]
    assert not judge.push(files)
    assert "build.py did not come to its end:" in judge.said
    assert said in judge.said


@pytest.mark.parametrize(
    "name", ["fr/../x", "fr/été.ipynb", "other/a", "fr/.hidden", "fr/day1/solutions/a.csv"]
)
def test_4_strange_files_are_not_taken(judge: Judge, name: str) -> None:
    target = f"pathlib.Path(sys.argv[2], {name!r})"
    more = f"t = {target}; t.parent.mkdir(parents=True, exist_ok=True); t.write_text('')\n"
    passed = judge.push({**tree(), "build.py": BUILD + more})
    assert not passed
    assert "which is no file of a course" in judge.said


def test_4_links_and_sockets_are_not_taken(judge: Judge) -> None:
    more = "import os; os.symlink('/etc/passwd', sys.argv[2] + '/fr/passwd')\n"
    assert not judge.push({**tree(), "build.py": BUILD + more})
    assert "fr/passwd, which is no file of a course" in judge.said


def test_4_what_is_no_notebook_is_not_taken(judge: Judge) -> None:
    deep = "[" * 100_000
    assert not judge.push({**tree(), FR: deep, EN: '{"cells": 3}'})
    assert "fr/day1/01-a.ipynb is not a notebook" in judge.said
    assert "en/day1/01-a.ipynb is not a notebook" in judge.said


@pytest.mark.parametrize("name", ["airina/x", "fr/x", "fr/day1/more/x", "instructor/day1/x"])
def test_4_a_notebook_stands_in_the_folder_of_a_day(judge: Judge, name: str) -> None:
    """A release could not say which day another is of, and would come no more."""
    assert not judge.push({**tree(), f"made/{name}.ipynb": notebook("d1-02", TITLE)})
    assert f"{name}.ipynb is a notebook outside the folder of a day" in judge.said


def test_4_a_solution_beside_the_cells_is_found(judge: Judge) -> None:
    told = json.loads(tree()[FR])
    told["cells"][1]["outputs"] = [{"output_type": "stream", "text": SOLVED[2].splitlines(True)}]
    meant = json.loads(tree()[EN])
    meant["metadata"]["course"]["answers"] = {"ex1": SOLVED[2]}
    assert not judge.push({**tree(), FR: json.dumps(told)})
    assert "The solution of ex1 in day1/01-a stands in fr/day1/01-a.ipynb:" in judge.said
    assert not judge.push({**tree(), EN: json.dumps(meant)})
    assert "The solution of ex1 in day1/01-a stands in en/day1/01-a.ipynb:" in judge.said


def test_4_a_solution_in_any_participants_file_is_found(judge: Judge) -> None:
    hint = ("hint", "markdown", "Write\n\n    squared_number = x*x")
    assert not judge.push({**tree(), FR: notebook("d1-01", TITLE, STUB, hint)})
    assert "The solution of ex1 in day1/01-a stands in fr/day1/01-a.ipynb, hint" in judge.said


def released(judge: Judge, *parts: tuple[int, Part], **files: str) -> Repository:
    """The cohort has what these files build to, whatever a gate would say."""
    commit = judge.commit(tree() | files, None)
    built = judge.site.sources.place()
    for name in judge.site.sources.git.text("ls-tree", "-r", "--name-only", commit).splitlines():
        if name.startswith("made/"):
            path = built / name.removeprefix("made/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(judge.site.sources.git.run("show", f"{commit}:{name}"))
    repository = Repository(judge.site.releases / COHORT / "release.git")
    publish(Edition(COHORT, built, set(parts), 1), repository)
    return repository


SHOWN = {FR: notebook("d1-01", TITLE, SOLVED, ("was", "markdown", "Once."))}
"""Once, participants were given what is a solution now."""


def test_4_a_solution_that_the_history_of_a_release_holds_is_found(judge: Judge) -> None:
    released(judge, (1, Part.DAY), **SHOWN)
    released(judge, (1, Part.DAY))
    assert not judge.push(tree())
    assert f"fr/day1/01-a.ipynb, ex1, which {COHORT} was given before" in judge.said


def test_4_a_day_whose_solutions_are_out_has_none_to_hide_from_that_cohort(judge: Judge) -> None:
    released(judge, (1, Part.DAY), **SHOWN)
    repository = released(judge, (1, Part.DAY), (1, Part.SOLUTIONS))
    assert "fr/day1/solutions/01-a.ipynb" in repository.files()
    assert judge.push(tree(other="x")), judge.said


def test_4_what_was_released_cannot_be_taken_back(judge: Judge) -> None:
    assert judge.push(tree())
    _, built = judge.site.sources.current() or ("", Path())
    repository = Repository(judge.site.releases / COHORT / "release.git")
    publish(Edition(COHORT, built, {(1, Part.DAY)}, 1), repository)
    renamed = tree()
    for name in (FR, EN):
        renamed[name.replace("01-a", "01-b")] = renamed.pop(name)
    assert not judge.push(renamed)
    assert f"day1/01-a.ipynb: was released to {COHORT} and is gone" in judge.said
    assert "bring the file back under this name" in judge.said


def test_5_only_what_changed_is_executed_and_what_ran_well_is_remembered(judge: Judge) -> None:
    files = tree()
    for name in (FR, EN, *(f"made/instructor/{lang}/day1/01-a.ipynb" for lang in ("fr", "en"))):
        files[name.replace("01-a", "02-b")] = files[name].replace("d1-01", "d1-02")
    assert judge.push(files), judge.said
    files["made/en/day1/02-b.ipynb"] = files["made/en/day1/02-b.ipynb"].replace("Squares", "New")
    files["made/fr/day1/01-a.ipynb"] = files["made/fr/day1/01-a.ipynb"].replace("Squares", "New")
    assert judge.push(files), judge.said
    assert judge.box
    assert [ran.split()[-1] for ran in judge.box.ran[1:]] == ["d1-01", "d1-01"]
    assert "Notebooks to execute: 1 of 2." in judge.said


def test_5_a_check_of_one_notebook_concerns_no_other(judge: Judge) -> None:
    assert judge.push({**tree(), "made/airina/checks/d1_02.py": "A = 1"})
    assert judge.push({**tree(), "made/airina/checks/d1_02.py": "A = 2"})
    assert "Notebooks to execute: 0 of 1." in judge.said
    assert judge.push({**tree(), "made/airina/checks/d1_02.py": "", "made/airina/x.py": ""})
    assert judge.said.count("Notebooks to execute: 1 of 1.") == 2


def test_5_what_lies_beside_a_notebook_is_part_of_it(judge: Judge) -> None:
    data = {f"made/{path}/day1/data/points.csv": "1,2" for path in ("fr", "instructor/en")}
    assert judge.push(tree() | data)
    assert judge.push(tree() | dict.fromkeys(data, "broken"))
    assert judge.said.count("Notebooks to execute: 1 of 1.") == 2


def test_5_a_notebook_that_fails_is_told_with_its_reason(judge: Judge) -> None:
    assert not judge.push(tree(fail=""))
    assert "1/1 ✘ d1-01, instructors’ version:\n  d1-01: a cell failed\n" in judge.said
    assert verdict(judge) is Verdict.REFUSED
    assert list(judge.site.sources.builds.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoSandbox("no engine"), "could not start a container"),
        (OSError(28, "No space left on device"), "no room left"),
        (TooLong(), "took more than 30 minutes"),
        (KeyError("x"), "the hub made a mistake (KeyError, test_gate.py:"),
    ],
)
def test_a_gate_that_cannot_judge_says_so_and_refuses(
    judge: Judge, error: Exception, said: str
) -> None:
    @contextmanager
    def boxes(_: Settings) -> Iterator[Box]:
        raise error
        yield

    judge.boxes = boxes  # type: ignore[method-assign]
    assert not judge.push(tree())
    assert said in judge.said
    assert verdict(judge) is Verdict.BROKEN
    assert judge.site.sources.head() is None


def test_links_lead_to_the_web_or_to_files_of_the_course(judge: Judge) -> None:
    text = (
        "[a](https://example.org) [b](01-a.ipynb#x) [c](../../fr/day1) [d](#x) $f[x](y)$ `[e](/etc)`\n"
        "[g](/etc/passwd) ![h](file:///etc/passwd) [i](../../../x) <img src='gone.png'>\n"
        "It costs \\$5, not [j](/price) \\$6. <a href=/hub/logout>k</a>\n"
    )
    linked = notebook("d1-01", ("title", "markdown", text), STUB)
    up = ("title", "markdown", "[z](../../../fr/day1/01-a.ipynb)")  # of solutions, nothing is there
    above = {"made/instructor/fr/day1/01-a.ipynb": notebook("d1-01", up, SOLVED)}
    assert not judge.push({**tree(), FR: linked, **above})
    wrong = [
        line.split("“")[1].split("”")[0] for line in judge.said.splitlines() if "link “" in line
    ]
    outside = [
        "/etc/passwd",
        "file:///etc/passwd",
        "../../../x",
        "gone.png",
        "/price",
        "/hub/logout",
    ]
    assert wrong == [*outside, "../../../fr/day1/01-a.ipynb"]


def test_importing_the_hook_asks_for_nothing(judge: Judge) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import hub.delivery.hook, sys; print('jupyterhub' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "False\n"
