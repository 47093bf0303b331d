"""What was written is there after a power cut too."""

import os
from pathlib import Path


def to_disk(path: Path) -> None:
    """Wait until a file is on the disk, or the names in a folder. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
