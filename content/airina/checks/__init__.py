"""The checks, one file per notebook (``d1_03.py`` for d1-03): each public function is a check.

``def ex1(c: Checker, answer)`` judges ``check("d1_03.ex1", answer)``. A check knows properties, inverses
and known results of libraries; it holds no solution that could be read next to the exercise.
"""
