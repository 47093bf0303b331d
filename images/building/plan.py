"""What has to be done: only for images that the engine does not have with these inputs."""

import subprocess
from collections.abc import Mapping
from functools import partial

from . import engine, lab_files, nodes, rootfs
from .engine import LABEL
from .inputs import all_inputs, context, lock_fingerprint
from .problems import Problem
from .progress import Step
from .recipes import IMAGES, LOGS, RECIPES, ROOT, WHEELHOUSES, Recipe

AGAIN = "run the same command again; it builds what has changed."


class Plan:
    """The images of this tree, and the steps that are missing."""

    def __init__(self, bases: Mapping[str, str]) -> None:
        """``bases``: images to start from in place of Debian's own packages, by suite."""
        for image in bases.values():
            engine.fetch(image)
        self.bases = bases
        self.given = {suite: engine.identity(name) for suite, name in bases.items()}
        self.inputs = all_inputs(self.given)

    def tag(self, name: str) -> str:
        """An image's name: it changes with its inputs, so that a new one never hides an old one."""
        if (suite := name.removeprefix("rootfs-")) in self.bases:
            return self.bases[suite]
        return f"airina/{name}:{self.inputs[name][:12]}"

    def steps(self) -> list[Step]:
        """What is missing for the sources as they are now, in order, each once."""
        self.inputs = all_inputs(self.given)
        steps: dict[str, Step] = {}
        for recipe in RECIPES:
            if not self._is_built(recipe.name):
                for step in self._steps_of(recipe):
                    steps.setdefault(step.title, step)
        return list(steps.values())

    def result(self) -> dict[str, str]:
        """Ids of the images and the version of Lab's files: what a site is configured with."""
        ids = {recipe.name: engine.identity(self.tag(recipe.name)) for recipe in RECIPES}
        edge = engine.labels(self.tag("edge")) or {}
        return {**ids, "static_version": edge[lab_files.LABEL_OF_VERSION]}

    def _is_built(self, name: str) -> bool:
        if name.removeprefix("rootfs-") in self.bases:
            return True
        labels = engine.labels(self.tag(name))
        return labels is not None and labels.get(f"{LABEL}.inputs") == self.inputs[name]

    def _steps_of(self, recipe: Recipe) -> list[Step]:
        steps = []
        rootfs_name = f"rootfs-{recipe.suite}"
        if rootfs_name in recipe.parents.values() and not self._is_built(rootfs_name):
            steps.append(Step(f"Debian {recipe.suite}", partial(self._make_rootfs, recipe.suite)))
        npm = ["npm"] if recipe.node_modules else []
        for name in (f"sbom-{recipe.suite}", *recipe.wheels, *npm):
            house = WHEELHOUSES[name]
            if house.missing():
                steps.append(Step(f"wheels for {name}", partial(house.fill, LOGS)))
        if recipe.node_modules and not nodes.are_here():
            base = self.tag("base-trixie")
            steps.append(Step("packages of Node", partial(nodes.install, base, LOGS / "nodes.log")))
        steps.append(Step(f"image {recipe.name}", partial(self._build, recipe)))
        return steps

    def _make_rootfs(self, suite: str) -> None:
        name = f"rootfs-{suite}"
        labels = {f"{LABEL}.inputs": self.inputs[name]}
        rootfs.make(suite, self.tag(name), IMAGES / "base", labels, LOGS / f"{name}.log")

    def _build(self, recipe: Recipe) -> None:
        # Somebody may have edited a source since the plan was made: an image's name has to be true.
        self.inputs = all_inputs(self.given)
        for parent in recipe.parents.values():
            if not self._is_built(parent):
                raise Problem(
                    f"sources of {parent} were changed after it was built and before {recipe.name} was.",
                    AGAIN,
                )
        arguments = {name: self.tag(parent) for name, parent in recipe.parents.items()}
        labels = {
            f"{LABEL}.image": recipe.name,
            f"{LABEL}.inputs": self.inputs[recipe.name],
            f"{LABEL}.lock": lock_fingerprint(recipe),
            "org.opencontainers.image.revision": _revision(),
        }
        if recipe.name == "edge":
            version = lab_files.version(self.tag("course"))
            arguments["STATIC_VERSION"] = labels[lab_files.LABEL_OF_VERSION] = version
        log = LOGS / f"{recipe.name}.log"
        engine.build(self.tag(recipe.name), context(recipe), arguments, labels, log)


def _revision() -> str:
    """The commit that was built; a tree without a history (an unpacked archive) has none."""
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "none"
