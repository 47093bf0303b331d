"""Invitations on paper: everything in both languages, the right link in the QR code, the right letters."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import segno
from pypdf import PdfReader

from hub.i18n import Language, render
from hub.login import slips
from hub.login.issue import expiry
from hub.login.slips import Slip, long_date, pdf, text
from hub.login.store import NewInvitation
from hub.people import People

NOW = datetime(2027, 2, 8, 9, 0, tzinfo=UTC)


def slip(people: People, username: str, number: int = 0) -> Slip:
    person = people.person(username)
    assert person is not None
    invitation = NewInvitation(
        username, f"Token-Of-{number:013}", f"7K3QM9XT{number:02}", expiry(person, 21, NOW)
    )
    cohort = people.cohorts.cohort_of(person)
    return Slip(person, person.language, cohort, invitation, "https://hub.example")


def words(data: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


def test_a_slip_says_everything_in_both_languages(people: People) -> None:
    [page] = words(pdf([slip(people, "cot-01")], NOW))
    for expected in (
        "Afí Ɖossou",
        "cot-01",
        "Cotonou, mars 2027",
        "https://hub.example/hub/invitation",
        "7K3QM-9XT00",
        "1er mars 2027",
        "1 March 2027",
        *(render(slips.SCAN, language) for language in Language),
        *(render(slips.USERNAME, language) for language in Language),
    ):
        assert " ".join(expected.split()) in page, expected


def test_the_persons_language_comes_first(people: People) -> None:
    for one in (slip(people, "cot-01"), slip(people, "cot-02")):
        first, second = (render(slips.USERNAME, language) for language in one.languages)
        [page] = words(pdf([one], NOW))
        for told in (text(one), page.replace(" :", "\u00a0:")):
            assert 0 < told.index(first) < told.index(second)
    assert slip(people, "cot-01").languages[0] is Language.FR
    assert slip(people, "cot-02").languages[0] is Language.EN


@pytest.mark.parametrize(("people_invited", "pages"), [(1, 1), (6, 1), (7, 2)])
def test_there_are_six_slips_a_page(people: People, people_invited: int, pages: int) -> None:
    found = words(pdf([slip(people, "cot-03", n) for n in range(people_invited)], NOW))
    assert len(found) == pages
    assert [code for n in range(people_invited) if (code := f"7K3QM-9XT{n:02}") in " ".join(found)]
    assert sum(page.count("7K3QM") for page in found) == people_invited


def test_the_qr_code_is_of_the_link(people: People) -> None:
    one = slip(people, "cot-01", 7)
    link = "https://hub.example/hub/invitation?token=Token-Of-0000000000007"
    expected = BytesIO()
    segno.make_qr(link, error="m").save(expected, kind="svg", xmldecl=False, border=0)
    assert slips._slip(one)["qr"] == expected.getvalue().decode()
    assert link in text(one)


def test_fonts_are_in_the_file_and_have_every_letter(people: People) -> None:
    data = pdf([slip(people, name) for name in ("cot-01", "cot-03", "cot-04")], NOW)
    [page] = words(data)
    for name in ("Afí Ɖossou", "Kɔkú Παῦλος", "Ọládélé"):
        assert name in page
    fonts = PdfReader(BytesIO(data)).pages[0]["/Resources"]["/Font"].values()
    assert fonts
    for font in fonts:
        [descendant] = font.get_object()["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_same_slips_give_the_same_bytes(people: People) -> None:
    data = pdf([slip(people, "cot-01")], NOW)
    assert data == pdf([slip(people, "cot-01")], NOW)
    metadata = PdfReader(BytesIO(data)).metadata
    assert metadata is not None
    assert metadata.creation_date == NOW


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2027, 3, 1), "1er mars 2027", "1 March 2027"),
        (date(2027, 3, 11), "11 mars 2027", "11 March 2027"),
        (date(2027, 8, 2), "2 août 2027", "2 August 2027"),
    ],
)
def test_dates_are_written_as_each_language_writes_them(
    day: date, french: str, english: str
) -> None:
    assert (long_date(day, Language.FR), long_date(day, Language.EN)) == (french, english)


def test_an_invitation_ends_with_a_whole_day_where_the_person_is(people: People) -> None:
    cotonou, paris = people.person("cot-01"), people.person("cot-02")
    assert cotonou is not None
    assert paris is not None
    late = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    assert expiry(cotonou, 21, late).isoformat() == "2027-03-23T23:59:59+01:00"
    assert expiry(paris, 28, late).isoformat() == "2027-03-30T23:59:59+02:00"
