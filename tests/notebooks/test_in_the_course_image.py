"""The notebooks and their checks, where participants meet them."""

from concurrent.futures import Future

import pytest

from tests.notebooks.conftest import RUNS, Ended, in_the_image, notebooks

pytestmark = pytest.mark.notebooks


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", notebooks())
def test_a_notebook_runs(
    executed: dict[tuple[str, str], Future[Ended]], name: str, run: str
) -> None:
    """An instructor's with every check proved and every prediction met, whatever the draw."""
    ended = executed[name, run].result()
    print(ended.said)
    assert ended.code == 0, ended.said


def test_what_needs_pytorch_jax_or_a_kernel(images: dict[str, str]) -> None:
    """The tests of `tests/unit/content` that need packages that only the course image has."""
    ended = in_the_image(
        images["course"],
        "cp -r /project/content/build ~/course && cd /project"
        " && LANG=en_US.UTF-8 PYTHONPATH=/tools:/project PYTHONDONTWRITEBYTECODE=1"
        " python -m pytest -q -p no:cacheprovider --confcutdir=tests/unit/content -m notebooks"
        " tests/unit/content/test_checks.py tests/unit/content/test_execute.py",
    )
    assert ended.code == 0, ended.said
    assert " passed" in ended.said
