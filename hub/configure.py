"""The hub's configuration: a table of contents, one function a concern.

Each function only sets traits; none appends or reads back, so that configuring twice is configuring
once. Why a trait has its value stands beside it.
"""

import sys
from pathlib import Path

from traitlets.config import Config

from hub import web
from hub.cohort import Role
from hub.delivery.identity import SCOPE
from hub.login.authenticator import RosterAuthenticator
from hub.login.openid import RosterOpenID
from hub.login.store import Store
from hub.people import People
from hub.settings import Settings
from hub.workspace.spawner import CourseSpawner

TEAM = {
    "name": "team",
    "description": "Reads and pushes the sources of the course.",
    "scopes": [SCOPE],
    "groups": [role.value for role in Role if role.is_team],
}
"""JupyterHub's role of whoever the roster lists as such."""


def configure(c: Config, settings: Settings, people: People, file: Path) -> None:
    """Set up a hub for one site and its people; ``file`` is where the settings were read from."""
    configure_addresses(c, settings)
    configure_files(c, settings)
    configure_restarts(c)
    configure_login(c, settings, people)
    configure_servers(c, settings, people)
    configure_services(c, settings, file)
    web.install(c, settings, people)


def configure_addresses(c: Config, settings: Settings) -> None:
    """The edge is what people see; proxy and hub listen where only the host, or servers, reach them."""
    ports, gateway = settings.ports, settings.network.gateway
    c.JupyterHub.public_url = str(settings.public_url)
    c.JupyterHub.bind_url = f"http://127.0.0.1:{ports.proxy}"
    c.JupyterHub.hub_bind_url = f"http://{gateway}:{ports.hub}"
    # For the log; what is decided by an address asks who has written it down (``hub.login.address``).
    c.JupyterHub.trusted_downstream_ips = list(settings.network.own_addresses)
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{ports.proxy_api}"
    c.ConfigurableHTTPProxy.should_start = False


def configure_files(c: Config, settings: Settings) -> None:
    """What the hub remembers, in one folder that a backup can copy."""
    c.JupyterHub.db_url = f"sqlite:///{settings.state / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(settings.state / "jupyterhub_cookie_secret")
    c.JupyterHub.upgrade_db = True


def configure_restarts(c: Config) -> None:
    """A restart of the hub, or of the proxy, is not noticed by people who work."""
    c.JupyterHub.cleanup_servers = False
    c.JupyterHub.cleanup_proxy = False
    # A proxy that restarts has no routes until the hub's next tick; the default is 300 s.
    c.JupyterHub.last_activity_interval = 30


def configure_login(c: Config, settings: Settings, people: People) -> None:
    """The roster decides who may come in; a password or an identity provider proves who it is."""
    if settings.login == "openid":
        c.JupyterHub.authenticator_class = RosterOpenID
        c.RosterOpenID.people = people
        c.RosterOpenID.provider = settings.openid
    else:
        c.JupyterHub.authenticator_class = RosterAuthenticator
        c.RosterAuthenticator.people = people
        c.RosterAuthenticator.store = Store(settings.state)
        c.RosterAuthenticator.proxies = list(settings.network.own_addresses)
    c.Authenticator.manage_groups = True
    c.Authenticator.auth_refresh_age = 300
    c.JupyterHub.oauth_require_pkce = True
    c.JupyterHub.tornado_settings = {"cookie_options": {"samesite": "Lax"}}


def configure_servers(c: Config, settings: Settings, people: People) -> None:
    """Each person's server: a container of the course image, with their workspace."""
    c.JupyterHub.spawner_class = CourseSpawner
    c.CourseSpawner.settings = settings
    c.CourseSpawner.people = people
    # Our own queue tells people their place; JupyterHub's limit would only answer 429.
    c.JupyterHub.concurrent_spawn_limit = 0
    c.JupyterHub.allow_named_servers = False
    # Of these a server's token has what its person has: the last is the team's.
    c.CourseSpawner.server_token_scopes = [
        "users:activity!user",
        "access:servers!server",
        SCOPE,
    ]


def configure_services(c: Config, settings: Settings, file: Path) -> None:
    """What works beside the hub: who stops idle servers, and who delivers the course."""
    c.JupyterHub.services = [idle_culler(settings), course(settings, file)]
    c.JupyterHub.load_roles = [
        {
            "name": "idle-culler",
            "description": "Stops servers that nobody uses.",
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
            "services": ["idle-culler"],
        },
        {
            "name": "course",
            "description": "Sees whose servers run, and brings the course into them.",
            "scopes": ["list:users", "read:servers"],
            "services": ["course"],
        },
        TEAM,
    ]


def idle_culler(settings: Settings) -> dict[str, object]:
    """A server that nobody has used for hours is stopped; the workspace stays."""
    idle = int(settings.idle_hours * 3600)
    command = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={idle}"]
    return {"name": "idle-culler", "command": command, "display": False}


def course(settings: Settings, file: Path) -> dict[str, object]:
    """Pushes, releases, deliveries: a process of its own, which a busy hub does not hold up."""
    return {
        "name": "course",
        "url": f"http://{settings.network.gateway}:{settings.ports.course}",
        "command": [sys.executable, "-m", "hub.delivery.service"],
        "environment": {"HUB_SETTINGS": str(file)},
        "display": False,
    }
