"""A step taken by mistake is withdrawn: the state is as before it, unless a letter went out for it or a later step rests on it."""

from datetime import date
from typing import Any

import pytest

from framework.common.errors import BadInput, Refused
from framework.inspection.state import Inspection
from framework.lifecycle.withdrawals import steps_resting_on
from tests.framework.calendars import add, take_in
from tests.framework.in_memory import (
    POSTS,
    InMemoryInspection,
    up_to_draft_sent,
    up_to_fieldwork,
    up_to_published,
)
from tests.framework.ordinary_path import REASON
from tests.words import WHY

HEARD: dict[str, Any] = {"spoke_with_children": True, "sought_views_of_parents": True}


def withdraw(scenario: InMemoryInspection, kind: str = "", by: str = "c.marsh") -> None:
    event: dict[str, Any] = {"event": scenario.number_of(kind)} if kind else {}
    scenario.do("withdraw", by, **event, **REASON)


def without_trace(inspection: Inspection) -> Inspection:
    """Returns the state with what a withdrawal alone leaves in it taken out."""
    state = inspection.after(())
    state.withdrawn.clear()
    state.changed_at = None
    return state


def test_lists_that_had_not_come_are_withdrawn_and_the_state_is_as_before() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    before = scenario.inspection.after(())
    scenario.do("receive_case_lists", "c.marsh")
    number = scenario.number_of("case_lists_received")
    withdraw(scenario)
    assert without_trace(scenario.inspection) == without_trace(before)
    _, event = scenario.events[-1]
    assert (event.kind, event.reason, event.data) == (
        "withdrawn",
        WHY,
        {"event": number, "withdraws": "case_lists_received", "was": "2010-11-04"},
    )
    assert scenario.standing("case_lists").state == "open"


def test_reminders_follow_what_was_withdrawn() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("receive_case_lists", "c.marsh")
    withdraw(scenario)
    scenario.until("2010-11-12")
    assert "case_lists" in {limit for _, limit, _, _ in scenario.reminders}


def test_a_wrong_start_of_fieldwork_is_withdrawn_and_fieldwork_starts_again() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03"))
    assert scenario.standing("inspection_ends").due == date(2010, 11, 30)
    withdraw(scenario, by="i.ashdown")
    assert (scenario.inspection.stage, scenario.standing("inspection_ends").due_date.projected) == ("set_up", True)
    scenario.until("2010-11-18").do("start_fieldwork", "i.ashdown")
    assert scenario.standing("inspection_ends").due == date(2010, 12, 1)
    assert scenario.standing("fieldwork_starts").state == "met_late"


def test_an_older_step_on_which_nothing_rests_is_withdrawn_too() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03"))
    withdraw(scenario, "documents_received")
    assert (scenario.standing("documents").state, scenario.inspection.stage) == ("open", "fieldwork")


def test_what_rests_on_it_is_named_with_its_number() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03"))
    started = scenario.number_of("fieldwork_started")
    with pytest.raises(Refused, match=rf"event {started} \(fieldwork started\) rest on event .*: withdraw the newest"):
        withdraw(scenario, "case_lists_received")
    withdraw(scenario, "fieldwork_started")
    withdraw(scenario, "case_lists_received")
    assert scenario.standing("case_lists").met_on is None


def test_further_comments_in_time_rest_on_what_led_to_the_first_ones() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(InMemoryInspection().until("2010-11-03")))
    for day in ("2010-12-15", "2010-12-16"):
        scenario.until(day).do("return_comments", "dcs.330", comments=[{"where": "para 12", "text": "t-4"}])
    comments = [number for number, event in scenario.events if event.kind == "comments_returned"]
    resting = steps_resting_on(scenario.inspection, scenario.number_of("fieldwork_ended"), (), scenario.calendar)
    assert [(number, "comments_returned") for number in comments] == resting[-2:]
    with pytest.raises(Refused, match="rest on event"):
        withdraw(scenario, "fieldwork_ended")


