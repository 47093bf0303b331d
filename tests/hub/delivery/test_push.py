"""Pushes to a real site: real git over HTTP, the real hook, the course image, the real builder."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from hub.delivery.release import Edition, publish
from hub.delivery.repository import Repository
from hub.delivery.sandbox import LABEL
from hub.journal import Verdict
from hub.naming import Names
from hub.opening import Part
from tests.unit.hub.delivery.site import COHORT, SOURCE, Clone, PushSite, git

pytestmark = pytest.mark.docker

PATIENCE = 60.0
"""Seconds after which a test gives up on what it waits for."""


class Site(PushSite):
    """With the course image, and the small limits of a poor machine."""

    def __init__(self, folder: Path, image: str) -> None:
        self.project = f"airina-test-{os.getpid()}-gate"
        limits = {"participant": {"memory_gib": 0.5, "pids": 64}}
        super().__init__(folder, project=self.project, course_image=image, limits=limits)

    def left(self) -> list[str]:
        """Containers and volumes of gates that are there."""
        mine = {"label": [f"{Names.LABEL}={self.project}", LABEL]}
        engine = docker.from_env()
        found = [
            *engine.containers.list(all=True, filters=mine),
            *engine.volumes.list(filters=mine),
        ]
        engine.close()
        return [one.name for one in found]

    def verdict(self) -> Verdict | None:
        """Of the last gate."""
        gate = self.journal.last_gate()
        return gate.verdict if gate else None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, images: dict[str, str]) -> Iterator[Site]:
    """A site with a course of one notebook, pushed by an instructor."""
    site = Site(tmp_path_factory.mktemp("site"), images["course"])
    with site.serving():
        clone = site.clone("first")
        clone.fill()
        clone.commit()
        done = clone.push()
        assert done.returncode == 0, done.stderr
        site.first = done.stderr  # type: ignore[attr-defined]
        yield site
    assert site.left() == []


@pytest.fixture
def clone(site: Site, tmp_path: Path) -> Clone:
    """A new clone."""
    return site.clone(str(tmp_path / "clone"))


def wait_for(true: Callable[[], bool]) -> None:
    """Return as soon as something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def refused(site: Site, clone: Clone) -> str:
    """What a push is told that must be refused and change nothing."""
    before = site.sources.current()
    clone.commit()
    done = clone.push()
    assert done.returncode != 0, done.stderr
    assert site.sources.current() == before
    assert site.verdict() is Verdict.REFUSED
    assert site.left() == []
    return done.stderr


def test_a_good_push_is_told_step_by_step_and_lands(site: Site) -> None:
    told = str(site.first)  # type: ignore[attr-defined]
    for line in ("Construction du cours", "1/1 ✔ d1-01, version des participants", "Tout est bon"):
        assert line in told
    _, built = site.sources.current() or ("", Path())
    assert "raise NotImplementedError" in (built / "fr/day1/01-squares.ipynb").read_text("utf-8")
    assert "squared_number" in (built / "instructor/fr/day1/01-squares.ipynb").read_text("utf-8")


def test_a_good_change_is_told_as_it_happens(site: Site, clone: Clone) -> None:
    clone.write_notebook(SOURCE.replace("print(2 + 2)", "print(2 + 3)"))
    commit = clone.commit()
    command = ["git", "push", "origin", "main"]
    with subprocess.Popen(command, cwd=clone.folder, stderr=subprocess.PIPE, text=True) as pushing:
        for line in pushing.stderr or ():
            if "Construction" in line:
                during = pushing.poll(), site.verdict()
    assert pushing.returncode == 0
    assert during == (None, Verdict.RUNNING)
    assert site.sources.head() == commit


def test_nothing_to_execute_is_a_matter_of_seconds(site: Site, clone: Clone) -> None:
    clone.write("README.md", "For instructors.")
    clone.commit()
    done = clone.push()
    assert done.returncode == 0
    assert "Notebooks à exécuter\u00a0: 0 sur 1." in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("squared_number = number * number", "squared_number = (number", "n’est pas du Python"),
        ("# Un carré est le produit d’un nombre par lui-même.\n", "", "Que faire"),
        ("lui-même.", "lui-même, $x = 2$.", "formules"),
        ("print(2 + 2)", "squared_number = number * number", "solution"),
    ],
    ids=["syntax", "french", "formula", "leak"],
)
def test_the_builders_refusals_reach_the_pusher(
    site: Site, clone: Clone, old: str, new: str, said: str
) -> None:
    assert old in SOURCE
    clone.write_notebook(SOURCE)
    clone.write("src/day1/01-squares.py", SOURCE.replace(old, new))
    told = refused(site, clone)
    assert "src/day1/01-squares.py" in told
    assert said in told, told


def test_a_builder_that_hides_nothing_is_found_out(site: Site, clone: Clone) -> None:
    view = clone.folder / "builder" / "view.py"
    text = view.read_text("utf-8")
    assert 'if audience == "participant" else (region' in text
    broken = text.replace(
        'inner if audience == "participant" else (region', "(region.begin, region.end) or (region"
    )
    clone.write("builder/view.py", broken)
    leaks = clone.folder / "builder" / "leaks.py"
    clone.write(
        "builder/leaks.py", leaks.read_text("utf-8") + "\n\ndef faults(*_):\n    return []\n"
    )
    assert "La solution de" in refused(site, clone)


def test_a_released_file_cannot_go(site: Site, clone: Clone) -> None:
    _, built = site.sources.current() or ("", Path())
    publish(
        Edition(COHORT, built, {(1, Part.DAY)}, 1),
        Repository(site.releases / COHORT / "release.git"),
    )
    clone.git("mv", "src/day1/01-squares.py", "src/day1/01-other.py")
    programme = (clone.folder / "programme.yml").read_text("utf-8")
    clone.write("programme.yml", programme.replace("01-squares", "01-other"))
    told = refused(site, clone)
    assert "day1/01-squares.ipynb" in told
    assert COHORT in told
    shutil.rmtree(site.releases)


