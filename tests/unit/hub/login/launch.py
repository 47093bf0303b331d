"""How the process of a test's hub begins."""

import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path


def launch(config: Path, log: Connection) -> None:
    """Be a hub: what it logs goes to ``log``."""
    from jupyterhub.app import main

    os.dup2(log.fileno(), sys.stderr.fileno())
    log.close()
    os.chdir(config.parent)
    os.environ["CONFIGPROXY_AUTH_TOKEN"] = "x" * 32
    main(["-f", str(config)])
