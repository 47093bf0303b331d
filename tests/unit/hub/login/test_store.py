"""Credentials and invitations: secrets are not in the file, and an invitation is used once."""

import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.login.store import NewInvitation, Standing, Store
from hub.login.tokens import grouped, new_code, new_token

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=21)


def new(username: str = "cot-01", expires_at: datetime = LATER) -> NewInvitation:
    return NewInvitation(username, new_token(), new_code(), expires_at)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def standing(store: Store, secret: str, now: datetime = NOW) -> Standing | None:
    found = store.find(secret)
    return found.standing(now) if found else None


def test_an_invitation_is_found_by_its_token_and_by_its_code(store: Store) -> None:
    invitation = new()
    store.issue([invitation], NOW)
    for secret in (invitation.token, invitation.code, grouped(invitation.code).lower()):
        found = store.find(secret)
        assert found is not None
        assert (found.username, found.issued_at, found.expires_at) == ("cot-01", NOW, LATER)
    assert store.find(new_token()) is None
    assert store.find(new_code()) is None


def test_issuing_again_revokes_what_was_open(store: Store) -> None:
    first, second = new(), new()
    store.issue([first], NOW)
    store.issue([second], NOW)
    assert standing(store, first.token) is Standing.REVOKED
    assert standing(store, second.token) is Standing.OPEN
    assert store.latest()["cot-01"].standing(NOW) is Standing.OPEN


def test_an_invitation_is_open_until_its_last_second(store: Store) -> None:
    invitation = new()
    store.issue([invitation], NOW)
    assert standing(store, invitation.token, LATER - timedelta(seconds=1)) is Standing.OPEN
    assert standing(store, invitation.token, LATER) is Standing.EXPIRED
    found = store.find(invitation.token)
    assert found is not None
    assert not store.accept(found, "hash", LATER)
    assert store.password_hash("cot-01") is None


def test_an_invitation_is_used_once_and_a_revoked_one_never(store: Store) -> None:
    used, revoked = new("cot-01"), new("cot-02")
    store.issue([used, revoked], NOW)
    found, other = store.find(used.token), store.find(revoked.token)
    assert found is not None
    assert other is not None
    assert store.revoke("cot-02", NOW)
    assert not store.revoke("cot-02", NOW)
    assert store.accept(found, "first", NOW)
    assert not store.accept(found, "second", NOW)
    assert not store.accept(other, "third", NOW)
    assert store.password_hash("cot-01") == "first"
    assert store.with_password() == {"cot-01"}
    assert standing(store, used.token) is Standing.USED


def test_of_many_who_use_it_at_once_one_wins_and_its_password_is_kept(tmp_path: Path) -> None:
    invitation = new()
    Store(tmp_path).issue([invitation], NOW)
    barrier, won = threading.Barrier(8), []

    def accept(number: int) -> None:
        store = Store(tmp_path)
        found = store.find(invitation.token)
        assert found is not None
        barrier.wait()
        if store.accept(found, f"hash-{number}", NOW):
            won.append(f"hash-{number}")

    threads = [threading.Thread(target=accept, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert Store(tmp_path).password_hash("cot-01") == won[0]


def test_an_expired_invitation_is_not_said_to_have_been_withdrawn(store: Store) -> None:
    store.issue([new(expires_at=NOW)], NOW - timedelta(days=1))
    assert not store.revoke("cot-01", NOW)


def test_either_all_are_issued_or_none(store: Store) -> None:
    first = new("cot-01")
    twin = NewInvitation("cot-02", first.token, new_code(), LATER)
    with pytest.raises(Exception, match="UNIQUE"):
        store.issue([first, twin], NOW)
    assert store.latest() == {}


def test_a_hash_is_renewed_unless_the_password_was_changed(store: Store) -> None:
    invitation = new()
    store.issue([invitation], NOW)
    found = store.find(invitation.token)
    assert found is not None
    store.accept(found, "old", NOW)
    store.replace_hash("cot-01", "another", "new")
    assert store.password_hash("cot-01") == "old"
    store.replace_hash("cot-01", "old", "new")
    assert store.password_hash("cot-01") == "new"


def test_no_secret_is_on_disk_and_the_files_are_their_owners_alone(
    store: Store, tmp_path: Path
) -> None:
    invitation = new()
    store.issue([invitation], NOW)
    files = sorted(tmp_path.iterdir())
    assert {"login.db", "login.key"} <= {file.name for file in files}
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        assert invitation.token.encode() not in file.read_bytes()
        assert invitation.code.encode() not in file.read_bytes()
    assert invitation.token not in repr(invitation)


def test_a_copy_of_the_database_without_its_key_finds_nothing(store: Store, tmp_path: Path) -> None:
    invitation = new()
    store.issue([invitation], NOW)
    (tmp_path / "login.key").unlink()
    assert Store(tmp_path).find(invitation.code) is None
