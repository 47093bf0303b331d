"""`make up` stops with every obstacle, tells where invitations lie, and never what is in them."""

import io
import json
import os
from pathlib import Path

import destroy
import playbook
import pytest
import up


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A provisioned site with two people, one of whom has used the invitation."""
    monkeypatch.setattr(up, "ROOT", tmp_path)
    monkeypatch.setattr(up, "with_password", {"airina-hub": {"cot-02"}}.get)
    cohort = tmp_path / "inventory" / "cohorts" / "2027a-cotonou"
    cohort.mkdir(parents=True)
    (cohort / "roster.csv").write_text(
        "username, name,email,language, role,mode,time_zone\n"
        "cot-01,Sènami Ɖossou,s@example.org,fr,participant,on-site,\n"
        "cot-02,Kwame Mensah,k@example.org,en,admin,on-site,\n",
        "utf-8",
    )
    desk = tmp_path / "inventory" / ".desk"
    desk.mkdir()
    said = {"public_url": "http://localhost:8000/", "project": "airina"}
    (desk / "site.json").write_text(json.dumps(said), "utf-8")
    slips = tmp_path / "var" / "local" / "invitations"
    slips.mkdir(parents=True)
    (slips / "cot-01.txt").write_text("http://localhost:8000/?token=secret", "utf-8")
    # Oldest first; the last is of another cohort, which has a row of its own.
    for age, name in enumerate(("2027a-cotonou", "2027a-cotonou-cot-01", "2027a-cotonou-2")):
        (slips / f"{name}.pdf").touch()
        os.utime(slips / f"{name}.pdf", (age, age))
    other = tmp_path / "inventory" / "cohorts" / "2027a-cotonou-2"
    other.mkdir()
    (other / "roster.csv").write_text("username,role,language\n", "utf-8")
    return tmp_path / "inventory"


def test_it_ends_with_the_address_and_a_line_a_person(inventory: Path) -> None:
    told = "\n".join(up.result("local", inventory))
    slips = inventory.parent / "var" / "local" / "invitations"
    assert "The hub of the site local is up: http://localhost:8000/" in told
    cohort, newer, older, first, second = told.splitlines()[2:7]
    assert cohort == "2027a-cotonou"
    assert newer.endswith("to print: " + str(slips / "2027a-cotonou-cot-01.pdf"))
    assert older.endswith("to print: " + str(slips / "2027a-cotonou.pdf"))
    assert first.split() == ["cot-01", "participant", "fr", *first.split()[3:]]
    assert first.endswith("var/local/invitations/cot-01.txt")
    assert second.endswith("admin        en  has a password")
    assert "secret" not in told
    assert "example.org" not in told


def test_all_obstacles_are_shown_before_anything_is_touched() -> None:
    with pytest.raises(up.Stopped) as stopped:
        up.stop_at(iter(["no disk", "no port"]))
    assert str(stopped.value) == "this machine is not ready:\n  - no disk\n  - no port"
    up.stop_at(iter([]))


def test_an_unknown_site_is_told_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert up.main(["abomey"]) == 1
    assert "there are: cotonou, local, online" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "goes_on"), [("local\n", True), ("yes\n", False), ("", False)])
def test_removing_wants_the_name_of_the_site(
    monkeypatch: pytest.MonkeyPatch, typed: str, goes_on: bool
) -> None:
    played: list[str] = []
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    monkeypatch.setattr(playbook, "play", lambda name, *_: played.append(name))
    monkeypatch.setattr(destroy, "remove_images", lambda: played.append("images"))
    assert destroy.main([]) == 0
    assert played == (["destroy", "images"] if goes_on else [])


def test_a_script_can_say_yes_and_a_remote_site_keeps_the_images_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played: list[tuple[str, ...]] = []
    monkeypatch.setattr(playbook, "play", lambda *words: played.append(words))
    monkeypatch.setattr(destroy, "remove_images", lambda: played.append(("images",)))
    assert destroy.main(["online", "--yes"]) == 0
    assert played == [("destroy", "online", "--extra-vars=destroy_confirmed=true")]
