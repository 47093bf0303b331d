"""Which passwords are taken, and how they are kept."""

import asyncio
import statistics
import threading
import time

import pytest
from argon2 import PasswordHasher

from hub.cohort import Person
from hub.login import passwords
from hub.login.passwords import MAX_LENGTH, Passwords, normalised, problem_with

PERSON = Person.model_validate(
    {
        "username": "cot-01",
        "name": "Afí Ɖossou-Kpɔnɔ",
        "email": "afi.dossou@example.org",
        "language": "fr",
        "role": "participant",
        "mode": "on-site",
        "time_zone": "Africa/Porto-Novo",
        "cohort": "2027a-test",
    }
)


@pytest.mark.parametrize(
    "password",
    [
        "palmier vert, train de nuit",
        "quatre lézards bleus",
        "xK7#q!mZ2&",
        "دجاجة وقطار أخضر",
        "a" * 5 + "zébus verts",
        "x!y?z&w§v%u£",
        "Afí aime les trains de nuit",
    ],
)
def test_long_enough_and_not_obvious_is_good(password: str) -> None:
    assert problem_with(password, PERSON) is None


@pytest.mark.parametrize(
    "password",
    [
        *("1234567890", "0987654321", "azertyuiop", "POIUYTREZA", "qwertyuiop", "abcdefghij"),
        *("aaaaaaaaaaaa", "abababababab", "!!!!!!!!!!!!"),
        *("motdepasse123", "Password2027!", "mot de passe", "Azerty-1234567", "airina-cotonou"),
        *("cot-01-cot-01", "afi.dossou@example.org", "Afi Ɖossou 2027", "kpɔnɔ-ɖossou!"),
        *("AFÍ ƉOSSOU-KPƆNƆ", "+229 97 00 00 01", "01/03/2027 01/03"),
    ],
)
def test_what_would_be_guessed_early_is_refused(password: str) -> None:
    problem = problem_with(password, PERSON)
    assert problem is not None
    assert "guessed early" in problem.text


@pytest.mark.parametrize(("length", "taken"), [(9, False), (10, True), (200, True), (201, False)])
def test_a_password_has_ten_to_two_hundred_characters(length: int, taken: bool) -> None:
    password = ("zèbu, train; " * 20)[:length]
    assert (problem_with(password, PERSON) is None) == taken


def test_length_is_counted_in_composed_characters() -> None:
    problem = problem_with("e\u0301" * 5 + "abcd", PERSON)
    assert problem is not None
    assert problem.values["length"] == 9
    assert problem_with("ze\u0301bu" * 50, PERSON) is None
    assert len(normalised("ze\u0301bu" * 50)) == MAX_LENGTH


def test_the_same_characters_are_the_same_password_from_every_keyboard() -> None:
    async def check() -> bool:
        keeper = Passwords()
        known = await keeper.hash("train\u00a0de nuit, é")
        return (await keeper.check("train de\u202fnuit, e\u0301", known)).right

    assert asyncio.run(check())


def test_a_right_password_is_right_and_any_other_wrong() -> None:
    async def check() -> tuple[bool, bool, bool, bool]:
        keeper = Passwords()
        known = await keeper.hash("palmier vert")
        found = [
            await keeper.check("palmier vert", known),
            await keeper.check("palmier verte", known),
            await keeper.check("palmier vert", None),
            await keeper.check("palmier vert", "not a hash"),
        ]
        return tuple(one.right for one in found)

    assert asyncio.run(check()) == (True, False, False, False)


def test_a_hash_is_argon2id_and_renewed_when_its_parameters_are_outdated() -> None:
    async def check() -> tuple[str, str | None, str | None]:
        keeper = Passwords()
        weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("palmier vert")
        renewed = (await keeper.check("palmier vert", weak)).new_hash
        assert renewed is not None
        return renewed, (await keeper.check("palmier vert", renewed)).new_hash, weak

    renewed, again, weak = asyncio.run(check())
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert again is None
    assert weak != renewed


def test_somebody_unknown_costs_the_same_time() -> None:
    async def seconds(keeper: Passwords, known: str | None) -> float:
        begin = time.process_time()
        await keeper.check("palmier verte", known)
        return time.process_time() - begin

    async def measure() -> tuple[float, float]:
        keeper = Passwords()
        known = await keeper.hash("palmier vert")
        somebody = [await seconds(keeper, known) for _ in range(3)]
        nobody = [await seconds(keeper, None) for _ in range(3)]
        return statistics.median(somebody), statistics.median(nobody)

    somebody, nobody = asyncio.run(measure())
    assert nobody == pytest.approx(somebody, rel=0.5)


def test_the_event_loop_goes_on_while_many_passwords_are_checked() -> None:
    async def measure() -> tuple[int, int]:
        keeper = Passwords()
        names: set[str] = set()
        original, turns, done = passwords._check, 0, False

        def check(password: str, known: str) -> passwords.Checked:
            names.add(threading.current_thread().name)
            return original(password, known)

        async def count() -> None:
            nonlocal turns
            while not done:
                turns += 1
                await asyncio.sleep(0)

        counting = asyncio.create_task(count())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(passwords, "_check", check)
            await asyncio.gather(*(keeper.check("palmier", None) for _ in range(3)))
        done = True
        await counting
        return turns, len(names)

    turns, threads = asyncio.run(measure())
    assert turns > 100
    assert threads == 2
