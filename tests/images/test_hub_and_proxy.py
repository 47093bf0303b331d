"""The hub's image holds this tree's hub; the proxy's image opens its interface to nobody."""

import time

import pytest

from tests.images.conftest import ROOT, Start, inside, output

pytestmark = pytest.mark.docker

ASK = (
    "const h = process.argv[1] ? {Authorization: 'token ' + process.argv[1]} : {};"
    "fetch('http://127.0.0.1:8001/api/routes', {headers: h}).then(r => console.log(r.status))"
)


def test_the_hub_s_package_is_installed_with_its_pages_and_catalogues(
    images: dict[str, str],
) -> None:
    place = "/opt/hub/lib/python3.13/site-packages/hub"
    there = set(output(images["hub"], "sh", "-c", f"cd {place} && find . -type f").split())
    tracked = {
        f"./{path.relative_to(ROOT / 'hub')}"
        for path in (ROOT / "hub").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert tracked - there == set()


def test_the_hub_s_command_and_jupyterhub_answer(images: dict[str, str]) -> None:
    assert "invite" in output(images["hub"], "hub", "--help")
    assert output(images["hub"], "jupyterhub", "--version").startswith("6.")
    assert output(images["hub"], "cat", "/srv/hub/jupyterhub_config.py") == (
        ROOT / "jupyterhub_config.py"
    ).read_text("utf-8")


def test_the_hub_makes_a_pdf_with_french_letters(images: dict[str, str]) -> None:
    code = "import typst; print(len(typst.compile(b'D\\xc3\\xa9j\\xc3\\xa0 \\xc5\\x93uvre \\xc6\\x8af')))"
    assert int(output(images["hub"], "python", "-W", "error", "-c", code)) > 1000


def test_the_proxy_s_interface_asks_for_its_token(images: dict[str, str], start: Start) -> None:
    options = ("--network=none", "--env=CONFIGPROXY_AUTH_TOKEN=of-this-test", "--read-only")
    container = start(images["proxy"], "--ip=127.0.0.1", options=options)
    deadline = time.monotonic() + 30
    while True:
        try:
            assert inside(container, "node", "-e", ASK, "of-this-test") == "200\n"
        except AssertionError:
            assert time.monotonic() < deadline, "the proxy does not answer"
            time.sleep(0.2)
        else:
            break
    assert inside(container, "node", "-e", ASK, "a-guess") == "403\n"
    assert inside(container, "node", "-e", ASK) == "403\n"
