"""`make up`: from a bare machine to a hub that people can open.

``python3 ansible/up.py [SITE]``; the site is a folder of ``ansible/inventory``, ``local`` when none is
named. Images and content are always built here; then Ansible brings the site's hosts to them. Whatever
is already as it should be is left alone, so that running it again costs seconds.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import environment
import playbook
import preflight
from environment import ROOT, VENV
from progress import Step, walk

PYTHON = str(VENV / "bin" / "python")
DURATIONS = ROOT / ".build" / "durations.json"


class Stopped(Exception):
    """A step cannot go on; the text says what to do."""


def main(arguments: list[str]) -> int:
    """0 when the hub is up."""
    parser = argparse.ArgumentParser(description="From a bare machine to a hub.")
    parser.add_argument("site", nargs="?", default="local", help="a folder of ansible/inventory")
    site = parser.parse_args(arguments).site
    try:
        inventory = playbook.inventory(site)
        walk(steps(site, inventory), DURATIONS)
    except (ValueError, Stopped, environment.CannotPrepare, playbook.PlaybookFailed) as error:
        print(f"\nmake up stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmake up was interrupted; run it again and it goes on from there.", file=sys.stderr)
        return 130
    print("\n".join(["", *result(site, inventory)]))
    return 0


def steps(site: str, inventory: Path) -> list[Step]:
    """The way to a hub."""
    return [
        Step("check this machine", lambda: check_machine(inventory)),
        Step("prepare the tools", prepare_tools),
        Step("have a Docker engine", have_engine),
        Step("build the images", lambda: build("images/build.py")),
        Step("build the notebooks", lambda: build("content/build.py")),
        Step("provision the site", lambda: playbook.play("site", site)),
    ]


def check_machine(inventory: Path) -> None:
    """Stop before anything is touched, with everything that stands in the way."""
    stop_at(preflight.obstacles(preflight.look(inventory)))


def stop_at(obstacles: Iterable[str]) -> None:
    """Stop when there are any, and tell them all."""
    found = list(obstacles)
    if found:
        raise Stopped("\n  - ".join(["this machine is not ready:", *found]))


def prepare_tools() -> None:
    """Ansible, and what builds the notebooks, in `.venv`; what makes the base images, from Debian."""
    if os.geteuid() == 0 and shutil.which("apt-get") and not preflight.BUILT.exists():
        environment.apt_install(environment.packages_of(environment.FOR_IMAGES))
    if not environment.ensure(ROOT / "ansible" / "requirements.lock"):
        print(".venv is as its lock says")


def have_engine() -> None:
    """Install an engine where none answers; images are built with it."""
    if preflight.engine_answers():
        print("an engine answers; it is used and left as it is")
    else:
        playbook.play("engine", "local")


def build(program: str) -> None:
    """Run a builder of the project."""
    if subprocess.run([PYTHON, program], cwd=ROOT, check=False).returncode:
        raise Stopped(
            f"{program} has said above what went wrong; run `make up` again after mending it"
        )


def result(site: str, inventory: Path) -> Iterator[str]:
    """Where the hub is, and where each sample person's invitation lies; never the invitation itself."""
    provisioned = json.loads((inventory / ".desk" / "site.json").read_text("utf-8"))
    yield f"The hub of the site {site} is up: {provisioned['public_url']}"
    if site != "local":
        return
    came = with_password(f"{provisioned['project']}-hub")
    slips = ROOT / "var" / site / "invitations"
    rosters = sorted(inventory.glob("cohorts/*/roster.csv"))
    for roster in rosters:
        cohort = roster.parent.name
        yield f"\n{cohort}"
        for file in to_print(slips, cohort, [other.parent.name for other in rosters]):
            yield f"  slips to print: {file}"
        with roster.open(encoding="utf-8", newline="") as rows:
            people = csv.DictReader(rows)
            people.fieldnames = [
                name.strip() for name in people.fieldnames or ()
            ]  # as the hub does
            for cells in people:
                row = {name: (cell or "").strip() for name, cell in cells.items() if name}
                where = slips / f"{row['username']}.txt"
                told = "has a password" if row["username"] in came else f"invitation: {where}"
                yield f"  {row['username']}  {row['role']:11}  {row['language']}  {told}"


def to_print(slips: Path, cohort: str, cohorts: Iterable[str]) -> list[Path]:
    """The PDFs with slips of a cohort, the newest first: of two slips of a person, the newer one holds."""
    longer = tuple(other for other in cohorts if other != cohort and other.startswith(cohort))
    files = [one for one in slips.glob(f"{cohort}*.pdf") if not one.name.startswith(longer)]
    return sorted(files, key=lambda one: one.stat().st_mtime, reverse=True)


def with_password(container: str) -> set[str]:
    """User names of those who have followed their invitation, as the hub says.

    Nobody where people log in elsewhere: there are no invitations then.
    """
    command = ["docker", "exec", container, "hub", "invite", "list", "--json"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    people = json.loads(listed.stdout)["people"] if listed.returncode == 0 else []
    return {person["username"] for person in people if person["password"]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
