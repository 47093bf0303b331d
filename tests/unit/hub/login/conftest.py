"""People, and a hub that serves them, for the tests of this room."""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from hub.files import load_cohorts
from hub.login.store import NewInvitation
from hub.people import People
from tests.unit.hub.login.browser import IN_THE_WRONG_FIELD, PASSWORD, WRONG, Browser, invite
from tests.unit.hub.login.running import PASSWORDS, RunningHub, StartHub, run_hub, write_roster

# A test must not fail because the machine has something else to do.
hypothesis.settings.register_profile("no-deadline", deadline=None)
hypothesis.settings.load_profile("no-deadline")


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(load_cohorts(write_roster(tmp_path)), tmp_path / "people.db")


@pytest.fixture(scope="session")
def start_hub() -> Iterator[StartHub]:
    """Starts hubs, which are stopped at the end."""
    running: list[RunningHub] = []

    def start(folder: Path, extra: str) -> RunningHub:
        running.append(run_hub(folder, extra))
        return running[-1]

    yield start
    for hub in running:
        hub.stop()


@pytest.fixture(scope="session")
def hub(start_hub: StartHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub with passwords. After all its tests nothing that is personal is in its log."""
    folder = tmp_path_factory.mktemp("site")
    write_roster(folder)
    hub = start_hub(folder, PASSWORDS)
    yield hub
    written = hub.stop()
    assert "now running" in written
    for secret in (PASSWORD, WRONG, IN_THE_WRONG_FIELD, "Ɖossou", "example.org"):
        assert secret not in written


@pytest.fixture
def browser(hub: RunningHub) -> Browser:
    """A browser that nobody has used."""
    return Browser(hub)


@pytest.fixture
def invited(hub: RunningHub) -> NewInvitation:
    """cot-01 with a fresh invitation."""
    return invite(hub, "cot-01")
