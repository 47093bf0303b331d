"""nbgitpuller's GitPuller without its web handlers.

``nbgitpuller/__init__.py`` imports the web server that its links need: 0.1 s of processor time in every
server that starts, for nothing. A bare package with the same path lets ``nbgitpuller.pull`` be imported
alone; the code that runs is nbgitpuller's own.
"""

import sys
from importlib.util import find_spec
from types import ModuleType

if "nbgitpuller" not in sys.modules:
    spec = find_spec("nbgitpuller")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("nbgitpuller is not installed beside course_server")
    package = ModuleType("nbgitpuller")
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules["nbgitpuller"] = package

from nbgitpuller.pull import GitPuller

__all__ = ["GitPuller"]
