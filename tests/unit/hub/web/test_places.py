"""Addresses in a person's server: in it while it runs, by way of its start else, and nowhere else."""

from urllib.parse import parse_qs, urlsplit

import pytest

from hub.web.places import Places, stays_inside

RUNS = Places("/", "/hub/", "cot-01", runs=True)
RESTS = Places("/", "/hub/", "cot-01", runs=False)
PATH = "fr/day1/03-décompositions & rang 50 %.ipynb"
INSIDE = "/user/cot-01/lab/tree/course/fr/day1/03-d%C3%A9compositions%20%26%20rang%2050%20%25.ipynb"


def next_of(address: str) -> str:
    """Where a start leads to, as the hub reads it."""
    return parse_qs(urlsplit(address).query, strict_parsing=True)["next"][0]


def test_a_notebook_opens_in_the_server_that_runs() -> None:
    assert RUNS.file(PATH) == INSIDE
    assert RUNS.lab == "/user/cot-01"


def test_a_server_that_rests_starts_and_then_leads_to_the_notebook() -> None:
    assert urlsplit(RESTS.file(PATH)).path == "/hub/spawn/cot-01"
    assert next_of(RESTS.file(PATH)) == INSIDE
    assert RESTS.lab == "/hub/spawn/cot-01"


def test_work_is_taken_home_from_the_server_or_from_the_page_that_it_starts_for() -> None:
    assert RUNS.take_home == "/user/cot-01/course/work.zip"
    assert next_of(RESTS.take_home) == "/hub/home?said=take"


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x.ipynb", "fr/../../x", "//example.org"])
def test_what_leads_out_of_the_course_is_told(path: str) -> None:
    assert not stays_inside(path)
    assert stays_inside(PATH)
