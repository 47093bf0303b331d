"""Containers of the images that do not outlive their test."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

Start = Callable[..., str]
"""Starts a container of an image, in the background; returns its id."""


def output(image: str, *command: str, options: tuple[str, ...] = ()) -> str:
    """What a command prints in a fresh container that has no network."""
    docker = ["docker", "run", "--rm", "--network=none", *options, "--entrypoint=", image, *command]
    done = subprocess.run(docker, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def inside(container: str, *command: str) -> str:
    """What a command prints in a container that runs."""
    docker = ["docker", "exec", container, *command]
    done = subprocess.run(docker, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def start() -> Iterator[Start]:
    """Start containers; all are removed when the test ends."""
    started: list[str] = []

    def one(image: str, *command: str, options: tuple[str, ...] = ()) -> str:
        docker = ["docker", "run", "--detach", *options, image, *command]
        done = subprocess.run(docker, capture_output=True, text=True, check=True)
        started.append(done.stdout.strip())
        return started[-1]

    yield one
    for container in started:
        subprocess.run(
            ["docker", "rm", "--force", "--volumes", container], check=True, capture_output=True
        )
