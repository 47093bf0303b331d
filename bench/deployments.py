"""The two deployments that are compared: ours, from the real playbook, and a plain one."""

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from bench.visitor import Visitor, accept_invitation
from tests.scratch_site import PASSWORD, ROOT, ScratchSite, free_ports

PLAIN = Path(__file__).parent / "plain"
HEADER = "username,name,email,language,role,mode,time_zone\n"


class Deployment(Protocol):
    """A running hub with people who can log in."""

    name: str
    url: str
    server_prefix: str

    def visitor(self, number: int) -> Visitor:
        """Person ``number``, from 1."""
        ...


class Ours:
    """A scratch site of the real playbook, with as many participants as are needed."""

    name = "ours"
    cohort = "2027a-cotonou"
    teacher = "bench-teacher"

    def __init__(self, site: ScratchSite) -> None:
        self.site = site
        self.url = site.url
        self.server_prefix = f"{site.project}-server-"

    def visitor(self, number: int) -> Visitor:
        """Person ``number``."""
        return Visitor(self.url, f"bench-{number:02d}", PASSWORD)

    async def let_in(self, count: int) -> None:
        """Everybody accepts their invitation: a password exists before the clock starts."""
        names = [f"bench-{number:02d}" for number in range(1, count + 1)]
        for name in names:
            await accept_invitation(self.url, self.site.invitation(name).link, PASSWORD)


@contextmanager
def ours(folder: Path, people: int) -> Iterator[Ours]:
    """Our hub, provisioned; removed at the end."""
    site = ScratchSite(folder, number=1)
    rows = (
        f"bench-{n:02d},Personne {n},p{n}@example.org,fr,participant,online,\n"
        for n in range(1, people + 1)
    )
    teacher = f"{Ours.teacher},Enseignante,e@example.org,fr,instructor,online,\n"
    roster = site.inventory / "cohorts" / Ours.cohort / "roster.csv"
    roster.write_text(HEADER + teacher + "".join(rows), "utf-8")
    try:
        site.play("site.yml")
        yield Ours(site)
    finally:
        site.play("destroy.yml", "--extra-vars", "destroy_confirmed=yes")


class Plain:
    """JupyterHub and DockerSpawner as documented, with the same packages."""

    name = "plain"
    gateway = "10.249.0.1"
    """The host's address on the network of its servers."""

    def __init__(self, folder: Path) -> None:
        self.project = f"airina-bench-{secrets.token_hex(3)}"
        self.proxy, self.proxy_api, self.hub = free_ports(3)
        self.url = f"http://127.0.0.1:{self.proxy}"
        self.server_prefix = f"{self.project}-"
        self.folder = folder
        self.label = f"africa.airina.project={self.project}"
        self.images: dict[str, str] = json.loads(
            (ROOT / ".build" / "images.json").read_text("utf-8")
        )

    def visitor(self, number: int) -> Visitor:
        """Person ``number``."""
        return Visitor(self.url, f"bench-{number:02d}", "plain")

    def start(self) -> None:
        """Image, network, proxy, hub."""
        image = self._image()
        gateway = self.gateway
        network = ("--subnet=10.249.0.0/22", f"--gateway={gateway}", f"--label={self.label}")
        docker("network", "create", *network, self.project)
        token = f"--env=CONFIGPROXY_AUTH_TOKEN={secrets.token_hex(16)}"
        host = ("run", "--detach", "--network=host", f"--label={self.label}", token)
        listen = ("--ip=127.0.0.1", f"--port={self.proxy}", "--api-ip=127.0.0.1")
        ends = (f"--api-port={self.proxy_api}", f"--default-target=http://{gateway}:{self.hub}")
        docker(*host, self.images["proxy"], *listen, *ends)
        variables = {
            "GATEWAY": gateway,
            "PROXY_PORT": self.proxy,
            "PROXY_API_PORT": self.proxy_api,
            "HUB_PORT": self.hub,
            "IMAGE": image,
            "NETWORK": self.project,
            "PROJECT": self.project,
        }
        given = [f"--env={name}={value}" for name, value in variables.items()]
        mounts = [
            f"--volume={PLAIN / 'jupyterhub_config.py'}:/plain/jupyterhub_config.py:ro",
            "--volume=/var/run/docker.sock:/var/run/docker.sock",
        ]
        program = ("--user=0", "--entrypoint=jupyterhub", self.images["hub"])
        docker(*host, *given, *mounts, *program, "--config=/plain/jupyterhub_config.py")

    def _image(self) -> str:
        wheels = self.folder / "wheels"
        lock = f"--requirement={PLAIN / 'requirements.lock'}"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", lock]
        subprocess.run([*pip, "--only-binary=:all:", f"--dest={wheels}"], check=True)
        (self.folder / "Dockerfile").write_bytes((PLAIN / "Dockerfile").read_bytes())
        course = f"--build-arg=COURSE={self.images['course']}"
        docker("build", "--quiet", f"--tag={self.project}", course, str(self.folder))
        return self.project

    def remove(self) -> None:
        """Everything of it, by its label."""
        of_ours = f"--filter=label={self.label}"
        for container in docker("ps", "--all", "--quiet", of_ours).split():
            docker("rm", "--force", "--volumes", container)
        volumes = docker("volume", "ls", "--quiet", f"--filter=name={self.project}-home-").split()
        if volumes:
            docker("volume", "rm", *volumes)
        for network in docker("network", "ls", "--quiet", of_ours).split():
            docker("network", "rm", network)
        docker("rmi", "--force", self.project)


@contextmanager
def plain(folder: Path) -> Iterator[Plain]:
    """The plain deployment, started; removed at the end."""
    deployment = Plain(folder)
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.remove()


def docker(*arguments: str) -> str:
    """What ``docker …`` prints."""
    done = subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()
