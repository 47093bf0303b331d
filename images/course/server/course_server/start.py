"""The command of the container: ``python -I -m course_server.start``.

``-I`` keeps the person's own files out of the server's imports: a ``random.py`` in their home must not
stop their server from starting.

``jupyterhub-singleuser`` runs in this very process, so that no second interpreter has to start and the
extension finds the sync's process where ``background`` has put it.
"""

import atexit
import sys

from course_server import background, memory


def main() -> None:
    """Begin the sync, then be the person's server for as long as it lives."""
    background.begin()
    atexit.register(memory.tell)
    from jupyterhub.singleuser import main as singleuser  # slow: the sync is already under way

    sys.argv[0] = "jupyterhub-singleuser"
    singleuser()


if __name__ == "__main__":
    main()
