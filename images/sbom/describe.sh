#!/bin/sh
# Writes bills of materials (CycloneDX) into /usr/share/sbom, in a stage that is thrown away:
#   sh /sbom/describe.sh [PYTHON]
# Debian's packages are read from /described; with PYTHON, so is the environment of that interpreter.
set -eu

python3 -m venv /sbom/tools
/sbom/tools/bin/pip install --quiet --no-index --no-deps --find-links /sbom/wheels \
    --require-hashes --requirement /sbom/requirements.lock

mkdir -p /usr/share/sbom
cd /usr/share/sbom
. /etc/os-release
/sbom/tools/bin/debsbom generate --root /described --sbom-type cdx --cdx-schema-version 1.6 \
    --distro-version "$VERSION_ID" --distro-arch "$(dpkg --print-architecture)" --out debian

if [ "$#" -eq 1 ]; then
    /sbom/tools/bin/cyclonedx-py environment --spec-version 1.6 --output-format JSON \
        --output-file python.cdx.json "$1"
fi
