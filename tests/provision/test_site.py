"""The playbook on a real engine: twice is once, a mistake changes nothing, what people wrote stays."""

import csv
import shutil
import urllib.request
from pathlib import Path

import pytest

from tests.provision.conftest import ProvisionedSite

pytestmark = pytest.mark.provision

COHORT = "2027a-cotonou"


def landed(site: ProvisionedSite) -> dict[str, bytes]:
    """Every file that the hub reads when it starts."""
    config = site.root / "config"
    return {str(p.relative_to(config)): p.read_bytes() for p in config.rglob("*") if p.is_file()}


def roster(site: ProvisionedSite) -> Path:
    return site.inventory / "cohorts" / COHORT / "roster.csv"


def add_person(file: Path, username: str, email: str) -> None:
    with file.open("a", encoding="utf-8", newline="") as rows:
        csv.writer(rows, lineterminator="\n").writerow(
            [username, "Élodie d’Oliveira", email, "fr", "participant", "on-site", ""]
        )


def test_the_hub_answers_people_through_the_edge(provisioned: ProvisionedSite) -> None:
    with urllib.request.urlopen(f"{provisioned.url}/hub/login") as page:  # noqa: S310 (http of ours)
        assert page.status == 200
    assert set(provisioned.containers()) == {"hub", "proxy", "edge"}


def test_a_second_run_changes_nothing(provisioned: ProvisionedSite) -> None:
    before = provisioned.containers(), landed(provisioned)
    assert provisioned.up().changed == []
    assert (provisioned.containers(), landed(provisioned)) == before


def test_everybody_has_a_slip_that_others_cannot_read(provisioned: ProvisionedSite) -> None:
    folder = provisioned.root / "invitations"
    slips = {file.name: file.stat() for file in folder.iterdir()}
    people = {f"{prefix}-{number:02}.txt" for prefix in ("cot", "onl") for number in range(1, 9)}
    assert set(slips) == people | {"2027a-cotonou.pdf", "2027a-online.pdf"}
    assert {stat.st_mode & 0o777 for stat in slips.values()} == {0o600}
    assert (provisioned.root / "secrets" / "proxy.env").stat().st_mode & 0o777 == 0o600


def test_a_new_person_replaces_the_hub_and_disturbs_nobody(provisioned: ProvisionedSite) -> None:
    server = f"{provisioned.project}-server-cot-01"
    provisioned.docker(
        *("run", "--detach", "--name", server, "--network", f"{provisioned.project}-workspaces"),
        *("--label", f"africa.airina.project={provisioned.project}", "--entrypoint", "sleep"),
        *(
            provisioned.docker("inspect", "--format={{.Image}}", f"{provisioned.project}-hub"),
            "600",
        ),
    )
    before = provisioned.containers()
    original = roster(provisioned).read_bytes()
    try:
        add_person(roster(provisioned), "cot-09", "elodie.doliveira@example.org")
        plan = provisioned.run("site.yml", "--check", "--diff")
        assert plan.code == 0, plan.shown[-6000:]
        assert "Land the cohorts." in " ".join(plan.changed)
        assert provisioned.containers() == before, "a dry run changes nothing"
        provisioned.up()
        after = provisioned.containers()
        assert {name for name in before if after[name] != before[name]} == {"hub"}
        assert (provisioned.root / "invitations" / "cot-09.txt").exists()
    finally:
        roster(provisioned).write_bytes(original)
        provisioned.docker("rm", "--force", server)
    provisioned.up()


def test_a_roster_with_mistakes_is_refused_with_all_of_them(provisioned: ProvisionedSite) -> None:
    before = provisioned.containers(), landed(provisioned)
    original = roster(provisioned).read_bytes()
    settings = provisioned.inventory / "group_vars" / "all.yml"
    said = settings.read_text("utf-8")
    try:
        add_person(roster(provisioned), "cot-01", "twice@example.org")
        add_person(roster(provisioned), "cot-09", "senami.dossou@example.org")
        settings.write_text(said.replace("hub_settings:", "hub_settings:\n  idle_hour: 3"), "utf-8")
        refused = provisioned.run("site.yml")
    finally:
        roster(provisioned).write_bytes(original)
        settings.write_text(said, "utf-8")
    assert refused.code != 0
    told = refused.failure.splitlines()
    assert told[0] == "Nothing was applied."
    for words in (
        ["settings.yml", "idle_hour", "unknown key"],
        [f"{COHORT}/roster.csv", "row 10", "username", "cot-01"],
        [f"{COHORT}/roster.csv", "row 11", "email", "senami.dossou@example.org"],
    ):
        assert any(all(word in line for word in [*words, "What to do"]) for line in told), words
    assert (provisioned.containers(), landed(provisioned)) == before


def test_a_cohort_that_the_inventory_lost_is_taken_away_but_not_its_work(
    provisioned: ProvisionedSite, tmp_path: Path
) -> None:
    volumes = provisioned.labelled("volume")
    kept = provisioned.inventory / "cohorts" / "2027a-online"
    shutil.move(kept, tmp_path / kept.name)
    try:
        provisioned.up()
        assert not (provisioned.root / "config" / "cohorts" / kept.name).exists()
        assert provisioned.labelled("volume") == volumes
    finally:
        shutil.move(tmp_path / kept.name, kept)
    provisioned.up()


def test_stopping_keeps_everything_and_starting_again_finds_it(
    provisioned: ProvisionedSite,
) -> None:
    def kept() -> tuple[set[str], bytes, dict[str, bytes]]:
        slip = provisioned.root / "invitations" / "cot-02.txt"
        return provisioned.labelled("volume"), slip.read_bytes(), landed(provisioned)

    before = kept()
    assert provisioned.run("down.yml").code == 0
    assert provisioned.containers() == {}
    assert provisioned.run("down.yml").changed == []
    assert kept() == before
    provisioned.up()
    assert set(provisioned.containers()) == {"hub", "proxy", "edge"}
    assert kept() == before, "nobody was invited again"


def test_nothing_personal_and_no_secret_is_shown(provisioned: ProvisionedSite) -> None:
    secret = (
        (provisioned.root / "secrets" / "proxy.env").read_text("ascii").partition("=")[2].strip()
    )
    assert len(secret) == 64
    shown = provisioned.shown
    assert provisioned.project in shown
    assert secret not in shown
    # The one address that is shown is the mistake of the test that makes one.
    assert shown.count("@example.org") == shown.count("senami.dossou@example.org")
    for slip in (provisioned.root / "invitations").glob("*.txt"):
        words = slip.read_text("utf-8").split()
        told = [word for word in words if "token=" in word or (len(word) == 11 and word[5] == "-")]
        assert len(told) >= 2, "a slip has a link and a code"
        assert not any(word in shown for word in told), slip.name


def test_removing_asks_for_agreement_and_then_leaves_nothing(provisioned: ProvisionedSite) -> None:
    refused = provisioned.run("destroy.yml")
    assert refused.code != 0
    assert "Nothing was removed" in refused.failure
    assert set(provisioned.containers()) == {"hub", "proxy", "edge"}
    assert provisioned.run("destroy.yml", "--extra-vars=destroy_confirmed=true").code == 0
    left = [provisioned.labelled(kind) for kind in ("volume", "network")]
    assert [*left, provisioned.labelled("container", "--all")] == [set(), set(), set()]
    assert not provisioned.root.exists()
    assert provisioned.run("destroy.yml", "--extra-vars=destroy_confirmed=true").changed == []
