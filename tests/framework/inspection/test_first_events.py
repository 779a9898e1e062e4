"""The events an inspection begins with: its order, and each departure from what is usual by the person who gave it (A7)."""

from datetime import UTC, datetime

from framework.editions.registry import begin_inspection
from framework.inspection.first_events import Ordering, first_events
from framework.inspection.limits import AS_SHIPPED
from framework.inspection.order import GATE_PARAGRAPHS, Gate
from framework.vocabulary.roles import Role
from tests.framework.in_memory import AUTHORITY_PEOPLE, InMemoryInspection
from tests.orders import an_order
from tests.words import WHY

ORDERING = Ordering("m.okafor", Role.MANAGER, datetime(2010, 11, 1, 8, tzinfo=UTC), "command line", "command:order")
OVERRIDES = [{"gate": gate, "by": "m.okafor", "reason": WHY} for gate in ("team", "scope")]


def test_an_override_in_the_order_is_an_event_of_the_person_who_gave_it() -> None:
    order = an_order(overrides=OVERRIDES)
    ordered, team, scope = first_events(order, order.model_dump(mode="json"), AS_SHIPPED, AUTHORITY_PEOPLE, ORDERING)
    assert (ordered.kind, ordered.by, ordered.role) == ("inspection_ordered", "m.okafor", Role.MANAGER)
    assert [(event.kind, event.by, event.role, event.reason) for event in (team, scope)] == [
        ("gate_overridden", "m.okafor", Role.MANAGER, WHY)
    ] * 2
    assert (team.data, team.paragraph, scope.data, scope.paragraph) == ({"gate": "team"}, 11, {"gate": "scope"}, 15)


def test_nothing_is_overridden_but_by_an_event() -> None:
    order = an_order(overrides=OVERRIDES)
    planned = begin_inspection("X", order, AUTHORITY_PEOPLE)
    assert planned.overrides == set()
    assert InMemoryInspection(order).inspection.overrides == {Gate.TEAM, Gate.SCOPE}


def test_an_override_stands_under_the_paragraph_of_what_is_departed_from() -> None:
    scenario = InMemoryInspection()
    for gate in set(Gate) - {Gate.PUBLICATION_HOLD}:  # that one needs a publication held back
        scenario.do("override", "m.okafor", gate=gate.value, reason=WHY)
        assert scenario.events[-1][1].paragraph == GATE_PARAGRAPHS[gate]
