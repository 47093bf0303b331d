"""What a person reads while their server starts, in their language."""

from enum import IntEnum

from hub.errors import Message
from hub.i18n import Language, render


class Stage(IntEnum):
    """How far a start has come, once it is its turn; the value is the percentage of the bar."""

    STARTING = 30
    ANSWERING = 60


WAITING = 5
"""The percentage for somebody who waits for their turn."""

PLACE = Message("Several people are opening their servers; yours is number %(place)s.")

TEXTS = {
    Stage.STARTING: Message("Your server is starting."),
    Stage.ANSWERING: Message("Your notebooks are on their way."),
}

READY = Message("Your server is ready.")


def event(stage: Stage, place: int, language: Language) -> dict[str, object]:
    """One event of JupyterHub's progress stream; ``place`` is 0 for somebody who does not wait."""
    if place:
        text = render(Message(PLACE.text, {"place": place}), language)
        return {"progress": WAITING, "message": text, "place": place}
    return {"progress": int(stage), "message": render(TEXTS[stage], language)}
