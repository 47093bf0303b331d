"""That no solution can hide: the two ways of finding one, and the lines that count."""

import json
from pathlib import PurePosixPath

import pytest

from hub.delivery import proof
from hub.delivery.course import Strange, notebooks, place, read
from tests.unit.hub.delivery.gating import SOLVED, STUB, TITLE, notebook

LINE = "squared_number = x * x"
SOURCE = f"""\
# %% [markdown] key="title"
# # Squares

# %% key="ex1" tags=["exercise"]
def square(x):
    # BEGIN SOLUTION
    {LINE}
    return squared_number
    # END SOLUTION

# %% key="worked" tags=["solution"]
another_solution = square(1234567)
print(another_solution + 1)

# %% key="after"
everybody_reads_this = 1234567890
"""
SOURCES = {"src/day1/01-a.py": SOURCE}


def found(files: dict[str, str], sources: dict[str, str] = SOURCES) -> list[str]:
    """Where solutions stand in these files of a built course."""
    by_path = {PurePosixPath(name): text.encode() for name, text in files.items()}
    built = [one for one in by_path if one.suffix == ".ipynb"]
    wanted = proof.solutions(sources, notebooks({one: by_path[one] for one in built}))
    return [str(message.values["where"]) for message in proof.faults(wanted, by_path)]


FULL = {"instructor/fr/day1/01-a.ipynb": notebook("d1-01", TITLE, SOLVED)}
GIVEN = {"fr/day1/01-a.ipynb": notebook("d1-01", TITLE, STUB)}


def test_a_course_that_hides_its_solutions_has_no_fault() -> None:
    assert found(FULL | GIVEN) == []


def test_a_builder_that_gives_participants_everything_is_found_out_by_the_sources() -> None:
    everything = {"fr/day1/01-a.ipynb": notebook("d1-01", TITLE, SOLVED)}
    assert found(FULL | everything) == ["fr/day1/01-a.ipynb, ex1"]
    assert found(FULL | everything, sources={}) == []  # and by nothing else: hence both ways


def test_a_line_that_the_builder_wrote_in_another_way_is_found_by_comparing() -> None:
    solved = ("ex1", "code", "def square(x):\n    raise ValueError('une valeur')")
    full = {"instructor/fr/day1/01-a.ipynb": notebook("d1-01", TITLE, solved)}
    text = ("hint", "markdown", "    raise ValueError('une  valeur')")
    given = {"fr/day1/01-a.ipynb": notebook("d1-01", TITLE, STUB, text)}
    assert found(full | given, sources={}) == ["fr/day1/01-a.ipynb, hint"]


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        (LINE, True),
        ("print(another_solution + 1)", True),
        ("everybody_reads_this = 1234567890", False),
        ("return x", False),
        ("for number in range(1000000):", False),
    ],
)
def test_telling_lines_count_and_no_others(line: str, counts: bool) -> None:
    given = {"fr/day1/01-a.ipynb": notebook("d1-01", TITLE, STUB, ("x", "code", line))}
    assert bool(found(FULL | given)) is counts


def test_elsewhere_one_line_is_chance_and_the_whole_is_a_leak() -> None:
    one = {"airina/x.py": LINE, "en/day2/01-b.ipynb": notebook("d2-01", ("x", "code", LINE))}
    assert found(FULL | GIVEN | one) == []
    whole = "\n".join([LINE, "return squared_number"])
    assert found(FULL | GIVEN | {"airina/x.py": whole}) == ["airina/x.py"]


def test_one_leak_is_told_once() -> None:
    hint = ("hint", "markdown", LINE)
    both = {
        f"{lang}/day1/01-a.ipynb": notebook("d1-01", TITLE, STUB, hint) for lang in ("fr", "en")
    }
    assert len(found(FULL | both)) == 1


@pytest.mark.parametrize(
    "path", ["fr/day1/01-a.ipynb", "instructor/en/day1/01-a.ipynb", "fr/day1/solutions/01-a.ipynb"]
)
def test_all_versions_of_a_notebook_are_one(path: str) -> None:
    assert place(PurePosixPath(path)) == "day1/01-a"


@pytest.mark.parametrize(
    "cells", [3, [{"id": "x"}], [{"id": "x", "cell_type": "code", "source": {"a": 1}}]]
)
def test_what_is_no_notebook_is_told(cells: object) -> None:
    text = json.dumps({"nbformat": 4, "metadata": {"course": {"id": "d1-01"}}, "cells": cells})
    with pytest.raises(Strange):
        notebooks({PurePosixPath("fr/day1/01-a.ipynb"): text.encode()})


@pytest.mark.parametrize("stream", [[b""], [b"x" * 2000], [b"\0" * 512] * 300_000])
def test_what_is_no_archive_of_a_course_is_no_course(stream: list[bytes]) -> None:
    with pytest.raises(Strange):
        notebooks(read(stream))
