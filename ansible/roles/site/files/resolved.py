"""Prints, as JSON, what a site's settings come to: the values that Ansible's tasks need as well.

Ansible hands it to the Python of the hub's image, so that no default is said twice.
"""

import json
import sys
from pathlib import Path

from hub.files import load_settings

settings = load_settings(Path(sys.argv[1]))
said = settings.model_dump(
    mode="json", include={"project", "public_url", "ports", "network", "login"}
)
names = {"network": settings.names.network, "label": settings.names.LABEL}
print(json.dumps({**said, "gateway": str(settings.network.gateway), "names": names}))
