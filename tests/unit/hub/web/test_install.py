"""What the pages set on a hub, and what they say that others say too."""

from pathlib import Path

import yaml
from jupyterhub.app import JupyterHub
from jupyterhub.scopes import scope_definitions
from traitlets.config import Config

from hub.i18n import Language
from hub.people import People
from hub.settings import Settings
from hub.web import install
from hub.web.programme import TITLES
from hub.web.upstream import PERMISSIONS
from hub.web.wording import say

ROOT = Path(__file__).parents[4]


def test_only_traits_that_exist_are_set(config: Config) -> None:
    assert list(config) == ["JupyterHub"]
    assert set(config.JupyterHub) <= set(JupyterHub.class_trait_names(config=True))


def test_installing_twice_is_installing_once(
    config: Config, settings: Settings, people: People
) -> None:
    before = dict(config.JupyterHub)
    install(config, settings, people)
    assert dict(config.JupyterHub) == before


def test_the_days_have_the_titles_of_the_programme() -> None:
    programme = yaml.safe_load((ROOT / "content" / "programme.yml").read_text("utf-8"))
    five = [entry for entry in programme["days"] if entry["day"] > 0]
    assert five
    for entry in five:
        ours = TITLES[entry["day"] - 1]
        assert {language.value: say(ours, language) for language in Language} == entry["title"]


def test_jupyterhub_still_describes_its_permissions_so() -> None:
    theirs = {definition["description"] for definition in scope_definitions.values()}
    assert {message.text for message in PERMISSIONS} <= theirs
