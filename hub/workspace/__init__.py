"""Your server: a container of the course image with your workspace in it.

``spawner`` is the thin subclass of DockerSpawner that JupyterHub calls; what it decides stands beside
it: ``container`` (what a server may use and see), ``queue`` (whose turn it is), ``readiness`` (when it
can be used), ``ending`` and ``failures`` (why it is not there, and what to do).
"""
