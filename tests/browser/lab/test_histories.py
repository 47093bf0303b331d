"""No history of writing and correcting loses a line of what a person wrote in an open notebook."""

import pytest

from images.building.recipes import IMAGES
from tests.browser.conftest import NewVisit
from tests.browser.lab.rehearsal import HERE

pytestmark = pytest.mark.browser

HISTORIES = 5000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_no_history_a_written_line_is_lost_or_a_correction_missed(
    visit: NewVisit, seed: int
) -> None:
    page = visit().new_page()
    for part in ("merge.js", "refresh.js"):
        page.add_script_tag(path=IMAGES / "course/labextension" / part)
    found = page.evaluate(
        (HERE / "histories.js").read_text("utf-8"),
        {"histories": HISTORIES, "seed": seed},
    )
    assert found["wrong"] == []
    # Both kinds occur: merged, and left to the person because both changed one cell.
    assert 0 < found["left"] < HISTORIES
