"""How a notebook is kept: whole or not at all, whoever reads it at that moment.

Jupyter Server writes into the file itself, with a copy beside it. Whoever reads the notebook just then, a
second tab or the sync, finds it half-written: the server then sets it aside as ``….ipynb.invalid``
and puts the copy, which is older, in its place. A file that is complete before it gets its name leaves
nothing to repair.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager


class WholeFiles(AsyncLargeFileManager):
    """Jupyter's own manager of files, but for the last step of saving one."""

    use_atomic_writing = False
    """Jupyter's way of it: copies beside files that are written, and their return after a bad read."""

    @contextmanager
    def atomic_writing(
        self, os_path: str, *, text: bool = True, encoding: str = "utf-8"
    ) -> Iterator[IO[Any]]:
        """A file to write; it takes the name ``os_path`` when it is complete and on the disk.

        When writing fails, on a full disk for one, what was there before is untouched.
        """
        path = Path(os_path).resolve()  # a link stays a link
        new = path.with_name(f".~{secrets.token_hex(8)}")  # hidden in JupyterLab
        how: dict[str, Any] = {"encoding": encoding, "newline": "\n"} if text else {}
        with self.perm_to_403(os_path):
            if path.exists() and not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, "the file may not be written", os_path)
            try:
                with new.open("x" if text else "xb", **how) as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                if path.exists():
                    shutil.copymode(path, new)
                new.replace(path)
            finally:
                new.unlink(missing_ok=True)


class Followed(WholeFiles):
    """The same, and whoever wants to know is told which notebooks are opened and saved."""

    on_opened: Callable[[str], None] | None = None
    """Called with the path of a notebook below the home, once it was read for somebody."""
    on_saved: Callable[[str], None] | None = None
    """Likewise, once it is on the disk."""

    async def get(
        self, path: str, content: bool = True, *more: Any, **options: Any
    ) -> dict[str, Any]:
        """A file or a folder; Jupyter's own."""
        model: dict[str, Any] = await super().get(path, content, *more, **options)  # type: ignore[no-untyped-call]
        if content and model["type"] == "notebook" and self.on_opened:
            self.on_opened(model["path"])
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Write a file; Jupyter's own."""
        saved: dict[str, Any] = await super().save(model, path)  # type: ignore[no-untyped-call]
        if saved["type"] == "notebook" and self.on_saved:
            self.on_saved(saved["path"])
        return saved
