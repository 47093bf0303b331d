"""Why a server is not there, said to the person who waits for it, with what to do about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from docker.errors import APIError, DockerException, ImageNotFound
from jupyterhub.spawner import SpawnException
from requests.exceptions import RequestException

from hub.errors import Message
from hub.i18n import Language, render


class Reason(StrEnum):
    """The cases that are told apart."""

    IMAGE_MISSING = "image_missing"
    OUT_OF_MEMORY = "out_of_memory"
    NOTEBOOK_OUT_OF_MEMORY = "notebook_out_of_memory"
    DISK_FULL = "disk_full"
    ENGINE_UNREACHABLE = "engine_unreachable"
    ENGINE_REFUSED = "engine_refused"
    DID_NOT_ANSWER = "did_not_answer"
    STOPPED = "stopped"
    NOT_ON_ROSTER = "not_on_roster"


WHAT = {
    Reason.IMAGE_MISSING: Message("The course image is not on this machine."),
    Reason.OUT_OF_MEMORY: Message(
        "Your server stopped: it needed more than its %(memory)s GiB of memory. Your files are safe."
    ),
    Reason.NOTEBOOK_OUT_OF_MEMORY: Message(
        "A notebook was stopped: your server has %(memory)s GiB of memory, and that was used up. "
        "Your files are safe."
    ),
    Reason.DISK_FULL: Message("The disk of this site is full."),
    Reason.ENGINE_UNREACHABLE: Message("The hub cannot reach the part that runs the servers."),
    Reason.ENGINE_REFUSED: Message("Your server could not be started."),
    Reason.DID_NOT_ANSWER: Message("Your server did not answer within %(seconds)s seconds."),
    Reason.STOPPED: Message("Your server stopped by itself (code %(code)s). Your files are safe."),
    Reason.NOT_ON_ROSTER: Message("You are not on the roster of a cohort of this site."),
}

REMEDY = {
    Reason.IMAGE_MISSING: Message(
        "Tell an instructor. Whoever runs the site brings the image back with “make up”."
    ),
    Reason.OUT_OF_MEMORY: Message(
        "Open your server again, and run one notebook at a time, on less data. "
        "If it happens again, tell an instructor."
    ),
    Reason.NOTEBOOK_OUT_OF_MEMORY: Message(
        "Shut down the notebooks that you do not need, and try on less data."
    ),
    Reason.DISK_FULL: Message(
        "Tell an instructor. Whoever runs the site must free some room on the disk."
    ),
    Reason.ENGINE_UNREACHABLE: Message(
        "Try again in a minute. If that does not help, tell an instructor: Docker must be started."
    ),
    Reason.ENGINE_REFUSED: Message(
        "Try again. If that does not help, tell an instructor: the reason is in the hub’s log."
    ),
    Reason.DID_NOT_ANSWER: Message(
        "Try again. If that does not help, tell an instructor: the machine may be overloaded."
    ),
    Reason.STOPPED: Message("Open it again. If it keeps stopping, tell an instructor."),
    Reason.NOT_ON_ROSTER: Message("Tell the person who invited you: they can add you."),
}


@dataclass(frozen=True)
class Failure:
    """One failure, as the pages show it and as the hub remembers it over a restart."""

    reason: Reason
    values: dict[str, object] = field(default_factory=dict)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def message(self) -> Message:
        """What happened."""
        return Message(WHAT[self.reason].text, self.values)

    @property
    def remedy(self) -> Message:
        """What the person can do."""
        return REMEDY[self.reason]

    def to_state(self) -> dict[str, object]:
        """For the hub's database."""
        return {"reason": self.reason.value, "values": self.values, "at": self.at.isoformat()}

    @classmethod
    def from_state(cls, state: Any) -> "Failure | None":
        """From the hub's database; None for a state of which nothing can be made any more."""
        try:
            at = datetime.fromisoformat(state["at"])
            return cls(Reason(state["reason"]), dict(state["values"]), at)
        except (TypeError, KeyError, ValueError):
            return None


class SpawnFailed(SpawnException):  # type: ignore[misc]  # JupyterHub is not typed
    """A server that could not be started.

    JupyterHub shows the ``message_html`` of its own SpawnException on one page only; what it looks for
    on all the others is ``jupyterhub_message``.
    """

    def __init__(self, failure: Failure, language: Language) -> None:
        self.failure = failure
        self.course_message = failure.message
        self.course_remedy = failure.remedy
        told = f"{render(failure.message, language)} {render(failure.remedy, language)}"
        super().__init__(
            told, reason=failure.reason.value, log_message=str(failure.message), status_code=503
        )
        self.jupyterhub_message = told


def reason_of(error: DockerException | RequestException) -> Reason:
    """Which case an error of the Docker client is."""
    if isinstance(error, ImageNotFound):
        return Reason.IMAGE_MISSING
    if isinstance(error, APIError):
        return Reason.DISK_FULL if says_disk_full(str(error)) else Reason.ENGINE_REFUSED
    return Reason.ENGINE_UNREACHABLE


def says_disk_full(text: str) -> bool:
    """Whether a message of the system, of Docker or of a server's log is about a full disk."""
    return any(sign in text.lower() for sign in ("no space left on device", "quota exceeded"))
