"""One site of this folder's own: its tests stop it, break its roster, and remove it."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.scratch_site import ANSIBLE, ROOT, ScratchSite


@dataclass(frozen=True)
class Run:
    """One run of a playbook: how it ended and everything that was shown."""

    code: int
    shown: str

    @property
    def changed(self) -> list[str]:
        """Names of the tasks that changed something."""
        return [
            task["task"]["name"]
            for play in json.loads(self.shown.partition("\n--- errors ---\n")[0])["plays"]
            for task in play["tasks"]
            for result in task["hosts"].values()
            if result.get("changed")
        ]

    @property
    def failure(self) -> str:
        """What the task that failed said."""
        for play in json.loads(self.shown.partition("\n--- errors ---\n")[0])["plays"]:
            for task in play["tasks"]:
                for result in task["hosts"].values():
                    if result.get("failed"):
                        message = result["msg"]
                        return "\n".join(message) if isinstance(message, list) else str(message)
        return ""


class ProvisionedSite(ScratchSite):
    """A scratch site whose runs may fail, and are all remembered."""

    shown: str = ""

    def run(self, book: str, *options: str) -> Run:
        """Run a playbook, whatever becomes of it."""
        command = [
            str(ROOT / ".venv" / "bin" / "ansible-playbook"),
            str(ANSIBLE / book),
            f"--inventory={self.inventory}",
            *options,
        ]
        variables = {
            **os.environ,
            "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "LANG": "en_GB.UTF-8",
            "LC_ALL": "C.UTF-8",
        }
        done = subprocess.run(
            command, env=variables, capture_output=True, text=True, check=False, cwd=ROOT
        )
        shown = done.stdout + "\n--- errors ---\n" + done.stderr
        self.shown += shown
        return Run(done.returncode, shown)

    def up(self) -> Run:
        """Provision it; what Ansible said is shown when it fails."""
        done = self.run("site.yml")
        assert done.code == 0, done.shown[-6000:]
        return done

    def labelled(self, kind: str, *options: str) -> set[str]:
        """Ids or names of the site's Docker objects of one kind."""
        label = f"--filter=label=africa.airina.project={self.project}"
        return set(self.docker(kind, "ls", "--quiet", label, *options).split())

    def containers(self) -> dict[str, str]:
        """Id and moment of start of each of the site's running containers, by name."""
        label = f"--filter=label=africa.airina.project={self.project}"
        names = self.docker("ps", label, "--format={{.Names}}").split()
        told = {
            name: self.docker("inspect", "--format={{.Id}} {{.State.StartedAt}}", name)
            for name in names
        }
        return {name.removeprefix(f"{self.project}-"): one for name, one in told.items()}


@pytest.fixture(scope="package")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvisionedSite]:
    """A site that is up, and is removed at the end whatever a test has left."""
    site = ProvisionedSite(tmp_path_factory.mktemp("provisioned"), number=1)
    try:
        site.up()
        yield site
    finally:
        site.run("destroy.yml", "--extra-vars=destroy_confirmed=true")
