"""How much the images weigh: on a disk, and on the way to a site."""

import shutil
import subprocess

from . import engine
from .plan import Plan
from .problems import Problem
from .recipes import RECIPES

ARCHIVE = "docker save {tag} | zstd -T0 -10 --long --quiet | wc --bytes"


def report(plan: Plan) -> None:
    """Print a line an image: unpacked, and as a zstd archive; in units of a million bytes."""
    if shutil.which("zstd") is None:
        raise Problem(
            "there is no `zstd` on this machine, which measures the archives.",
            "install it (`apt-get install zstd`).",
        )
    print(f"{'image':<16}{'unpacked':>12}{'archive':>12}")
    for recipe in RECIPES:
        tag = plan.tag(recipe.name)
        archive = int(subprocess.check_output(["sh", "-c", ARCHIVE.format(tag=tag)]))
        print(
            f"{recipe.name:<16}{engine.size(tag) / 1e6:>9.0f} MB{archive / 1e6:>9.0f} MB",
            flush=True,
        )
