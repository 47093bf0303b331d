"""The secrets of invitations, and how forgiving the typing of a code is."""

from hypothesis import given
from hypothesis import strategies as st

from hub.login.tokens import (
    ALPHABET,
    CODE_LENGTH,
    grouped,
    new_code,
    new_token,
    read_code,
    read_token,
)

codes = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
separators = st.sampled_from(["", " ", "-", " - ", ".", "–", "\u00a0", "\u202f"])
look_alikes = {"0": "0oO", "1": "1iIlL"}


def test_a_code_has_fifty_bits_and_no_letter_that_looks_like_another() -> None:
    assert len(ALPHABET) ** CODE_LENGTH >= 2**50
    assert not set("ILOU") & set(ALPHABET)
    assert len(set(ALPHABET)) == 32


def test_a_token_has_128_bits_and_no_two_are_alike() -> None:
    tokens = {new_token() for _ in range(50)}
    assert len(tokens) == 50
    assert all(read_token(token) == token for token in tokens)


@given(code=codes, data=st.data())
def test_a_code_is_read_as_people_type_it(code: str, data: st.DataObject) -> None:
    typed = ""
    for character in code:
        variants = look_alikes.get(character, character + character.lower())
        typed += data.draw(st.sampled_from(variants)) + data.draw(separators)
    assert read_code(typed) == (code if len(typed) <= 4 * CODE_LENGTH else None)


@given(st.text(ALPHABET + "ILOUilou-– é\n", max_size=60))
def test_whatever_is_typed_is_a_code_of_the_alphabet_or_nothing(typed: str) -> None:
    code = read_code(typed)
    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(ALPHABET))


def test_a_code_is_shown_in_two_groups() -> None:
    code = new_code()
    assert grouped(code) == f"{code[:5]}-{code[5:]}"
    assert read_token(grouped(code)) is None
    assert read_code(new_token()) is None
