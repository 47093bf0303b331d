"""A site to push to: its sources behind real HTTP, a hub that knows three tokens, a small course."""

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from tornado.httpserver import HTTPServer
from tornado.web import HTTPError, RequestHandler

from hub.delivery import git_http
from hub.delivery.identity import SCOPE, Identity
from hub.delivery.listening import server_of
from hub.delivery.roll import Roll
from hub.delivery.sources import Sources
from hub.files import load_cohorts, load_settings
from hub.journal import Journal
from hub.people import People
from tests.scratch_site import free_ports
from tests.unit.hub.conftest import CALENDAR

ROOT = Path(__file__).parents[4]
CONTENT = ROOT / "content"
COHORT = "2027a-test"
PREFIX = "/services/course/"
TOKENS = {"1" * 32: "ens-01", "2" * 32: "cot-01", "3" * 32: "ens-02"}
ROSTER = """\
username,name,email,language,role,mode,time_zone
cot-01,Invented One,one@example.org,fr,participant,on-site,
ens-01,Invented Two,two@example.org,fr,instructor,on-site,
ens-02,Invented Three,three@example.org,en,instructor,online,
"""

SOURCE = """\
# %% [markdown] key="title" lang="en"
# # Squares
#
# A square is a number times itself.

# %% [markdown] key="title" lang="fr"
# # Carrés
#
# Un carré est le produit d’un nombre par lui-même.

# %% [markdown] key="rule" lang="any"
# $$x^2 = x \\cdot x$$

# %% key="ex1" tags=["exercise"]
def square_of(number):
    # BEGIN SOLUTION
    squared_number = number * number
    return squared_number
    # END SOLUTION


# %% key="use"
if __name__ == "__main__":
    print(2 + 2)
"""
PROGRAMME = """\
days:
  - day: 1
    title: {fr: "Jour un", en: "Day one"}
    notebooks:
      - id: d1-01
        file: day1/01-squares.py
        title: {fr: "Carrés", en: "Squares"}
        minutes: 45
"""


class Whoami(RequestHandler):
    """The hub's answer to ``GET user``."""

    def get(self) -> None:
        """Whose token it is."""
        name = TOKENS.get(self.request.headers["Authorization"].removeprefix("token "))
        if name is None:
            raise HTTPError(403)
        self.write({"kind": "user", "name": name, "scopes": [SCOPE]})


class PushSite:
    """Everything in ``folder``. Use ``serving`` around pushes."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.releases = folder / "releases"
        cohort = folder / "cohorts" / COHORT
        cohort.mkdir(parents=True)
        (cohort / "cohort.yml").write_text(CALENDAR.format(id=COHORT), "utf-8")
        (cohort / "roster.csv").write_text(ROSTER, "utf-8")
        self.state = folder / "state"
        self.state.mkdir(exist_ok=True)
        self.file = folder / "settings.yml"
        told = {
            "site": "push",
            "public_url": "http://127.0.0.1:1",
            "course_image": "sha256:" + "0" * 64,
            "static_url": "/static-lab/00000000",
            "cohorts": str(folder / "cohorts"),
            "state": str(self.state),
            **settings,
        }
        self.file.write_text(yaml.safe_dump(told), "utf-8")
        self.settings = load_settings(self.file)
        self.people = People(load_cohorts(self.settings.cohorts), self.state / "people.db")
        self.journal = Journal(self.state)
        self.sources = Sources(self.state)
        self.sources.create()
        self.moved = 0
        [self.port] = free_ports(1)

    # --- the service -------------------------------------------------------------------------------

    @contextmanager
    def serving(self, **variables: str) -> Iterator["PushSite"]:
        """Answer pushes meanwhile; ``variables`` are the service's."""
        told = {
            "HUB_SETTINGS": str(self.file),
            "HUB_RELEASES": str(self.releases),
            "PYTHONPATH": str(ROOT),
            "JUPYTERHUB_API_TOKEN": "the-service-s-own-secret",
            **variables,
        }
        before = {name: os.environ.get(name) for name in told}
        os.environ.update(told)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            server = asyncio.run_coroutine_threadsafe(self._serve(), loop).result()
            yield self
            asyncio.run_coroutine_threadsafe(self._close(server), loop).result()
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})

    async def _serve(self) -> HTTPServer:
        roll = Roll(f"http://127.0.0.1:{self.port}/hub/api", "secret")
        identity = Identity(self.people, roll)
        routes = git_http.routes(PREFIX, self.settings, self.sources, identity, self._has_moved)
        server = server_of([*routes, ("/hub/api/user", Whoami)])
        server.listen(self.port, "127.0.0.1")
        return server

    async def _close(self, server: HTTPServer) -> None:
        server.stop()
        await server.close_all_connections()

    def _has_moved(self) -> None:
        self.moved += 1

    # --- who pushes --------------------------------------------------------------------------------

    def url(self, token: str = "1" * 32) -> str:
        """The address of the sources, with somebody's token in it."""
        return f"http://any:{token}@127.0.0.1:{self.port}{PREFIX}course.git"

    def clone(self, name: str = "clone", token: str = "1" * 32) -> "Clone":
        """Somebody's clone."""
        clone = Clone(self.folder / name, self)
        done = git("clone", "--quiet", self.url(token), str(clone.folder), cwd=self.folder)
        assert done.returncode == 0, done.stderr
        clone.git("checkout", "-q", "-B", "main")
        return clone


class Clone:
    """A working copy of the sources."""

    def __init__(self, folder: Path, site: PushSite) -> None:
        self.folder = folder
        self.site = site

    def git(self, *arguments: str) -> str:
        """What git prints there; it must succeed."""
        done = git(*arguments, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, name: str, text: str | bytes) -> None:
        """A file of the course."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self) -> str:
        """Commit all there is; returns the commit."""
        self.git("add", "--all", "--force")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")
        return self.git("rev-parse", "HEAD")

    def push(self, *more: str) -> subprocess.CompletedProcess[str]:
        """``git push``, however it ends."""
        return git("push", *(more or ("origin", "main")), cwd=self.folder)

    def fill(self) -> None:
        """The real programs, and a course of one notebook, accepted by a reader."""
        for name in ("builder", "build.py", "execute.py", "glossary.yml"):
            source = CONTENT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, self.folder / name)
        for cache in self.folder.rglob("__pycache__"):
            shutil.rmtree(cache)
        self.write("airina/__init__.py", '"""The package."""\n')
        self.write("programme.yml", PROGRAMME)
        self.write_notebook(SOURCE)

    def write_notebook(self, text: str) -> None:
        """The course's notebook; a reader has accepted it."""
        self.write("src/day1/01-squares.py", text)
        self.write("i18n.lock", "{}")
        self.build("accept", "d1-01")

    def build(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What instructors run in their clone."""
        command = [os.sys.executable, "-B", "build.py", *arguments]  # type: ignore[attr-defined]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)


def git(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """git as a person has it, without this machine's configuration."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(cwd),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=variables, capture_output=True, text=True, check=False
    )
