"""What a person's server may use and what it sees: limits, files, variables (rights: ``hub.confinement``)."""

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


def limits_of(person: Person, cohort: Cohort, settings: Settings) -> Limits:
    """What the person's role may use: as the cohort's calendar says, else as the site's settings do."""
    calendar = cohort.calendar
    said = calendar.limits if "limits" in calendar.model_fields_set else settings.limits
    limits: Limits = getattr(said, person.role.value)
    return limits


def labels(names: Names, person: Person) -> dict[str, str]:
    """By which everything of a site, and everything of a person, is found again."""
    return {Names.LABEL: names.project, PERSON_LABEL: person.username}


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
