"""A push becomes a release, and a release reaches every workspace.

In the order of its way: ``git_http`` and ``identity`` let the team push to the ``sources``; git calls the
``hook``, and the ``gate`` builds, proves and executes what was pushed in a ``sandbox`` (``pushed``,
``trial``, ``course``, ``proof``, ``links``). ``releaser`` decides what each cohort may see now, ``release``
and ``repository`` keep it, as commits that only grow; ``courier`` brings it into the servers that run.
``service`` is the process in which ``deliverer`` does all this when it is due, and which hears of
workspaces (``told``); ``listening`` bounds what anybody can hold of it. ``seed`` is how a site begins, and
``follow`` how it takes its course from elsewhere.
"""
