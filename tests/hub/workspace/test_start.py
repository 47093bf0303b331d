"""Starts: in turn when many ask at once, and in spite of anything that git may do."""

import io
import tarfile
from collections.abc import Iterator

import pytest
import requests

from hub.files import load_cohorts
from tests.hub.workspace.rig import Rig, run

pytestmark = pytest.mark.docker


def test_who_asks_at_once_starts_in_turn_and_sees_their_place(rig: Rig) -> None:
    names = ["ptc-10", "ptc-12", "ptc-14", "ptc-16"]  # in English
    for name in names:
        rig.request_server(name)
    last = list(rig.events(names[-1]))
    assert last[0] == {
        "progress": 5,
        "message": "Several people are opening their servers; yours is number 2.",
        "place": 2,
    }
    assert [event["message"] for event in last[-3:]] == [
        "Your server is starting.",
        "Your notebooks are being brought.",
        "Your server is ready.",
    ]
    assert all(list(rig.events(name))[-1].get("ready") for name in names)


def test_who_gives_up_while_waiting_or_starting_holds_nobody_up(rig: Rig) -> None:
    """With two at once: the second is given up while it starts, the fourth while it waits."""
    names = ["ptc-01", "ptc-03", "ptc-05", "ptc-07"]
    for name in names:
        rig.request_server(name)
    rig.stop("ptc-07")
    rig.stop("ptc-03")
    for name in ("ptc-01", "ptc-05"):
        assert list(rig.events(name))[-1].get("ready")
    for name in ("ptc-03", "ptc-07"):
        assert rig.last_failure(name) == {}
        rig.open(name)


def test_a_correction_arrives_at_the_next_start_beside_their_own_work(rig: Rig) -> None:
    cohorts = load_cohorts(rig.folder / "cohorts")
    rig.release(cohorts, **{"fr/day1/02-normes": "a\nb\nc\nd\ne\n"})
    first = rig.open("ptc-11")
    run(first, "open('course/fr/day1/02-normes.ipynb', 'w').write('mine\\nb\\nc\\nd\\ne\\n')")
    rig.stop("ptc-11")
    rig.release(cohorts, **{"fr/day1/02-normes": "a\nb\nc\nd\ncorrected\n"})
    second = rig.open("ptc-11")
    said = run(second, "print(open('course/fr/day1/02-normes.ipynb').read())")
    assert said == "mine\nb\nc\nd\ncorrected"


def test_a_course_that_git_cannot_use_is_rebuilt(rig: Rig) -> None:
    first = rig.open("ptc-13")
    run(first, "open('course/été.txt', 'w').write('à moi')")
    run(first, "import shutil; shutil.rmtree('course/.git/objects')")
    rig.stop("ptc-13")
    second = rig.open("ptc-13")
    assert run(second, "print(open('course/été.txt').read())") == "à moi"
    assert run(second, "print(open('course/fr/day1/01-vecteurs.ipynb').read())") == "un"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A hub whose cohort has no release yet."""
    one = Rig(tmp_path_factory.mktemp("bare"), {"ptc-01": "fr", "ptc-03": "fr"})
    try:
        one.make_network()
        one.start_hub()
        yield one
    finally:
        one.clear()


def archive(kind: bytes) -> bytes:
    """A damaged ``release.git`` with one file: ordinary, or a pipe that nobody will ever write to."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo("release.git/HEAD")
        entry.type = kind
        entry.mode = 0o644
        tar.addfile(entry)
    return packed.getvalue()


@pytest.mark.parametrize(
    "release",
    [None, archive(tarfile.REGTYPE), archive(tarfile.FIFOTYPE)],
    ids=["none", "damaged", "hangs"],
)
def test_a_server_starts_whatever_the_release_is(bare: Rig, release: bytes | None) -> None:
    if release is not None:
        bare.fill_release(release)
    bare.open("ptc-01")
    root = f"http://{bare.address('ptc-01')}/user/ptc-01/"
    answer = requests.get(root, allow_redirects=False, timeout=10)
    assert answer.headers["Location"] == "/user/ptc-01/lab"
    bare.stop("ptc-01")
    assert bare.last_failure("ptc-01") == {}


def test_a_server_starts_on_a_workspace_that_is_full(bare: Rig) -> None:
    bare.docker.volumes.create(
        bare.names.home_volume("ptc-03"),
        driver_opts={"type": "tmpfs", "device": "tmpfs", "o": "size=64k,uid=1000,gid=1000"},
        labels={bare.names.LABEL: bare.names.project},
    )
    container = bare.open("ptc-03")
    assert run(container, "import os; print(os.path.exists('course'))") == "False"
