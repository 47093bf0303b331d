"""Node's packages for the proxy, fetched in a container: a bare build machine has no Node."""

import hashlib
import os
from pathlib import Path

from . import engine
from .files import found
from .recipes import BUILD, IMAGES

FOLDER = BUILD / "node"
SOURCES = IMAGES / "proxy"
STAMP = FOLDER / "lock.sha256"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

INSTALL = """
set -eu
apt-get update && apt-get install --yes npm
cp /sources/package.json /sources/package-lock.json .
rm -rf node_modules
npm ci --ignore-scripts --no-audit --no-fund --omit=dev
npm sbom --sbom-format=cyclonedx --omit=dev > npm.cdx.json
chown -R "$OWNER" .
"""


def are_here() -> bool:
    """Whether the packages of this very lock have been fetched."""
    return STAMP.exists() and STAMP.read_text() == _lock()


def files_here() -> dict[str, Path]:
    """The packages and their bill of materials, by their place in the build context."""
    return found({"node_modules": FOLDER / "node_modules", "npm.cdx.json": FOLDER / "npm.cdx.json"})


def install(image: str, log: Path) -> None:
    """Fetch what ``images/proxy/package-lock.json`` names, and describe it. No package's script runs."""
    run(image, INSTALL, log)
    STAMP.write_text(_lock())


def run(image: str, script: str, log: Path) -> None:
    """Run a script in a container that has apt, this machine's authorities and npm's settings."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["docker", "run", "--rm", "--volume", f"{FOLDER}:/work", "--workdir", "/work"]
    command += ["--volume", f"{SOURCES}:/sources:ro", "--env", f"OWNER={os.getuid()}:{os.getgid()}"]
    if CERTIFICATES.exists():
        command += ["--volume", f"{CERTIFICATES}:/certificates.crt:ro"]
        command += ["--env", "npm_config_cafile=/certificates.crt"]
    for name in os.environ:
        if name.lower() in {"npm_config_registry", "http_proxy", "https_proxy", "no_proxy"}:
            command += ["--env", name]
    engine.run(
        [*command, image, "sh", "-c", script],
        log,
        "the packages of Node could not be fetched.",
        "see that containers on this machine reach Debian's mirror and an npm registry "
        f"(npm_config_registry names another one), then run the same command again. See {log}.",
    )


def _lock() -> str:
    return hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()
