"""The settings of one site. Every default exists here, once; a site's inventory says what differs.

``hub.files.load_settings`` reads them; ``python -m hub.check settings FILE`` judges a file before it lands.
"""

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    field_validator,
    model_validator,
)

from hub.i18n import Language
from hub.naming import IDENTIFIER, Names

ImageId = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class Frozen(BaseModel):
    """A model whose values do not change and which knows all its keys."""

    # What was typed may be a secret, and an error's text may reach a log.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Limits(Frozen):
    """What one server may use."""

    memory_gib: float = Field(default=2.0, gt=0.25)
    cpus: float = Field(default=2.0, gt=0)
    pids: int = Field(default=512, ge=64)


class RoleLimits(Frozen):
    """Limits by role; a cohort may say others."""

    participant: Limits = Limits()
    instructor: Limits = Limits(memory_gib=4.0, pids=1024)
    admin: Limits = Limits(memory_gib=4.0, pids=1024)


class Network(Frozen):
    """The network of the servers. The hub and the proxy are on the host and reach it by its gateway."""

    subnet: IPv4Network = IPv4Network("10.213.0.0/22")

    @field_validator("subnet")
    @classmethod
    def has_room(cls, subnet: IPv4Network) -> IPv4Network:
        """A server has an address of its own, and so have the gateway and the network itself."""
        if subnet.prefixlen > 24:
            raise ValueError(
                "has room for fewer than 250 servers; write a network of /24 or larger"
            )
        return subnet

    @property
    def gateway(self) -> IPv4Address:
        """The host's address on this network: where servers find the hub."""
        return self.subnet[1]

    @property
    def own_addresses(self) -> tuple[str, str]:
        """From which the edge, the proxy and the service ``course`` ask: they speak for others."""
        return "127.0.0.1", str(self.gateway)


class Ports(Frozen):
    """Ports on the host. Only the edge's is open to people; the others listen inside."""

    edge: int = Field(default=8000, ge=1, le=65535)
    proxy: int = Field(default=8010, ge=1, le=65535)
    proxy_api: int = Field(default=8011, ge=1, le=65535)
    hub: int = Field(default=8081, ge=1, le=65535)
    course: int = Field(default=8082, ge=1, le=65535)
    """The service that takes pushes and delivers the course; servers reach it as they reach the hub."""

    @model_validator(mode="after")
    def all_different(self) -> "Ports":
        """Two listeners cannot share a port."""
        numbers = [self.edge, self.proxy, self.proxy_api, self.hub, self.course]
        if len(set(numbers)) < len(numbers):
            raise ValueError(f"the five ports must differ, got {numbers}")
        return self


class OpenIDConnect(Frozen):
    """An identity provider; people are found in the roster by the e-mail that it has verified."""

    name: str
    client_id: str
    client_secret: SecretStr
    authorize_url: HttpUrl
    token_url: HttpUrl
    userdata_url: HttpUrl


class Follow(Frozen):
    """A repository elsewhere that the site takes its course from, in place of pushes."""

    url: str = Field(pattern=r"^(https://|file:///)")
    branch: str = Field(default="main", pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")
    every_seconds: int = Field(default=120, ge=10)
    secret: SecretStr | None = None
    """With it, ``POST …/services/course/followed`` signed as GitHub and Gitea sign asks at once."""


class Start(Frozen):
    """How servers start."""

    at_once: int = Field(default=3, ge=1)
    """Servers being started at the same moment; the others wait their turn and see their place."""
    timeout_seconds: int = Field(default=90, ge=10)
    """For one start, its time in the queue not counted."""


class Settings(Frozen):
    """One site: where it is, what it runs, whom it serves."""

    site: str = Field(pattern=IDENTIFIER)
    project: str = Field(default="airina", pattern=IDENTIFIER)
    public_url: HttpUrl
    course_image: ImageId
    static_url: str = Field(pattern=r"^/static-lab/[0-9a-f]+$")
    cohorts: Path
    """Folder with one folder a cohort."""
    state: Path
    """Folder of the hub's own files: its database, its keys."""
    default_language: Language = Language.FR
    network: Network = Network()
    ports: Ports = Ports()
    limits: RoleLimits = RoleLimits()
    start: Start = Start()
    invitation_days: int = Field(default=21, ge=1, le=60)
    idle_hours: float = Field(default=3.0, gt=0)
    """A server nobody has used for so long is stopped; at least a lunch break."""
    login: Literal["password", "openid"] = "password"
    openid: OpenIDConnect | None = None
    follow: Follow | None = None

    @model_validator(mode="after")
    def openid_is_described(self) -> "Settings":
        """Logging in by OpenID Connect needs a provider."""
        if self.login == "openid" and self.openid is None:
            raise ValueError(
                "login is 'openid' but there is no 'openid:' with the provider's addresses"
            )
        return self

    @property
    def course_url(self) -> str:
        """The service ``course`` as servers and the hub itself reach it, with a slash at the end."""
        return f"http://{self.network.gateway}:{self.ports.course}/services/course/"

    @property
    def names(self) -> Names:
        """Names of the site's Docker objects."""
        return Names(self.project)
