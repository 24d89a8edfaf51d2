"""The build hook: checks `regimens.yaml` and puts its snapshot into the package. A wrong catalogue stops the build."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Reads the catalogue with the very code that is being packaged and writes what it read."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling calls it so
        """Stops the build with every problem in `regimens.yaml`; for a wheel, writes the snapshot.

        An editable install (`version` is "editable") uses the snapshot from the checkout, where it is stale as soon
        as the catalogue or a model is edited, and then not used.
        """
        root = Path(self.root)
        sys.path.insert(0, self.root)
        try:
            content = _make_snapshot(root)
        finally:
            sys.path.remove(self.root)
        if self.target_name == "wheel":
            (root / "ivig_dose" / "regimens.snapshot").write_bytes(content)
            build_data["artifacts"].append("/ivig_dose/regimens.snapshot")


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
