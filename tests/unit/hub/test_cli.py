"""The admin's commands, as they are typed."""

import json
import re
import stat
from pathlib import Path

import pytest

from hub import cli
from hub.login.store import Standing, Store
from tests.unit.hub.command import Command

OPENID = """\
login: openid
openid:
  name: Université
  client_id: hub
  client_secret: invented
  authorize_url: http://localhost/a
  token_url: http://localhost/t
  userdata_url: http://localhost/u
"""


class Site(Command):
    """With slips."""

    @property
    def slips(self) -> Path:
        return self.folder / "slips"

    def issue(self, *arguments: str, expect: int = 0) -> str:
        return self.run("invite", "issue", "--slips", str(self.slips), *arguments, expect=expect)

    def issued(self, *arguments: str) -> dict[str, object]:
        told: dict[str, object] = json.loads(self.issue("--json", *arguments))
        return told

    @property
    def store(self) -> Store:
        return Store(self.folder)


@pytest.fixture
def site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Site:
    monkeypatch.setenv("LANG", "C.UTF-8")
    return Site(tmp_path, capsys)


def test_issuing_writes_slips_for_their_owners_alone_and_prints_no_secret(site: Site) -> None:
    printed = site.issue()
    assert printed.splitlines()[0] == (
        f"cot-01 participant fr {site.slips / 'cot-01.txt'} {site.slips / '2027a-test.pdf'}"
    )
    assert [line.split()[0] for line in printed.splitlines()] == [
        "cot-01",
        "cot-02",
        "cot-03",
        "cot-04",
    ]
    files = {path.name for path in site.slips.iterdir()}
    assert files == {"2027a-test.pdf", *(f"cot-0{n}.txt" for n in range(1, 5))}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in site.slips.iterdir())
    assert stat.S_IMODE(site.slips.stat().st_mode) == 0o700
    slip = (site.slips / "cot-02.txt").read_text("utf-8")
    [token] = set(re.findall(r"token=([\w-]{22})", slip))
    [code] = set(re.findall(r"^  (\w{5}-\w{5})$", slip, re.MULTILINE))
    for secret in (token, code):
        found = site.store.find(secret)
        assert found is not None
        assert found.username == "cot-02"
        assert secret not in printed


def test_missing_invites_only_who_has_neither_password_nor_invitation(site: Site) -> None:
    first = site.issued("--missing")
    assert first["changed"] is True
    assert len(first["issued"]) == 4  # type: ignore[arg-type]
    assert site.issued("--missing") == {"changed": False, "issued": []}
    before = {path: path.read_bytes() for path in site.slips.iterdir()}
    invitation = site.store.latest()["cot-01"]
    assert site.store.accept(invitation, "hash", invitation.issued_at)
    assert site.run("invite", "revoke", "cot-02") == "cot-02 revoked\n"
    assert site.run("invite", "revoke", "cot-02") == "cot-02 unchanged\n"
    assert site.issued("--missing") == {
        "changed": True,
        "issued": [
            {
                "username": "cot-02",
                "cohort": "2027a-test",
                "file": str(site.slips / "cot-02.txt"),
                "pdf": str(site.slips / "2027a-test-cot-02.pdf"),
            }
        ],
    }
    for name in ("cot-01.txt", "2027a-test.pdf"):
        assert (site.slips / name).read_bytes() == before[site.slips / name]


def test_issuing_for_somebody_revokes_their_earlier_invitation(site: Site) -> None:
    site.issue()
    earlier = site.store.latest()
    site.issue("--person", "cot-03", "cot-04")
    later = site.store.latest()
    assert [name for name in later if later[name].id != earlier[name].id] == ["cot-03", "cot-04"]
    assert all(one.standing(one.issued_at) is Standing.OPEN for one in later.values())


def test_the_list_says_how_far_everybody_is(site: Site) -> None:
    assert site.run("invite", "list").splitlines()[0] == "cot-01 participant no-password none -"
    site.issue("--person", "cot-01")
    [first, second, *_] = json.loads(site.run("invite", "list", "--json"))["people"]
    assert (first["username"], first["password"], first["invitation"]) == ("cot-01", False, "open")
    assert first["expires"].endswith("+00:00")
    assert (second["invitation"], second["expires"]) == ("none", None)


def test_names_that_nobody_has_are_told_together_and_nobody_is_invited(site: Site) -> None:
    told = site.issue("--person", "cot-01", "cot-08", "cot-09", expect=1)
    assert "cot-08, cot-09" in told
    assert "What to do:" in told
    assert "2027a-test" in site.issue("--cohort", "2027z-nowhere", expect=1)
    assert site.store.latest() == {}
    assert not site.slips.exists()


def test_when_slips_cannot_be_written_nobody_is_invited(site: Site) -> None:
    site.issue("--person", "cot-01")
    kept = (site.slips / "cot-01.txt").read_bytes()
    earlier = site.store.latest()
    (site.slips / "2027a-test.pdf").mkdir()
    (site.slips / "2027a-test.pdf" / "in-the-way").touch()
    site.slips.joinpath(f".cot-02.txt.{cli.os.getpid()}").mkdir()
    told = site.issue(expect=1)
    assert "cannot be read or written" in told
    assert site.store.latest() == earlier
    assert (site.slips / "cot-01.txt").read_bytes() == kept
    assert [path.name for path in site.slips.glob(".cot-01*")] == []


def test_a_site_with_openid_has_no_invitations(site: Site) -> None:
    with site.settings.open("a", encoding="utf-8") as target:
        target.write(OPENID)
    assert "log in with Université" in site.issue(expect=1)


def test_mistakes_in_files_are_told_as_lines_in_the_admins_language(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = site.folder / "cohorts" / "2027a-test" / "roster.csv"
    roster.write_text(roster.read_text("utf-8").replace(",fr,", ",de,"), "utf-8")
    assert len(site.run("invite", "list", expect=1).splitlines()) == 2
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert "ligne\u00a02" in site.run("invite", "list", expect=1)


def test_a_wrong_use_ends_with_two(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_SETTINGS", raising=False)
    for arguments in ([], ["invite", "issue"], ["--settings", "x", "invite", "issue"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
    monkeypatch.setenv("HUB_SETTINGS", str(site.settings))
    assert cli.main(["invite", "list"]) == 0
