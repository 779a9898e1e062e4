"""What must hold before an authority is notified: scope, notice, team and connections, each by its paragraph."""

from datetime import date
from typing import Any

import pytest

from framework.calendar.bank_holidays import england
from framework.common.errors import BadInput, Refused
from framework.inspection.notification_gates import faults
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, up_to_fieldwork
from tests.orders import an_order
from tests.words import WHY

DAY = date(2010, 11, 3)
TENTH = "2010-11-17"
REASON = {"reason": WHY}
SHORT = {"notice": "short", "notice_reason": WHY, "fieldwork": "2010-11-10"}
ALONE = {"scope": "safeguarding", "scope_ground": "judged_inadequate", "scope_reason": WHY}
LEAD = {"person": "i.ashdown", "role": "lead_inspector"}
CQC = {"person": "h.dunmore", "role": "cqc_inspector"}
TWO = [{"person": f"i.{name}", "role": "inspector"} for name in ("bellamy", "choudhury")]


def gates(on: date = DAY, **order: Any) -> list[str]:
    return [fault.gate for fault in faults(InMemoryInspection(an_order(**order)).inspection, on, england())]


def override(gate: str) -> dict[str, Any]:
    return {"overrides": [{"gate": gate, "by": "m.okafor", "reason": WHY}]}


def test_an_ordinary_joint_inspection_meets_every_gate() -> None:
    assert gates() == []


@pytest.mark.parametrize(
    ("order", "held"),
    [
        ({"scope": "safeguarding"}, ["scope"]),
        ({"scope": "looked_after", "scope_ground": "serious_concerns"}, ["scope"]),
        ({**ALONE, "scope_ground": "other"}, ["scope"]),
        ({**ALONE, "scope_ground": "other", **override("scope")}, []),
        (ALONE, []),
        ({**ALONE, "scope_ground": "serious_concerns"}, []),
    ],
)
def test_a_separate_inspection_needs_one_of_the_two_grounds_and_a_reason(
    order: dict[str, Any], held: list[str]
) -> None:
    assert gates(**order) == held


@pytest.mark.parametrize(
    ("order", "held"),
    [
        ({"fieldwork": TENTH}, []),
        ({"fieldwork": "2010-11-16"}, ["notice"]),
        ({"fieldwork": "2010-11-18"}, ["notice"]),
        ({"fieldwork": "2010-11-18", **override("notice")}, []),
        (SHORT, []),
        ({**SHORT, "notice_reason": None}, ["notice"]),
        ({**SHORT, "notice": "none", "fieldwork": "2010-11-03"}, []),
        ({**SHORT, "notice": "none", "notice_reason": None, "fieldwork": "2010-11-03"}, ["notice"]),
        ({**SHORT, "fieldwork": "2010-11-18"}, ["notice"]),
        ({**SHORT, "fieldwork": "2010-11-02"}, ["fieldwork"]),
        ({**SHORT, "fieldwork": "2010-11-06"}, ["fieldwork"]),
        ({**SHORT, **ALONE, "scope": "looked_after"}, ["notice"]),
        ({**SHORT, **ALONE, "scope": "looked_after", **override("notice")}, []),
        ({**SHORT, **ALONE}, []),
    ],
)
def test_notice_is_ten_working_days_and_less_needs_a_written_reason(order: dict[str, Any], held: list[str]) -> None:
    assert gates(**order) == held


def test_what_says_that_notice_is_too_short_offers_only_what_the_framework_allows() -> None:
    for scope, reason in (("safeguarding", True), ("looked_after", False)):
        order = an_order(**{**ALONE, "scope": scope}, fieldwork="2010-11-16")
        (fault,) = faults(InMemoryInspection(order).inspection, DAY, england())
        assert "2010-11-17 is the day that gives them" in fault.message
        assert ("notice_reason" in fault.message) is reason, "para 8 names safeguarding alone"


