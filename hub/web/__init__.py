"""Pages people see: templates, handlers, styles, catalogues. They stand in for JupyterHub's own.

They are made on the server, weigh little, need no JavaScript and ask nothing of any other site.
"""

from hub.web.pages import install

__all__ = ["install"]
