"""SHA-256 and unpickling from CPython's own C modules, without what `hashlib` and `pickle` load around them.

`hashlib` starts OpenSSL and `pickle` has its twin in Python: together 4 ms of every start, for the same results.
Other Pythons get the public modules.
"""

try:
    from _sha2 import sha256 as _sha256  # type: ignore[import-not-found]  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256 as _sha256  # type: ignore[import-not-found]  # Python 3.11
    except ImportError:
        from hashlib import sha256 as _sha256

try:
    from _pickle import loads as _loads
except ImportError:
    from pickle import loads as _loads


def sha256_of(content: bytes) -> str:
    """The SHA-256 of some bytes, in 64 hexadecimal digits."""
    return str(_sha256(content).hexdigest())


def unpickle(content: bytes) -> object:
    """What a pickle holds. Only for bytes that this program has written itself: a pickle can run code."""
    return _loads(content)  # noqa: S301 - the snapshot has its digest checked before this
