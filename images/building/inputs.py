"""Which files make which image; equal inputs, equal image, nothing to build."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from . import files, nodes
from .recipes import IMAGES, RECIPES, WHEELHOUSES, Recipe

OF_EVERY_ROOTFS = ("dpkg.cfg", "taken-on")
"""In ``images/base``. A new date in ``taken-on`` takes Debian's packages, and its mendings, anew."""


def rootfs_inputs(suite: str, given: str) -> str:
    """Fingerprint of Debian itself, or of the image (its id) that somebody gave in its place."""
    base = {name: IMAGES / "base" / name for name in OF_EVERY_ROOTFS}
    return files.fingerprint({} if given else base, (suite, given))


def sources(recipe: Recipe) -> dict[str, Path]:
    """Every file that decides what an image becomes, by its place in the build context.

    Wheels and Node's packages are not among them: the locks decide those.
    """
    places = {
        "": recipe.folder,
        "sbom/describe.sh": IMAGES / "sbom/describe.sh",
        "sbom/requirements.lock": WHEELHOUSES[f"sbom-{recipe.suite}"].lock,
        **recipe.sources,
    }
    return {name: path for name, path in files.found(places).items() if path.suffix != ".in"}


def context(recipe: Recipe) -> dict[str, Path]:
    """What the engine is sent: the sources, and the packages that the locks name."""
    sent = sources(recipe)
    for name, path in WHEELHOUSES[f"sbom-{recipe.suite}"].files().items():
        sent[f"sbom/wheels/{name}"] = path
    for house in recipe.wheels:
        for name, path in WHEELHOUSES[house].files().items():
            sent[f"wheels/{name}"] = path
    if recipe.node_modules:
        sent |= nodes.files_here()
    return sent


def all_inputs(given: Mapping[str, str]) -> dict[str, str]:
    """The fingerprint of every image; a parent's is part of its child's."""
    inputs = {
        f"rootfs-{suite}": rootfs_inputs(suite, given.get(suite, ""))
        for suite in ("bookworm", "trixie")
    }
    for recipe in RECIPES:
        facts = (recipe.name, *(inputs[parent] for parent in recipe.parents.values()))
        inputs[recipe.name] = files.fingerprint(sources(recipe), facts)
    return inputs


def lock_fingerprint(recipe: Recipe) -> str:
    """One number for everything that pins packages in an image, its parents' locks included."""
    locks = {str(path.relative_to(IMAGES)): path for path in _locks(recipe)}
    return files.fingerprint(locks)


def _locks(recipe: Recipe) -> Iterator[Path]:
    yield from recipe.locks
    for other in RECIPES:
        if other.name in recipe.parents.values():
            yield from _locks(other)
