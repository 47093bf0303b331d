"""Texts of JupyterHub's own that people can meet on our pages. Pages look them up as JupyterHub says them.

A test compares them with the JupyterHub that is installed: a text that it has changed is missing here.
"""

from hub.errors import Message

PERMISSIONS = (
    Message("Identify the owner of the requesting entity."),
    Message("Anything you have access to"),
    Message("Access user servers via API or browser."),
    Message("Access services via API or browser."),
)
"""What the page says that a program is about to be allowed (``oauth.html``, ``accept-share.html``)."""
