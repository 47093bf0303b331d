"""What a person's server may use and what it sees: limits, rights, files, variables."""

from collections.abc import Mapping

from hub.cohort import Cohort, Person
from hub.i18n import Language
from hub.naming import Names
from hub.settings import Limits, Settings

HOME = "/home/participant"
"""Where the workspace is in the container."""

RELEASES = "/srv/course"
"""Where the cohort's release is in the container, read-only."""

PERSON_LABEL = "africa.airina.person"

COMMAND = ("/opt/course/bin/course-server",)
"""By its absolute path: nothing in a workspace can take its place."""

GIB = 2**30


def limits_of(person: Person, cohort: Cohort, settings: Settings) -> Limits:
    """What the person's role may use: as the cohort's calendar says, else as the site's settings do."""
    calendar = cohort.calendar
    said = calendar.limits if "limits" in calendar.model_fields_set else settings.limits
    limits: Limits = getattr(said, person.role.value)
    return limits


def memory_bytes(limits: Limits) -> int:
    """Bytes of memory. An integer: DockerSpawner would hand a text like ``2G`` on to the server."""
    return int(limits.memory_gib * GIB)


def labels(names: Names, person: Person) -> dict[str, str]:
    """By which everything of a site, and everything of a person, is found again."""
    return {Names.LABEL: names.project, PERSON_LABEL: person.username}


def host_config(limits: Limits) -> dict[str, object]:
    """Docker's settings for the container beyond those that DockerSpawner has traits for."""
    return {
        # The hub removes a container itself, after it has read how it ended.
        "auto_remove": False,
        "memswap_limit": memory_bytes(limits),  # memory and swap together: that is, no swap
        "pids_limit": limits.pids,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        # The workspace and these two are all that can be written to.
        "read_only": True,
        "tmpfs": {"/tmp": "rw,nosuid,nodev,exec,mode=1777,size=512m"},  # noqa: S108 (in the container)
        "shm_size": 256
        * 2**20,  # PyTorch's data loaders pass tensors through it; the default is 64 MB
        "ulimits": [
            {"name": "nofile", "soft": 8192, "hard": 8192},
            {"name": "core", "soft": 0, "hard": 0},  # a crash must not fill the workspace
        ],
        "log_config": {"type": "json-file", "config": {"max-size": "1m", "max-file": "2"}},
    }


def environment(settings: Settings, language: Language) -> Mapping[str, str]:
    """Variables beside JupyterHub's own."""
    return {
        # LANG alone: with LC_ALL, git's messages are translated and nbgitpuller cannot read them.
        "LANG": language.lang_variable,
        "COURSE_STATIC_URL": settings.static_url,
        "COURSE_SERVICE_URL": settings.course_url,
        # Connection files are of no use to the next server; in the workspace they would pile up.
        "JUPYTER_RUNTIME_DIR": "/tmp/jupyter-runtime",  # noqa: S108 (in the container)
    }
