"""What the home page says about what somebody has just asked for: ``home?said=KEY``."""

from dataclasses import dataclass

from hub.errors import Message


@dataclass(frozen=True)
class Said:
    """What came of it, and what to do."""

    what: Message
    remedy: Message | None = None
    arrivals: bool = False
    """Whether what has come is listed."""
    downloads: bool = False
    """Whether their work begins to be downloaded."""


SAID = {
    "came": Said(Message("You have the latest version of the course."), arrivals=True),
    "nothing-new": Said(Message("You already have the latest version of the course.")),
    "returned": Said(
        Message("Your course is again as it was at the save point that you chose."),
        Message("What was there before is a save point too: you can go back to it."),
    ),
    "take": Said(
        Message("Your server is running. The file with your work comes by itself."), downloads=True
    ),
    "off": Said(
        Message("Your server is not running, so it could not do this."),
        Message("Open it, then come back to this page and try again."),
    ),
    "silent": Said(
        Message("Your server did not answer. Your files are as they were."),
        Message(
            "Try again in a minute. If that does not help, stop your server and open it again."
        ),
    ),
    "in-the-way": Said(
        Message(
            "Your server could not do this now: another change is under way, or a file is in the way."
        ),
        Message("Wait for a minute and try again."),
    ),
    "no-room": Said(
        Message("Your workspace is full. Your files are as they were."),
        Message("Delete files that you no longer need, then try again."),
    ),
    "not-synced": Said(
        Message("The course could not be brought in. Your files are as they were."),
        Message("Try again in a minute. If that does not help, tell an instructor."),
    ),
    "no-notebook": Said(
        Message("There is no such notebook in your course."),
        Message("Choose one on this page."),
    ),
    "no-save-point": Said(
        Message("This save point does not exist any more. Your files are as they were."),
        Message("Choose another one."),
    ),
    "refused": Said(
        Message("Your server could not do this. Your files are as they were."),
        Message("Stop your server, open it again, then try again. Or tell an instructor."),
    ),
}
"""By a key that addresses can carry."""

BY_STATUS = {409: "in-the-way", 424: "off", 507: "no-room", 502: "silent", 503: "silent"}


def by_status(status: int | None) -> str:
    """What to say when a server answered with this HTTP status, or not at all."""
    return "silent" if status is None else BY_STATUS.get(status, "refused")
