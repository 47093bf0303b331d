"""git in an instructor's server, asked itself what it would do."""

import os
import subprocess
from pathlib import Path

import pytest

from hub.cohort import Mode, Person, Role
from hub.i18n import Language
from hub.settings import Settings
from hub.workspace.pushing import git_variables

PUBLIC = "https://hub.example.org/services/course/course.git"


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate(
        {
            "site": "test",
            "public_url": "https://hub.example.org",
            "course_image": f"sha256:{'0' * 64}",
            "static_url": "/static-lab/0",
            "cohorts": Path(),
            "state": Path(),
        }
    )


def person(role: Role) -> Person:
    return Person(
        username="cot-90",
        name="Bérénice d’Almeida",
        email="berenice@example.org",
        language=Language.FR,
        role=role,
        mode=Mode.ON_SITE,
        time_zone="Africa/Porto-Novo",
        cohort="2027a-test",
    )


def git(variables: dict[str, str], *arguments: str, given: str = "") -> str:
    """What real git says with these variables and nobody's files."""
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "JUPYTERHUB_USER": "cot-90",
        "JUPYTERHUB_API_TOKEN": "of-this-server",
        "GIT_TERMINAL_PROMPT": "0",
        **variables,
    }
    done = subprocess.run(
        ["git", *arguments],
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_participants_git_is_their_own(settings: Settings) -> None:
    assert git_variables(settings, person(Role.PARTICIPANT)) == {}


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMIN])
def test_the_public_address_leads_to_the_service(settings: Settings, role: Role) -> None:
    variables = dict(git_variables(settings, person(role)))
    led = git(variables, "ls-remote", "--get-url", PUBLIC).strip()
    assert led == "http://10.213.0.1:8082/services/course/course.git"
    elsewhere = "https://example.org/course.git"
    assert git(variables, "ls-remote", "--get-url", elsewhere).strip() == elsewhere


def test_git_answers_the_service_with_the_servers_own_token_and_nobody_else(
    settings: Settings,
) -> None:
    variables = dict(git_variables(settings, person(Role.INSTRUCTOR)))
    asked = f"url={settings.course_url}course.git\n\n"
    said = git(variables, "credential", "fill", given=asked).splitlines()
    assert {"username=cot-90", "password=of-this-server"} <= set(said)
    with pytest.raises(subprocess.CalledProcessError):
        git(variables, "credential", "fill", given="url=https://example.org/course.git\n\n")


def test_what_they_commit_bears_their_name(settings: Settings) -> None:
    variables = dict(git_variables(settings, person(Role.INSTRUCTOR)))
    assert git(variables, "config", "user.name").strip() == "Bérénice d’Almeida"
    assert git(variables, "config", "user.email").strip() == "berenice@example.org"
