"""The events an inspection begins with: that it was ordered, and every departure from what is usual that its order carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from framework.calendar.london_time import london_day
from framework.inspection.limits import LimitSettings
from framework.inspection.order import GATE_PARAGRAPHS, Order, Override
from framework.messages.events import Event
from framework.vocabulary.roles import AUTHORITY_ROLES, Role
from framework.vocabulary.team import People

FIRST_EVENT = "inspection_ordered"
OVERRIDDEN = "gate_overridden"


@dataclass(frozen=True, slots=True)
class Ordering:
    """Who starts an inspection, when and where."""

    by: str
    role: Role
    """The post in which they start it."""
    moment: datetime
    entry_point: str
    cause: str
    ran_as: str = ""

    def common(self) -> dict[str, Any]:
        """Returns what all events of this moment by this person have in common."""
        return {
            "on": london_day(self.moment),
            "received": self.moment,
            "by": self.by,
            "entry_point": self.entry_point,
            "ran_as": self.ran_as,
            "cause": self.cause,
        }


def first_events(
    order: Order, plain: Mapping[str, object], limits: LimitSettings, people: People, ordering: Ordering
) -> list[Event]:
    """Returns the events of an order. `plain` is the order as JSON, its words replaced by their identifiers; `people` are the
    authority's, as the directory had them, to which every later event is applied."""
    known = {role.value: list(held) for role, held in people.items() if role in AUTHORITY_ROLES}
    data = {**plain, "limits": limits.model_dump(mode="json"), "authority_people": known}
    ordered = Event(kind=FIRST_EVENT, role=ordering.role, paragraph=8, data=data, **ordering.common())
    return [ordered, *(_overridden(override, ordering) for override in order.overrides)]


def _overridden(override: Override, ordering: Ordering) -> Event:
    """Returns the event of an override in an order, by the person who starts it, a manager (`order_validation`)."""
    return Event(
        kind=OVERRIDDEN,
        role=Role.MANAGER,
        paragraph=GATE_PARAGRAPHS[override.gate],
        data={"gate": override.gate.value},
        reason=override.reason,
        **ordering.common(),
    )
