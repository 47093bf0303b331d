"""Which error page is shown when."""

import pytest

from hub.web.mishaps import (
    BY_STATUS,
    EXPIRED,
    NOT_LOGGED_IN,
    NOT_STARTED,
    OURS,
    SERVER_DOWN,
    Asked,
    Mishap,
    mishap,
)


@pytest.mark.parametrize(
    ("status", "message", "asked", "expected"),
    [
        (403, "XSRF cookie does not match POST argument", Asked.PAGE, EXPIRED),
        (403, "'_xsrf' argument missing from POST", Asked.START, EXPIRED),
        (403, "Action is not authorized", Asked.PAGE, BY_STATUS[403]),
        (404, "", Asked.PAGE, BY_STATUS[404]),
        (429, "Active user limit exceeded.", Asked.START, BY_STATUS[429]),
        (500, "Unhandled error starting server", Asked.START, NOT_STARTED),
        (503, "", Asked.START, NOT_STARTED),
        (503, "", Asked.SERVER, SERVER_DOWN),
        (503, "", Asked.PAGE, BY_STATUS[503]),
        (404, "", Asked.SERVER, BY_STATUS[404]),
        (403, "", Asked.LOGIN, NOT_LOGGED_IN),
        (500, "", Asked.PAGE, OURS),
        (418, "", Asked.PAGE, OURS),
    ],
)
def test_what_is_said(status: int, message: str, asked: Asked, expected: Mishap) -> None:
    assert mishap(status, message, asked) is expected
