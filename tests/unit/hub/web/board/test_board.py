"""The board: what it shows, to whom, and what its forms write down."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.errors import Message, Problem
from hub.i18n import Language
from hub.journal import LONGEST, Cause, Notebook, Verdict
from hub.opening import Asked, Part, Wish

from ..test_pages import Page
from .conftest import OLD, SOURCE, Site, release, text, visit, workspace

DAY_2 = {"what": "opening", "day": 2, "part": "day"}

# --- what it shows -----------------------------------------------------------------------------------


def test_it_says_who_has_what_is_out(board: Site) -> None:
    board.journal.told("one-01", workspace())
    for name in ("one-02", "one-03"):
        board.journal.told(name, workspace(OLD))
    board.journal.failed("one-03", Cause.NO_ROOM)
    board.run("one-02", "one-03")
    page = text(visit(board, "board", "one-80"))
    assert "1 of 6 have it" in page
    assert "1 up to date 1 on its way 3 off 1 in trouble" in page
    assert "The disk of this person is full." in page
    assert "2 of 6 run" in page
    assert "ccccccc, Friday 27 November at 08:30" in page
    assert "Solutions of day 1 open on Tuesday 3 March at 08:30" in page
    assert "Day 2 opens on Tuesday 3 March at 08:30" in page
    assert "Day 3 opens" not in page
    french = text(visit(board, "board", "one-80", language="fr"))
    assert "1 sur 6 sont à jour" in french
    assert "Le jour 2 s’ouvre mardi 3 mars à 8 h 30" in french
    assert "L’espace de cette personne est plein." in french


def test_trouble_of_a_server_that_is_off_is_none(board: Site) -> None:
    board.journal.failed("one-03", Cause.SILENT)
    page = text(visit(board, "board", "one-80"))
    assert "6 off" in page
    assert "does not answer" not in page


def test_it_names_what_people_kept_and_no_name_is_html(board: Site) -> None:
    board.journal.told("one-02", workspace(beside="fr/day1/03-svd__original.ipynb"))
    page = visit(board, "board", "one-80").body.decode()
    assert "&lt;b&gt;O’Brien&lt;/b&gt;" in page
    assert "<b>" not in page
    shown = text(visit(board, "board", "one-80"))
    assert "La SVD" in shown
    assert "1 person kept their own version of a notebook" in shown
    strange = {"<i>never released</i>": Notebook(beside="x")}
    board.journal.told("one-03", workspace().model_copy(update={"notebooks": strange}))
    assert "never released" not in text(visit(board, "board", "one-80"))


def test_it_says_what_is_open_and_what_is_being_released(board: Site) -> None:
    board.journal.ask("one", 2, Part.DAY, Asked(Wish.OPEN), "one-80")
    board.journal.ask("one", 3, Part.DAY, Asked(Wish.CLOSE), "one-80")
    page = text(visit(board, "board", "one-80"))
    assert "Optimisation Tuesday 3 March Day 2 Day open, being released" in page
    assert "Day 3 Day closed" in page
    assert "Solutions of day 1 Solutions opens on Tuesday 3 March at 08:30" in page
    assert page.count("As the calendar says") == 2


def test_a_cohort_that_is_stuck_says_why(board: Site) -> None:
    wrong = Problem(
        Path("day2"),
        Message("is also in cohort %(other)s", {"other": "x"}),
        Message("correct this line"),
    )
    board.journal.stuck("one", [wrong])
    assert "is also in cohort x" in text(visit(board, "board", "one-80"))
    assert "figure aussi dans la cohorte x" in text(visit(board, "board", "one-80", language="fr"))


def test_the_last_push_is_there_with_its_report(board: Site) -> None:
    assert "Nothing has been pushed yet." in text(visit(board, "board", "one-80"))
    number = board.journal.gate_begins(SOURCE, "one-80")
    board.journal.gate_says(number, "1/2 ✔ d1-01 <i>")
    running = text(visit(board, "board", "one-80"))
    assert "Being judged ccccccc, one-80" in running
    assert "1/2 ✔ d1-01 &lt;i&gt;" in running
    board.journal.gate_ends(number, Verdict.REFUSED)
    assert "Refused ccccccc" in text(visit(board, "board", "one-80"))


def test_before_the_first_release_it_says_so(board: Site) -> None:
    page = text(visit(board, "board", "two-80"))
    assert "Nothing is out yet" in page
    assert "Day 1" in page


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("path", ["board", "board/one/one-01", "board?done=again"])
def test_a_page_is_well_made(path: str, language: Language, board: Site) -> None:
    board.journal.told("one-01", workspace())
    board.journal.told("one-02", workspace(OLD, beside="fr/day1/03-svd__original.ipynb"))
    board.journal.failed("one-02", Cause.SILENT)
    board.journal.announce("one", "Bonjour", "Hello", "one-80")
    board.journal.gate_says(board.journal.gate_begins(SOURCE, "one-80"), "1/1")
    board.run("one-01", "one-02")
    source = visit(board, path, "one-90", language=language).body.decode()
    page = Page(source)
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for _, attributes in page.elements:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert attributes.get(name, "main") in identifiers
    tokens = [field for field in page.all("input") if field.get("name") == "_xsrf"]
    assert len(page.all("form")) == len(tokens) > 0
    assert page.all("html") == [{"lang": language}]
    assert len(page.all("h1")) == 1


# --- who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["board", "board/events", "board/one/one-01"])
def test_a_participant_sees_no_board(path: str, board: Site) -> None:
    assert visit(board, path, "one-01").code == 403


@pytest.mark.parametrize("path", ["board", "board/one/one-01"])
def test_a_participant_changes_nothing(path: str, board: Site) -> None:
    fields = DAY_2 | {"cohort": "one", "wish": "open", "path": "fr/day1/03-svd.ipynb"}
    assert visit(board, path, "one-01", **fields).code == 403
    assert board.journal.asks("one") == {}
    assert board.servers.asked == []


@pytest.mark.parametrize("path", ["board", "board/events", "board/one/one-01"])
def test_whoever_is_not_logged_in_is_sent_to_the_login(path: str, board: Site) -> None:
    answer = visit(board, path, None)
    assert (answer.code, answer.headers["Location"][:11]) == (302, "/hub/login?")


def test_an_instructor_has_their_own_cohort_and_an_admin_has_all(board: Site) -> None:
    assert "Cohort one" not in text(visit(board, "board", "two-80"))
    page = text(visit(board, "board", "one-90"))
    assert "Cohort one" in page
    assert "Cohort two" in page
    assert visit(board, "board/two/two-01", "one-90").code == 200


@pytest.mark.parametrize(
    "fields",
    [
        DAY_2 | {"wish": "open"},
        {"what": "again"},
        {"what": "announce", "fr": "Bonjour", "en": "Hello"},
    ],
)
def test_an_instructor_changes_nothing_of_another_cohort(
    fields: dict[str, object], board: Site
) -> None:
    board.run("one-01")
    assert visit(board, "board", "two-80", cohort="one", **fields).code == 403
    assert visit(board, "board", "two-80", cohort="none", **fields).code == 403
    assert board.journal.asks("one") == {}
    assert board.journal.wanted_again() == frozenset()
    assert board.journal.last_announcement() == 0
    assert visit(board, "board/one/one-01", "two-80").code == 403


# --- what its forms write down --------------------------------------------------------------------------


@pytest.mark.parametrize("wish", [Wish.OPEN, Wish.CLOSE, Wish.CALENDAR])
@pytest.mark.parametrize("part", Part)
def test_a_day_and_its_solutions_are_opened_closed_and_left_to_the_calendar(
    wish: Wish, part: Part, board: Site
) -> None:
    fields = {"what": "opening", "cohort": "one", "day": 2, "part": part, "wish": wish}
    answer = visit(board, "board", "one-80", **fields)
    assert (answer.code, answer.headers["Location"]) == (
        303,
        "/hub/board?done=opening&cohort=one#one",
    )
    assert board.journal.asks("one") == {(2, part): Asked(wish)}
    assert "It is written down." in text(visit(board, "board?done=opening&cohort=one", "one-80"))


@pytest.mark.parametrize(("cohort", "by"), [("one", "one-80"), ("two", "two-80")])
def test_a_day_is_postponed_on_the_cohorts_clock(cohort: str, by: str, board: Site) -> None:
    fields = DAY_2 | {"cohort": cohort, "wish": "postpone", "opens_at": "2099-03-09T10:15"}
    assert visit(board, "board", by, **fields).code == 303
    asked = board.journal.asks(cohort)[2, Part.DAY]
    hour = {"one": 9, "two": 14}[
        cohort
    ]  # UTC: Porto-Novo is an hour ahead, New York four behind in March
    assert asked.wish is Wish.POSTPONE
    assert asked.opens_at == datetime(2099, 3, 9, hour, 15, tzinfo=UTC)
    assert "opens on Monday 9 March at 10:15" in text(visit(board, "board", by))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Choose a date and a time."),
        ("demain", "Choose a date and a time."),
        ("2099-03-09", "Choose a date and a time."),
        ("2020-03-09T10:15", "This moment has passed."),
        ("9999-12-31T08:00", "more than a year after the course"),
        ("0001-01-01T00:00", "This moment has passed."),
        ("2099-03-08T02:30", "This time does not exist on that day"),
    ],
)
def test_a_moment_that_cannot_be_is_told_beside_its_field(
    typed: str, said: str, board: Site
) -> None:
    fields = DAY_2 | {"cohort": "two", "wish": "postpone", "opens_at": typed}
    answer = visit(board, "board", "two-80", **fields)
    page = answer.body.decode()
    assert answer.code == 422
    assert said in page
    assert 'aria-describedby="two_day_2_error"' in page
    assert page.count('aria-invalid="true"') == 1
    assert "Error: Board" in text(answer)
    assert board.journal.asks("two") == {}


def test_what_is_open_must_be_closed_before_it_is_postponed(board: Site) -> None:
    fields = {"what": "opening", "cohort": "one", "day": 1, "part": "day", "wish": "postpone"}
    answer = visit(board, "board", "one-80", opens_at="2099-03-09T10:15", **fields)
    assert "This is open. Close it first" in text(answer)
    assert board.journal.asks("one") == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"what": "nothing"},
        {"what": "opening", "day": 9, "part": "day", "wish": "open"},
        {"what": "opening", "day": "two", "part": "day", "wish": "open"},
        {"what": "opening", "day": 2, "part": "night", "wish": "open"},
        {"what": "opening", "day": 2, "part": "day", "wish": "burn"},
        {"what": "again", "username": "two-01"},
    ],
)
def test_what_no_form_of_ours_sends_is_refused(fields: dict[str, object], board: Site) -> None:
    board.run("two-01")
    assert visit(board, "board", "one-80", cohort="one", **fields).code == 400
    assert board.journal.asks("one") == {}
    assert board.journal.wanted_again() == frozenset()


def test_everybody_who_runs_is_asked_again_and_nobody_of_another_cohort(board: Site) -> None:
    board.run("one-01", "one-03", "two-01")
    assert visit(board, "board", "one-80", cohort="one", what="again").code == 303
    assert board.journal.wanted_again() == {"one-01", "one-03"}


def test_one_person_is_asked_again(board: Site) -> None:
    board.run("one-01", "one-03")
    fields = {"cohort": "one", "what": "again", "username": "one-03"}
    assert visit(board, "board", "one-80", **fields).code == 303
    assert board.journal.wanted_again() == {"one-03"}


def test_asking_nobody_again_is_a_mistake(board: Site) -> None:
    answer = visit(board, "board", "one-80", cohort="one", what="again")
    assert answer.code == 422
    assert "Nobody’s server runs now." in text(answer)


def test_a_cohort_is_told_something_in_both_languages(board: Site) -> None:
    fields = {"cohort": "one", "what": "announce", "fr": " Pause\r\nà 10 h ", "en": "Break at 10"}
    assert visit(board, "board", "one-80", **fields).code == 303
    [told] = board.journal.announcements("one", datetime(2026, 1, 1, tzinfo=UTC))
    assert (told.fr, told.en, told.by) == ("Pause\nà 10 h", "Break at 10", "one-80")
    assert "Break at 10" in text(visit(board, "board", "one-80"))
    assert "Pause à 10 h" in text(visit(board, "board", "one-80", language="fr"))


def test_an_announcement_in_one_language_is_not_lost_and_not_made(board: Site) -> None:
    fields = {"cohort": "one", "what": "announce", "fr": "Pause à 10 h", "en": " "}
    answer = visit(board, "board", "one-80", **fields)
    page = answer.body.decode()
    assert answer.code == 422
    assert page.index("Write the announcement in this language too.") < page.index('name="en"')
    assert ">Pause à 10 h</textarea>" in page
    assert board.journal.last_announcement() == 0


@pytest.mark.parametrize(("length", "code"), [(LONGEST, 303), (LONGEST + 1, 422)])
def test_an_announcement_has_a_length(length: int, code: int, board: Site) -> None:
    fields = {"cohort": "one", "what": "announce", "fr": "é" * length, "en": "x"}
    answer = visit(board, "board", "one-80", **fields)
    assert answer.code == code
    assert ("501 characters, and 500 are possible" in text(answer)) is (code == 422)


def test_a_field_of_a_form_is_filled_with_the_cohorts_time(board: Site) -> None:
    page = visit(board, "board", "two-80").body.decode()
    assert 'id="two_day_2_at" name="opens_at" value="2099-03-03T08:30"' in page
    at = datetime(2099, 3, 9, 10, 15, tzinfo=ZoneInfo("Europe/Paris"))
    board.journal.ask("two", 2, Part.DAY, Asked(Wish.POSTPONE, at), "two-80")
    page = visit(board, "board", "two-80").body.decode()
    assert 'id="two_day_2_at" name="opens_at" value="2099-03-09T05:15"' in page


def test_solutions_of_a_day_that_is_out_can_be_opened_and_are_then_open(board: Site) -> None:
    board.journal.ask("one", 1, Part.SOLUTIONS, Asked(Wish.OPEN), "one-80")
    assert "Solutions open, being released" in text(visit(board, "board", "one-80"))
    board.journal.released(release(parts=frozenset({(1, Part.DAY), (1, Part.SOLUTIONS)})))
    page = text(visit(board, "board", "one-80"))
    assert "Solutions open" in page
    assert "being released" not in page