def run_in_a_cell(clone: Clone, code: str) -> None:
    """The notebook's last cell does something, and its builder minds nothing."""
    clone.write_notebook(SOURCE.replace('if __name__ == "__main__":\n    print(2 + 2)', code))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = bytearray(700 * 2**20)", "0,5\u00a0Gio de mémoire"),
        (
            "import socket\nsocket.create_connection(('192.0.2.1', 80), 5)",
            "Network is unreachable",
        ),
        ("open('/etc/x', 'w')", "Read-only file system"),
        ("import os\nos.setuid(0)", "Operation not permitted"),
    ],
    ids=["memory", "network", "root file system", "root"],
)
def test_a_cell_that_does_what_no_participant_may(
    site: Site, clone: Clone, code: str, said: str
) -> None:
    run_in_a_cell(clone, code)
    told = refused(site, clone)
    assert "✘ d1-01" in told
    assert said in told


def test_a_cell_that_multiplies_is_told_as_such(site: Site, clone: Clone) -> None:
    run_in_a_cell(
        clone, "import subprocess\nx = [subprocess.Popen(['sleep', '60']) for _ in range(99)]"
    )
    assert "les 64 processus" in refused(site, clone)


def test_a_cell_that_takes_too_long_is_told_as_such(site: Site, clone: Clone) -> None:
    slow = "print('late')\nimport time\ntime.sleep(60)\n"
    clone.write("execute.py", slow)
    text = "from hub.delivery import trial; trial.WALL_SECONDS = 1"
    site.folder.joinpath("sitecustomize.py").write_text(text, "utf-8")
    before = os.environ["PYTHONPATH"]
    os.environ["PYTHONPATH"] = f"{site.folder}:{before}"
    try:
        assert "Il n’avait pas fini au bout de 1\u00a0s" in refused(site, clone)
    finally:
        os.environ["PYTHONPATH"] = before
        site.folder.joinpath("sitecustomize.py").unlink()


def test_two_at_once_end_as_one_after_the_other(site: Site, tmp_path: Path) -> None:
    clones = [site.clone(str(tmp_path / name)) for name in ("a", "b")]
    for clone in clones:
        clone.write("README.md", clone.folder.name)
        clone.commit()
    pushes = [
        subprocess.Popen(
            ["git", "push", "origin", "main"], cwd=clone.folder, stderr=subprocess.PIPE, text=True
        )
        for clone in clones
    ]
    said = [push.communicate()[1] for push in pushes]
    ended = sorted((push.returncode, text) for push, text in zip(pushes, said, strict=True))
    assert [code for code, _ in ended] == [0, 1]
    assert "git pull, puis git push" in ended[1][1]
    assert site.left() == []


def test_a_push_whose_sender_goes_changes_nothing(site: Site, clone: Clone) -> None:
    before = site.sources.current()
    run_in_a_cell(clone, "import time\ntime.sleep(60)")
    clone.commit()
    pushing = subprocess.Popen(
        ["git", "push", "-q", "origin", "main"],
        cwd=clone.folder,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for(lambda: bool(site.left()))
    os.killpg(pushing.pid, signal.SIGKILL)
    pushing.wait()
    wait_for(lambda: site.verdict() is Verdict.BROKEN)
    wait_for(lambda: site.left() == [])
    assert site.sources.current() == before
    clone.write_notebook(SOURCE)
    clone.commit()
    assert clone.push().returncode == 0


def test_what_a_gate_that_was_killed_has_left_is_taken_away_by_the_next(
    site: Site, clone: Clone
) -> None:
    engine = docker.from_env()
    labels = {Names.LABEL: site.project, LABEL: "1"}
    engine.containers.create(site.settings.course_image, ["sleep", "60"], labels=labels)
    engine.volumes.create(f"{site.project}-left", labels=labels)
    engine.close()
    clone.write("README.md", "After a gate that died.")
    clone.commit()
    assert clone.push().returncode == 0
    assert site.left() == []


def test_a_full_disk_loses_nothing(site: Site, tmp_path: Path, images: dict[str, str]) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], check=True)
    try:
        (tmp_path / "small").mkdir()
        (tmp_path / "small" / "state").symlink_to(disk)
        small = Site(tmp_path / "small", images["course"])
        with small.serving():
            clone = small.clone("clone")
            clone.fill()
            clone.commit()
            assert clone.push().returncode == 0
            before = small.sources.current()
            room = shutil.disk_usage(disk).free
            (disk / "filler").write_bytes(b"x" * (room - 48 * 1024))
            clone.write_notebook(SOURCE.replace("2 + 2", "2 + 4"))
            clone.commit()
            assert clone.push().returncode != 0
            assert small.sources.current() == before
            (disk / "filler").unlink()
            again = clone.push()
            assert again.returncode == 0, again.stderr
            assert git("fsck", cwd=small.sources.folder).returncode == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_pack_that_is_cut_off_changes_nothing(site: Site) -> None:
    before = site.sources.head()
    with socket.create_connection(("127.0.0.1", site.port)) as line:
        line.sendall(
            b"POST /services/course/course.git/git-receive-pack HTTP/1.1\r\nHost: x\r\n"
            b"Authorization: Basic " + b"YW55OjExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTEx\r\n"
            b"Content-Type: application/x-git-receive-pack-request\r\nContent-Length: 1000000\r\n\r\n"
            b"00940000000000000000000000000000000000000000 1111111111111111111111111111111111111111"
        )
    assert site.sources.head() == before
    assert git("fsck", cwd=site.sources.folder).returncode == 0
