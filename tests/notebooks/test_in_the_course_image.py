"""The notebooks and their checks, where participants meet them."""

from concurrent.futures import Future

import pytest

from tests.notebooks.conftest import KINDS, Ended, in_the_image, notebooks

pytestmark = pytest.mark.notebooks


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", notebooks())
def test_a_notebook_runs(
    executed: dict[tuple[str, str], Future[Ended]], name: str, kind: str
) -> None:
    """An instructor's to its end, with every check proved; a participant's to what is to be written."""
    ended = executed[name, kind].result()
    print(ended.said)
    assert ended.code == 0, ended.said


def test_checks_of_answers_in_pytorch_and_jax(images: dict[str, str]) -> None:
    """The cases of `tests/unit/content` that need packages that only the course image has."""
    ended = in_the_image(
        images["course"],
        "cd /project && LANG=en_US.UTF-8 PYTHONPATH=/tools:/project PYTHONDONTWRITEBYTECODE=1"
        " python -m pytest -q -p no:cacheprovider --confcutdir=tests/unit/content -m notebooks"
        " tests/unit/content/test_checks.py",
    )
    assert ended.code == 0, ended.said
    assert " passed" in ended.said
