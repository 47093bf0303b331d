"""Node's packages for the proxy, fetched in a container: a bare build machine has no Node."""

import hashlib
import os
from pathlib import Path

from . import engine
from .files import found
from .recipes import BUILD, IMAGES

FOLDER = BUILD / "node"
LOCKS = (IMAGES / "proxy/package-lock.json", IMAGES / "sbom/package-lock.json")
STAMP = FOLDER / "locks.sha256"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

INSTALL = """
set -eu
apt-get update && apt-get install --yes npm
for one in sbom proxy; do
    rm -rf "/work/$one" && mkdir "/work/$one" && cd "/work/$one"
    cp "/images/$one/package.json" "/images/$one/package-lock.json" .
    npm ci --ignore-scripts --no-audit --no-fund --omit=dev --omit=optional
done
node /work/sbom/node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js \
    --omit dev --omit optional --spec-version 1.6 --no-validate --output-file npm.cdx.json
chown -R "$OWNER" /work
"""


def are_here() -> bool:
    """Whether the packages of these very locks have been fetched."""
    return STAMP.exists() and STAMP.read_text() == _locks()


def files_here() -> dict[str, Path]:
    """The packages and their bill of materials, by their place in the build context."""
    place = FOLDER / "proxy"
    return found({name: place / name for name in ("node_modules", "npm.cdx.json")})


def install(image: str, log: Path) -> None:
    """Fetch what the proxy's lock names, and describe it. No package's script runs."""
    run(image, INSTALL, log)
    STAMP.write_text(_locks())


def run(image: str, script: str, log: Path) -> None:
    """Run a script in a container that has apt, this machine's authorities and npm's settings."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["docker", "run", "--rm", "--volume", f"{FOLDER}:/work", "--workdir", "/work"]
    command += ["--volume", f"{IMAGES}:/images:ro", "--env", f"OWNER={os.getuid()}:{os.getgid()}"]
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


def _locks() -> str:
    return hashlib.sha256(b"".join(lock.read_bytes() for lock in LOCKS)).hexdigest()
