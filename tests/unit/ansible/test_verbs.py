"""The verbs of the Makefile: each explains itself, and names only what exists."""

import re
import subprocess
from pathlib import Path

import pytest
import tiers

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
VERBS = ["help", "up", "down", "destroy", "invite", "check", "test", "bench"]
VERBS += ["images", "content", "accept", "lock", "clean"]
MADE = {".build", ".desk", "build"}
"""Names of what the verbs themselves make, and what is therefore not in a fresh clone."""


def test_help_lists_every_verb_with_its_reason() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True)
    listed = dict(re.findall(r"(?m)^  make (\w+) +(\S.*)$", done.stdout))
    assert list(listed) == VERBS


def test_every_file_and_glob_that_it_names_exists() -> None:
    named = set(re.findall(r"(?<![\w/.-])[\w.*-]+(?:/[\w.*-]+)+", MAKEFILE))
    named = {name for name in named if not MADE & set(Path(name).parts) and "d1-03" not in name}
    assert {"ansible/up.py", "ansible/*.yml", "tests/tools.lock"} <= named
    lost = {name for name in named if not any(ROOT.glob(name)) and not name.startswith("bin/")}
    assert lost == set()


def test_every_module_that_it_runs_exists() -> None:
    for module in re.findall(r"python -m (\w+)", MAKEFILE):
        assert (ROOT / module / "__main__.py").exists(), module


def test_ci_runs_what_the_readme_says() -> None:
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    assert run.splitlines()[-1] == "exec make test"
    assert "make test" in (ROOT / "README.md").read_text("utf-8")


def test_every_folder_of_tests_is_run() -> None:
    folders = {file.parent.name for file in ROOT.glob("tests/*/__init__.py")}
    assert sorted(tiers.TIERS) == sorted(folders)


def pins(lock: str) -> dict[str, set[str]]:
    """Versions by package: more than one where they depend on Python's."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([\w.-]+)==([\w.]+)", (ROOT / lock).read_text("utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def test_what_provisions_is_what_is_tested() -> None:
    tested = pins("tests/tools.lock")
    provisions = pins("ansible/requirements.lock")
    assert "ansible" in provisions
    assert {name: tested.get(name) for name in provisions} == provisions


@pytest.mark.parametrize("lock", ["tests/tools.lock", "ansible/requirements.lock"])
def test_every_pin_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"(?m)^(?=[\w.-]+==)", text)[1:]
    assert len(entries) > 20
    assert all("--hash=sha256:" in entry for entry in entries)
