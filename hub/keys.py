"""Keys of a site: files that only the hub's user reads, made when they are first needed."""

import os
import secrets
from pathlib import Path


def key_in(file: Path) -> bytes:
    """The key in ``file``, made by whoever comes first: a link, unlike a write, cannot be half there."""
    if not file.exists():
        fresh = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            target.write(secrets.token_bytes(32))
            target.flush()
            os.fsync(target.fileno())
        try:
            file.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_bytes()
