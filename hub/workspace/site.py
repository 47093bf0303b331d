"""DockerSpawner with the values of a site: which image, which limits, for whom."""

from concurrent.futures import ThreadPoolExecutor

from dockerspawner import DockerSpawner
from traitlets import Instance, default

from hub import confinement
from hub.cohort import Person
from hub.i18n import Language
from hub.people import People
from hub.servers import KEY_VARIABLE, key_of
from hub.settings import Limits, Settings
from hub.workspace import container
from hub.workspace.failures import Failure, Reason, SpawnFailed
from hub.workspace.pushing import git_variables

THREADS = 16
"""Docker calls at the same moment: starts, and above all stops, which take seconds each."""

SLACK = 30
"""Seconds between our own time-out and JupyterHub's, so that it is ours that tells the reason."""


class SiteSpawner(DockerSpawner):  # type: ignore[misc]  # DockerSpawner is not typed
    """What a server is, before anything happens to it."""

    settings = Instance(Settings, config=True)
    people = Instance(People, config=True)

    _executor = ThreadPoolExecutor(THREADS, thread_name_prefix="docker")

    @default("image")
    def _image(self) -> str:
        return self.settings.course_image

    @default("pull_policy")
    def _pull_policy(self) -> str:
        return "never"

    @default("client_kwargs")
    def _client_kwargs(self) -> dict[str, object]:
        return {"max_pool_size": THREADS}

    @default("cmd")
    def _cmd(self) -> list[str]:
        return list(container.COMMAND)

    @default("prefix")
    def _prefix(self) -> str:
        return self.settings.names.server_prefix

    @default("name_template")
    def _name_template(self) -> str:
        return "{prefix}-{raw_username}"  # user names of the roster are safe in a container's name

    @default("network_name")
    def _network_name(self) -> str:
        return self.settings.names.network

    @default("notebook_dir")
    def _notebook_dir(self) -> str:
        return container.HOME

    @default("disable_user_config")
    def _disable_user_config(self) -> bool:
        return True  # a file in a workspace must not keep its server from starting

    @default("remove")
    def _remove(self) -> bool:
        return True

    @default("start_timeout")
    def _start_timeout(self) -> int:
        return self.settings.start.timeout_seconds + SLACK

    @property
    def person(self) -> Person:
        """Whose server it is; raises SpawnFailed for somebody who is on no roster."""
        person = self.people.person(self.user.name)
        if person is None:
            raise SpawnFailed(Failure(Reason.NOT_ON_ROSTER), self.language)
        return person

    @property
    def language(self) -> Language:
        """The language in which the person reads."""
        return self.people.language(self.user.name) or self.settings.default_language

    @property
    def limits(self) -> Limits:
        """What the server may use."""
        cohort = self.people.cohorts.cohort_of(self.person)
        return container.limits_of(self.person, cohort, self.settings)

    def get_env(self) -> dict[str, str]:
        """JupyterHub's variables and the course's."""
        return {
            **super().get_env(),
            **container.environment(self.settings, self.language),
            **git_variables(self.settings, self.person),
            KEY_VARIABLE: key_of(self.settings, self.user.name),
        }

    async def prepare(self) -> None:
        """Limits and volumes, as they are to be now.

        Nothing is to be chosen at a start: JupyterHub keeps what an address like ``/hub/spawn?image=x`` says,
        DockerSpawner refuses it, and no later start would go well.
        """
        self.user_options: dict[str, object] = {}
        limits, names, person = self.limits, self.settings.names, self.person
        home, release = names.home_volume(person.username), names.release_volume(person.cohort)
        self.mem_limit = confinement.memory_bytes(limits)
        self.cpu_limit = limits.cpus
        self.extra_host_config = confinement.host_config(limits)
        self.extra_create_kwargs = {"labels": container.labels(names, person)}
        self.volumes = {home: container.HOME}
        self.read_only_volumes = {release: container.RELEASES}
        # Docker makes a missing volume by itself, but without the labels by which it is found again.
        await self.docker("create_volume", home, labels=container.labels(names, person))
        await self.docker("create_volume", release, labels={names.LABEL: names.project})
