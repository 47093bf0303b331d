"""Builds the images of a site.

Arrow: ``problems <- files <- engine, wheels, progress <- rootfs, nodes <- recipes <- plan <- build.py``.
"""
