"""git in an instructor's server: pushing to the site asks for nothing more than being in that server.

It is told by variables (``GIT_CONFIG_COUNT``, git-config(1)) and so leaves no trace in the workspace.
"""

from collections.abc import Mapping

from hub.cohort import Person
from hub.settings import Settings

HELPER = (
    '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" '
    '"$JUPYTERHUB_USER" "$JUPYTERHUB_API_TOKEN"; }; f'
)
"""Answers git with the server's own token, which the service takes for its person's (gitcredentials(7))."""


def git_variables(settings: Settings, person: Person) -> Mapping[str, str]:
    """Variables for the server of somebody who may push; none for anybody else.

    The public address of the repository works there as it does everywhere; it is led to where a server,
    which has no way out, reaches the service.
    """
    if not person.role.is_team:
        return {}
    inside = settings.course_url
    configuration = {
        f"url.{inside}.insteadOf": f"{settings.public_url}services/course/",
        f"credential.{inside}.helper": HELPER,
        "user.name": person.name,
        "user.email": person.email,
    }
    numbered = enumerate(configuration.items())
    return {"GIT_CONFIG_COUNT": str(len(configuration))} | {
        name: said
        for number, (key, value) in numbered
        for name, said in ((f"GIT_CONFIG_KEY_{number}", key), (f"GIT_CONFIG_VALUE_{number}", value))
    }
