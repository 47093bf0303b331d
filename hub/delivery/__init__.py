"""A push becomes a release, and a release reaches every workspace.

``release`` decides what a cohort may see now; ``repository`` keeps it, as commits that only grow.
"""
