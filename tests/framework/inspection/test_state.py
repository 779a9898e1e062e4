"""The state of an inspection is what its events make of it, and nothing else; deciding changes nothing."""

from datetime import date
from typing import Any

import pytest

from framework.common.errors import Refused
from framework.editions.registry import begin_inspection
from framework.inspection.stages import Stage
from framework.inspection.state import summary
from framework.lifecycle.decide import build_commit, refusal_event
from framework.messages.commands import Actor, Command
from framework.vocabulary.roles import Role
from tests.framework.in_memory import (
    AUTHORITY_PEOPLE,
    InMemoryInspection,
    actor,
    up_to_draft_sent,
    up_to_fieldwork,
    up_to_published,
)
from tests.framework.ordinary_path import REASON, to_the_end
from tests.orders import an_order


def whole() -> InMemoryInspection:
    return up_to_published(up_to_draft_sent(up_to_fieldwork(InMemoryInspection().until("2010-11-03")))).until(
        "2011-03-01"
    )


def test_it_begins_with_the_people_ordered_and_those_of_the_directory() -> None:
    order = an_order(notify="now")
    inspection = begin_inspection("X", order, {**AUTHORITY_PEOPLE, Role.AUDITOR: ("a.vale",)})
    assert inspection.people[Role.LEAD_INSPECTOR] == ("i.ashdown",)
    assert inspection.people[Role.INSPECTOR] == ("i.bellamy", "i.choudhury")
    assert inspection.people[Role.COORDINATOR] == ("c.marsh",)
    assert inspection.people[Role.DCS] == ("dcs.330",)
    assert Role.AUDITOR not in inspection.people
    assert (inspection.stage, inspection.notify_on, inspection.overrides) == ("planned", None, set())


def test_the_events_from_the_start_give_the_state_at_every_moment() -> None:
    scenario = whole()
    state = scenario.born.after(())
    stages = [state.stage]
    for number, event in scenario.events:
        state.apply(number, event)
        if state.stage is not stages[-1]:
            stages.append(state.stage)
    assert state == scenario.inspection
    assert stages == list(Stage)[:10]


def test_applying_events_leaves_what_it_began_from_as_it_was() -> None:
    scenario = whole()
    before = scenario.born.after(())
    scenario.born.after(scenario.events)
    assert scenario.born == before


def test_a_refusal_and_an_unknown_kind_pass_by() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    before = scenario.inspection.after(())
    command = Command(id="x", step="publish", actor=actor("dcs.330"), on=date(2010, 11, 3), received=scenario.now)
    event = refusal_event(scenario.inspection, command, Refused("no", 53))
    assert (event.kind, event.role, event.paragraph) == ("step_refused", "dcs", 53)
    scenario.inspection.apply(99, event)
    assert scenario.inspection == before


def test_a_post_is_held_by_whom_the_directory_says_and_a_role_by_whom_the_inspection_says() -> None:
    inspection = InMemoryInspection().inspection
    assert inspection.roles_of(actor("i.ashdown")) == (Role.LEAD_INSPECTOR,)
    assert inspection.roles_of(actor("c.marsh")) == (Role.COORDINATOR,)
    assert inspection.roles_of(Actor(person="c.marsh")) == ()
    assert inspection.roles_of(Actor(person="m.other", posts=(Role.MANAGER,))) == (Role.MANAGER,)
    assert inspection.roles_of(actor("dcs.331")) == ()


def test_a_new_lead_leaves_the_ranks_and_the_old_one_the_team() -> None:
    scenario = InMemoryInspection()
    scenario.do("change_lead", "c.marsh", person="i.bellamy", **REASON)
    people = scenario.inspection.people
    assert (people[Role.LEAD_INSPECTOR], people[Role.INSPECTOR]) == (("i.bellamy",), ("i.choudhury",))


@pytest.mark.parametrize("extra", [{}, {"connection": "t-c"}, {"connection": "t-c", "undermines_objectivity": True}])
def test_a_person_joins_the_team_with_or_without_a_connection(extra: dict[str, Any]) -> None:
    scenario = InMemoryInspection()
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector", **extra)
    assert scenario.inspection.people[Role.INSPECTOR] == ("i.bellamy", "i.choudhury", "i.edgar")
    expected = {} if not extra else {"i.edgar": "barred" if len(extra) == 2 else "undecided"}
    assert scenario.inspection.connections == expected


def test_there_is_one_quality_assurance_manager() -> None:
    scenario = InMemoryInspection()
    scenario.do("change_team", "c.marsh", person="q.other", role="quality_assurance_manager")
    assert scenario.inspection.people[Role.QUALITY_ASSURANCE_MANAGER] == ("q.other",)


def test_what_is_recorded_names_person_step_day_entry_point_and_paragraph() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("receive_documents", "c.marsh", on="2010-11-03", note="t-n", proof="t-p")
    _, event = scenario.events[-1]
    assert (event.by, event.role, event.entry_point, event.ran_as) == (
        "c.marsh",
        "coordinator",
        "command line",
        "tester",
    )
    assert (event.kind, event.on, event.received, event.paragraph) == (
        "documents_received",
        date(2010, 11, 3),
        scenario.now,
        30,
    )
    assert (event.data["note"], event.cause) == ("t-n", f"command:c{scenario._commands}")


def test_one_decision_is_one_recording_with_every_limit_and_the_next_thing_due() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    decision = scenario.do("receive_case_lists", "link.330")
    commit, due = build_commit(decision, "c9", scenario.now, scenario.head, scenario.calendar)
    rows = {row.key: (row.state, row.due) for row in commit.limits}
    assert rows["case_lists"] == ("met", date(2010, 11, 5))
    assert rows["set_up_meeting"] == ("open", date(2010, 11, 9))
    assert due is not None
    assert (commit.next_due, commit.next_what) == (
        due.at,
        "reminder: set up meeting, documents, survey invitations, first cases choice",
    )
    assert (commit.stage, commit.expected_version, commit.command_id) == ("notified", scenario.head, "c9")


def test_no_step_is_dated_after_it_came_in_or_before_the_step_before_it() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03"))
    for step, by, on in (("receive_documents", "link.330", "2010-11-18"), ("receive_documents", "c.marsh", "2010-11-02"),
                         ("give_oral_feedback", "i.ashdown", "2010-11-16")):  # fmt: skip
        before = scenario.inspection.after(())
        with pytest.raises(Exception, match=r"the day|headings"):
            scenario.do(step, by, on)
        assert scenario.inspection == before


@pytest.mark.parametrize("days", [0, 1, 9, 30, 60])
def test_from_wherever_it_stands_it_can_be_brought_to_its_end(days: int) -> None:
    scenario = InMemoryInspection()
    scenario.until(date(2010, 11, 1 + min(days, 28)))
    to_the_end(scenario)
    assert scenario.inspection.is_finished


def test_the_summary_holds_identifiers_and_days_only() -> None:
    assert set(summary(whole().inspection)) == {"id", "stage", "fieldwork", "comments", "overrides", "held"}
