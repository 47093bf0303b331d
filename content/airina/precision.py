"""float64 everywhere: with float32 a correct derivation and a wrong one differ too little to tell.

JAX and PyTorch compute in float32 unless told otherwise. Neither is imported here, for that takes seconds
that many notebooks need not pay: each is set at once when it is loaded already, or when it is loaded.
"""

import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


def double_precision() -> None:
    """Makes float64 the default of JAX and PyTorch, now or when they are imported."""
    os.environ.setdefault("JAX_ENABLE_X64", "1")
    if "jax" in sys.modules:
        sys.modules["jax"].config.update("jax_enable_x64", True)
    if "torch" in sys.modules:
        _set_torch(sys.modules["torch"])
    elif not any(isinstance(finder, _TorchFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _TorchFinder())


def _set_torch(torch: ModuleType) -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)  # small matrices, and many servers on one machine


class _TorchFinder(MetaPathFinder):
    """Lets Python find PyTorch as usual, and sets it after it has been executed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(
                0, self
            )  # whoever only asked whether it is there did not import it
        if spec and spec.loader:
            spec.loader = _TorchLoader(spec.loader)
        return spec


class _TorchLoader(Loader):
    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        _set_torch(module)
