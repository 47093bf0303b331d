"""JupyterLab's own files, which the edge serves for everybody."""

from . import engine

LABEL_OF_VERSION = f"{engine.LABEL}.static-version"
LISTING = "cd /opt/course/share/jupyter/lab && find static -type f | sort | xargs sha256sum"


def version(course_image: str) -> str:
    """A short hash of the files: part of their address, so that a browser may keep them for ever."""
    return engine.output_of(course_image, ["sh", "-c", f"({LISTING}) | sha256sum"])[:12]
