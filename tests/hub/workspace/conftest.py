"""One hub for the tests of servers."""

from collections.abc import Iterator

import pytest

from tests.hub.workspace.rig import Rig

NOTEBOOKS = {
    "fr/day1/01-vecteurs": "un\n",
    "en/day1/01-vectors": "one\n",
}


@pytest.fixture(scope="package")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A running hub; a test takes ``somebody`` of its own."""
    one = Rig(tmp_path_factory.mktemp("rig"), start={"at_once": 2, "timeout_seconds": 60})
    try:
        one.make_network()
        one.release(**NOTEBOOKS)
        one.start_hub()
        yield one
    finally:
        one.clear()
