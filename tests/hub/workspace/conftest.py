"""One hub for the tests of servers, with people who each have a server of their own."""

from collections.abc import Iterator

import pytest

from hub.files import load_cohorts
from tests.hub.workspace.rig import Rig

NOTEBOOKS = {
    "fr/day1/01-vecteurs": "un\n",
    "en/day1/01-vectors": "one\n",
}


@pytest.fixture(scope="package")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A running hub; ``ptc-NN`` are participants, odd ones in French, even ones in English.

    Each test opens servers of people of its own: none depends on what another has left.
    """
    people = {f"ptc-{number:02}": "en" if number % 2 == 0 else "fr" for number in range(1, 17)}
    one = Rig(tmp_path_factory.mktemp("rig"), people, start={"at_once": 2, "timeout_seconds": 60})
    try:
        one.make_network()
        one.release(load_cohorts(one.folder / "cohorts"), **NOTEBOOKS)
        one.start_hub()
        yield one
    finally:
        one.clear()
