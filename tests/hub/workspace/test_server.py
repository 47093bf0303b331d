"""A real server: what it is given, what it may use, where it leads."""

import json

import pytest
import requests

from tests.hub.workspace.rig import Rig, run

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def french(rig: Rig) -> str:
    """Somebody whose server runs, in French."""
    return opened(rig, "fr")


@pytest.fixture(scope="module")
def english(rig: Rig) -> str:
    """Somebody whose server runs, in English."""
    return opened(rig, "en")


def opened(rig: Rig, language: str) -> str:
    """The name of a person whose server runs."""
    username = rig.somebody(language)
    rig.open(username)
    return username


def test_docker_holds_the_limits(rig: Rig, french: str) -> None:
    config = rig.container(french).attrs["HostConfig"]
    assert config["Memory"] == config["MemorySwap"] == 2 * 2**30
    assert config["CpuQuota"] == 2 * config["CpuPeriod"]
    assert config["PidsLimit"] == 512
    assert config["CapDrop"] == ["ALL"]
    assert config["SecurityOpt"] == ["no-new-privileges"]
    assert config["ReadonlyRootfs"] is True
    assert not config["AutoRemove"]
    assert not config["Privileged"]
    assert config["PortBindings"] in (None, {})
    assert set(rig.container(french).attrs["NetworkSettings"]["Networks"]) == {rig.names.network}


def test_the_limits_hold_from_inside(rig: Rig, french: str) -> None:
    probe = """
import json, os, pathlib, resource
def first(*names):
    return next(p.read_text().strip() for n in names if (p := pathlib.Path("/sys/fs/cgroup", n)).exists())
def refused(path):
    try:
        pathlib.Path(path).touch()
    except OSError:
        return True
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({
    "memory": first("memory.max", "memory/memory.limit_in_bytes"),
    "pids": first("pids.max", "pids/pids.max"),
    "user": os.getuid(),
    "capabilities": status["CapEff"].strip(),
    "bounding": status["CapBnd"].strip(),
    "no_new_privileges": status["NoNewPrivs"].strip(),
    "core": resource.getrlimit(resource.RLIMIT_CORE),
    "refused": [refused(p) for p in ("/opt/course/x", "/etc/x", "/usr/x", "/srv/course/x")],
    "allowed": [not refused(p) for p in ("/home/participant/.x", "/tmp/x", "/dev/shm/x")],
}))
"""
    found = json.loads(run(rig.container(french), probe))
    assert found == {
        "memory": str(2 * 2**30),
        "pids": "512",
        "user": 1000,
        "capabilities": "0" * 16,
        "bounding": "0" * 16,
        "no_new_privileges": "1",
        "core": [0, 0],
        "refused": [True] * 4,
        "allowed": [True] * 3,
    }


def test_a_server_has_its_persons_language_and_nothing_of_the_hubs_own(
    rig: Rig, french: str, english: str
) -> None:
    variables = {
        name: dict(item.split("=", 1) for item in rig.container(name).attrs["Config"]["Env"])
        for name in (french, english)
    }
    assert variables[french]["LANG"] == "fr_FR.UTF-8"
    assert variables[english]["LANG"] == "en_GB.UTF-8"
    assert variables[french]["COURSE_STATIC_URL"] == "/static-lab/00000000"
    for name in ("LC_ALL", "LANGUAGE", "TEST_TOKEN", "CONFIGPROXY_AUTH_TOKEN", "HUB_SETTINGS"):
        assert name not in variables[french]
    code = "import locale; print(locale.getlocale()[0])"
    assert run(rig.container(french), code) == "fr_FR"


def test_a_person_lands_on_the_first_notebook_in_their_language(
    rig: Rig, french: str, english: str
) -> None:
    first = {french: "fr/day1/01-vecteurs.ipynb", english: "en/day1/01-vectors.ipynb"}
    for username, notebook in first.items():
        root = f"http://{rig.address(username)}/user/{username}/"
        answer = requests.get(root, allow_redirects=False, timeout=10)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/user/{username}/lab/tree/course/{notebook}"
        assert run(rig.container(username), f"print(open('course/{notebook}').read())")


def test_the_server_needs_a_login_and_its_own_hub_gives_it(rig: Rig, french: str) -> None:
    contents = f"http://{rig.address(french)}/user/{french}/api/contents"
    assert requests.get(contents, timeout=10).status_code == 403
    headers = {"Authorization": f"token {rig.token}"}
    listed = requests.get(contents, headers=headers, timeout=10).json()
    assert [one["name"] for one in listed["content"]] == ["course"]


def test_everything_of_a_person_is_found_by_its_labels(rig: Rig, french: str) -> None:
    labels = [
        f"africa.airina.project={rig.names.project}",
        f"africa.airina.person={french}",
    ]
    assert len(rig.docker.containers.list(filters={"label": labels})) == 1
    [volume] = rig.docker.volumes.list(filters={"label": labels})
    assert volume.name == rig.names.home_volume(french)
