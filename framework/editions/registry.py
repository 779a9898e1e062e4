"""The editions of the framework by key: what each publishes of the report, and the lifecycles of its matters.

An inspection keeps the key of its edition for life. Another edition is another row of `EDITIONS` and another folder of
tables, such as `october_2010`; a published edition is not changed.
"""

from dataclasses import dataclass

from framework.common.errors import BadInput
from framework.editions.october_2010.inspection import INSPECTION
from framework.inspection.lifecycle import InspectionLifecycle
from framework.inspection.limits import AS_SHIPPED, LimitSettings
from framework.inspection.order import Order
from framework.inspection.state import Inspection, begin
from framework.report.tables import ReportTables
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Edition:
    """One published framework."""

    key: str
    title: str
    inspection: InspectionLifecycle
    """The lifecycle of its inspections."""

    @property
    def report(self) -> ReportTables:
        """Returns the tables of its report."""
        return self.inspection.report


EDITIONS: dict[str, Edition] = {
    "2010-10": Edition("2010-10", "Framework of October 2010", INSPECTION),
}


def edition(key: str) -> Edition:
    """Returns an edition by its key. Raises `BadInput` for one the product does not have."""
    try:
        return EDITIONS[key]
    except KeyError:
        raise BadInput(f"there is no edition «{key}» of the framework; there is {', '.join(EDITIONS)}") from None


def begin_inspection(
    identifier: str, order: Order, people: dict[Role, tuple[str, ...]], settings: LimitSettings = AS_SHIPPED
) -> Inspection:
    """Returns a new inspection before its first event, with the lifecycle of the edition that its order names.

    Raises `BadInput` for an edition the product does not have."""
    return begin(edition(order.edition).inspection, identifier, order, people, settings)
