"""`make destroy`: removes a site with all that people wrote there. It asks first.

``python3 ansible/destroy.py [SITE] [--yes]``. For the site ``local`` the images built here go as well,
those that nothing else uses.
"""

import argparse
import json
import subprocess
import sys

import playbook
from preflight import BUILT


def main(arguments: list[str]) -> int:
    """0 when everything is gone, or when the answer was no."""
    parser = argparse.ArgumentParser(description="Removes a site and everything in it.")
    parser.add_argument("site", nargs="?", default="local", help="a folder of ansible/inventory")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)
    try:
        playbook.inventory(options.site)
        if not (options.yes or agreed(options.site)):
            print("Nothing was removed.")
            return 0
        playbook.play("destroy", options.site, "--extra-vars=destroy_confirmed=true")
    except (ValueError, playbook.PlaybookFailed) as error:
        print(f"make destroy stopped: {error}", file=sys.stderr)
        return 1
    if options.site == "local":
        remove_images()
    return 0


def agreed(site: str) -> bool:
    """Whether somebody at a terminal typed the site's name."""
    print(
        f"This removes the hub of the site {site}, every workspace in it with everything that people "
        "wrote, their logins and their invitations. It cannot be undone."
    )
    try:
        return input(f"Type {site} to go on: ").strip() == site
    except EOFError:
        return False


def remove_images() -> None:
    """The images that were built here, but for those that a container still uses."""
    images = json.loads(BUILT.read_text("utf-8")) if BUILT.exists() else {}
    for name, image in images.items():
        if str(image).startswith("sha256:"):
            done = subprocess.run(
                ["docker", "image", "rm", "--force", image], capture_output=True, check=False
            )
            print(
                f"image {name}: {'removed' if done.returncode == 0 else 'kept, something uses it'}"
            )
    BUILT.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
