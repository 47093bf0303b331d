"""The Docker engine, through its own command line."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import files
from .problems import Problem

LABEL = "africa.airina"
NEEDED_GIB = 8
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def check() -> Path:
    """An engine answers; where it keeps what it makes."""
    if shutil.which("docker") is None:
        raise Problem(
            "there is no `docker` command on this machine.",
            "run `make up`, which installs an engine, or install Docker Engine yourself.",
        )
    answer = _ask("info", "--format", "{{json .}}")
    if answer.returncode != 0:
        raise Problem(
            "the Docker engine does not answer.",
            "start it (`make up` does where there is none), and be root or in the group `docker`.",
            answer.stderr.strip(),
        )
    return Path(json.loads(answer.stdout)["DockerRootDir"])


def room(place: Path, needed_gib: int = NEEDED_GIB) -> None:
    """The disk of a folder has room; an engine on another machine answers for its own disk."""
    if not place.exists():
        return
    free_gib = shutil.disk_usage(place).free / 2**30
    if free_gib < needed_gib:
        raise Problem(
            f"the disk of {place} has {free_gib:.1f} GiB left; the images need {needed_gib} GiB.",
            "free some space, then try again: `docker image prune --all --filter label=africa.airina.image` "
            "removes those of our images that no container uses, earlier ones above all.",
        )


def labels(image: str) -> dict[str, str] | None:
    """The labels of an image by name or id; None when the engine has no such image."""
    answer = _ask("image", "inspect", "--format", "{{json .Config.Labels}}", image)
    return (json.loads(answer.stdout) or {}) if answer.returncode == 0 else None


def identity(image: str) -> str:
    """The id, ``sha256:...``, of an image that the engine has."""
    return _said(_ask("image", "inspect", "--format", "{{.Id}}", image))


def size(image: str) -> int:
    """Bytes of an image's layers, unpacked."""
    return int(_said(_ask("image", "inspect", "--format", "{{.Size}}", image)))


def fetch(image: str) -> None:
    """Have an image that somebody named: from the engine, else from its registry."""
    if labels(image) is None:
        answer = _ask("pull", image)
        if answer.returncode != 0:
            raise Problem(
                f"the base image {image} is not here and could not be fetched.",
                "check its name and the way to its registry, or leave the option out: "
                "the base is then made from Debian's packages.",
                answer.stderr.strip(),
            )


def build(
    tag: str,
    context: Mapping[str, Path],
    arguments: Mapping[str, str],
    labels: Mapping[str, str],
    log: Path,
) -> None:
    """Build a Dockerfile; the engine's words go to ``log``."""
    command = ["docker", "build", "--force-rm", "--tag", tag]
    for name, value in arguments.items():
        command += ["--build-arg", f"{name}={value}"]
    for name, value in labels.items():
        command += ["--label", f"{name}={value}"]
    with log.open("wb") as words:
        process = subprocess.Popen(
            [*command, "-"], stdin=subprocess.PIPE, stdout=words, stderr=subprocess.STDOUT
        )
        assert process.stdin is not None  # noqa: S101  (a pipe was asked for)
        try:
            files.send(context, process.stdin)
            process.stdin.close()
        except BrokenPipeError:
            pass  # the engine stopped listening; what it said is in the log
        if process.wait() != 0:
            raise Problem(
                f"the image {tag} could not be built.",
                f"read {log}. If packages could not be fetched, see that the machine reaches "
                "Debian's mirror (`apt-get update` says so), then run the same command again.",
                tail(log),
            )


def run(command: Sequence[str], log: Path, what: str, remedy: str) -> None:
    """Run a program whose words go to ``log``; raise a Problem when it fails."""
    with log.open("wb") as words:
        done = subprocess.run(command, stdout=words, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise Problem(what, remedy, tail(log))


def output_of(image: str, command: Sequence[str]) -> str:
    """What a command prints in a container of an image; the container has no network and is removed."""
    return _said(_ask("run", "--rm", "--network=none", "--entrypoint=", image, *command))


def tail(log: Path, lines: int = 8) -> str:
    """The last words in a log, without the colours."""
    text = COLOUR.sub("", log.read_text(errors="replace"))
    return "\n".join(text.splitlines()[-lines:])


def _ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)


def _said(answer: subprocess.CompletedProcess[str]) -> str:
    if answer.returncode != 0:
        raise Problem(
            "the Docker engine refused a question.",
            "run the same command again; if it stays so, restart the engine.",
            answer.stderr.strip(),
        )
    return answer.stdout.strip()
