"""The build hook: checks `regimens.yaml` and packs its snapshot. A wrong catalogue stops the build.

Nothing is written into the source tree, which may be read-only.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Reads the catalogue with the very code that is being packaged and packs what it read."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling calls it so
        """Stops the build with every problem in `regimens.yaml`; puts the snapshot into a wheel.

        An editable wheel has it too, beside its `.pth` file; it is stale as soon as the catalogue or a model is
        edited, and then not used.
        """
        with _importing_from(self.root):
            content = _make_snapshot(Path(self.root))
        if self.target_name == "wheel":
            self._folder = TemporaryDirectory(prefix="ivig-dose-build.")
            snapshot = Path(self._folder.name) / "regimens.snapshot"
            snapshot.write_bytes(content)
            build_data["force_include"][str(snapshot)] = "ivig_dose/regimens.snapshot"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Removes what was made for the build."""
        if self.target_name == "wheel":
            self._folder.cleanup()


@contextmanager
def _importing_from(root: str) -> Iterator[None]:
    """Import modules of the source tree, and keep no compiled ones in it."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, root)
    try:
        yield
    finally:
        sys.path.remove(root)
        sys.dont_write_bytecode = before


def _make_snapshot(root: Path) -> bytes:
    from ivig_dose.catalogue.loader import SHIPPED_LABEL, read_whole
    from ivig_dose.catalogue.messages import format_problems
    from ivig_dose.catalogue.snapshot import write_snapshot
    from ivig_dose.problems import CatalogueError

    try:
        catalogue = read_whole(root / "regimens.yaml", SHIPPED_LABEL)
    except CatalogueError as error:
        raise SystemExit(f"regimens.yaml is not usable:\n\n{format_problems(error.problems)}") from None
    return write_snapshot(catalogue, catalogue.files[0].sha256)
