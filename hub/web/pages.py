"""Setting up the pages on a hub: ``install`` is all that ``hub.configure`` needs."""

from pathlib import Path

from traitlets.config import Config

from hub.people import People
from hub.settings import Settings
from hub.web import board
from hub.web.assets import STATIC, AssetHandler
from hub.web.delivery import Delivery
from hub.web.handlers import LanguageHandler, NewTokenHandler, RevokeTokenHandler, StopHandler
from hub.web.rendering import Site, render_our_pages
from hub.web.today import (
    OriginalHandler,
    ReturnHandler,
    SavePointsHandler,
    UpdatesHandler,
)

TEMPLATES = Path(__file__).parent / "templates"

TODAY = (
    (r"/today/original", OriginalHandler),
    (r"/today/updates", UpdatesHandler),
    (r"/today/save-points", SavePointsHandler),
    (r"/today/return", ReturnHandler),
)
"""The addresses of a person's own page, below the hub's."""


def install(c: Config, settings: Settings, people: People) -> None:
    """Let the hub show our pages; doing so twice is doing so once."""
    c.JupyterHub.template_paths = [str(TEMPLATES)]
    c.JupyterHub.jinja_environment_options = {
        "extensions": ["jinja2.ext.i18n"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    c.JupyterHub.template_vars = {
        "site": Site(people, str(settings.public_url)),
        "delivery": Delivery(settings),
    }
    # JupyterHub recommends services instead. Pages of a service would have another address, another
    # login and another process, for four forms and three files; its warning at the start is harmless.
    c.JupyterHub.extra_handlers = [
        (r"/pages/(.*)", AssetHandler, {"path": str(STATIC)}),
        (r"/language", LanguageHandler),
        (r"/stop/([^/]+)", StopHandler),
        (r"/token/new", NewTokenHandler),
        (r"/token/revoke", RevokeTokenHandler),
        *TODAY,
        *board.handlers(),
    ]
    render_our_pages()
