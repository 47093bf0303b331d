"""What each image is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .wheels import PYTORCH_INDEX, Wheelhouse

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "images"
BUILD = ROOT / ".build"
LOGS = BUILD / "log"

PYTHON = {"bookworm": "3.11.2", "trixie": "3.13"}
"""Debian's own; a lock is resolved for exactly this one."""
GLIBC = {"bookworm": 36, "trixie": 41}


@dataclass(frozen=True)
class Recipe:
    """One image: the folder with its Dockerfile, and what else goes into it."""

    name: str
    suite: str
    parents: Mapping[str, str]
    """Build arguments whose values are images of ours: the argument's name, the image's name."""
    sources: Mapping[str, Path] = field(default_factory=dict)
    """Files from outside its folder, by their place in the build context."""
    locks: tuple[Path, ...] = ()
    """What pins the packages of this image; other than by Debian's."""
    wheels: tuple[str, ...] = ()
    """Wheelhouses that it installs from."""
    node_modules: bool = False
    """Whether it takes the packages that npm fetches."""

    @property
    def folder(self) -> Path:
        """Where its Dockerfile is."""
        return IMAGES / self.name.partition("-")[0]


def _base(suite: str) -> Recipe:
    return Recipe(
        f"base-{suite}",
        suite,
        {"ROOTFS": f"rootfs-{suite}"},
        locks=(IMAGES / "base/taken-on", IMAGES / f"sbom/{suite}.lock"),
    )


RECIPES = (
    _base("bookworm"),
    _base("trixie"),
    Recipe(
        "course",
        "bookworm",
        {"BASE": "base-bookworm"},
        locks=(IMAGES / "course/requirements.lock", IMAGES / "course/torch.lock"),
        wheels=("course", "torch"),
    ),
    Recipe(
        "hub",
        "trixie",
        {"BASE": "base-trixie"},
        sources={
            "source/hub": ROOT / "hub",
            "source/pyproject.toml": ROOT / "pyproject.toml",
            "jupyterhub_config.py": ROOT / "jupyterhub_config.py",
        },
        locks=(IMAGES / "hub/requirements.lock",),
        wheels=("hub",),
    ),
    Recipe(
        "proxy",
        "trixie",
        {"BASE": "base-trixie"},
        locks=(IMAGES / "proxy/package-lock.json", IMAGES / "proxy/npm.lock"),
        node_modules=True,
    ),
    Recipe("edge", "trixie", {"BASE": "base-trixie", "COURSE": "course"}),
)
"""In the order in which they are built: parents first."""


def _wheelhouse(name: str, suite: str, lock: Path, own_index: str | None = None) -> Wheelhouse:
    folder = BUILD / "wheelhouse" / name
    return Wheelhouse(name, lock, folder, PYTHON[suite], GLIBC[suite], own_index)


WHEELHOUSES = {
    house.name: house
    for house in (
        _wheelhouse("sbom-bookworm", "bookworm", IMAGES / "sbom/bookworm.lock"),
        _wheelhouse("sbom-trixie", "trixie", IMAGES / "sbom/trixie.lock"),
        _wheelhouse("course", "bookworm", IMAGES / "course/requirements.lock"),
        _wheelhouse("torch", "bookworm", IMAGES / "course/torch.lock", PYTORCH_INDEX),
        _wheelhouse("hub", "trixie", IMAGES / "hub/requirements.lock"),
        _wheelhouse("npm", "trixie", IMAGES / "proxy/npm.lock"),
    )
}
