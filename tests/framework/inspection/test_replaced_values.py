"""Where something changes, its event tells what stood before."""

from typing import Any

import pytest

from framework.inspection.replaced_values import REPLACED
from framework.lifecycle.lifecycle import EVENT_STEPS
from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork
from tests.words import WHY

REASON = {"reason": WHY}


def told(life: InMemoryInspection, kind: str) -> Any:
    return next(event for _, event in reversed(life.events) if event.kind == kind).data["before"]


def test_a_change_of_people_tells_who_it_was() -> None:
    life = up_to_fieldwork(InMemoryInspection())
    life.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    assert told(life, "lead_changed") == {"people": ["i.ashdown"]}
    life.do("change_contact", "c.marsh", role="link_officer", person="new.330", **REASON)
    assert told(life, "contact_changed") == {"people": ["link.330"]}
    life.do("change_team", "c.marsh", role="inspector", person="i.ashdown", connection="t-c")
    assert told(life, "team_changed") == {"people": ["i.bellamy", "i.choudhury"]}
    life.do("decide_connection", "m.okafor", person="i.ashdown", allowed=True, **REASON)
    assert told(life, "connection_decided") == {"connection": "undecided"}


def test_a_change_of_days_tells_the_day_it_was() -> None:
    life = InMemoryInspection().until("2010-11-03")
    assert told(life, "set_up_meeting_arranged") == {}
    life.do("arrange_set_up_meeting", "c.marsh", day="2010-11-08", place="Town Hall")
    assert told(life, "set_up_meeting_arranged")["day"] == "2010-11-09"
    life.do("arrange_fieldwork", "c.marsh", starts="2010-11-17")
    assert told(life, "fieldwork_arranged") == {}
    life.do("override", "m.okafor", gate="notice", **REASON)
    life.do("arrange_fieldwork", "c.marsh", starts="2010-11-16")
    assert told(life, "fieldwork_arranged") == {"starts": "2010-11-17"}


def test_a_second_choice_of_cases_tells_how_many_there_were() -> None:
    life = InMemoryInspection().until("2010-11-05")
    four, others = ["1", "2", "3", "4"], ["11", "12", "13", "14"]
    life.do("choose_first_cases", "i.ashdown", safeguarding=four, looked_after=others)
    assert told(life, "first_cases_chosen") == {}
    life.do("choose_first_cases", "i.ashdown", safeguarding=[*four, "5"], looked_after=others)
    assert told(life, "first_cases_chosen") == {"safeguarding": 4, "looked_after": 4}


@pytest.mark.parametrize("kind", REPLACED)
def test_only_kinds_that_happen_are_in_the_table(kind: str) -> None:
    assert kind in EVENT_STEPS
