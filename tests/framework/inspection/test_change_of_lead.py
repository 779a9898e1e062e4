"""Another lead inspector: lead and inspector change places, and no member leaves the team (paras 11, 58)."""

from typing import Any

import pytest

from framework.common.errors import Refused
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection
from tests.framework.ordinary_path import REASON
from tests.words import WHY

TEAM = {"i.ashdown", "i.bellamy", "i.choudhury"}


def team_after(scenario: InMemoryInspection, person: str, **fields: Any) -> tuple[str, set[str]]:
    scenario.do("change_lead", "c.marsh", person=person, **REASON, **fields)
    (lead,) = scenario.inspection.people[Role.LEAD_INSPECTOR]
    return lead, set(scenario.inspection.people[Role.INSPECTOR])


def test_lead_and_inspector_change_places_by_one_command_without_a_fourth_person() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    with pytest.raises(Refused, match=r"2 of at least three inspectors.*stays=true.*para 11"):
        team_after(scenario, "i.bellamy")
    assert team_after(scenario, "i.bellamy", stays=True) == ("i.bellamy", TEAM - {"i.bellamy"})
    assert team_after(scenario, "i.ashdown", stays=True) == ("i.ashdown", TEAM - {"i.ashdown"})


def test_who_led_before_stays_beside_a_lead_from_outside_the_team() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    assert team_after(scenario, "i.edgar", stays=True) == ("i.edgar", TEAM)


def test_the_former_lead_leaves_the_team_unless_they_stay() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    assert team_after(scenario, "i.edgar") == ("i.edgar", TEAM - {"i.ashdown"})


def test_the_task_about_a_connection_of_a_lead_who_stays_is_not_closed() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    team_after(scenario, "i.edgar", connection="t-c", stays=True)
    stays = scenario.do("change_lead", "c.marsh", person="i.bellamy", stays=True, **REASON)
    assert stays.tasks == ()
    assert scenario.inspection.connections["i.edgar"] == "undecided"
    scenario.do("change_lead", "c.marsh", person="i.edgar", reason=WHY, stays=True)
    leaves = scenario.do("change_lead", "c.marsh", person="i.ashdown", reason=WHY)
    assert [(task.key, task.closes) for task in leaves.tasks] == [("connection:i.edgar", True)]
