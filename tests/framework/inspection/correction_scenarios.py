"""An inspection on site, and the correction of the day of one of its events."""

from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork
from tests.framework.ordinary_path import REASON


def correct(scenario: InMemoryInspection, kind: str, on: str, by: str = "c.marsh", **fields: str) -> None:
    scenario.do("correct", by, on, event=scenario.number_of(kind), **REASON, **fields)


def on_site() -> InMemoryInspection:
    return up_to_fieldwork(InMemoryInspection().until("2010-11-03"))


def ended_on_30_november(by: str = "i.ashdown") -> InMemoryInspection:
    scenario = on_site().until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", on="2010-11-26", headings="t-h", **REASON)
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    return scenario


def days(scenario: InMemoryInspection, *limits: str) -> list[str]:
    return [str(scenario.standing(limit).due) for limit in limits]


def lists_received_late() -> InMemoryInspection:
    """Returns an inspection in which the coordinator entered on the 9th that the lists came, which were due on the 5th."""
    scenario = InMemoryInspection().until("2010-11-09")
    scenario.do("receive_case_lists", "c.marsh")
    return scenario
