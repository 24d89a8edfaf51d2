"""The shipped catalogue as it was read when the package was built, so that a dose does not wait for YAML and pydantic.

A snapshot is used only when it was made from the very `regimens.yaml` and the very models that are installed; its
header has the SHA-256 of both. It lies inside the package and is trusted as much as the code beside it.
"""

from pathlib import Path

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.catalogue.quick import sha256_of, unpickle

SNAPSHOT_NAME = "regimens.snapshot"
_MAGIC = b"ivig-dose snapshot 1"
_MODELS = Path(__file__).with_name("models")


def snapshot_path() -> Path:
    """Where the package keeps its snapshot, whether it is there or not."""
    return Path(__file__).parent.with_name(SNAPSHOT_NAME)


def write_snapshot(catalogue: Catalogue, file_sha256: str) -> bytes:
    """The content of a snapshot of the catalogue that was read from the file with this digest."""
    import pickle

    body = pickle.dumps(catalogue, protocol=5)
    return b"\n".join((_header(file_sha256, body), body))


def read_snapshot(content: bytes, file_sha256: str) -> Catalogue | None:
    """The catalogue in a snapshot, or `None` where it is not one of this file, of these models, or is damaged."""
    magic, _, rest = content.partition(b"\n")
    digests, _, body = rest.partition(b"\n")
    if b"\n".join((magic, digests)) != _header(file_sha256, body):
        return None
    catalogue = unpickle(body)
    return catalogue if isinstance(catalogue, Catalogue) else None


def _header(file_sha256: str, body: bytes) -> bytes:
    digests = f"{file_sha256} {_digest_models()} {sha256_of(body)}"
    return b"\n".join((_MAGIC, digests.encode("ascii")))


def _digest_models() -> str:
    """The SHA-256 of the models' source, because a pickle fits only the classes that it was made from."""
    sources = (path.name.encode("utf-8") + b"\0" + path.read_bytes() for path in sorted(_MODELS.glob("*.py")))
    return sha256_of(b"\0".join(sources))
