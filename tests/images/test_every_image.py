"""What every image carries, and what none does."""

import json
import re
import subprocess
import sys

import pytest

from tests.images.conftest import ROOT, output

pytestmark = pytest.mark.docker

NAMES = ["base-bookworm", "base-trixie", "course", "hub", "proxy", "edge"]
USERS = {"course": 1000, "hub": 990, "proxy": 991, "edge": 992}
# In a container's own memory, in its volume, or made by the engine for each container.
MAY_BE_WRITTEN = ("/proc", "/dev", "/sys", "/tmp", "/var/tmp", "/run/lock")  # noqa: S108
HOMES = {
    "course": "/home/participant",
    "hub": "/srv/hub/state",
    "proxy": "/nonexistent",
    "edge": "/srv/edge/state",
}


def inspected(image: str) -> dict[str, object]:
    answer = subprocess.check_output(["docker", "image", "inspect", image])
    config: dict[str, object] = json.loads(answer)[0]["Config"]
    return config


def materials(image: str, file: str) -> dict[str, str]:
    """Versions by name in a bill of materials."""
    bill = json.loads(output(image, "cat", f"/usr/share/sbom/{file}.cdx.json"))
    assert bill["bomFormat"] == "CycloneDX"
    return {plain(one["name"]): one["version"] for one in bill["components"]}


def plain(name: str) -> str:
    """A package's name in the one spelling that PyPI gives to all its spellings."""
    return re.sub("[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", NAMES)
def test_labels_say_what_an_image_is_and_what_it_was_made_from(
    images: dict[str, str], name: str
) -> None:
    labels = inspected(images[name])["Labels"]
    assert isinstance(labels, dict)
    assert labels["africa.airina.image"] == name
    assert len(labels["africa.airina.inputs"]) == len(labels["africa.airina.lock"]) == 64
    commit = labels["org.opencontainers.image.revision"]
    subprocess.run(["git", "-C", ROOT, "cat-file", "-e", commit], check=True)


@pytest.mark.parametrize("name", NAMES)
def test_debian_s_packages_are_described_without_the_tools_that_did_it(
    images: dict[str, str], name: str
) -> None:
    installed = output(images[name], "dpkg-query", "--show", "--showformat=${Package} ${Version}\n")
    described = materials(images[name], "debian")
    versions = {plain(line.split()[0]): line.split()[1] for line in installed.splitlines()}
    assert {package: described.get(package) for package in versions} == versions
    assert "python3-venv" not in described


@pytest.mark.parametrize("name", ["course", "hub"])
def test_python_s_packages_are_described_and_are_those_of_the_lock(
    images: dict[str, str], name: str
) -> None:
    locks = [ROOT / f"images/{name}/requirements.lock", ROOT / "images/course/torch.lock"]
    pinned = dict(
        line.split(" ")[0].split("==")
        for lock in locks[: 2 if name == "course" else 1]
        for line in lock.read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    )
    described = materials(images[name], "python")
    assert described == {plain(name): version for name, version in pinned.items()}


def test_node_s_packages_are_described(images: dict[str, str]) -> None:
    lock = json.loads((ROOT / "images/proxy/package-lock.json").read_text())
    described = materials(images["proxy"], "npm")
    assert described["configurable-http-proxy"] == "5.3.0"
    assert len(described) == len(
        {key.rpartition("node_modules/")[2] for key in lock["packages"]} - {""}
    )


@pytest.mark.parametrize("name", USERS)
def test_an_image_runs_as_somebody_who_can_write_nothing_but_their_own_folder(
    images: dict[str, str], name: str
) -> None:
    assert int(output(images[name], "id", "-u")) == USERS[name]
    prune = " -o ".join(f"-path {place}" for place in (*MAY_BE_WRITTEN, HOMES[name]))
    search = f"find / \\( {prune} \\) -prune -o -writable -not -type l -print"
    assert output(images[name], "sh", "-c", f"({search}) 2>/dev/null || true").split() == []


@pytest.mark.parametrize("name", NAMES)
def test_no_image_has_anything_of_the_machine_that_built_it(
    images: dict[str, str], name: str
) -> None:
    root = output(images[name], "ls", "-A", "/root", options=("--user=0",)).split()
    assert set(root) <= {".bashrc", ".profile"}
    settings = (
        "cat /etc/pip.conf /etc/npmrc /usr/local/etc/npmrc /certificates.crt /etc/apt/auth.conf"
    )
    assert output(images[name], "sh", "-c", f"{settings} 2>/dev/null || true") == ""
    environment = inspected(images[name])["Env"] or []
    assert isinstance(environment, list)
    known = {"PATH", "LANG", "SHELL", "GIT_TERMINAL_PROMPT", "PYTHONUNBUFFERED"}
    assert {line.partition("=")[0] for line in environment} <= known | {
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
    }


@pytest.mark.parametrize("name", NAMES)
def test_neither_wheels_nor_package_lists_stay_in_an_image(
    images: dict[str, str], name: str
) -> None:
    search = "find / -xdev \\( -name '*.whl' -o -name '*.deb' -o -path '/var/lib/apt/lists/*_Packages*' \\)"
    assert output(images[name], "sh", "-c", search, options=("--user=0",)) == ""


@pytest.mark.parametrize("name", NAMES)
def test_an_image_trusts_the_usual_certificate_authorities(
    images: dict[str, str], name: str
) -> None:
    bundle = output(images[name], "cat", "/etc/ssl/certs/ca-certificates.crt")
    assert bundle.count("BEGIN CERTIFICATE") > 50


def test_a_second_build_does_nothing(images: dict[str, str]) -> None:
    result = ROOT / ".build/images.json"
    before = result.stat().st_mtime_ns
    said = subprocess.check_output([sys.executable, "images/build.py"], cwd=ROOT, text=True)
    assert "nothing to do" in said
    assert result.stat().st_mtime_ns == before


def test_the_course_image_is_no_larger_than_1_9_gb(images: dict[str, str]) -> None:
    size = subprocess.check_output(
        ["docker", "image", "inspect", "--format={{.Size}}", images["course"]]
    )
    assert int(size) <= 1.9e9
