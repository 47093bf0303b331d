"""The playbooks keep Ansible's own rules."""

import os
import subprocess

import pytest

from tests.scratch_site import ANSIBLE, ROOT


@pytest.mark.provision
def test_ansible_lint_finds_nothing_to_say() -> None:
    done = subprocess.run(
        [str(ROOT / ".venv" / "bin" / "ansible-lint"), "-q", "--strict"],
        cwd=ANSIBLE,
        env={**os.environ, "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
