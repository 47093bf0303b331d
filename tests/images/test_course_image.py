"""The course image: the mathematics is there, JupyterLab speaks French, and nothing goes out."""

import json
import re
import time

import pytest

from tests.images.conftest import Start, inside, output

pytestmark = pytest.mark.docker

FRENCH = ("--env=LANG=fr_FR.UTF-8",)
MATHEMATICS = """
import jax, jax.numpy, matplotlib.pyplot, numpy, pandas, scipy.linalg, sklearn.linear_model, torch
import ipywidgets, nbgitpuller.pull
x = torch.tensor([3.0], requires_grad=True)
(x**2).sum().backward()
assert x.grad.item() == 6.0
assert float(jax.grad(lambda x: x**3)(2.0)) == 12.0
assert jax.jit(lambda x: x @ x)(jax.numpy.ones(4)) == 4
assert jax.devices()[0].platform == "cpu" and not torch.cuda.is_available()
assert numpy.allclose(scipy.linalg.svdvals(numpy.diag([3.0, 4.0])), [4, 3])
fit = sklearn.linear_model.LinearRegression().fit([[0.0], [1.0]], [1.0, 3.0])
assert numpy.allclose([fit.coef_[0], fit.intercept_], [2, 1])
assert pandas.DataFrame({"a": [1, 2]}).a.mean() == 1.5
matplotlib.pyplot.title("Décomposition en éléments")
matplotlib.pyplot.savefig("/tmp/x.png")
print("ok")
"""

TAKEN_HOME = r"""
import json, re
from pathlib import Path
from course_server import home_zip
cells = [
    {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# Été : $A = U \\Sigma V^T$"},
    {"cell_type": "code", "id": "c", "metadata": {}, "source": "x = 1", "execution_count": 1,
     "outputs": [{"output_type": "stream", "name": "stdout", "text": "le résultat"}]},
]
whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
file = Path("/tmp/svd.ipynb")
file.write_text(json.dumps(whole), "utf-8")
page = home_zip.render(file)
assert "Été" in page and "le résultat" in page and r"\Sigma" in page
asked = re.findall(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//[^\"']+", page)
assert not asked, asked
assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", page)
assert home_zip.requirements().startswith("jax==")
print("ok")
"""

ASK = """
import sys, urllib.request
request = urllib.request.Request("http://127.0.0.1:8888" + sys.argv[1], headers={"Authorization": "token t"})
print(urllib.request.urlopen(request).read().decode())
"""


@pytest.fixture
def lab(images: dict[str, str], start: Start) -> str:
    """A French JupyterLab, without a hub and without a network."""
    options = (
        "--network=none",
        "--tmpfs=/srv/course",
        *FRENCH,
        "--env=COURSE_STATIC_URL=/static-lab/abc",
    )
    command = ("jupyter", "lab", "--no-browser", "--IdentityProvider.token=t")
    container = start(images["course"], *command, options=options)
    deadline = time.monotonic() + 90
    while True:
        try:
            inside(container, "python", "-c", ASK, "/api/status")
        except AssertionError:
            assert time.monotonic() < deadline, "JupyterLab has not answered within 90 s"
            time.sleep(0.3)
        else:
            return container


def test_the_course_s_packages_work_without_a_network(images: dict[str, str]) -> None:
    assert output(images["course"], "python", "-W", "error", "-c", MATHEMATICS).endswith("ok\n")


def test_the_languages_of_a_server_are_there(images: dict[str, str]) -> None:
    locales = output(images["course"], "locale", "-a").split()
    assert {"fr_FR.utf8", "en_GB.utf8", "en_US.utf8"} <= set(locales)


def test_every_module_is_compiled(images: dict[str, str]) -> None:
    code = (
        "import pathlib, importlib.util as u\n"
        "for place in ('/opt/course/lib', '/usr/lib/python3.11'):\n"
        "  for f in pathlib.Path(place).rglob('*.py'):\n"
        "    if not pathlib.Path(u.cache_from_source(str(f))).exists(): print(f)\n"
    )
    missing = output(images["course"], "python", "-I", "-c", code).split()
    assert [path for path in missing if "/lib2to3/tests/" not in path] == []


def test_compiled_files_are_used_whatever_the_dates_of_their_sources(
    images: dict[str, str],
) -> None:
    code = (
        "import importlib.util as u, pathlib, torch\n"
        "flags = pathlib.Path(u.cache_from_source(torch.__file__)).read_bytes()[4:8]\n"
        "print(int.from_bytes(flags, 'little'))"
    )
    assert output(images["course"], "python", "-c", code).strip() == "1"


