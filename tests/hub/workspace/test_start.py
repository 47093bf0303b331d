"""Starts: in turn when many ask at once, and in spite of anything that git may do."""

import io
import tarfile
from collections.abc import Iterator

import pytest
import requests

from tests.hub.workspace.rig import Rig, run

pytestmark = pytest.mark.docker


def test_who_asks_at_once_starts_in_turn_and_sees_their_place(rig: Rig) -> None:
    names = [rig.somebody("en") for _ in range(4)]
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
        "Your notebooks are on their way.",
        "Your server is ready.",
    ]
    assert all(list(rig.events(name))[-1].get("ready") for name in names)


def test_who_gives_up_while_waiting_or_starting_holds_nobody_up(rig: Rig) -> None:
    """With two at once: the second is given up while it starts, the fourth while it waits."""
    names = [rig.somebody() for _ in range(4)]
    for name in names:
        rig.request_server(name)
    first, second, third, fourth = names
    rig.stop(fourth)
    rig.stop(second)
    for name in (first, third):
        assert list(rig.events(name))[-1].get("ready")
    for name in (second, fourth):
        assert rig.last_failure(name) == {}
        rig.open(name)


def test_a_correction_arrives_at_the_next_start_beside_their_own_work(rig: Rig) -> None:
    me = rig.somebody()
    rig.release(**{"fr/day1/02-normes": "a\nb\nc\nd\ne\n"})
    first = rig.open(me)
    run(first, "open('course/fr/day1/02-normes.ipynb', 'w').write('mine\\nb\\nc\\nd\\ne\\n')")
    rig.stop(me)
    rig.release(**{"fr/day1/02-normes": "a\nb\nc\nd\ncorrected\n"})
    second = rig.open(me)
    said = run(second, "print(open('course/fr/day1/02-normes.ipynb').read())")
    assert said == "mine\nb\nc\nd\ncorrected"


def test_a_course_that_git_cannot_use_is_rebuilt(rig: Rig) -> None:
    me = rig.somebody()
    first = rig.open(me)
    run(first, "open('course/été.txt', 'w').write('à moi')")
    run(first, "import shutil; shutil.rmtree('course/.git/objects')")
    rig.stop(me)
    second = rig.open(me)
    assert run(second, "print(open('course/été.txt').read())") == "à moi"
    assert run(second, "print(open('course/fr/day1/01-vecteurs.ipynb').read())") == "un"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A hub whose cohort has no release yet."""
    one = Rig(tmp_path_factory.mktemp("bare"))
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
    me = bare.somebody()
    bare.open(me)
    root = f"http://{bare.address(me)}/user/{me}/"
    answer = requests.get(root, allow_redirects=False, timeout=10)
    assert answer.headers["Location"] == f"/user/{me}/lab"
    bare.stop(me)
    assert bare.last_failure(me) == {}


def test_a_server_starts_on_a_workspace_that_is_full(bare: Rig) -> None:
    me = bare.somebody()
    bare.docker.volumes.create(
        bare.names.home_volume(me),
        driver_opts={"type": "tmpfs", "device": "tmpfs", "o": "size=64k,uid=1000,gid=1000"},
        labels={bare.names.LABEL: bare.names.project},
    )
    container = bare.open(me)
    assert run(container, "import os; print(os.path.exists('course'))") == "False"
