"""A real JupyterLab of the course image, without a hub, and a person in front of it."""

import json
import os
import re
import secrets
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

HERE = Path(__file__).parent
LIBRARY = "/opt/course/lib/python3.11/site-packages"
CONFIGURATION = "/opt/course/etc/jupyter/jupyter_server_config.d/course.json"
LOCALES = {"fr": "fr_FR.UTF-8", "en": "en_GB.UTF-8"}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, seen from the hub's side."""

    url: str
    language: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A request as the owner's, with the token."""
        request = urllib.request.Request(  # noqa: S310  (http, to a container of the test)
            f"{self.url}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "token t", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def emit(self, kind: str, **data: Any) -> None:
        """Say something on the event bus."""
        self.ask("POST", "course/emit", {"kind": kind, "id": secrets.token_hex(4), **data})

    def write(self, path: str, *cells: dict[str, Any]) -> None:
        """Put a notebook on the disk, as a sync does: nobody tells an open JupyterLab."""
        folder = ""
        for part in path.split("/")[:-1]:
            folder = f"{folder}/{part}".strip("/")
            self.ask("PUT", f"api/contents/{folder}", {"type": "directory"})
        content = notebook(*cells)
        self.ask("PUT", f"api/contents/{path}", {"type": "notebook", "content": content})

    def write_text(self, path: str, text: str) -> None:
        """The same with a text file, in a folder that is there."""
        self.ask("PUT", f"api/contents/{path}", {"type": "file", "format": "text", "content": text})

    def sources(self, path: str) -> list[str]:
        """The cells on the disk."""
        cells = self.ask("GET", f"api/contents/{path}")["content"]["cells"]
        return [cell["source"] for cell in cells]


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    """A notebook for the course's kernel."""
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": spec, "language_info": {"name": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}


def code(name: str, source: str) -> dict[str, Any]:
    """A code cell that has not run."""
    return {
        "id": name,
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }


def prose(name: str, source: str) -> dict[str, Any]:
    """A markdown cell."""
    return {"id": name, "cell_type": "markdown", "source": source, "metadata": {}}


@contextmanager
def running_lab(image: str, language: str, configuration: Path) -> Iterator[Lab]:
    """Start a container of the course image; it is removed at the end."""
    configuration.write_text(
        '{"ServerApp": {"jpserver_extensions": {"course_in_rehearsal": true}}}'
    )
    command = ["docker", "run", "--detach", "--publish=127.0.0.1::8888"]
    command += [f"--label=africa.airina.project=airina-test-{os.getpid()}"]
    command += [f"--env=LANG={LOCALES[language]}"]
    command += [f"--volume={configuration}:{CONFIGURATION}:ro"]
    stand_in = HERE / "course_in_rehearsal.py"
    command += [f"--volume={stand_in}:{LIBRARY}/course_in_rehearsal.py:ro"]
    command += [image, "jupyter", "lab", "--no-browser", "--ip=0.0.0.0"]
    command += ["--IdentityProvider.token=t"]
    container = output(*command)
    try:
        address = output("docker", "port", container, "8888/tcp").splitlines()[0]
        wait_for(address, container)
        yield Lab(f"http://{address}", language)
    finally:
        output("docker", "rm", "--force", "--volumes", container)


def wait_for(address: str, container: str) -> None:
    """Until JupyterLab answers."""
    deadline = time.monotonic() + 90
    while True:
        try:
            connection = HTTPConnection(address, timeout=5)
            connection.request("GET", "/api")
            assert connection.getresponse().status == 200
        except OSError:
            assert time.monotonic() < deadline, output("docker", "logs", container)
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()


def output(*command: str) -> str:
    """What a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


NUMBER = re.compile(r"\[\d+\]")
"""Of a cell that has run."""


@dataclass(frozen=True)
class Person:
    """Somebody with a notebook open."""

    page: Page
    lab: Lab
    path: str

    def cell(self, index: int) -> Locator:
        """A cell of the open notebook."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").nth(index)

    def editor(self, index: int) -> Locator:
        """Where one types."""
        return self.cell(index).locator(".cm-content")

    @property
    def unsaved(self) -> Locator:
        """The mark of a document with unsaved changes."""
        return self.page.locator(".lm-DockPanel .lm-TabBar-tab.jp-mod-current.jp-mod-dirty")

    @property
    def notices(self) -> Locator:
        """Notifications on the screen."""
        return self.page.locator(".Toastify__toast")

    @property
    def dialog(self) -> Locator:
        """A question in front of everything."""
        return self.page.locator(".jp-Dialog")

    def write_at_the_end(self, index: int, text: str) -> None:
        """Type into a cell, behind what is there."""
        self.editor(index).click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def save(self) -> None:
        """By the keyboard; until JupyterLab has seen the file and takes the mark away."""
        expect(self.unsaved).to_have_count(1)
        with self.page.expect_response(lambda answer: is_save(answer.request)):
            self.page.keyboard.press("Control+s")
        expect(self.unsaved).to_have_count(0)

    def run(self, index: int, output: str) -> None:
        """Run a cell and see what it prints, and that it has ended: its number is a change too."""
        self.editor(index).click()
        self.page.keyboard.press("Control+Enter")
        expect(self.cell(index).locator(".jp-OutputArea-output")).to_have_text(output)
        expect(self.cell(index).locator(".jp-InputArea-prompt")).to_have_text(NUMBER)

    def types_in(self, index: int) -> bool:
        """Whether the focus is in a cell's editor."""
        return bool(self.editor(index).evaluate("editor => editor === document.activeElement"))


def is_save(request: Any) -> bool:
    """JupyterLab sends a file."""
    return request.method == "PUT" and "/api/contents/" in request.url
