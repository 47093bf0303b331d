"""The command ``hub``, as it is typed, on a site's files."""

from pathlib import Path

import pytest

from hub import cli
from tests.unit.hub.login.running import write_roster

SETTINGS = """\
site: local
public_url: http://localhost:8000
course_image: sha256:{zeros}
static_url: /static-lab/0123abcd
cohorts: {folder}/cohorts
state: {folder}
"""


class Command:
    """A site's files, and the command."""

    options: tuple[str, ...] = ()
    """Typed before every subcommand, after the settings."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.settings = folder / "settings.yml"
        self.settings.write_text(SETTINGS.format(zeros="0" * 64, folder=folder), "utf-8")
        self.capsys = capsys
        write_roster(folder)

    def run(self, *arguments: str, expect: int = 0) -> str:
        """What the command prints; on standard error when it fails."""
        status = cli.main(["--settings", str(self.settings), *self.options, *arguments])
        captured = self.capsys.readouterr()
        assert status == expect, captured.err
        return captured.err if expect else captured.out
