"""The board: what instructors see of the course while it runs, and what they can do about it.

Instructors see and change their own cohort, admins all; for everybody else these addresses are forbidden.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from jupyterhub.utils import url_path_join
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, authenticated

from hub.cohort import Cohort, Person
from hub.errors import Message
from hub.i18n import Language
from hub.journal import LONGEST, Verdict
from hub.web import board_view, wording
from hub.web.board_asks import ASKS, DONE, Form, Mistakes, Nonsense
from hub.web.board_live import Watcher, tell
from hub.web.board_person import PersonHandler
from hub.web.board_staff import StaffHandler, running
from hub.web.language import language_of

VERDICTS = {
    Verdict.RUNNING: Message("Being judged"),
    Verdict.PASSED: Message("Passed"),
    Verdict.REFUSED: Message("Refused"),
    Verdict.BROKEN: Message("Not judged"),
}

WATCHER = "board_watcher"
"""Where the application keeps it."""


def handlers() -> list[tuple[str, type[StaffHandler]]]:
    """The addresses of the board, below the hub's."""
    return [
        (r"/board", BoardHandler),
        (r"/board/events", EventsHandler),
        (r"/board/([a-z0-9-]+)/([a-z0-9-]+)", PersonHandler),
    ]


@dataclass(frozen=True)
class Refused:
    """A form that had mistakes: which one, what was typed, what is wrong, by field."""

    cohort: str = ""
    what: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    mistakes: Mistakes = field(default_factory=dict)

    def at(self, cohort: str, what: str, **same: object) -> "Refused":
        """This, if it is about that form; else nothing."""
        about = self.cohort == cohort and self.what == what
        if about and all(self.fields.get(name) == str(value) for name, value in same.items()):
            return self
        return Refused()


class BoardHandler(StaffHandler):
    """``/hub/board``."""

    @authenticated
    async def get(self) -> None:
        """The board; ``?done=FORM&cohort=ID`` says what was done, and where."""
        me = self.staff()
        done = self.get_query_argument("cohort", ""), self.get_query_argument("done", "")
        await self.show(me, Refused(), done)

    @authenticated
    async def post(self) -> None:
        """Fields: ``what``, a name in ``ASKS``; ``cohort``; and those of that form."""
        me = self.staff()
        fields = {name: self.get_body_argument(name) for name in self.request.body_arguments}
        what, cohort = fields.get("what", ""), self.cohort(me, fields.get("cohort", ""))
        if what not in ASKS:
            raise HTTPError(400, "unknown form")
        form = Form(cohort, fields, me.username, datetime.now(UTC), self.running)
        try:
            mistakes = ASKS[what](form, self.delivery.journal)
        except Nonsense:
            raise HTTPError(400, "unknown values") from None
        if mistakes:
            self.set_status(422)
            await self.show(me, Refused(cohort.id, what, fields, mistakes))
        else:
            board = f"board?done={what}&cohort={cohort.id}#{cohort.id}"
            self.redirect(url_path_join(self.hub.base_url, board), status=303)

    async def show(self, me: Person, refused: Refused, done: tuple[str, str] = ("", "")) -> None:
        """The page."""
        language = language_of(self, self.people)
        # In a thread: reading what forty servers have told takes a while, and the hub serves everybody.
        views = await asyncio.to_thread(self.views, self.cohorts(me), self.running, language)
        page = await self.render_template(
            "board.html",
            views=views,
            gate=self.delivery.journal.last_gate(),
            refused=refused,
            done={done[0]: DONE.get(done[1])},
            longest=LONGEST,
            states={has.value: text for has, text in board_view.SAID.items()},
            verdicts=VERDICTS,
            at=partial(wording.moment, language=language),
            field_value=board_view.field_value,
        )
        self.finish(page)

    def views(
        self, cohorts: Sequence[Cohort], runs: frozenset[str], language: Language
    ) -> list[board_view.View]:
        """What the page says of each cohort."""
        now = datetime.now(UTC)
        return [board_view.view(one, self.delivery, runs, now, language) for one in cohorts]


class EventsHandler(StaffHandler):
    """``/hub/board/events``: says ``changed`` whenever the board has, as long as somebody listens."""

    @authenticated
    async def get(self) -> None:
        """A stream of server-sent events."""
        self.staff()
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")
        with self.watcher.board() as self._changed:
            try:
                await tell(self._changed, self.send)
            except StreamClosedError:
                return

    async def send(self, text: str) -> None:
        """Write to the reader. Raises StreamClosedError when there is none any more."""
        if self._finished or self._gone:
            raise StreamClosedError
        self.write(text)
        await self.flush()

    _gone = False

    def on_connection_close(self) -> None:
        """The reader has left: end now, and not at the next change."""
        super().on_connection_close()
        self._gone = True
        self._changed.set()

    @property
    def watcher(self) -> Watcher:
        """The hub's only one."""
        known: Watcher | None = self.settings.get(WATCHER)
        if known is None:
            known = Watcher(self.delivery.state, partial(running, self.users))
            self.settings[WATCHER] = known
        return known
