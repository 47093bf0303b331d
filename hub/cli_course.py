"""``hub course``: the board's work as commands. ``plan`` shows what ``apply`` would do.

They write into the journal what is wanted, as the board does; the service ``course`` acts on it at once.
"""

import argparse
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from hub.asking import fault_of_text, fault_of_wish, moment
from hub.cohort import Cohort
from hub.delivery.course import Strange
from hub.delivery.git import GitFailed
from hub.delivery.releaser import Releaser
from hub.delivery.seed import seed
from hub.delivery.sources import Sources
from hub.errors import CourseError, InvalidInput, Message
from hub.files import load_cohorts, load_settings
from hub.i18n import Language, parse, render
from hub.journal import Journal
from hub.opening import Asked, Part, Standing, Wish, next_change
from hub.report import lines

OPERATOR = "operator"
"""Who asks, in the journal: commands run on the host, as nobody of the roster."""


class Site:
    """What the commands work with."""

    def __init__(self, options: argparse.Namespace) -> None:
        settings = load_settings(options.settings)
        self.cohorts = load_cohorts(settings.cohorts)
        self.image = settings.course_image
        self.journal = Journal(settings.state)
        self.sources = Sources(settings.state)
        self.releaser = Releaser(self.cohorts, self.journal, self.sources, options.releases)
        self.language = parse(os.environ.get("LANG")) or Language.EN

    def chosen(self, cohort: str | None) -> list[Cohort]:
        """The cohort that is meant, or all of them; raises CourseError when there is no such cohort."""
        found = [one for one in self.cohorts.all if cohort in (None, one.id)]
        if not found:
            names = ", ".join(one.id for one in self.cohorts.all)
            raise CourseError(
                Message("There is no cohort %(cohort)s.", {"cohort": cohort}),
                Message("write one of: %(names)s.", {"names": names}),
            )
        return found


def status_command(options: argparse.Namespace) -> None:
    """Each cohort: what is out, how many have it, what comes next, what is wrong."""
    site, now = Site(options), datetime.now(UTC)
    told = [status(site, cohort, now) for cohort in site.cohorts.all]
    _print(options, {"source": site.sources.head(), "cohorts": told}, _status_lines(told))


def status(site: Site, cohort: Cohort, now: datetime) -> dict[str, object]:
    """One cohort's state, for programs."""
    release = site.journal.releases().get(cohort.id)
    workspaces, troubles = site.journal.workspaces(), site.journal.troubles()
    names = [person.username for person in cohort.people]
    have = [
        name
        for name in names
        if release and name in workspaces and workspaces[name].commit == release.head
    ]
    target = site.releaser.target(cohort, now)
    coming = next_change(target.standings, now) if target else None
    return {
        "cohort": cohort.id,
        "release": release.head if release else None,
        "source": release.source if release else None,
        "open": sorted(f"{part}-{day}" for day, part in release.parts) if release else [],
        "have": len(have),
        "people": len(names),
        "behind": sorted(set(names) - set(have)),
        "troubles": {name: troubles[name].cause for name in names if name in troubles},
        "next": _coming(coming),
        "stuck": list(site.journal.stuck_cohorts(site.language).get(cohort.id, ())),
    }


def _coming(coming: Standing | None) -> dict[str, object] | None:
    if coming is None or coming.opens_at is None:
        return None
    return {"day": coming.day, "part": coming.part, "at": coming.opens_at.isoformat()}


def _status_lines(told: Iterable[dict[str, object]]) -> Iterable[str]:
    for one in told:
        yield (
            f"{one['cohort']} {str(one['release'])[:10]} {one['have']}/{one['people']} "
            f"open={','.join(one['open']) or '-'} next={json.dumps(one['next'])}"  # type: ignore[arg-type]
        )
        yield from (f"  {problem}" for problem in one["stuck"])  # type: ignore[attr-defined]


def opening_command(options: argparse.Namespace) -> None:
    """Open, close or postpone a day or its solutions, or leave it to the calendar again."""
    site, now = Site(options), datetime.now(UTC)
    which = options.day, Part.SOLUTIONS if options.solutions else Part.DAY
    cohorts = site.chosen(options.cohort)
    wishes = {cohort.id: _asked(options, cohort, now) for cohort in cohorts}
    for cohort in cohorts:
        if fault := fault_of_wish(site.journal, cohort, which, wishes[cohort.id], now):
            raise CourseError(fault)
    told = [plan(site, cohort, now, which, wishes[cohort.id]) for cohort in cohorts]
    if options.apply:
        for cohort in cohorts:
            site.journal.ask(cohort.id, *which, wishes[cohort.id], OPERATOR)
    _print(options, {"applied": options.apply, "cohorts": told}, _plan_lines(told))


def _asked(options: argparse.Namespace, cohort: Cohort, now: datetime) -> Asked:
    """The wish; ``--at`` is on the cohort's clock where it names no zone."""
    if options.wish is not Wish.POSTPONE:
        return Asked(options.wish, at=now)
    opens_at = moment(options.at, cohort)
    if isinstance(opens_at, Message):
        raise CourseError(opens_at)
    return Asked(options.wish, opens_at, now)


def plan(
    site: Site, cohort: Cohort, now: datetime, which: tuple[int, Part], asked: Asked
) -> dict[str, object]:
    """What a wish does to one cohort: what opens and closes, the files, what keeps them from coming."""
    before, after = (site.releaser.target(cohort, now, wish) for wish in ({}, {which: asked}))
    opened = [set(target.edition.parts) if target else set() for target in (before, after)]
    files: dict[str, str] = {}
    problems: list[str] = []
    try:
        files = site.releaser.plan(cohort, now, {which: asked})
    except InvalidInput as error:  # the wish stands all the same: to close a day may be the way out
        problems = lines(error, site.language)
    return {
        "cohort": cohort.id,
        "opens": sorted(f"{part}-{day}" for day, part in opened[1] - opened[0]),
        "closes": sorted(f"{part}-{day}" for day, part in opened[0] - opened[1]),
        "files": files,
        "problems": problems,
    }


