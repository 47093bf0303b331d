"""What a page that could not be shown says: what happened, and what its reader can do about it."""

from dataclasses import dataclass
from enum import Enum, auto

from hub.errors import Message


class Asked(Enum):
    """What somebody was about to do when it went wrong."""

    PAGE = auto()
    LOGIN = auto()
    """Coming back from an identity provider."""
    START = auto()
    """Opening their server."""
    SERVER = auto()
    """Reaching their server; the proxy found nobody at home."""


@dataclass(frozen=True)
class Mishap:
    """One kind of error page."""

    title: Message
    what: Message
    remedy: Message


EXPIRED = Mishap(
    Message("This page was open for too long"),
    Message(
        "For your safety a form is only valid for a while, and in the browser that asked for it."
    ),
    Message("Nothing was done. Go back to the page and try once more."),
)

NOT_LOGGED_IN = Mishap(
    Message("You are not logged in"),
    Message("The login was not completed."),
    Message("Go to the login page and begin again."),
)

NOT_STARTED = Mishap(
    Message("Your server did not start"),
    Message("Your files are safe."),
    Message("Try again. If it happens again, tell an instructor what time it was."),
)

SERVER_DOWN = Mishap(
    Message("Your server does not answer"),
    Message("It was stopped, or it is being restarted. Everything you have saved is kept."),
    Message("Go to your page and open your server again."),
)

BY_STATUS = {
    400: Mishap(
        Message("The hub did not understand this request"),
        Message("Something in the address, or in what was sent, is not as it should be."),
        Message("Go to your page and begin from there."),
    ),
    403: Mishap(
        Message("This page is not for you"),
        Message("It belongs to somebody else, or to the people who run the course."),
        Message("Go to your page. If you ought to be let in here, tell an instructor."),
    ),
    404: Mishap(
        Message("There is no such page"),
        Message("The address may have been copied badly, or what it led to is gone."),
        Message("Check the address, or go to your page."),
    ),
    405: Mishap(
        Message("This address cannot be opened like that"),
        Message("It is only meant to be reached by a button on one of our pages."),
        Message("Go to your page and begin from there."),
    ),
    429: Mishap(
        Message("Too many people at the same moment"),
        Message("Others are opening their servers just now, and the machine takes them in turn."),
        Message("Wait for a minute and try again."),
    ),
    503: Mishap(
        Message("The hub cannot do this just now"),
        Message("Something that it needs is missing or being restarted. Your files are safe."),
        Message("Wait for a minute and try again. If it does not help, tell an instructor."),
    ),
}

OURS = Mishap(
    Message("Something went wrong on our side"),
    Message("It is not your fault, and your files are safe."),
    Message("Try again. If it happens again, tell an instructor what time it was."),
)

XSRF = ("_xsrf", "XSRF")
"""What JupyterHub's English messages have in common when a form was not valid any more."""


def mishap(status: int, message: str, asked: Asked = Asked.PAGE) -> Mishap:
    """What to say about an error with this HTTP status and this message of JupyterHub's."""
    if any(sign in message for sign in XSRF):
        return EXPIRED
    if asked is Asked.SERVER and status in {502, 503, 504}:
        return SERVER_DOWN
    if asked is Asked.LOGIN:
        return NOT_LOGGED_IN
    if asked is Asked.START and status >= 500:
        return NOT_STARTED
    return BY_STATUS.get(status, OURS)
