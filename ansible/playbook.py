"""Runs one playbook on one site's inventory, its output in sight."""

import os
import subprocess
from pathlib import Path

from environment import ROOT, VENV

INVENTORIES = ROOT / "ansible" / "inventory"


class PlaybookFailed(Exception):
    """Ansible has said above what went wrong."""


def play(name: str, site: str, *arguments: str) -> None:
    """Run ``ansible/<name>.yml`` for a site; PlaybookFailed when a task failed."""
    command = [
        str(VENV / "bin" / "ansible-playbook"),
        str(ROOT / "ansible" / f"{name}.yml"),
        f"--inventory={INVENTORIES / site / 'hosts.yml'}",
        *arguments,
    ]
    if subprocess.run(command, cwd=ROOT, env=variables(), check=False).returncode:
        raise PlaybookFailed(f"{name}.yml stopped at the task above")


def variables() -> dict[str, str]:
    """What Ansible needs to know of us; it refuses to run in a locale that is not UTF-8."""
    return {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "ansible" / "ansible.cfg"),
        "ANSIBLE_HOME": str(ROOT / ".build" / "ansible"),
    }


def inventory(site: str) -> Path:
    """The folder of a site's inventory; ValueError names the ones there are."""
    folder = INVENTORIES / site
    if not (folder / "hosts.yml").exists():
        known = ", ".join(sorted(file.parent.name for file in INVENTORIES.glob("*/hosts.yml")))
        raise ValueError(f"there is no inventory {site!r}; there are: {known}")
    return folder
