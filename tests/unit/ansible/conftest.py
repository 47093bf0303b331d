"""The scripts of ansible/ run as programs; tests import them as the modules that they are to one another."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "ansible"))
