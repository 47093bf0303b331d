"""The slow-down after failures, case by case as ``hub.login.throttle`` numbers them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.login import throttle
from hub.login.throttle import Attempt, Throttle, Verdict

ROOM = "192.0.2.1"
FREE = Verdict()


def fail(subject: Throttle, attempt: Attempt, times: int, now: float = 0.0) -> float:
    """Fail so often, each time as soon as it is allowed; the time after the last failure."""
    for _ in range(times):
        verdict = subject.admit(attempt, now)
        now += verdict.wait
        if verdict.wait:
            assert subject.admit(attempt, now).wait == 0
    return now


def test_case_1_the_same_account_from_the_same_place_waits_twice_as_long_each_time() -> None:
    subject, attempt = Throttle(), Attempt("cot-01", ROOM)
    now, waits = 0.0, []
    for _ in range(10):
        verdict = subject.admit(attempt, now)
        waits.append(verdict.wait)
        now += verdict.wait
        if verdict.wait:
            subject.admit(attempt, now)
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60]


def test_case_1_what_was_refused_does_not_count_nor_lengthen_the_wait() -> None:
    subject, attempt = Throttle(), Attempt("cot-01", ROOM)
    fail(subject, attempt, 3)
    assert [subject.admit(attempt, now).wait for now in (0.0, 0.5, 1.5)] == [2, 2, 1]
    assert subject.admit(attempt, 2.0) == FREE


def test_case_1_another_account_and_another_address_are_not_slowed() -> None:
    subject = Throttle()
    fail(subject, Attempt("cot-01", ROOM), 5)
    assert subject.admit(Attempt("cot-02", ROOM), 0.0) == FREE
    assert subject.admit(Attempt("cot-01", "192.0.2.2"), 0.0) == FREE


def test_case_2_one_address_that_tries_many_accounts_is_held_but_never_refused() -> None:
    subject = Throttle()
    for number in range(60):
        assert subject.admit(Attempt(f"cot-{number}", ROOM), 0.0) == FREE
    verdicts = [subject.admit(Attempt(f"onl-{number}", ROOM), 0.0) for number in range(7)]
    assert verdicts == [Verdict(hold=hold) for hold in (1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.0)]
    assert subject.admit(Attempt("onl-9", "192.0.2.2"), 0.0) == FREE


def test_case_2_a_classroom_behind_one_address_is_not_slowed() -> None:
    subject = Throttle()
    for number in range(24):
        attempt = Attempt(f"cot-{number}", ROOM)
        assert [subject.admit(attempt, float(number)) for _ in range(3)] == [FREE] * 3
        subject.was_right(attempt, float(number))
    assert subject.admit(Attempt("cot-99", ROOM), 24.0) == FREE


def test_case_3_an_account_attacked_from_everywhere_is_held_but_never_refused() -> None:
    subject = Throttle()
    holds = [subject.admit(Attempt("cot-01", f"198.51.100.{n}"), 0.0) for n in range(20)]
    assert [verdict.wait for verdict in holds] == [0] * 20
    assert [verdict.hold for verdict in holds] == [0.0] * 10 + [1.0, 2.0, 3.0, 4.0] + [5.0] * 6
    assert subject.admit(Attempt("cot-02", "198.51.100.1"), 0.0) == FREE


def test_case_4_a_device_is_slowed_by_nobody_but_itself() -> None:
    subject = Throttle()
    for number in range(100):
        subject.admit(Attempt("cot-01", f"198.51.100.{number}"), 0.0)
        subject.admit(Attempt(f"cot-{number}", ROOM), 0.0)
    fail(subject, Attempt("cot-01", ROOM), 9)
    device = Attempt("cot-01", ROOM, "signed")
    assert subject.admit(device, 0.0) == FREE
    fail(subject, device, 2)
    assert subject.admit(device, 0.0).wait == 2


def test_case_4_failures_of_a_device_slow_nobody_else() -> None:
    subject = Throttle()
    for number in range(100):
        subject.admit(Attempt(f"cot-{number}", ROOM, "signed"), 0.0)
        subject.admit(Attempt("cot-01", ROOM, f"signed-{number}"), 0.0)
    assert subject.admit(Attempt("cot-01", ROOM), 0.0) == FREE


def test_case_5_a_right_password_takes_back_the_failures_of_its_place_only() -> None:
    subject, mine = Throttle(), Attempt("cot-01", ROOM)
    fail(subject, Attempt("cot-02", ROOM), 3)
    fail(subject, mine, 3)
    subject.admit(mine, 2.0)
    subject.was_right(mine, 2.0)
    assert subject.admit(mine, 2.0) == FREE
    assert subject.admit(Attempt("cot-02", ROOM), 0.0).wait == 2


def test_case_5_an_attacker_gains_nothing_by_logging_in_as_themselves() -> None:
    subject, own = Throttle(), Attempt("cot-99", ROOM)
    for number in range(60):
        subject.admit(Attempt(f"cot-{number}", ROOM), 0.0)
    subject.admit(own, 5.0)
    subject.was_right(own, 5.0)
    assert subject.admit(Attempt("onl-1", ROOM), 5.0).hold > 0


def test_many_attempts_at_the_same_moment_gain_nothing() -> None:
    subject, attempt = Throttle(), Attempt("cot-01", ROOM)
    verdicts = [subject.admit(attempt, 0.0) for _ in range(50)]
    assert sum(verdict == FREE for verdict in verdicts) == 3


def test_case_6_an_address_that_guesses_codes_is_slowed() -> None:
    subject = Throttle()
    verdicts = [subject.admit_code(ROOM, 0.0) for _ in range(17)]
    assert [verdict.wait for verdict in verdicts] == [0] * 17, "nobody is refused"
    assert [verdict.hold for verdict in verdicts] == [0.0] * 10 + [1.0, 2.0, 3.0, 4.0] + [5.0] * 3
    assert subject.admit_code("192.0.2.2", 0.0) == FREE
    assert subject.admit(Attempt("cot-01", ROOM), 6.0) == FREE


def test_case_6_a_class_that_types_right_codes_is_never_slowed() -> None:
    subject = Throttle()
    for _ in range(100):
        assert subject.admit_code(ROOM, 0.0) == FREE
        subject.code_was_right(ROOM)


def test_case_7_failures_fade_within_an_hour() -> None:
    subject, attempt = Throttle(), Attempt("cot-01", ROOM)
    now = fail(subject, attempt, 8)
    assert subject.admit(attempt, now).wait == 60
    assert [subject.admit(attempt, now + 3600.0) for _ in range(3)] == [FREE] * 3


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 20))
def test_case_7_memory_is_bounded_and_the_newest_is_kept(accounts: list[int], limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(throttle, "REMEMBERED", 3 * limit)
        subject = Throttle()
        for number in accounts:
            subject.admit(Attempt(f"cot-{number}", f"198.51.100.{number}"), 0.0)
            assert len(subject) <= 3 * limit
        newest = Attempt("newest", ROOM)
        fail(subject, newest, 3)
        assert subject.admit(newest, 0.0).wait == 2


def test_case_7_what_has_faded_takes_no_memory() -> None:
    subject = Throttle()
    for number in range(100):
        subject.admit(Attempt(f"cot-{number}", f"198.51.100.{number}"), 0.0)
    subject.admit(Attempt("cot-01", ROOM), 3600.0)
    assert len(subject) == 3


def test_an_ipv6_address_counts_as_its_network() -> None:
    subject = Throttle()
    for number in range(3):
        subject.admit(Attempt("cot-01", f"2001:db8::{number + 1}"), 0.0)
    assert subject.admit(Attempt("cot-01", "2001:db8::ffff"), 0.0).wait == 2
    assert subject.admit(Attempt("cot-01", "2001:db8:0:1::1"), 0.0) == FREE


def test_all_networks_that_one_customer_may_have_are_held_together() -> None:
    subject = Throttle()
    for number in range(60):
        subject.admit(Attempt(f"cot-{number}", f"2001:db8:0:{number:x}::1"), 0.0)
    assert subject.admit(Attempt("onl-1", "2001:db8:0:ffff::1"), 0.0).hold == 1.0
    assert subject.admit(Attempt("onl-1", "2001:db8:1::1"), 0.0) == FREE


def test_an_ipv4_address_is_the_same_in_either_way_of_writing() -> None:
    subject = Throttle()
    fail(subject, Attempt("cot-01", f"::ffff:{ROOM}"), 3)
    assert subject.admit(Attempt("cot-01", ROOM), 0.0).wait == 2
    assert subject.admit(Attempt("cot-01", "::ffff:192.0.2.2"), 0.0) == FREE


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["cot-01", "cot-02"]),
            st.sampled_from([ROOM, "198.51.100.7"]),
            st.sampled_from([None, "signed"]),
            st.floats(0.0, 100.0),
        )
    )
)
def test_no_wait_and_no_hold_is_ever_longer_than_promised(
    attempts: list[tuple[str, str, str | None, float]],
) -> None:
    subject, now = Throttle(), 0.0
    for account, address, device, pause in attempts:
        now += pause
        verdict = subject.admit(Attempt(account, address, device), now)
        assert 0 <= verdict.wait <= 60
        assert 0 <= verdict.hold <= 5
        assert not (verdict.wait and verdict.hold)
        if verdict.wait:
            now += verdict.wait  # a clock that only goes on
            assert subject.admit(Attempt(account, address, device), now).wait == 0