@pytest.mark.parametrize(
    ("team", "held"),
    [
        ([LEAD, *TWO, CQC], []),
        ([LEAD, *TWO, CQC, {"person": "i.edgar", "role": "inspector"}], []),
        ([LEAD, TWO[0], CQC], ["team"]),
        ([LEAD, *TWO], ["team"]),
        ([LEAD], ["team", "team"]),
    ],
)
def test_a_team_has_three_inspectors_with_the_lead_and_one_of_the_commission(team: list[Any], held: list[str]) -> None:
    assert gates(team=team) == held
    assert gates(team=team, **override("team")) == []


def test_the_lead_named_twice_is_still_one_inspector() -> None:
    inspection = InMemoryInspection(an_order(team=[LEAD, TWO[0], CQC])).inspection
    inspection.people[Role.INSPECTOR] = ("i.ashdown", "i.bellamy")
    assert [fault.gate for fault in faults(inspection, DAY, england())] == ["team"]


def test_a_declared_connection_holds_the_notification_until_a_manager_decides() -> None:
    scenario = InMemoryInspection(an_order(team=[{**LEAD, "connection": "t-c"}, *TWO, CQC])).until("2010-11-03")
    assert scenario.inspection.stage == "planned"
    scenario.do("decide_connection", "m.okafor", person="i.ashdown", allowed=True, **REASON)
    assert scenario.until("2010-11-04").inspection.stage == "notified"


def test_a_connection_that_undermines_objectivity_blocks_and_is_not_allowed_by_a_mere_decision() -> None:
    team = [LEAD, {**TWO[0], "connection": "t-c", "undermines_objectivity": True}, TWO[1], CQC]
    scenario = InMemoryInspection(
        an_order(team=[*team, {"person": "i.edgar", "role": "inspector"}], **override("team"))
    ).until("2010-11-03")
    with pytest.raises(Refused, match="para 62"):
        scenario.do("decide_connection", "m.okafor", person="i.bellamy", allowed=True, **REASON)
    scenario.do("change_team", "c.marsh", person="i.bellamy", role="inspector", leaves=True)
    assert scenario.until("2010-11-04").inspection.stage == "notified"


def test_a_manager_departs_from_a_bar_by_name_with_a_reason_and_the_log_says_so() -> None:
    team = [LEAD, {**TWO[0], "connection": "t-c", "undermines_objectivity": True}, TWO[1], CQC]
    scenario = InMemoryInspection(an_order(team=team, **override("team"))).until("2010-11-03")
    departs: dict[str, Any] = {"person": "i.bellamy", "allowed": True, "override": True}
    with pytest.raises(Refused, match="taken by: Inspection manager"):
        scenario.do("decide_connection", "c.marsh", **departs, **REASON)
    with pytest.raises(BadInput, match="reason"):
        scenario.do("decide_connection", "m.okafor", **departs)
    with pytest.raises(BadInput, match="override: goes with allowed=true"):
        scenario.do("decide_connection", "m.okafor", **{**departs, "allowed": False}, **REASON)
    scenario.do("decide_connection", "m.okafor", **departs, **REASON)
    event = scenario.events[-1][1]
    assert (event.by, event.paragraph, event.reason) == ("m.okafor", 62, WHY)
    assert (event.data["override"], event.data["before"]) == (True, {"connection": "barred"})
    assert scenario.until("2010-11-04").inspection.stage == "notified"


def test_who_was_barred_by_a_decision_may_be_allowed_again_and_then_leads() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector", connection="t-c")
    decide = {"person": "i.edgar", **REASON}
    scenario.do("decide_connection", "m.okafor", allowed=False, **decide)
    scenario.do("decide_connection", "m.okafor", allowed=True, override=True, **decide)
    assert scenario.do("change_lead", "c.marsh", person="i.edgar", **REASON).after.connections == {"i.edgar": "allowed"}


def test_a_person_does_not_decide_on_a_connection_of_their_own() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    scenario.do("change_team", "c.marsh", person="m.okafor", role="inspector", connection="t-c")
    with pytest.raises(Refused, match="a connection of their own"):
        scenario.do("decide_connection", "m.okafor", person="m.okafor", allowed=True, **REASON)


