"""What runs in a person's server besides JupyterLab: the sync of the course, and where they land.

``start`` is the container's command. It begins the sync in a process beside the server's own start-up
(``background``, ``sync``, ``repair``), then becomes ``jupyterhub-singleuser``. ``extension`` is loaded by
that server: it waits for the sync, within bounds, and sends people to the open day's first notebook
(``landing``).

Nothing is imported here: every import delays every server.
"""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Where Jupyter Server finds the extension."""
    return [{"module": "course_server.extension"}]
