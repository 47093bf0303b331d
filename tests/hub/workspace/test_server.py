"""A real server: what it is given, what it may use, where it leads."""

import json

import pytest
import requests

from tests.hub.workspace.rig import Rig, run

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def opened(rig: Rig) -> Rig:
    """Two servers run: ``ptc-01`` in French, ``ptc-02`` in English."""
    for username in ("ptc-01", "ptc-02"):
        rig.open(username)
    return rig


def test_docker_holds_the_limits(opened: Rig) -> None:
    config = opened.container("ptc-01").attrs["HostConfig"]
    assert config["Memory"] == config["MemorySwap"] == 2 * 2**30
    assert config["CpuQuota"] == 2 * config["CpuPeriod"]
    assert config["PidsLimit"] == 512
    assert config["CapDrop"] == ["ALL"]
    assert config["SecurityOpt"] == ["no-new-privileges"]
    assert config["ReadonlyRootfs"] is True
    assert not config["AutoRemove"]
    assert not config["Privileged"]
    assert config["PortBindings"] in (None, {})
    assert set(opened.container("ptc-01").attrs["NetworkSettings"]["Networks"]) == {
        opened.names.network
    }


def test_the_limits_hold_from_inside(opened: Rig) -> None:
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
    found = json.loads(run(opened.container("ptc-01"), probe))
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


def test_a_server_has_its_persons_language_and_nothing_of_the_hubs_own(opened: Rig) -> None:
    variables = {
        name: dict(item.split("=", 1) for item in opened.container(name).attrs["Config"]["Env"])
        for name in ("ptc-01", "ptc-02")
    }
    assert variables["ptc-01"]["LANG"] == "fr_FR.UTF-8"
    assert variables["ptc-02"]["LANG"] == "en_GB.UTF-8"
    assert variables["ptc-01"]["COURSE_STATIC_URL"] == "/static-lab/00000000"
    for name in ("LC_ALL", "LANGUAGE", "TEST_TOKEN", "CONFIGPROXY_AUTH_TOKEN", "HUB_SETTINGS"):
        assert name not in variables["ptc-01"]
    code = "import locale; print(locale.getlocale()[0])"
    assert run(opened.container("ptc-01"), code) == "fr_FR"


@pytest.mark.parametrize(
    ("username", "notebook"),
    [("ptc-01", "fr/day1/01-vecteurs.ipynb"), ("ptc-02", "en/day1/01-vectors.ipynb")],
)
def test_a_person_lands_on_the_first_notebook_in_their_language(
    opened: Rig, username: str, notebook: str
) -> None:
    root = f"http://{opened.address(username)}/user/{username}/"
    answer = requests.get(root, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/user/{username}/lab/tree/course/{notebook}"
    assert run(opened.container(username), f"print(open('course/{notebook}').read())")


def test_the_server_needs_a_login_and_its_own_hub_gives_it(opened: Rig) -> None:
    contents = f"http://{opened.address('ptc-01')}/user/ptc-01/api/contents"
    assert requests.get(contents, timeout=10).status_code == 403
    headers = {"Authorization": f"token {opened.token}"}
    listed = requests.get(contents, headers=headers, timeout=10).json()
    assert [one["name"] for one in listed["content"]] == ["course"]


def test_everything_of_a_person_is_found_by_its_labels(opened: Rig) -> None:
    labels = [
        f"africa.airina.project={opened.names.project}",
        "africa.airina.person=ptc-01",
    ]
    assert len(opened.docker.containers.list(filters={"label": labels})) == 1
    [volume] = opened.docker.volumes.list(filters={"label": labels})
    assert volume.name == opened.names.home_volume("ptc-01")
