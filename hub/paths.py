"""Where an address leads, as the proxy reads it."""

from posixpath import normpath
from urllib.parse import unquote, urlsplit


def leads_below(address: str, *folders: str) -> bool:
    """Whether the path of an address is one of these or below it, however it is written.

    ``folders`` end with a slash; ``/hub/../user/x`` and ``/%75ser/x`` are below ``/user/``.
    """
    return f"{normpath(unquote(urlsplit(address).path))}/".startswith(folders)
