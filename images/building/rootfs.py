"""The first layer of all: Debian's own packages, without any container registry."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import engine
from .problems import Problem

SECURITY = {"Debian": "{suite} {suite}-updates", "Debian-Security": "{suite}-security"}
"""Suites to take from a mirror, by the label of what it carries."""


def make(suite: str, tag: str, settings: Path, labels: dict[str, str], log: Path) -> None:
    """Bootstrap a suite as ``dpkg.cfg`` of ``settings`` says, and import it as an image."""
    if shutil.which("mmdebstrap") is None:
        raise Problem(
            "there is no `mmdebstrap` on this machine, which makes the base images.",
            "on Debian or Ubuntu, `apt-get install mmdebstrap debian-archive-keyring`; elsewhere give a "
            "Debian image of your own with --base-bookworm and --base-trixie.",
        )
    with tempfile.TemporaryDirectory(prefix="airina-rootfs-") as folder:
        archive = Path(folder) / f"{suite}.tar"
        command = ["mmdebstrap", "--variant=minbase"]
        command += [f"--dpkgopt={settings / 'dpkg.cfg'}"]
        command += [suite, str(archive), *mirrors(suite, _index_targets())]
        engine.run(
            command,
            log,
            f"Debian ({suite}) could not be made from its packages.",
            f"see that `apt-get update` works on this machine, and that debian-archive-keyring is installed "
            f"and recent; then run the same command again. The whole story is in {log}.",
        )
        command = ["docker", "import"]
        for name, value in labels.items():
            command += ["--change", f'LABEL {name}="{value}"']
        engine.run(
            [*command, str(archive), tag],
            log,
            f"the engine did not take Debian ({suite}).",
            "see that the engine runs and has room, then run the same command again.",
        )


def mirrors(suite: str, index_targets: str) -> list[str]:
    """Sources for a suite from the mirrors that this machine uses; none, when it is not a Debian.

    ``index_targets``: lines "label<TAB>repository" as apt knows them. Where apt knows no mirror of
    Debian, mmdebstrap finds its own.
    """
    known: dict[str, str] = {}
    for label, uri in re.findall(r"^(.*)\t(.*)$", index_targets, re.M):
        known.setdefault(label, uri)
    if not SECURITY.keys() <= known.keys():
        return []
    return [
        f"deb {known[label]} {name} main"
        for label, suites in SECURITY.items()
        for name in suites.format(suite=suite).split()
    ]


def _index_targets() -> str:
    command = [
        "apt-get",
        "indextargets",
        "--format",
        "$(LABEL)\t$(REPO_URI)",
        "Created-By: Packages",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