def test_the_package_that_slows_every_start_is_not_there_and_not_missed(
    images: dict[str, str],
) -> None:
    code = (
        "import importlib.util as u, importlib.metadata as m, jsonschema, jupyter_events\n"
        "assert u.find_spec('rfc3987_syntax') is None and u.find_spec('lark') is None\n"
        "from packaging.requirements import Requirement\n"
        "for d in m.distributions():\n"
        "  for r in map(Requirement, d.requires or []):\n"
        "    if r.marker is None or r.marker.evaluate({'extra': ''}):\n"
        "      assert m.version(r.name) in r.specifier, (d.name, str(r))\n"
        "checker = jsonschema.Draft202012Validator.FORMAT_CHECKER\n"
        "checker.check('2027-01-04T09:00:00Z', 'date-time')\n"
    )
    output(images["course"], "python", "-c", code)


def test_git_shows_accents_and_never_waits_for_an_answer(images: dict[str, str]) -> None:
    settings = output(images["course"], "git", "config", "--system", "--list")
    assert "core.quotepath=false" in settings.lower()
    assert "safe.directory=/srv/course/release.git" in settings
    assert output(images["course"], "sh", "-c", "echo $GIT_TERMINAL_PROMPT") == "0\n"


def test_a_login_shell_which_a_terminal_is_finds_the_course_s_python(
    images: dict[str, str],
) -> None:
    assert (
        output(images["course"], "bash", "-lc", "command -v python") == "/opt/course/bin/python\n"
    )


def test_kernels_find_what_travels_with_the_release(images: dict[str, str]) -> None:
    specs = json.loads(output(images["course"], "jupyter", "kernelspec", "list", "--json"))
    assert list(specs["kernelspecs"]) == ["python3"]
    spec = specs["kernelspecs"]["python3"]["spec"]
    assert spec["env"]["PYTHONPATH"] == "/home/participant/course"


def test_a_notebook_that_is_taken_home_is_a_page_that_asks_nothing_of_the_internet(
    images: dict[str, str],
) -> None:
    assert output(images["course"], "python", "-c", TAKEN_HOME).strip() == "ok"


def test_nbgitpuller_s_page_that_takes_any_repository_is_off(lab: str) -> None:
    with pytest.raises(AssertionError, match="HTTP Error 404"):
        inside(lab, "python", "-c", ASK, "/git-pull")


def test_a_server_starts_without_the_mathematics_in_its_memory(lab: str) -> None:
    maps = inside(lab, "sh", "-c", "cat /proc/[0-9]*/maps")
    assert "zmq" in maps
    assert not re.search("libtorch|jaxlib|numpy", maps)


def test_menus_and_settings_are_in_french(lab: str) -> None:
    menus = inside(
        lab, "python", "-c", ASK, "/lab/api/settings/@jupyterlab/mainmenu-extension:plugin"
    )
    assert "Menu principal" in menus
    commands = inside(
        lab, "python", "-c", ASK, "/lab/api/settings/@jupyterlab/application-extension:commands"
    )
    assert "Scinder l’onglet" in json.dumps(json.loads(commands), ensure_ascii=False)


def test_what_the_page_translates_is_in_french_too(lab: str) -> None:
    data = json.loads(inside(lab, "python", "-c", ASK, "/lab/api/translations/fr_FR"))["data"]
    assert set(data) == {"jupyterlab", "jupyterlab_widgets"}, "catalogues of what is not here"
    catalogue = data["jupyterlab"]
    assert catalogue["Go to cell…"] == ["Aller à la cellule…"]
    assert catalogue["Open"] == ["Ouvrir"]


def test_the_page_takes_jupyterlab_s_files_from_the_edge_and_nothing_from_elsewhere(
    lab: str,
) -> None:
    page = inside(lab, "python", "-c", ASK, "/lab")
    config = json.loads(re.search(r"jupyter-config-data[^>]*>(.*?)</script>", page, re.S)[1])  # type: ignore[index]
    assert config["fullStaticUrl"] == "/static-lab/abc"
    # The page asks the server for themes wherever an override would put them.
    assert config["fullThemesUrl"] == "/lab/api/themes"
    assert config["news"] == {"disabled": True}
    disabled = str(config["disabledExtensions"])
    assert "@jupyterlab/extensionmanager-extension:plugin" in disabled
    assert "@jupyterlab/apputils-extension:announcements" in disabled
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    assert [source for source in sources if "://" in source] == []


def test_the_course_s_extension_is_part_of_jupyterlab_and_nobody_s_to_change(lab: str) -> None:
    page = inside(lab, "python", "-c", ASK, "/lab")
    config = json.loads(re.search(r"jupyter-config-data[^>]*>(.*?)</script>", page, re.S)[1])  # type: ignore[index]
    loads = {one["name"]: one["load"] for one in config["federated_extensions"]}
    file = f"airina-course/{loads['airina-course']}"
    assert "JUPYTERLAB" in inside(lab, "python", "-c", ASK, f"/lab/extensions/{file}")
    folder = "/opt/course/share/jupyter/labextensions"
    owners = inside(
        lab, "find", folder, "-not", "-user", "root", "-o", "-type", "f", "-perm", "/022"
    )
    assert owners == ""


def test_the_first_process_passes_on_the_word_to_stop(lab: str) -> None:
    assert inside(lab, "cat", "/proc/1/comm") == "tini\n"
