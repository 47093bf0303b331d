"""What takes long to import, for the one process that every test's hub is forked from."""

import jupyterhub.app  # noqa: F401
import oauthenticator.generic  # noqa: F401