@pytest.mark.parametrize(
    ("step", "fields", "message"),
    [
        ("change_team", {"person": "i.bellamy", "role": "inspector", "leaves": True}, "2 of at least three inspectors"),
        ("change_team", {"person": "h.dunmore", "role": "cqc_inspector", "leaves": True}, "Care Quality Commission"),
        ("change_lead", {"person": "i.bellamy", **REASON}, "2 of at least three inspectors"),
    ],
)
def test_after_the_notification_a_change_asks_the_gate_of_the_team(
    step: str, fields: dict[str, Any], message: str
) -> None:
    assert InMemoryInspection().do(step, "c.marsh", **fields).events, (
        "while planned it is asked when the authority is told"
    )
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03"))
    with pytest.raises(Refused, match=message) as refused:
        scenario.do(step, "c.marsh", **fields)
    assert refused.value.paragraph == 11
    scenario.do("override", "m.okafor", gate="team", **REASON)
    assert scenario.do(step, "c.marsh", **fields).events


def test_who_joins_first_makes_room_and_who_is_barred_does_not() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    leaves: dict[str, Any] = {"person": "i.bellamy", "role": "inspector", "leaves": True}
    bars: dict[str, Any] = {"connection": "t-c", "undermines_objectivity": True}
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector", **bars)
    with pytest.raises(Refused, match="let another person join first"):
        scenario.do("change_team", "c.marsh", **leaves)
    scenario.do("change_team", "c.marsh", person="i.farrow", role="inspector")
    scenario.do("change_team", "c.marsh", **leaves)
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector", leaves=True)


def test_a_team_that_lacks_something_already_may_change_as_long_as_it_loses_no_more() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    scenario.do("override", "m.okafor", gate="team", **REASON)
    scenario.do("change_team", "c.marsh", person="i.bellamy", role="inspector", leaves=True)
    scenario.inspection.overrides.clear()
    scenario.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    scenario.do("change_team", "c.marsh", person="i.farrow", role="inspector")


def test_a_new_lead_who_declares_a_connection_does_nothing_until_a_named_manager_decides_with_a_reason() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    changed = scenario.do("change_lead", "c.marsh", person="i.edgar", connection="t-c", **REASON)
    assert [(task.kind, task.key, task.closes) for task in changed.tasks if not task.closes] == [
        ("connection", "connection:i.edgar", False)
    ]
    for _ in range(2):
        with pytest.raises(Refused, match="edgar declared a connection that a manager has not decided on") as caught:
            scenario.do("arrange_set_up_meeting", "i.edgar", day="2010-11-09", at="10:00", place="Council House")
        assert caught.value.paragraph == 62
    decided = scenario.do("decide_connection", "m.okafor", person="i.edgar", allowed=True, **REASON)
    assert [(task.key, task.closes) for task in decided.tasks] == [("connection:i.edgar", True)]
    scenario.do("arrange_set_up_meeting", "i.edgar", day="2010-11-09", at="10:00", place="Council House")


def test_a_new_lead_holds_the_notification_as_one_of_the_order_does() -> None:
    scenario = InMemoryInspection()
    scenario.do("change_lead", "c.marsh", person="i.edgar", connection="t-c", **REASON)
    assert scenario.until("2010-11-04").inspection.stage == "planned"
    scenario.do("decide_connection", "m.okafor", person="i.edgar", allowed=True, **REASON)
    assert scenario.until("2010-11-04").inspection.stage == "notified"


def test_a_barred_person_does_not_become_the_lead_by_declaring_again() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    with pytest.raises(Refused, match="edgar has a connection that could undermine objectivity"):
        scenario.do("change_lead", "c.marsh", person="i.edgar", connection="t-c", undermines_objectivity=True, **REASON)
    scenario.do(
        "change_team", "c.marsh", person="i.edgar", role="inspector", connection="t-c", undermines_objectivity=True
    )
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector", leaves=True)
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector", connection="t-d")
    with pytest.raises(Refused, match="name another person"):
        scenario.do("change_lead", "c.marsh", person="i.edgar", connection="t-c", **REASON)


