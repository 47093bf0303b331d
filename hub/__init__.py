"""The hub of the course: who you are, your server, your notebooks, your pages.

Imports go one way only; ``tests/unit/test_house.py`` walks them and fails on an arrow against this::

    errors, naming, keys, durable, paths <- i18n <- settings <- cohort <- roster, report, opening <- journal
                   <- files <- check, people <- servers, confinement, asking
                   <- login, workspace, delivery, web <- configure, cli <- jupyterhub_config.py

The four rooms ``login``, ``workspace``, ``delivery`` and ``web`` do not import one another: what they
share is on the ground, to their left.
"""
