"""SHA-256 from CPython's own C module, without OpenSSL, which `hashlib` loads. Other Pythons get the public module."""

try:
    from _sha2 import sha256 as _sha256  # type: ignore[import-not-found]  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256 as _sha256  # type: ignore[import-not-found]  # Python 3.11
    except ImportError:
        from hashlib import sha256 as _sha256


def sha256_of(content: bytes) -> str:
    """The SHA-256 of some bytes, in 64 hexadecimal digits."""
    return str(_sha256(content).hexdigest())
