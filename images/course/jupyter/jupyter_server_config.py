"""A participant's server. The hub says who and where; this file says how it behaves."""

import os

c = get_config()  # noqa: F821  (Jupyter provides it)
HOUR = 3600

# Nothing is asked of the internet: no news, no update check, no catalogue of extensions.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

# JupyterLab's own files come from the edge, compressed once and the same for everybody.
# Without the variable, as in a test of one container, the server sends them itself.
if static := os.environ.get("COURSE_STATIC_URL"):
    c.LabApp.override_static_url = static

# One line a request would put people's names, which JupyterLab shows them, into the log.
c.ServerApp.log_level = "WARN"
c.LabApp.log_level = "WARN"

# Templates are programs that run in the server, outside every kernel: none is taken from a workspace.
c.TemplateExporter.extra_template_basedirs = []

# A notebook that is read while it is being saved is never lost.
c.ServerApp.contents_manager_class = "course_server.contents.Followed"

# A kernel that nobody has been connected to for so long gives its memory back; one that is
# computing, or open in a browser, is left alone.
c.MappingKernelManager.cull_idle_timeout = 3 * HOUR
c.TerminalManager.cull_inactive_timeout = 3 * HOUR
