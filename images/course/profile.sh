# A login shell, which is what JupyterLab's terminal is, starts from Debian's own PATH.
PATH="/opt/course/bin:$PATH"