def test_a_lead_who_is_barred_makes_room_for_another_and_nothing_waits_any_more() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    scenario.do("change_lead", "c.marsh", person="i.edgar", connection="t-c", **REASON)
    assert not scenario.do("decide_connection", "m.okafor", person="i.edgar", allowed=False, **REASON).tasks
    with pytest.raises(Refused, match="change the team"):
        scenario.do("hold_set_up_meeting", "i.edgar", attendees="t-a", decisions="t-d")
    changed = scenario.do("change_lead", "c.marsh", person="i.bellamy", **REASON)
    assert [(task.key, task.closes) for task in changed.tasks] == [("connection:i.edgar", True)]
    scenario.do("hold_set_up_meeting", "i.bellamy", attendees="t-a", decisions="t-d")


def test_a_quality_assurance_manager_with_a_connection_approves_nothing() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03"))
    role = "quality_assurance_manager"
    scenario.do("change_team", "c.marsh", person="q.other", role=role, connection="t-c")
    scenario.until("2010-11-30").do("give_oral_feedback", "i.ashdown", headings="t-3")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    scenario.until("2010-12-13").do("submit_draft", "i.ashdown")
    with pytest.raises(Refused, match="other declared a connection"):
        scenario.do("approve_draft", "q.other")


def test_a_connection_is_no_gate_that_could_be_overridden() -> None:
    scenario = InMemoryInspection(an_order(team=[{**LEAD, "connection": "t-c"}, *TWO, CQC]))
    for gate in ("scope", "notice", "team", "cases"):
        scenario.do("override", "m.okafor", gate=gate, **REASON)
    assert scenario.until("2010-11-03").inspection.stage == "planned"


def test_a_gate_that_is_not_met_holds_the_notification_once_with_a_task_and_it_goes_when_overridden() -> None:
    scenario = InMemoryInspection(an_order(team=[LEAD, TWO[0], CQC])).until("2010-11-09")
    assert scenario.kinds == ["automatic_step_held"]
    assert [letter.kind for _, letter in scenario.letters] == ["decision_waiting"]
    scenario.do("override", "m.okafor", gate="team", **REASON)
    assert scenario.until(scenario.now).inspection.stage == "notified"


def test_a_person_may_not_notify_past_a_gate_either() -> None:
    with pytest.raises(Refused, match="three inspectors") as refused:
        InMemoryInspection(an_order(team=[LEAD, TWO[0], CQC])).do("notify", "c.marsh")
    assert refused.value.paragraph == 8


def test_a_recipient_without_an_address_holds_the_notification() -> None:
    scenario = InMemoryInspection()
    scenario.readiness = scenario.readiness.model_copy(update={"missing_addresses": ("lscb_chair",)})
    with pytest.raises(Refused, match="Chair of the Local Safeguarding Children Board"):
        scenario.do("notify", "c.marsh")


def test_that_the_letter_arrived_is_a_fact_whatever_became_of_the_gates() -> None:
    scenario = InMemoryInspection(an_order(fieldwork=TENTH))
    scenario.accepts_mail = False
    scenario.until("2010-11-03").do("change_team", "c.marsh", person="i.bellamy", role="inspector", leaves=True)
    scenario.readiness = scenario.readiness.model_copy(update={"missing_addresses": ("dcs",)})
    scenario.until("2010-11-05").do("record_service", method="email")
    assert scenario.inspection.date_of("notification") == date(2010, 11, 5)


def test_an_announcement_handed_over_meets_the_gates_like_one_sent() -> None:
    scenario = InMemoryInspection(an_order(team=[LEAD, CQC], service="by_hand"))
    with pytest.raises(Refused, match="three inspectors"):
        scenario.do("record_service", "i.ashdown", method="by_hand", proof="t-p")
