"""The house: which room may know which, how large a file may grow, what never belongs in the tree."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

GROUND = [
    {"errors", "naming", "keys", "durable", "paths"},
    {"i18n"},
    {"settings"},
    {"cohort"},
    {"roster", "report", "opening"},
    {"journal"},
    {"files"},
    {"check", "people"},
    {"servers", "confinement", "asking"},
]
ROOMS = {"login", "workspace", "delivery", "web"}
TOP = {"configure", "cli"}


def layer(module: str) -> int:
    """How far along the arrow a module of ``hub`` stands."""
    for height, names in enumerate(GROUND):
        if module in names:
            return height
    if module in ROOMS:
        return len(GROUND)
    assert module.split("_")[0] in TOP, f"hub/{module} has no place on the arrow of hub/__init__.py"
    return len(GROUND) + 1


def imported(file: Path) -> set[str]:
    """Full names of what a file imports, wherever in the file it does so."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def python_files(*folders: str) -> list[Path]:
    """Tracked Python files below some folders of the project."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", *folders]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [
        ROOT / name
        for name in listed.splitlines()
        if name.endswith(".py") and (ROOT / name).exists()
    ]


@pytest.mark.parametrize("file", python_files("hub"), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_in_the_hub_go_along_the_arrow(file: Path) -> None:
    own = file.relative_to(ROOT / "hub").parts[0].removesuffix(".py")
    if own == "__init__":
        assert not any(name.startswith("hub") for name in imported(file))
        return
    others = {name.split(".")[1] for name in imported(file) if name.startswith("hub.")} - {own}
    against = {
        other for other in others if layer(other) >= layer(own) and layer(own) <= len(GROUND)
    }
    assert not against, f"{own} may not import {against}"


def test_content_and_hub_do_not_know_one_another() -> None:
    for file in python_files("content"):
        assert not any(name.split(".")[0] == "hub" for name in imported(file)), file
    for file in python_files("hub"):
        assert not any(name.split(".")[0] in {"content", "airina"} for name in imported(file)), file


def test_no_python_is_generated_by_a_template() -> None:
    assert not list((ROOT / "ansible").rglob("*.py.j2"))


def test_the_entry_point_stays_short() -> None:
    assert len((ROOT / "jupyterhub_config.py").read_text("utf-8").splitlines()) <= 15
