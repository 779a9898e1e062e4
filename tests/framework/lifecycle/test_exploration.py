"""The lifecycle of an inspection, explored to its end within small and large bounds; and lifecycles that are spoilt."""

from collections.abc import Callable

import pytest

from framework.editions.october_2010.inspection import INSPECTION
from framework.inspection.lifecycle import InspectionLifecycle
from tests.framework.lifecycle.exploration import LARGE, SMALL, Bounds, Graph, explore
from tests.framework.lifecycle.inspection_model import InspectionModel
from tests.framework.lifecycle.inspection_states import Reached
from tests.framework.lifecycle.soundness import check
from tests.framework.lifecycle.spoilt_tables import SPOILT, Spoilt

TWO_DEPARTURES = {
    "decide_connection (connection_decided) can never be taken from deferred": "a connection is declared, then it is deferred",
    "correct (corrected) can never be taken from deferred": "it is notified by hand, then deferred: any other day is proven",
}
"""What the small bound does not reach, and why."""
ORDINARY_COURSE = Bounds(departures=0, states=200, beyond=False, further=100)
MOST_EVENTS = Bounds(departures=1, states=20_000, further=2000)

Record = Callable[[str, object], None]


def explored(model: InspectionModel, bounds: Bounds, record_property: Record) -> Graph[Reached]:
    """Returns the graph, with its counts in the summary of the test run."""
    graph = explore(model, bounds)
    counts = "; ".join([graph.counts(), *model.counts()])
    record_property("explored", f"lifecycle of an inspection, {bounds.departures} departures: {counts}")
    assert len(graph.states) < bounds.states, "more states than the bound allows: not all of them were seen"
    return graph


def test_every_abstract_state_within_the_small_bound_is_sound(record_property: Record) -> None:
    model = InspectionModel()
    assert sorted(check(model, explored(model, SMALL, record_property))) == sorted(TWO_DEPARTURES)


@pytest.mark.slow
def test_every_abstract_state_within_the_large_bound_is_sound(record_property: Record) -> None:
    model = InspectionModel()
    assert not check(model, explored(model, LARGE, record_property))


@pytest.mark.slow
def test_it_is_sound_where_every_kind_of_event_makes_another_state(record_property: Record) -> None:
    model = InspectionModel(every_kind=True)
    assert not set(check(model, explored(model, MOST_EVENTS, record_property))) - TWO_DEPARTURES.keys()


@pytest.fixture(scope="module")
def faults_without_departures() -> set[str]:
    """Returns what the ordinary course alone does not show of the lifecycle as it is."""
    return faults(INSPECTION)


def faults(lifecycle: InspectionLifecycle) -> set[str]:
    """Returns what an exploration of the ordinary course finds."""
    model = InspectionModel(lifecycle)
    return set(check(model, explore(model, ORDINARY_COURSE)))


@pytest.mark.parametrize("spoilt", SPOILT, ids=lambda spoilt: spoilt.name)
def test_a_spoilt_table_is_found_and_its_row_named(spoilt: Spoilt, faults_without_departures: set[str]) -> None:
    new = faults(spoilt.lifecycle) - faults_without_departures
    assert [fault for fault in new if fault.startswith(spoilt.fault)], sorted(new)
