"""Addresses in somebody's own server, for links on the hub's pages."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

COURSE = "course"
"""The folder of a workspace that holds the course."""


@dataclass(frozen=True)
class Places:
    """One person's server. While it does not run, its addresses lead there by way of its start."""

    base_url: str
    """The site's, with a slash at the end."""
    hub_url: str
    """The hub's, likewise."""
    name: str
    """The user name as it stands in addresses."""
    runs: bool

    @property
    def start(self) -> str:
        """Where the server starts, and JupyterLab opens as it was left."""
        return f"{self.hub_url}spawn/{self.name}"

    @property
    def lab(self) -> str:
        """JupyterLab as it was left."""
        return f"{self.base_url}user/{self.name}" if self.runs else self.start

    @property
    def download(self) -> str:
        """Everything that is theirs, as one file; only while the server runs."""
        return f"{self.base_url}user/{self.name}/{COURSE}/work.zip"

    @property
    def take_home(self) -> str:
        """The same at any time. A download shows no page of its own: the hub's home begins it."""
        return self.download if self.runs else self.after_start(f"{self.hub_url}home?said=take")

    def file(self, path: str) -> str:
        """A file of the course, open in JupyterLab; ``path`` is below the course's folder."""
        address = self.file_now(path)
        return address if self.runs else self.after_start(address)

    def file_now(self, path: str) -> str:
        """The same, of a server that runs."""
        return f"{self.base_url}user/{self.name}/lab/tree/{COURSE}/{quote(path)}"

    def after_start(self, address: str) -> str:
        """Start the server, then go to an address of this site."""
        return f"{self.start}?next={quote(address, safe='')}"


def stays_inside(path: str) -> bool:
    """Whether a path that a server has told leads nowhere but below the course's folder."""
    return bool(path) and not path.startswith("/") and ".." not in PurePosixPath(path).parts


def inside(path: str) -> str:
    """Such a path. Raises ValueError for any other."""
    if not stays_inside(path):
        raise ValueError("leads out of the course")
    return path
