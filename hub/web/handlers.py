"""The forms of our pages that JupyterHub only offers to JavaScript, and the switch of language."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from jupyterhub.handlers.base import BaseHandler
from jupyterhub.scopes import needs_scope
from jupyterhub.utils import url_path_join
from tornado.web import HTTPError, authenticated

from hub.i18n import parse
from hub.paths import leads_below
from hub.people import People
from hub.web.language import keep

DAY = 86_400
LIFETIMES = {"hour": 3_600, "day": DAY, "week": 7 * DAY, "month": 30 * DAY}
"""How long an access token may live, in seconds."""


class FormHandler(BaseHandler):  # type: ignore[misc]  # JupyterHub is not typed
    """An address that only takes a form; whoever opens it by hand goes home."""

    def get(self, *_: str) -> Awaitable[None] | None:
        """Go home."""
        self.go_to("home")
        return None

    def go_to(self, page: str) -> None:
        """Show another page of the hub, which asking for again does not do anything."""
        self.redirect(url_path_join(self.hub.base_url, page), status=303)


class LanguageHandler(FormHandler):
    """``POST /hub/language``: keep the choice and show the same page again."""

    def post(self) -> None:
        """Fields: ``language``, and ``next``, an address on this hub."""
        language = parse(self.get_body_argument("language", ""))
        if language is None:
            raise HTTPError(400, "unknown language")
        people: People = self.settings["template_vars"]["site"].people
        keep(self, people, language)
        wanted = self._validate_next_url(self.get_body_argument("next", ""))
        # Only pages of the hub have the switch; a server's may look like one of them.
        if not leads_below(wanted, self.hub.base_url):
            wanted = url_path_join(self.hub.base_url, "home")
        self.redirect(wanted, status=303)


class StopHandler(FormHandler):
    """``POST /hub/stop/NAME``: stop a server, or give up its start."""

    @authenticated
    @needs_scope("delete:servers")  # type: ignore[untyped-decorator]  # JupyterHub is not typed
    async def post(self, user_name: str) -> None:
        """Go home once the server has stopped, or is about to."""
        user = self.find_user(user_name)
        if user is None:
            raise HTTPError(404)
        spawner = user.spawner
        if spawner.pending == "spawn" and spawner._spawn_future:
            spawner._spawn_future.cancel()
            await asyncio.wait([spawner._spawn_future])
            await self.stop_single_user(user)
        elif spawner.ready and await spawner.poll_and_notify() is None:
            await self.stop_single_user(user)
        self.go_to("home")


class NewTokenHandler(FormHandler):
    """``POST /hub/token/new``: make an access token for a program of one's own."""

    @authenticated
    async def post(self) -> None:
        """Fields: ``note`` and ``lifetime``. The token is on the answer, and never again anywhere."""
        note = self.get_body_argument("note", "")[:200]
        seconds = LIFETIMES.get(self.get_body_argument("lifetime", ""))
        if seconds is None:
            raise HTTPError(400, "unknown lifetime")
        most = self.settings["token_expires_in_max_seconds"]
        token = self.current_user.new_api_token(
            note=note or "hub", expires_in=min(seconds, most) if most else seconds
        )
        self.set_header("Cache-Control", "no-store")
        self.finish(await self.render_template("token_made.html", made=token))


class RevokeTokenHandler(FormHandler):
    """``POST /hub/token/revoke``: a token, or what a program was allowed, no longer holds."""

    @authenticated
    def post(self) -> None:
        """Field: ``token``, the id of one of one's own tokens; all of its program go with it."""
        mine: list[Any] = list(self.current_user.api_tokens)
        wanted = self.get_body_argument("token", "")
        chosen = next((token for token in mine if token.api_id == wanted), None)
        if chosen is None:
            raise HTTPError(404, "no such token")
        ours = chosen.client_id == "jupyterhub"
        for token in [chosen] if ours else [t for t in mine if t.client_id == chosen.client_id]:
            self.db.delete(token)
        self.db.commit()
        self.go_to("token")
