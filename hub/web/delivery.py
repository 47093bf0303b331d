"""What the pages about the course need from the ground: the journal, and people's servers."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from hub.cohort import Cohort
from hub.journal import Journal, Release
from hub.opening import Standing, standings
from hub.servers import Servers
from hub.settings import Settings


@dataclass(frozen=True)
class Delivery:
    """One for a hub; made when a page first asks, since clients of HTTP need a loop that runs."""

    settings: Settings

    @property
    def state(self) -> Path:
        """The folder of the hub's own files."""
        return self.settings.state

    @cached_property
    def journal(self) -> Journal:
        """What delivery has done, and what is asked of it."""
        return Journal(self.settings.state)

    @cached_property
    def servers(self) -> Servers:
        """Everybody's servers."""
        return Servers(self.settings)

    def release(self, cohort: Cohort) -> Release | None:
        """What a cohort has now; None before its first release."""
        return self.journal.releases().get(cohort.id)

    def standings(self, cohort: Cohort, now: datetime) -> tuple[Standing, ...]:
        """Every day and its solutions: open or not; ``now`` carries a time zone."""
        release = self.release(cohort)
        parts = release.parts if release else frozenset()
        return standings(cohort.calendar, self.journal.asks(cohort.id), parts, now)
