"""The names of things outside the hub: one place decides, so that two sites never collide on a host."""

from dataclasses import dataclass

USERNAME = r"^[a-z][a-z0-9-]{1,30}$"
"""A user name: in URLs, logs and container names, therefore neutral (``cot-07``), never a person's."""

IDENTIFIER = r"^[a-z0-9][a-z0-9-]{1,40}$"
"""The id of a site or of a cohort: a folder's, a label's and a volume's name."""


@dataclass(frozen=True)
class Names:
    """Names of one site's containers, volumes and network.

    ``project`` is the prefix that every Docker object of the site carries in its name and in the
    label ``africa.airina.project``, by which it is found again and removed.
    """

    project: str

    LABEL = "africa.airina.project"

    @property
    def network(self) -> str:
        """The network that joins each server to the hub, and to nothing else."""
        return f"{self.project}-workspaces"

    @property
    def server_prefix(self) -> str:
        """Prefix of the containers of people's servers."""
        return f"{self.project}-server"

    def home_volume(self, username: str) -> str:
        """The named volume that is a person's workspace; it outlives every server."""
        return f"{self.project}-home-{username}"

    def release_volume(self, cohort: str) -> str:
        """The named volume with the git repository of what a cohort may see now."""
        return f"{self.project}-release-{cohort}"