def test_a_grade_rests_on_the_start_of_fieldwork() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03")).until("2010-11-18")
    scenario.do("grade", "i.ashdown", heading="safeguarding.ambition", grade="good", text="t-t", equality="t-e")
    with pytest.raises(Refused, match="heading graded"):
        withdraw(scenario, "fieldwork_started")


def test_a_correction_rests_on_the_step_whose_day_it_moved() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    scenario.do("receive_documents", "c.marsh")
    scenario.until("2010-11-08").do(
        "correct", "c.marsh", "2010-11-08", event=scenario.number_of("documents_received"), **REASON
    )
    with pytest.raises(Refused, match="corrected"):
        withdraw(scenario, "documents_received")
    withdraw(scenario, "corrected")
    assert scenario.standing("documents").met_on == date(2010, 11, 5)
    withdraw(scenario)
    assert scenario.standing("documents").met_on is None


def test_so_does_the_correction_of_a_step_that_rests_on_it() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03")).until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-3")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    ended = scenario.number_of("fieldwork_ended")
    scenario.until("2010-12-01").do("correct", "c.marsh", "2010-12-01", event=ended, **REASON)
    with pytest.raises(Refused, match=rf"event {ended} \(fieldwork ended\), event {ended + 1} \(corrected\) rest on"):
        withdraw(scenario, "fieldwork_started")


def test_the_steps_of_a_new_member_of_the_team_rest_on_the_change() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("change_contact", "c.marsh", person="link.other", role="link_officer", **REASON)
    scenario.do("receive_case_lists", "link.other")
    with pytest.raises(Refused, match="case lists received"):
        withdraw(scenario, "contact_changed")


def test_an_override_rests_under_the_step_that_needed_it() -> None:
    scenario = InMemoryInspection().until("2010-11-09")
    for gate in ("case_lists", "cases"):
        scenario.do("override", "m.okafor", gate=gate, **REASON)
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    scenario.until("2010-11-17").do("start_fieldwork", "i.ashdown")
    with pytest.raises(Refused, match="fieldwork started"):
        withdraw(scenario, "gate_overridden")
    scenario.do("receive_case_lists", "link.330")
    withdraw(scenario, "case_lists_received")


@pytest.mark.parametrize("kind", ["first_cases_chosen", "set_up_meeting_held"])
def test_where_a_letter_went_out_nothing_is_taken_back(kind: str) -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03"))
    with pytest.raises(Refused, match="a letter went out for event"):
        withdraw(scenario, kind)


def test_nor_is_what_the_system_proved_or_sent() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(InMemoryInspection().until("2010-11-03"))).until("2010-12-23")
    for kind in ("notified", "notification_issued", "draft_sent", "comments_lapsed"):
        with pytest.raises(Refused, match="proven or sent by the system"):
            withdraw(scenario, kind)


@pytest.mark.parametrize(
    ("kind", "instead"), [("draft_submitted", "send_back_draft"), ("draft_approved", "send_back_draft")]
)
def test_what_has_a_step_of_its_own_to_take_it_back_names_that(kind: str, instead: str) -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(InMemoryInspection().until("2010-11-03")))
    with pytest.raises(Refused, match=instead):
        withdraw(scenario, kind)


def test_an_event_that_is_no_step_is_named() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    for number in (1, 999):
        with pytest.raises(Refused, match=f"event {number} is no step that stands"):
            scenario.do("withdraw", "c.marsh", event=number, **REASON)
    scenario.do("receive_documents", "c.marsh")
    withdraw(scenario)
    with pytest.raises(Refused, match="is no step that stands"):
        withdraw(scenario, "documents_received")
    with pytest.raises(Refused, match="is no step that stands"):
        withdraw(scenario, "withdrawn")


def test_a_withdrawal_wants_a_reason_and_one_of_the_office_or_the_lead() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    scenario.do("receive_documents", "link.330")
    with pytest.raises(BadInput, match="reason"):
        scenario.do("withdraw", "c.marsh")
    with pytest.raises(Refused, match="taken by"):
        withdraw(scenario, by="link.330")


