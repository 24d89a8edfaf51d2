"""Weight-based IVIG doses with their working, sources and notices.

from decimal import Decimal
from ivig_dose import Request, load_catalogue, make_plan

plan = make_plan(Request("itp", weight_kg=Decimal(70)), load_catalogue())
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # type checkers take it for typing.TYPE_CHECKING, whose import `--version` need not wait for

if TYPE_CHECKING:
    from ivig_dose.catalogue.loader import CatalogueError as CatalogueError
    from ivig_dose.catalogue.loader import load_catalogue as load_catalogue
    from ivig_dose.core.order import check_order as check_order
    from ivig_dose.core.order_text import parse_ordered as parse_ordered
    from ivig_dose.core.plan import make_plan as make_plan
    from ivig_dose.core.request import Request as Request
    from ivig_dose.core.results import OrderCheck as OrderCheck
    from ivig_dose.core.results import Plan as Plan
    from ivig_dose.problems import Refusal as Refusal

_HOME = {
    "CatalogueError": "ivig_dose.catalogue.loader",
    "OrderCheck": "ivig_dose.core.results",
    "Plan": "ivig_dose.core.results",
    "Refusal": "ivig_dose.problems",
    "Request": "ivig_dose.core.request",
    "check_order": "ivig_dose.core.order",
    "load_catalogue": "ivig_dose.catalogue.loader",
    "make_plan": "ivig_dose.core.plan",
    "parse_ordered": "ivig_dose.core.order_text",
}

__all__ = ["__version__", *_HOME]  # noqa: PLE0604 - every name is a text


def __getattr__(name: str) -> object:
    """The public names, imported when they are first asked for so that `--version` does not wait for them."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