def _plan_lines(told: Iterable[dict[str, object]]) -> Iterable[str]:
    for one in told:
        yield f"{one['cohort']}: {len(one['files'])}"  # type: ignore[arg-type]
        for what in ("opens", "closes"):
            yield from (f"  {what} {part}" for part in one[what])  # type: ignore[attr-defined]
        files: dict[str, str] = one["files"]  # type: ignore[assignment]
        yield from (f"  {what} {name}" for name, what in sorted(files.items()))
        yield from (f"  {problem}" for problem in one["problems"])  # type: ignore[attr-defined]


def sync_command(options: argparse.Namespace) -> None:
    """Ask servers that run to sync now, whatever was tried before."""
    site = Site(options)
    wanted = [
        person.username
        for cohort in site.chosen(options.cohort)
        for person in cohort.people
        if options.person in (None, person.username)
    ]
    if not wanted:
        raise CourseError(
            Message("Nobody here has the user name %(names)s.", {"names": options.person}),
            Message("write user names as they stand in roster.csv."),
        )
    site.journal.ask_again(wanted)
    _print(options, {"asked": wanted}, wanted)


def announce_command(options: argparse.Namespace) -> None:
    """Tell a cohort something, in both languages; open JupyterLabs show it."""
    site = Site(options)
    [cohort] = site.chosen(options.cohort)
    for text in (options.fr, options.en):
        if fault := fault_of_text(text.strip()):
            raise CourseError(fault)
    number = site.journal.announce(cohort.id, options.fr.strip(), options.en.strip(), OPERATOR)
    _print(options, {"cohort": cohort.id, "announcement": number}, [f"{cohort.id} {number}"])


def gate_command(options: argparse.Namespace) -> None:
    """The last push: what its author was told."""
    site = Site(options)
    gate = site.journal.last_gate()
    if gate is None:
        _print(options, {}, [render(Message("Nothing has been pushed yet."), site.language)])
        return
    told = json.loads(gate.model_dump_json())
    _print(options, told, [*gate.lines, f"{gate.head[:10]} {gate.by} {gate.verdict}"])


def seed_command(options: argparse.Namespace) -> None:
    """Take the course that provisioning has landed, unless the team has pushed since; then release."""
    site = Site(options)
    try:
        planted = seed(site.sources, site.journal, site.image, options.content)
    except Strange as error:
        raise CourseError(error.messages[0]) from error
    except GitFailed as error:
        raise CourseError(
            Message("The course could not be taken: %(reason)s.", {"reason": error}),
            Message("see that the disk has room, then run it again; nothing has changed."),
        ) from error
    changed = site.releaser.bring(datetime.now(UTC))
    stuck = site.journal.stuck_cohorts(site.language)
    told = {
        "changed": bool(planted.new or changed),
        "source": planted.commit,
        "pushed_since": planted.pushed_since,
        "cohorts": {one.id: one.id in changed for one in site.cohorts.all},
        "stuck": stuck,
    }
    _print(options, told, [json.dumps(told)])


def _print(options: argparse.Namespace, told: object, lines: Iterable[str]) -> None:
    print(json.dumps(told) if options.json else "\n".join(lines))


def add_course(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The parser of ``hub course …``."""

    def command(name: str, text: str, run: object) -> argparse.ArgumentParser:
        parser = commands.add_parser(name, help=text)
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        parser.set_defaults(run=run)
        return parser

    command("status", "what is out, who has it, what comes next", status_command)
    command("gate", "the last push, as its author was told", gate_command)
    for name, text in (
        ("plan", "what would be released"),
        ("apply", "release it, or take it from view"),
    ):
        _add_wishes(commands.add_parser(name, help=text), apply=name == "apply")
    sync = command("sync", "ask servers that run to take the release now", sync_command)
    sync.add_argument("--cohort", metavar="ID")
    sync.add_argument("--person", metavar="USERNAME")
    announce = command("announce", "a sentence to everybody of a cohort", announce_command)
    announce.add_argument("--cohort", metavar="ID", required=True)
    announce.add_argument("--fr", metavar="TEXT", required=True)
    announce.add_argument("--en", metavar="TEXT", required=True)
    planted = command("seed", "take the course that provisioning has landed", seed_command)
    planted.add_argument("--content", type=Path, metavar="DIR", default=Path("/srv/hub/content"))


def _add_wishes(parser: argparse.ArgumentParser, apply: bool) -> None:
    wishes = parser.add_subparsers(required=True, metavar="WISH")
    for wish, text in (
        (Wish.OPEN, "now"),
        (Wish.CLOSE, "until somebody opens it"),
        (Wish.POSTPONE, "to another time"),
        (Wish.CALENDAR, "as cohort.yml says"),
    ):
        one = wishes.add_parser(wish.value, help=text)
        one.add_argument("--cohort", metavar="ID", help="only this cohort")
        one.add_argument("--day", type=int, choices=range(1, 6), required=True)
        one.add_argument(
            "--solutions", action="store_true", help="the day's solutions, not the day"
        )
        if wish is Wish.POSTPONE:
            one.add_argument("--at", metavar="2027-03-02T09:30", required=True)
        one.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        one.set_defaults(run=opening_command, wish=wish, apply=apply)
