"""What tests of several folders share: the images of this tree, and a site made from them."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.scratch_site import ROOT, ScratchSite


@pytest.fixture(scope="session")
def images() -> dict[str, str]:
    """The images of this tree, built when they are not: ids by name, and ``static_version``."""
    subprocess.run([sys.executable, "images/build.py"], cwd=ROOT, check=True)
    ids: dict[str, str] = json.loads((ROOT / ".build/images.json").read_text())
    return ids


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScratchSite]:
    """A running site, made by the real playbook."""
    scratch = ScratchSite(tmp_path_factory.mktemp("site"), number=0)
    try:
        scratch.play("site.yml")
        yield scratch
    finally:
        scratch.play("destroy.yml", "--extra-vars", "destroy_confirmed=yes")
