"""The site that tests of the whole share: provisioned once, removed at the end."""

from collections.abc import Iterator

import pytest

from tests.scratch_site import ScratchSite


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScratchSite]:
    """A running site, made by the real playbook."""
    scratch = ScratchSite(tmp_path_factory.mktemp("site"), number=0)
    try:
        scratch.play("site.yml")
        yield scratch
    finally:
        scratch.play("destroy.yml", "--extra-vars", "destroy_confirmed=yes")
