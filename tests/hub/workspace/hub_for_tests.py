"""The configuration of a real hub around ``CourseSpawner``: no pages, no proxy, no passwords of ours.

What a test asks for comes with a service's token. Servers are reached at their own address, so that no
proxy is needed: routes are kept in memory.
"""

import os
from pathlib import Path
from typing import Any

from jupyterhub.proxy import Proxy

from hub.files import load_cohorts, load_settings
from hub.people import People
from hub.workspace.spawner import CourseSpawner


class RoutesInMemory(Proxy):
    """A proxy that knows its routes and carries nothing."""

    should_start = False
    routes: dict[str, dict[str, Any]] = {}  # noqa: RUF012

    async def add_route(self, routespec: str, target: str, data: dict[str, Any]) -> None:
        """Remember."""
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec: str) -> None:
        """Forget."""
        self.routes.pop(routespec, None)

    async def get_all_routes(self) -> dict[str, dict[str, Any]]:
        """What is remembered."""
        return dict(self.routes)


settings = load_settings(Path(os.environ["HUB_SETTINGS"]))
c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.JupyterHub.authenticator_class = "null"
c.Authenticator.allow_all = True
c.JupyterHub.proxy_class = RoutesInMemory
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings.ports.proxy}"
c.JupyterHub.hub_bind_url = f"http://{settings.network.gateway}:{settings.ports.hub}"
c.JupyterHub.db_url = f"sqlite:///{settings.state}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(settings.state / "cookie_secret")
c.JupyterHub.cleanup_servers = False
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}  # a request for a server answers at once
c.JupyterHub.spawner_class = CourseSpawner
c.CourseSpawner.settings = settings
c.CourseSpawner.people = People(load_cohorts(settings.cohorts), settings.state / "people.db")
c.CourseSpawner.poll_interval = 1
c.JupyterHub.load_roles = [
    {
        "name": "test",
        "scopes": ["admin:users", "admin:servers", "admin:server_state", "access:servers"],
        "services": ["test"],
    }
]
c.JupyterHub.services = [{"name": "test", "api_token": os.environ["TEST_TOKEN"]}]
