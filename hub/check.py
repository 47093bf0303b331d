"""Judge a site's files before they land: ``python -m hub.check settings FILE`` or ``cohorts FOLDER``.

Prints every mistake with its remedy, in the language of ``LANG``, and exits with 1; or exits with 0.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from hub.errors import InvalidInput
from hub.files import load_cohorts, load_settings
from hub.i18n import Language, parse
from hub.report import lines

CHECKS: dict[str, Callable[[Path], object]] = {"settings": load_settings, "cohorts": load_cohorts}


def main(kind: str, path: str) -> int:
    """0 when a hub would start with these files."""
    try:
        CHECKS[kind](Path(path))
    except InvalidInput as error:
        language = parse(os.environ.get("LANG")) or Language.EN
        print("\n".join(lines(error, language)), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
