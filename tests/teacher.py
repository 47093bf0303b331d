"""An instructor with plain git on a computer of their own: a clone, edits in both languages, pushes."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

AUTHOR = ("-c", "user.name=Teacher", "-c", "user.email=teacher@example.org")


class Teacher:
    """Somebody of the team of the hub at ``hub``, with a clone in ``folder``."""

    def __init__(self, hub: str, username: str, password: str, folder: Path) -> None:
        scheme, _, rest = hub.rstrip("/").partition("://")
        self.clone = folder / "course"
        self.address = f"{scheme}://{username}:{quote(password)}@{rest}/services/course/course.git"
        subprocess.run(
            ["git", "clone", "--quiet", self.address, str(self.clone)],
            check=True,
            capture_output=True,
        )

    def edit(self, name: str, change: Callable[[str], str]) -> None:
        """Change one file of the sources."""
        file = self.clone / name
        before = file.read_text("utf-8")
        file.write_text(change(before), "utf-8")
        assert file.read_text("utf-8") != before, f"{name} was not changed"

    def add_sentence(self, notebook: str, source: str, text: int, **sentences: str) -> None:
        """Add a sentence to one of a notebook's texts, in both languages, and say that both were read."""
        for language, sentence in sentences.items():

            def add(before: str, language: str = language, sentence: str = sentence) -> str:
                head = rf'(?m)^# %% \[markdown\] key="[^"]+" lang="{language}".*$'
                cell = list(re.finditer(head, before))[text]
                end = before.find("\n\n", cell.end())
                return f"{before[:end]}\n#\n# {sentence}{before[end:]}"

            self.edit(source, add)
        accept = [sys.executable, "build.py", "accept", notebook]
        subprocess.run(accept, cwd=self.clone, check=True, capture_output=True)

    def push(self, message: str = "Correct") -> subprocess.CompletedProcess[str]:
        """Commit and push to main; what git said is in ``stderr``."""
        self._git("add", "--all")
        self._git(*AUTHOR, "commit", "--quiet", "--message", message)
        command = ["git", "-C", str(self.clone), "push", "origin", "HEAD:main"]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    def take_back(self) -> None:
        """As if the last commit had never been."""
        self._git("reset", "--quiet", "--hard", "HEAD~1")

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", "-C", str(self.clone), *arguments], check=True, capture_output=True)
