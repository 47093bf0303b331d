"""How the hub proves itself to a person's server, besides the person whose server it is.

Whatever is sent here can be read by the person, who runs any code in their server. So the hub has a key
for each server (``hub/servers.py``), which opens the addresses below ``course/`` of that one and nothing
else anywhere.
"""

import hmac
from collections.abc import Mapping

KEY_VARIABLE = "COURSE_KEY"
"""By which the hub gives a server its key."""


def is_hub(headers: Mapping[str, str], key: str) -> bool:
    """Whether a request bears the key of this server. A server without a key (``""``) knows no hub."""
    kind, _, token = headers.get("Authorization", "").partition(" ")
    given = token.strip().encode("utf-8", "replace")
    return kind.lower() == "token" and bool(key) and hmac.compare_digest(given, key.encode())