def test_a_miss_stays_recorded_when_the_step_that_was_late_is_withdrawn() -> None:
    scenario = InMemoryInspection().until("2010-11-09")
    scenario.do("receive_case_lists", "c.marsh")
    assert scenario.standing("case_lists").state == "met_late"
    withdraw(scenario)
    scenario.do("receive_case_lists", "c.marsh", "2010-11-05", proof="t-p")
    lists = scenario.standing("case_lists")
    assert (lists.state, lists.is_missed_for_good, lists.miss and lists.miss.recorded_by) == ("met", True, "withdrawn")


def test_a_withdrawal_shortens_no_other_person_s_time() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03")).until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-h")
    scenario.until("2010-12-03").do("end_fieldwork", "i.ashdown", **HEARD, **REASON)
    assert scenario.standing("draft_report").due == date(2010, 12, 17)
    withdraw(scenario)
    assert (scenario.inspection.stage, scenario.standing("draft_report").due) == ("fieldwork", date(2010, 12, 17))
    scenario.do("end_fieldwork", "i.ashdown", "2010-12-01", **HEARD, **REASON)
    assert scenario.standing("draft_report").due == date(2010, 12, 17)


def test_the_events_alone_give_the_same_state() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03"))
    withdraw(scenario)
    withdraw(scenario, "documents_received")
    scenario.until("2010-11-18").do("start_fieldwork", "i.ashdown")
    assert scenario.born.after(scenario.events) == scenario.inspection


def test_withdrawn_changes_of_people_leave_the_roles_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(POSTS, "c.other", ())
    scenario = InMemoryInspection().until("2010-11-04")
    people = dict(scenario.inspection.people)
    scenario.do("change_contact", "c.marsh", person="link.other", role="link_officer", **REASON)
    assert scenario.inspection.people != people
    withdraw(scenario)
    assert scenario.inspection.people == people


def test_what_is_owed_anew_on_a_day_that_no_letter_gave_is_named_in_a_letter() -> None:
    scenario = up_to_published(up_to_draft_sent(up_to_fieldwork(InMemoryInspection())))
    scenario.until("2011-01-11").do("record_evaluation", "link.330")
    take_in(scenario, add(date(2011, 1, 20)))
    assert scenario.standing("evaluation").due == date(2011, 1, 21)  # met: it keeps the day that letters gave
    withdraw(scenario, "evaluation_returned")
    assert scenario.standing("evaluation").due == date(2011, 1, 24)
    letter = scenario.letters_of("changed_dates")[-1]
    assert [(moved["limit"], moved["from"], moved["to"]) for moved in letter.facts["moved"]] == [
        ("evaluation", "2011-01-21", "2011-01-24")
    ]


def test_a_withdrawal_that_moves_no_day_sends_no_letter() -> None:
    scenario = up_to_published(up_to_draft_sent(up_to_fieldwork(InMemoryInspection())))
    scenario.until("2011-01-11").do("record_evaluation", "link.330")
    withdraw(scenario, "evaluation_returned")
    assert scenario.letters_of("changed_dates") == []


def test_nothing_is_written_of_days_before_the_authority_is_notified() -> None:
    scenario = InMemoryInspection()
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-16", **REASON)
    withdraw(scenario, "fieldwork_arranged")
    assert scenario.letters == []


def test_days_that_no_letter_gave_are_not_called_moved_when_their_step_is_withdrawn() -> None:
    scenario = up_to_fieldwork(InMemoryInspection()).until("2010-11-29")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-3")
    due = scenario.standing("draft_report").due
    scenario.do("end_fieldwork", "i.ashdown", **HEARD)
    assert scenario.standing("draft_report").due < due
    withdraw(scenario, "fieldwork_ended", by="i.ashdown")
    assert scenario.standing("draft_report").due == due
    assert scenario.letters_of("changed_dates") == []


def test_a_first_day_that_the_announcement_named_is_not_withdrawn() -> None:
    scenario = InMemoryInspection()
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-17", **REASON)
    scenario.until("2010-11-03")
    with pytest.raises(Refused, match="the announcement named its day; arrange_fieldwork agrees on another"):
        withdraw(scenario, "fieldwork_arranged")
