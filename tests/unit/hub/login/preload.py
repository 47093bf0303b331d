"""What takes long to import, for the one process that every test's hub is forked from."""

import sys

# That package takes half of a hub's start to build a parser that no schema of JupyterHub's uses.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

import jupyterhub.app  # noqa: E402, F401
import oauthenticator.generic  # noqa: E402, F401
