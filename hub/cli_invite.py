"""``hub invite``: the admin's commands about invitations. They never print a link or a code."""

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from hub.cohort import Person
from hub.errors import CourseError, Message
from hub.files import load_cohorts, load_settings
from hub.login.issue import alone, issue, missing
from hub.login.store import Invitation, Store
from hub.people import People
from hub.settings import Settings


def issue_command(options: argparse.Namespace) -> None:
    """Invite people and write their slips; a line, or an object in JSON, for each of them."""
    settings, people, store = _site(options)
    chosen = _chosen(people, options.cohort, options.person)
    with alone(settings.state):
        now = datetime.now(UTC)
        if options.missing:
            chosen = missing(chosen, store, now)
        issued = issue(settings, people, store, chosen, options.slips, now)
    if options.json:
        told = [
            {
                "username": one.person.username,
                "cohort": one.person.cohort,
                "file": str(one.file),
                "pdf": str(one.pdf),
            }
            for one in issued
        ]
        print(json.dumps({"changed": bool(issued), "issued": told}))
    else:
        for one in issued:
            print(one.person.username, one.person.role, one.language, one.file, one.pdf)


def list_command(options: argparse.Namespace) -> None:
    """Everybody, whether they have a password, and what became of their latest invitation."""
    _, people, store = _site(options)
    now = datetime.now(UTC)
    with_password, latest = store.with_password(), store.latest()
    told = [
        {
            "username": person.username,
            "cohort": person.cohort,
            "role": person.role.value,
            "password": person.username in with_password,
            **_state(latest.get(person.username), now),
        }
        for person in people.cohorts.people
    ]
    if options.json:
        print(json.dumps({"people": told}))
    else:
        for one in told:
            password = "password" if one["password"] else "no-password"
            print(one["username"], one["role"], password, one["invitation"], one["expires"] or "-")


def revoke_command(options: argparse.Namespace) -> None:
    """Withdraw an open invitation; their password, if they have one, stays."""
    _, people, store = _site(options)
    [person] = _chosen(people, None, [options.username])
    withdrawn = store.revoke(person.username, datetime.now(UTC))
    print(person.username, "revoked" if withdrawn else "unchanged")


def _site(options: argparse.Namespace) -> tuple[Settings, People, Store]:
    settings = load_settings(options.settings)
    if settings.openid and settings.login == "openid":
        raise CourseError(
            Message(
                "People of this site log in with %(provider)s; there are no invitations.",
                {"provider": settings.openid.name},
            )
        )
    people = People(load_cohorts(settings.cohorts), settings.state / "people.db")
    return settings, people, Store(settings.state)


def _chosen(people: People, cohort: str | None, usernames: Sequence[str] | None) -> list[Person]:
    """The people who are meant; raises CourseError with every name that nobody has."""
    cohorts = [one.id for one in people.cohorts.all]
    if cohort is not None and cohort not in cohorts:
        raise CourseError(
            Message("There is no cohort %(cohort)s.", {"cohort": cohort}),
            Message("write one of: %(names)s.", {"names": ", ".join(cohorts)}),
        )
    among = [p for p in people.cohorts.people if cohort is None or p.cohort == cohort]
    if usernames is None:
        return among
    wanted = list(dict.fromkeys(usernames))
    unknown = [name for name in wanted if name not in {p.username for p in among}]
    if unknown:
        raise CourseError(
            Message("Nobody here has the user name %(names)s.", {"names": ", ".join(unknown)}),
            Message("write user names as they stand in roster.csv."),
        )
    return [person for person in among if person.username in wanted]


def _state(invitation: Invitation | None, now: datetime) -> dict[str, str | None]:
    if invitation is None:
        return {"invitation": "none", "expires": None}
    standing, expires = invitation.standing(now).value, invitation.expires_at.isoformat()
    return {"invitation": standing, "expires": expires}
