"""The two secrets of an invitation: the token of its link, and a short code for whoever has no camera.

The code is written with Crockford's base 32 (crockford.com/base32.html): it has no I, L, O and U, and
what somebody types instead of a look-alike is read as the character that was meant.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
"""Ten characters of 32: 50 bits."""
TOKEN_BYTES = 16
"""128 bits; 22 characters in a link."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
SEPARATORS = re.compile(r"[\s._‐‑‒–—−-]+")


def new_token() -> str:
    """A token for a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """A code to type, without its separator."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """A code as people see it: ``7K3QM-9XT2D``."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def read_token(text: str) -> str | None:
    """The token in ``text``, or None when it cannot be one."""
    return text if TOKEN.fullmatch(text) else None


def read_code(text: str) -> str | None:
    """The code that somebody typed, in any case, with or without separators; None when it cannot be one."""
    if len(text) > 4 * CODE_LENGTH:
        return None
    code = SEPARATORS.sub("", text).upper().translate(LOOK_ALIKES)
    fits = len(code) == CODE_LENGTH and all(character in ALPHABET for character in code)
    return code if fits else None
