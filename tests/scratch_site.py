"""A whole site of the tests' own: the real playbook, the sample cohorts, other names, ports and network.

It runs beside a hub that is already up and takes everything of its own away at the end.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
ANSIBLE = ROOT / "ansible"
PASSWORD = "le carré de l’hypoténuse"


@dataclass(frozen=True)
class Invitation:
    """What a slip tells a person."""

    link: str
    code: str


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class ScratchSite:
    """A site made from a scratch inventory in ``folder``."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.project = f"airina-test-{os.getpid()}-{number}"
        edge, proxy, proxy_api, hub, course = free_ports(5)
        self.url = f"http://127.0.0.1:{edge}"
        self.inventory = folder / "inventory"
        self.root = folder / "site"
        local = ANSIBLE / "inventory" / "local"
        shutil.copytree(local, self.inventory)
        for calendar in self.inventory.glob("cohorts/*/cohort.yml"):  # to come, whenever this runs
            text = calendar.read_text("utf-8")
            calendar.write_text(re.sub(r"\b2027-", "2094-", text), "utf-8")
        variables = yaml.safe_load((local / "group_vars" / "all.yml").read_text("utf-8"))
        self.settings = {
            "project": self.project,
            "public_url": self.url,
            "ports": {
                "edge": edge,
                "proxy": proxy,
                "proxy_api": proxy_api,
                "hub": hub,
                "course": course,
            },
            "network": {"subnet": f"10.{214 + number % 40}.{os.getpid() % 64 * 4}.0/22"},
        }
        self._write({**variables, "site_root": str(self.root), "hub_settings": self.settings})

    def _write(self, variables: dict[str, object]) -> None:
        text = yaml.safe_dump(variables, allow_unicode=True)
        (self.inventory / "group_vars" / "all.yml").write_text(text, "utf-8")

    def play(self, book: str, *options: str) -> dict[str, int]:
        """Run a playbook; returns its statistics for the host. A failure shows Ansible's own words."""
        environment = {
            **os.environ,
            "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        }
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            str(ANSIBLE / book),
            f"--inventory={self.inventory}",
            *options,
        ]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        statistics: dict[str, dict[str, int]] = json.loads(done.stdout)["stats"]
        [of_host] = statistics.values()
        return of_host

    def hub(self, *arguments: str) -> str:
        """What ``hub …`` prints in the site's hub."""
        command = ["docker", "exec", f"{self.project}-hub", "hub", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def invitation(self, username: str) -> Invitation:
        """A fresh invitation of a person, as their slip has it."""
        self.hub("invite", "issue", "--person", username, "--slips", "/srv/hub/invitations")
        text = (self.root / "invitations" / f"{username}.txt").read_text("utf-8")
        words = text.split()
        link = next(word for word in words if word.startswith(self.url))
        code = next(word for word in words if len(word) == 11 and word[5] == "-")
        return Invitation(link, code)

    def docker(self, *arguments: str) -> str:
        """What ``docker …`` prints."""
        return subprocess.run(
            ["docker", *arguments], check=True, capture_output=True, text=True
        ).stdout.strip()
