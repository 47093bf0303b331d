"""From one bilingual source per notebook to the notebooks of participants and instructors.

Imports go one way::

    faults <- source, code, maths, solutions, typography, day5 <- vocabulary
           <- view, lock, parity, programme, prose, pieces <- notebook, leaks
           <- library <- review, sync, write <- build.py

``library`` judges every source before one file is written. Needs PyYAML and the standard library.
"""
