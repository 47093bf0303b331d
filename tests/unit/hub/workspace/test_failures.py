"""Failures: told apart, told to the person, kept over a restart of the hub."""

import docker.errors
import pytest
import requests

from hub.i18n import Language
from hub.workspace.failures import REMEDY, WHAT, Failure, Reason, SpawnFailed, reason_of

VALUES: dict[str, object] = {"memory": "2", "seconds": 90, "code": 1}


def api_error(text: str) -> docker.errors.APIError:
    return docker.errors.APIError("500 Server Error", explanation=text)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (docker.errors.ImageNotFound("no such image"), Reason.IMAGE_MISSING),
        (api_error("write /var/lib: no space left on device"), Reason.DISK_FULL),
        (api_error("Disk quota exceeded"), Reason.DISK_FULL),
        (api_error("network airina-workspaces not found"), Reason.ENGINE_REFUSED),
        (docker.errors.NotFound("network"), Reason.ENGINE_REFUSED),
        (docker.errors.DockerException("while fetching API version"), Reason.ENGINE_UNREACHABLE),
        (requests.exceptions.ConnectionError(), Reason.ENGINE_UNREACHABLE),
        (requests.exceptions.ReadTimeout(), Reason.ENGINE_UNREACHABLE),
    ],
)
def test_an_error_of_docker_is_a_case(error: docker.errors.DockerException, reason: Reason) -> None:
    assert reason_of(error) is reason


@pytest.mark.parametrize("reason", Reason)
def test_every_case_says_what_happened_and_what_to_do(reason: Reason) -> None:
    failure = Failure(reason, VALUES)
    assert "%(" not in str(failure.message)
    assert str(failure.remedy)
    assert set(WHAT) == set(REMEDY) == set(Reason)


def test_a_failure_survives_in_the_hubs_database() -> None:
    failure = Failure(Reason.OUT_OF_MEMORY, {"memory": "2"})
    assert Failure.from_state(failure.to_state()) == failure


@pytest.mark.parametrize("state", [None, {}, {"reason": "of another version"}, [], "text"])
def test_a_state_that_is_not_understood_is_no_failure(state: object) -> None:
    assert Failure.from_state(state) is None


def test_jupyterhub_shows_the_message_and_the_remedy_on_all_its_pages() -> None:
    failed = SpawnFailed(Failure(Reason.IMAGE_MISSING), Language.EN)
    assert failed.jupyterhub_message.startswith("The course image is not on this machine. Tell")
    assert failed.course_message.text == WHAT[Reason.IMAGE_MISSING].text
    assert failed.course_remedy.text == REMEDY[Reason.IMAGE_MISSING].text
    assert failed.status_code == 503
    assert failed.reason == "image_missing"
