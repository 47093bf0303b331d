"""The admin's commands: ``hub invite …`` and ``hub course …``.

Run inside the hub's container, beside the hub. Mistakes are told as lines in the language of ``LANG``,
with exit status 1; a wrong use of the command itself ends with status 2.
"""

import argparse
import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from hub.cli_course import add_course
from hub.cli_invite import issue_command, list_command, revoke_command
from hub.delivery.git import GitFailed
from hub.errors import CourseError, InvalidInput, Message
from hub.i18n import Language, parse, render
from hub.report import lines

RELEASES = Path("/srv/hub/releases")

STATE = Message("The hub’s own files could not be read or written: %(reason)s.")
AGAIN = Message("see that the disk has room, then run it again.")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the command has done what it says."""
    options = _parser().parse_args(arguments)
    language = parse(os.environ.get("LANG")) or Language.EN
    try:
        options.run(options)
    except CourseError as error:
        print("\n".join(_told(error, language)), file=sys.stderr)
        return 1
    except OSError as error:
        print(render(_of_a_file(error), language), file=sys.stderr)
        return 1
    except (sqlite3.Error, GitFailed) as error:
        unread = CourseError(Message(STATE.text, {"reason": error}), AGAIN)
        print("\n".join(_told(unread, language)), file=sys.stderr)
        return 1
    return 0


def _of_a_file(error: OSError) -> Message:
    """Which file, and why; of several that could not be copied, the first."""
    file, reason = error.filename, error.strerror
    if isinstance(error, shutil.Error):
        [(file, _, reason), *_] = error.args[0]
    return Message(
        "%(file)s cannot be read or written: %(reason)s", {"file": file, "reason": reason}
    )


def _told(error: CourseError, language: Language) -> list[str]:
    if isinstance(error, InvalidInput):
        return lines(error, language)
    told: dict[str, object] = {"what": error.message, "remedy": error.remedy}
    text = Message("%(what)s What to do: %(remedy)s", told) if error.remedy else error.message
    return [render(text, language)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("hub", description="The admin's commands of a site.")
    known = os.environ.get("HUB_SETTINGS")
    parser.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        default=known,
        required=known is None,
        help="the site's settings (default: HUB_SETTINGS)",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    invite = commands.add_parser("invite", help="invitations: who may choose a password")
    _add_invite(invite.add_subparsers(required=True, metavar="COMMAND"))
    course = commands.add_parser("course", help="what each cohort sees, and who has it")
    course.add_argument("--releases", type=Path, metavar="DIR", default=RELEASES)
    add_course(course.add_subparsers(required=True, metavar="COMMAND"))
    return parser


def _add_invite(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    issue = commands.add_parser(
        "issue", help="invite people; an invitation they have not used yet is revoked"
    )
    issue.add_argument("--cohort", metavar="ID", help="only the people of this cohort")
    issue.add_argument(
        "--person", metavar="USERNAME", nargs="+", action="extend", help="only these people"
    )
    issue.add_argument(
        "--missing",
        action="store_true",
        help="only who has neither a password nor an open invitation",
    )
    issue.add_argument("--slips", type=Path, metavar="DIR", required=True, help="where slips go")
    issue.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    issue.set_defaults(run=issue_command)

    listing = commands.add_parser("list", help="how far everybody is")
    listing.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    listing.set_defaults(run=list_command)

    revoke = commands.add_parser("revoke", help="withdraw somebody's open invitation")
    revoke.add_argument("username", metavar="USERNAME")
    revoke.set_defaults(run=revoke_command)


if __name__ == "__main__":
    sys.exit(main())
