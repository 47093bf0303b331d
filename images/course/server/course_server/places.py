"""Where things are in the container."""

from pathlib import Path

HOME = Path("/home/participant")
"""The person's workspace, a volume; also the root of JupyterLab's file browser."""

COURSE = HOME / "course"
"""The course in the workspace: what was released, with the person's own edits."""

RELEASE = Path("/srv/course/release.git")
"""What the person's cohort may see now: a bare repository in a volume that is read-only here."""

BRANCH = "main"

HAS = f"refs/remotes/origin/{BRANCH}"
"""What a course has of the release."""
