"""What the notebooks of the course import: ``from airina import check, expect``.

``check`` judges the answer to an exercise, ``expect`` compares a prediction with a measurement; both
print one line, in the language of ``LANG``. Importing this package makes float64 the default of JAX and
PyTorch, whether they are imported before it or after.
"""

from airina.checking import check, expect
from airina.precision import double_precision

__all__ = ["check", "expect"]

double_precision()
