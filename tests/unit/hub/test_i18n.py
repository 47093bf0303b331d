"""Which language, and the text in it."""

import pytest

from hub.errors import Message
from hub.i18n import DEFAULT, Language, accepted, choose, parse, render


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("fr", Language.FR),
        ("fr-BJ", Language.FR),
        ("FR_fr.UTF-8", Language.FR),
        ("en-GB", Language.EN),
        ("de", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_is_one_of_ours_or_nothing(value: str | None, language: Language | None) -> None:
    assert parse(value) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", Language.FR),
        ("de, en;q=0.7, fr;q=0.6", Language.EN),
        ("en;q=0.2, fr;q=0.3", Language.FR),
        ("en;q=0, fr;q=0.1", Language.FR),
        ("de,es", None),
        ("en;q=nonsense", None),
        (None, None),
    ],
)
def test_a_browser_prefers_the_language_of_highest_quality(
    header: str | None, language: Language | None
) -> None:
    assert accepted(header) == language


@pytest.mark.parametrize(
    ("setting", "cookie", "header", "language"),
    [
        (Language.EN, "fr", "fr", Language.EN),
        (None, "en", "fr", Language.EN),
        (None, "klingon", "en", Language.EN),
        (None, None, "de", DEFAULT),
    ],
)
def test_a_setting_wins_over_a_cookie_over_the_browser_over_french(
    setting: Language | None, cookie: str | None, header: str | None, language: Language
) -> None:
    assert choose(setting, cookie, header) == language


def test_values_are_put_into_the_text_and_messages_inside_are_rendered_too() -> None:
    inner = Message("row %(row)d", {"row": 3})
    assert render(Message("“%(value)s”", {"value": inner}), Language.EN) == "“row 3”"
