"""Every mistake of a site's files is reported at once, with file, row, column, value and remedy."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hub.check import main
from hub.cohort import Mode, Person, Role
from hub.errors import InvalidInput, Problem
from hub.files import load_cohorts, load_settings
from hub.i18n import Language
from hub.report import line
from hub.settings import Settings
from tests.unit.hub.conftest import CALENDAR, ROSTER, WriteCohort

HEADER, AFI, ADAEZE = ROSTER.splitlines()

SETTINGS = f"""\
site: local
public_url: http://localhost:8000
course_image: sha256:{"0" * 64}
static_url: /static-lab/0123abcd
cohorts: /srv/cohorts
state: /srv/state
"""


def mistakes(folder: Path) -> list[Problem]:
    with pytest.raises(InvalidInput) as caught:
        load_cohorts(folder)
    return list(caught.value.problems)


def test_a_correct_cohort_is_read_whole(write_cohort: WriteCohort) -> None:
    [cohort] = load_cohorts(write_cohort()).all
    assert cohort.calendar.days[0] == date(2027, 3, 1)
    assert cohort.calendar.open_days == (1,)
    assert cohort.people[0] == Person(
        username="cot-01",
        name="Afí Ɖossou",
        email="afi@example.org",
        language=Language.FR,
        role=Role.PARTICIPANT,
        mode=Mode.ON_SITE,
        time_zone="Africa/Porto-Novo",
        cohort="2027a-test",
    )
    assert cohort.people[1].name == "O'Brien, Adaeze"
    assert cohort.people[1].time_zone == "Europe/Paris"


def test_a_login_means_one_person_in_any_case(write_cohort: WriteCohort) -> None:
    cohorts = load_cohorts(write_cohort())
    for typed in ("cot-01", " COT-01 ", "afi@example.org", "Afi@Example.org"):
        found = cohorts.find(typed)
        assert found is not None
        assert found.username == "cot-01"
    assert cohorts.find("nobody") is None


def test_a_person_does_not_show_in_a_log(write_cohort: WriteCohort) -> None:
    [cohort] = load_cohorts(write_cohort()).all
    assert "Ɖossou" not in f"{cohort.people[0]} {cohort.people[0]!r}"


def test_all_mistakes_of_a_roster_are_reported_together(write_cohort: WriteCohort) -> None:
    rows = [
        HEADER,
        "Cot 01,Afí,afi@example.org,fr,participant,on-site,",
        "cot-02,,adaeze@example.org,de,boss,by-post,Mars/Olympus",
        "cot-03,Kofi,kofi@example.org,en,participant,online,",
        "cot-03,Ama,KOFI@example.org,en,participant,online,",
        "cot-05,Short row",
        "cot-06,Ada,ada at example.org,en,participant,online,",
    ]
    found = {(p.row, p.column) for p in mistakes(write_cohort(roster="\n".join(rows)))}
    assert found == {
        (2, "username"),
        (3, "name"),
        (3, "language"),
        (3, "role"),
        (3, "mode"),
        (3, "time_zone"),
        (5, "username"),
        (5, "email"),
        (6, None),
        (7, "email"),
    }


def test_a_mistake_says_where_what_and_what_to_do(write_cohort: WriteCohort) -> None:
    [problem] = mistakes(write_cohort(roster=f"{HEADER}\n{AFI.replace(',fr,', ',de,')}\n"))
    assert line(problem, Language.EN) == (
        "2027a-test/roster.csv, row 2, language “de”: is not valid here. "
        "What to do: write one of: fr, en."
    )


@pytest.mark.parametrize(
    ("roster", "expected"),
    [
        (ROSTER.replace(",mode", "").replace(",on-site", "").replace(",online", ""), "is missing"),
        (ROSTER.replace("username", "user"), "is missing"),
        (ROSTER.replace("time_zone", "time_zone,colour"), "unknown column"),
        (ROSTER.replace("time_zone", "mode"), "stands twice"),
        (ROSTER.replace(",", ";"), "separated by “;”"),
        ("\ufeff" + ROSTER, "byte-order mark"),
        (ROSTER.encode("utf-16"), "UTF-16"),
        (ROSTER.replace("Ɖ", "D").encode("latin-1"), "not in UTF-8"),
        (ROSTER + 'cot-03,"Ama', "not CSV"),
        (b"", "is missing"),
    ],
    ids=str,
)
def test_a_file_that_a_spreadsheet_spoilt_is_explained(
    write_cohort: WriteCohort, roster: str | bytes, expected: str
) -> None:
    found = mistakes(write_cohort(roster=roster))
    assert any(expected in line(problem, Language.EN) for problem in found)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace(",", ";").encode(),
        lambda text: text.replace(",", ";").replace("Ɖ", "D").encode("cp1252"),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.replace(",mode", "").replace(",on-site", "").encode(),
    ],
    ids=["as it should be", "Excel's UTF-8", "Excel's own", "Unicode text", "a column is missing"],
)
def test_what_a_spreadsheet_spoilt_hides_no_other_mistake(
    write_cohort: WriteCohort, spoil: Callable[[str], bytes]
) -> None:
    again = AFI.replace("cot-01", "cot-03").replace(",fr,", ",french,")
    found = mistakes(write_cohort(roster=spoil(f"{HEADER}\n{AFI}\n{again}\n")))
    told = {(problem.row, problem.column) for problem in found}
    assert {(3, "language"), (3, "email")} <= told


def test_all_mistakes_of_a_calendar_are_reported_together(write_cohort: WriteCohort) -> None:
    text = CALENDAR.format(id="another").replace("2027-03-02", "2027-03-09") + "colour: blue\n"
    columns = {problem.column for problem in mistakes(write_cohort(calendar=text))}
    assert columns == {"id", "days", "colour"}


def test_two_cohorts_share_a_login_though_one_has_another_mistake(
    write_cohort: WriteCohort,
) -> None:
    write_cohort("2027a-one", calendar="days: [")
    found = mistakes(write_cohort("2027a-two"))
    assert (str(found[1].what), found[1].value) == ("is also in cohort 2027a-one", "cot-01")


@pytest.mark.parametrize(
    ("calendar", "column"),
    [
        (CALENDAR.replace("2027-03-02", "2027-03-09"), "days"),
        (CALENDAR.replace("open_days: [1]", "open_days: [6]"), "open_days.0"),
        (CALENDAR.replace("Africa/Porto-Novo", "Africa/Nowhere"), "time_zone"),
        (CALENDAR + "colour: blue\n", "colour"),
        (CALENDAR.replace("time_zone", "timezone"), "timezone"),
        (CALENDAR.replace("{id}", "another"), "id"),
        (CALENDAR.replace('en: "Cotonou, March 2027"', ""), "title.en"),
    ],
    ids=str,
)
def test_a_calendar_with_a_mistake_names_the_key(
    write_cohort: WriteCohort, calendar: str, column: str | None
) -> None:
    text = calendar.format(id="2027a-test")
    assert column in [problem.column for problem in mistakes(write_cohort(calendar=text))]


def test_a_day_out_of_order_is_named(write_cohort: WriteCohort) -> None:
    text = CALENDAR.format(id="2027a-test").replace("2027-03-02", "2027-03-09")
    [problem] = mistakes(write_cohort(calendar=text))
    assert "day 3 (2027-03-03) is not after day 2 (2027-03-09)" in str(problem.what)


def test_mistakes_of_all_files_of_all_cohorts_come_together(write_cohort: WriteCohort) -> None:
    write_cohort("2027a-one", calendar="days: [", roster=ROSTER.replace("fr,", "de,"))
    folder = write_cohort("2027a-two", roster=ROSTER.replace("cot-01", "Cot 01"))
    files = {(p.file.parent.name, p.file.name) for p in mistakes(folder)}
    assert files == {
        ("2027a-one", "cohort.yml"),
        ("2027a-one", "roster.csv"),
        ("2027a-two", "roster.csv"),
    }


def test_two_cohorts_cannot_share_a_login(write_cohort: WriteCohort) -> None:
    write_cohort("2027a-one")
    folder = write_cohort("2027a-two", roster=ROSTER.replace("cot-0", "onl-0"))
    assert {(p.column, p.value) for p in mistakes(folder)} == {
        ("email", "afi@example.org"),
        ("email", "adaeze@example.org"),
    }


def test_settings_are_read_and_their_defaults_exist_once(tmp_path: Path) -> None:
    file = tmp_path / "settings.yml"
    file.write_text(SETTINGS + "limits: {participant: {memory_gib: 1.5}}\n", "utf-8")
    settings = load_settings(file)
    assert settings.limits.participant.memory_gib == 1.5
    assert settings.limits.instructor == Settings.model_fields["limits"].default.instructor
    assert settings.names.home_volume("cot-01") == "airina-home-cot-01"
    assert str(settings.network.gateway) == "10.213.0.1"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("ports: {edge: 8081}\n", "ports"),
        ("login: openid\n", None),
        ("limtis: {}\n", "limtis"),
        ("limits: {participant: {memory_gib: lots}}\n", "limits.participant.memory_gib"),
    ],
)
def test_a_settings_file_with_a_mistake_names_the_key(
    tmp_path: Path, text: str, column: str | None
) -> None:
    file = tmp_path / "settings.yml"
    file.write_text(SETTINGS + text, "utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_settings(file)
    assert [problem.column for problem in caught.value.problems] == [column]


@pytest.mark.parametrize(
    "text",
    [
        "follow: {url: 'ssh://token-4711@git.example.org/course.git'}\n",
        "follow: {url: 'https://git.example.org/c.git', secret: 4711}\n",
        "follow: {url: 'https://git.example.org/c.git', secrte: token-4711}\n",
    ],
)
def test_a_mistake_in_the_settings_repeats_no_secret(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.yml"
    file.write_text(SETTINGS + text, "utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_settings(file)
    assert all("4711" not in line(one, Language.EN) for one in caught.value.problems)


def test_the_check_speaks_the_admins_language(
    write_cohort: WriteCohort, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_cohort(roster=ROSTER.replace(",fr,", ",de,"))
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert main("cohorts", str(folder)) == 1
    assert "ligne\u00a02" in capsys.readouterr().err
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert main("cohorts", str(folder)) == 1
    assert "row 2" in capsys.readouterr().err
