"""What a person reads while their server starts, in their language."""

from enum import IntEnum

from hub.errors import Message
from hub.i18n import Language, render


class Stage(IntEnum):
    """How far a start has come; the value is the percentage of the bar."""

    WAITING = 5
    STARTING = 30
    ANSWERING = 60


TEXTS = {
    Stage.WAITING: Message("Several people are opening their servers; yours is number %(place)s."),
    Stage.STARTING: Message("Your server is starting."),
    Stage.ANSWERING: Message("Your notebooks are being brought."),
}

READY = Message("Your server is ready.")


def event(stage: Stage, place: int, language: Language) -> dict[str, object]:
    """One event of JupyterHub's progress stream; ``place`` is there only for somebody who waits."""
    text = Message(TEXTS[stage].text, {"place": place} if place else {})
    told: dict[str, object] = {"progress": int(stage), "message": render(text, language)}
    return told | ({"place": place} if place else {})
