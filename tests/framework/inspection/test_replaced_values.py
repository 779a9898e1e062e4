"""The event of a change holds the values it replaces."""

from typing import Any

import pytest

from framework.inspection.replaced_values import REPLACED
from framework.inspection.steps import STEPS
from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork
from tests.words import WHY

REASON = {"reason": WHY}


def replaced(scenario: InMemoryInspection, kind: str) -> Any:
    return next(event for _, event in reversed(scenario.events) if event.kind == kind).data["before"]


def test_a_change_of_people_holds_who_it_was() -> None:
    scenario = up_to_fieldwork(InMemoryInspection())
    scenario.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    assert replaced(scenario, "lead_changed") == {"people": ["i.ashdown"]}
    scenario.do("change_contact", "c.marsh", role="link_officer", person="new.330", **REASON)
    assert replaced(scenario, "contact_changed") == {"people": ["link.330"]}
    scenario.do("change_team", "c.marsh", role="inspector", person="i.ashdown", connection="t-c")
    assert replaced(scenario, "team_changed") == {"people": ["i.bellamy", "i.choudhury"]}
    scenario.do("decide_connection", "m.okafor", person="i.ashdown", allowed=True, **REASON)
    assert replaced(scenario, "connection_decided") == {"connection": "undecided"}


def test_a_change_of_days_holds_the_day_it_was() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    assert replaced(scenario, "set_up_meeting_arranged") == {}
    scenario.do("arrange_set_up_meeting", "c.marsh", day="2010-11-08", place="Town Hall")
    assert replaced(scenario, "set_up_meeting_arranged")["day"] == "2010-11-09"
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-17")
    assert replaced(scenario, "fieldwork_arranged") == {}
    scenario.do("override", "m.okafor", gate="notice", **REASON)
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-16")
    assert replaced(scenario, "fieldwork_arranged") == {"starts": "2010-11-17"}


def test_a_second_choice_of_cases_holds_how_many_there_were() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    four, others = ["1", "2", "3", "4"], ["11", "12", "13", "14"]
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=four, looked_after=others)
    assert replaced(scenario, "first_cases_chosen") == {}
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=[*four, "5"], looked_after=others)
    assert replaced(scenario, "first_cases_chosen") == {"safeguarding": 4, "looked_after": 4}


@pytest.mark.parametrize("kind", REPLACED)
def test_only_kinds_that_happen_are_in_the_table(kind: str) -> None:
    assert kind in STEPS.by_event
