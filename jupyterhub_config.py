"""JupyterHub reads this file; the ``hub`` package, which the image installs, does the work."""

import os
from pathlib import Path

from hub.configure import configure
from hub.files import load_cohorts, load_settings
from hub.people import People

file = Path(os.environ["HUB_SETTINGS"])
settings = load_settings(file)
people = People(load_cohorts(settings.cohorts), settings.state / "people.db")
configure(c, settings, people, file)  # noqa: F821  (JupyterHub provides c)
