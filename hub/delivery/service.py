"""The service ``course``: ``python -m hub.delivery.service``, started by JupyterHub.

One process takes pushes (``git_http``), hears how workspaces stand (``told``) and delivers (``deliverer``).
It listens where servers reach the hub; people reach it through the proxy, below ``/services/course/``.
"""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from hub.delivery.courier import Courier
from hub.delivery.deliverer import Deliverer
from hub.delivery.follow import Follower
from hub.delivery.git_http import routes
from hub.delivery.identity import Identity
from hub.delivery.listening import server_of
from hub.delivery.releaser import Releaser
from hub.delivery.roll import Roll
from hub.delivery.sources import Sources
from hub.delivery.telling import end_what_died
from hub.delivery.told import Senders, ToldHandler
from hub.files import load_cohorts, load_settings
from hub.journal import Journal, Workspace
from hub.people import People
from hub.servers import Servers
from hub.settings import Settings

RELEASES = Path("/srv/hub/releases")
PREFIX = "/services/course/"


async def serve(settings: Settings, releases: Path, api: str, token: str) -> None:
    """Serve until the process is told to end. ``api`` is the hub's API, ``token`` the service's own."""
    people = People(load_cohorts(settings.cohorts), settings.state / "people.db")
    journal, sources = Journal(settings.state), Sources(settings.state)
    sources.create()
    roll = Roll(api, token)
    releaser = Releaser(people.cohorts, journal, sources, releases)
    courier = Courier(people, journal, roll, Servers(settings))
    deliverer = Deliverer(releaser, courier, journal, settings.state)

    def heard(username: str, workspace: Workspace) -> None:
        person = people.person(username)
        release = journal.releases().get(person.cohort) if person else None
        if release and workspace.commit != release.head:
            deliverer.deliver_soon()

    def moved() -> None:
        if not sources.is_judging():
            end_what_died(journal)
        deliverer.wake()

    moved()
    follower = Follower(settings, sources, journal, moved)
    page = f"{settings.public_url}hub/token"
    identity = Identity(people, roll, page, settings.login != "openid")
    senders = {"senders": Senders(roll, people), "journal": journal, "heard": heard}
    server = server_of(
        [
            (rf"{PREFIX}told", ToldHandler, senders),
            *routes(PREFIX, settings, sources, identity, moved),
            *follower.routes(PREFIX),
        ],
        exempt=settings.network.own_addresses,
    )
    server.listen(settings.ports.course, str(settings.network.gateway))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(deliverer.run()), group.create_task(follower.run())]
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop, tasks)


def stop(tasks: list[asyncio.Task[None]]) -> None:
    """End what runs; what is half done is done by the next process."""
    for task in tasks:
        task.cancel()


def main() -> None:
    """With the variables that JupyterHub gives its services, and ``HUB_SETTINGS``."""
    logging.basicConfig(level=logging.WARNING, format="course: %(message)s", stream=sys.stderr)
    settings = load_settings(Path(os.environ["HUB_SETTINGS"]))
    releases = Path(os.environ.get("HUB_RELEASES", RELEASES))
    api, token = os.environ["JUPYTERHUB_API_URL"], os.environ.pop("JUPYTERHUB_API_TOKEN")
    asyncio.run(serve(settings, releases, api, token))


if __name__ == "__main__":
    main()
