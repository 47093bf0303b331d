"""A browser at a test's hub, whose pages are JSON (``pages/``)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from hub.login.store import NewInvitation, Store
from hub.login.tokens import new_code, new_token
from tests.unit.hub.login.running import RunningHub

PASSWORD = "palmier vert, train de nuit"
WRONG = "océan gris, lampe de poche"
IN_THE_WRONG_FIELD = "my-secret-in-the-wrong-field"


def invite(hub: RunningHub, username: str, days: float = 21) -> NewInvitation:
    now = datetime.now(UTC)
    new = NewInvitation(username, new_token(), new_code(), now + timedelta(days=days))
    Store(hub.folder).issue([new], now)
    return new


class Browser:
    """A browser with its own cookies and address; pages of the test are JSON."""

    count = 0

    def __init__(self, hub: RunningHub) -> None:
        Browser.count += 1
        self.hub = hub
        self.session = requests.Session()
        self.session.headers["X-Forwarded-For"] = f"192.0.2.{Browser.count}"

    def get(self, path: str, **query: str) -> requests.Response:
        return self.session.get(
            self.hub.url + path, params=query, allow_redirects=False, timeout=20
        )

    def send(
        self, path: str, query: dict[str, str] | None = None, **fields: str
    ) -> requests.Response:
        xsrf = next((c.value for c in self.session.cookies if c.name == "_xsrf"), None)
        data = {"_xsrf": xsrf, **fields}
        return self.session.post(
            self.hub.url + path, params=query, data=data, allow_redirects=False, timeout=20
        )

    def log_in(self, name: str, password: str, **query: str) -> requests.Response:
        self.get("/hub/login")
        return self.send("/hub/login", query, username=name, password=password)

    def accept(
        self, token: str, password: str = PASSWORD, language: str = "fr"
    ) -> requests.Response:
        self.get("/hub/invitation", token=token)
        return self.send("/hub/invitation", token=token, password=password, language=language)


def page(answer: requests.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.text)
    return found
