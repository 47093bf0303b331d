"""git's hooks on the sources: ``python -m hub.delivery.hook pre-receive``."""

import sys


def main(hook: str) -> int:
    """0 lets a push through."""
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
