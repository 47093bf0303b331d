"""A small course to build, as an instructor would write it."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: small matrices, shared machines

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "content"))

from builder.faults import Refused  # noqa: E402
from builder.library import Library  # noqa: E402
from builder.review import accept  # noqa: E402

SAMPLE = """\
# %% [markdown] key="svd-thm" lang="en"
# **Theorem.** Let $A=\\sum_i\\sigma_iu_iv_i^\\top$ and $\\varepsilon = 0.05$.
#
# The kernel has $\\operatorname{rank} A$ and `code $x$`.

# %% [markdown] key="svd-thm" lang="fr"
# **Théorème.** Soit $A = \\sum_i \\sigma_i u_i v_i^\\top$ et $\\varepsilon = 0{,}05$.
#
# Le noyau a $\\operatorname{rg} A$.

# %% [markdown] key="svd-eq" lang="any"
# $$\\min_{\\operatorname{rank}B\\le k}\\|A-B\\|_F^2$$

# %% key="imports"
import numpy as np

# %% key="svd-ex1" tags=["exercise"]
def best_rank_k(A, k):
    # en: return the best approximation
    # fr: renvoyer la meilleure approximation
    # BEGIN SOLUTION
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * s[:k]) @ Vt[:k]
    # END SOLUTION


# %% key="svd-ex1-check"
check("d1_03.ex1", best_rank_k)

# %% key="svd-fig" tags=["figure"]
k = 3
ax.set_xlabel(T("rank $k$", "rang $k$"))
ax.set_title(T(f"rank {k}", f"au rang {k}"), loc="left")

# %% [markdown] key="svd-answer" lang="en" tags=["solution"]
# The worked answer.

# %% [markdown] key="svd-answer" lang="fr" tags=["solution"]
# La réponse détaillée.
"""

PROGRAMME = """\
days:
  - day: 1
    title: {fr: Algèbre linéaire, en: Linear algebra}
    notebooks:
      - {id: d1-03, file: day1/03-svd.py, title: {fr: La SVD, en: SVD}, minutes: 45}
"""

GLOSSARY = """\
algebra:
  - {en: similar matrices, fr: matrices semblables, banned: [matrice similaire]}
  - {en: kernel, fr: noyau}
"""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave cases in PyTorch and JAX to tests/notebooks where these packages are not."""
    if importlib.util.find_spec("torch"):
        return
    here = Path(__file__).parent
    away = {
        item for item in items if here in item.path.parents and item.get_closest_marker("notebooks")
    }
    config.hook.pytest_deselected(items=list(away))
    items[:] = [item for item in items if item not in away]


class Course:
    """A folder ``content/`` with one notebook, reviewed, and ways to change it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.library = Library(root)
        self.source = root / "src" / "day1" / "03-svd.py"
        self.source.parent.mkdir(parents=True)
        (root / "airina").mkdir()
        (root / "airina" / "__init__.py").write_text('"""What notebooks import."""\n', "utf-8")
        (root / "programme.yml").write_text(PROGRAMME, "utf-8")
        (root / "glossary.yml").write_text(GLOSSARY, "utf-8")
        self.source.write_text(SAMPLE, "utf-8")
        accept(self.library, ["d1-03"])

    def change(self, old: str, new: str) -> None:
        """Replaces a passage of the source, which must be there."""
        text = self.source.read_text("utf-8")
        assert old in text
        self.source.write_text(text.replace(old, new, 1), "utf-8")

    def faults(self) -> list[tuple[str, str]]:
        """(cell, fault) of each refusal; empty when the course builds."""
        try:
            self.library.release()
        except Refused as refused:
            return [(fault.cell, fault.name) for fault in refused.faults]
        return []

    def built(self, path: str) -> str:
        return self.library.release()[Path(path)]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path / "content")
