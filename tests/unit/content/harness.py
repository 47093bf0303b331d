"""What a check of an exercise is tested with, and how it is found.

For each file ``content/airina/checks/d1_03.py`` there is ``cases/d1_03.py`` with ``CASES``: for each check
the answers it must accept and those it must reject, with the hint it must give. The reference solution
and the stub are taken from the notebook itself, so that they cannot drift from it.
"""

import ast
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from airina.outcome import Outcome
from builder.faults import Language
from builder.source import Source, read
from builder.view import Audience, text_of, view

from tests.unit.content.conftest import ROOT

CONTENT = ROOT / "content"
CHECKS = CONTENT / "airina" / "checks"
Answer = Any  # the function, or a tuple when the check takes several answers


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, and the key of the message that must explain it."""

    answer: Answer
    hint: str


@dataclass(frozen=True)
class Cases:
    """``cell`` is the key of the exercise; ``others`` are solutions that go another way.

    The exercise finds ``np`` and the packages of ``needs`` under their names, and what the cells ``given``
    define. ``needs`` are packages that only the course image has, such as ``("jax",)``: such cases are
    marked ``notebooks``.
    """

    cell: str
    others: Mapping[str, Answer]
    mistakes: Mapping[str, Mistake]
    given: tuple[str, ...] = ()
    needs: tuple[str, ...] = field(default=())


def check_names() -> list[str]:
    """Every check of the package, ``d1_03.ex1``, read from the files without running them."""
    return [
        f"{file.stem}.{node.name}"
        for file in sorted(CHECKS.glob("d*.py"))
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def cases_of(check: str) -> Cases | None:
    notebook, _, exercise = check.partition(".")
    if not (Path(__file__).parent / "cases" / f"{notebook}.py").exists():
        return None
    found = importlib.import_module(f"tests.unit.content.cases.{notebook}").CASES.get(exercise)
    assert found is None or isinstance(found, Cases)
    return found


def source_of(check: str) -> Source:
    """The source of the notebook whose check this is: ``d1_03`` is ``day1/03-*.py``."""
    return _source(check.partition(".")[0])


@cache  # read once, used by hundreds of tests
def _source(notebook: str) -> Source:
    day, number = notebook[1], notebook[3:]
    (path,) = (CONTENT / "src" / f"day{day}").glob(f"{number}-*.py")
    source, faults = read(path, notebook, path.read_text("utf-8"))
    assert not faults
    return source


@cache
def calls(source: Source, function: str) -> tuple[ast.Call, ...]:
    """Every call of ``check`` or ``expect`` in a notebook."""
    return tuple(
        node
        for block in source.code
        for node in ast.walk(ast.parse(block.cells[0].text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function
    )


def call_name(call: ast.Call) -> str:
    """Its first argument; of an f-string, with its places as they are written."""
    first = call.args[0]
    assert isinstance(first, ast.Constant | ast.JoinedStr)
    return ast.unparse(first).removeprefix("f").strip("'")


def notebook_answer(check: str, cases: Cases, language: Language, audience: Audience) -> Answer:
    """What the notebook itself gives to the check: its solution, or the stub of participants."""
    source = source_of(check)
    blocks = {block.key: block for block in source.blocks}
    space: dict[str, Any] = {"np": np} | {
        name: importlib.import_module(name) for name in cases.needs
    }
    for key in (*cases.given, cases.cell):
        code = text_of(view(blocks[key], language, audience) or [])
        exec(compile(code, key, "exec"), space)  # noqa: S102 (our own notebook)
    (call,) = (call for call in calls(source, "check") if call_name(call) == check)
    answers = [eval(ast.unparse(argument), space) for argument in call.args[1:]]  # noqa: S307
    return answers[0] if len(answers) == 1 else tuple(answers)


def judged(check: Callable[..., Outcome], name: str, answer: Answer) -> Outcome:
    return check(name, *answer) if isinstance(answer, tuple) else check(name, answer)
