"""What JupyterHub reads for the tests of the pages."""

from tests.browser.pages.stand_ins import rehearse

rehearse(c)  # noqa: F821  (JupyterHub provides c)
