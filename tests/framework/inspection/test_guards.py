"""What each step needs, one by one: met and not met."""

from datetime import date
from typing import Any

import pytest

from framework.common.errors import BadInput, Refused
from framework.inspection.guards.table import GUARDS
from framework.inspection.steps import STEPS
from tests.framework.in_memory import InMemoryInspection, prepare_cases, up_to_fieldwork
from tests.framework.ordinary_path import FOUR, FOUR_MORE, REASON
from tests.orders import an_order
from tests.words import WHY

ENDED: dict[str, Any] = {"spoke_with_children": True, "sought_views_of_parents": True}
NO_NOTICE = {"notice": "none", "notice_reason": WHY, "service": "by_hand", "fieldwork": "2010-11-03"}
BY_HAND = {"method": "by_hand", "proof": "t-p"}
MEETING = {"attendees": "t-a", "decisions": "t-d"}


def notified(**order: Any) -> InMemoryInspection:
    return InMemoryInspection(an_order(**order)).until("2010-11-03")


def set_up() -> InMemoryInspection:
    scenario = notified().until("2010-11-09")
    scenario.do("hold_set_up_meeting", "i.ashdown", **MEETING)
    return scenario


def refused(scenario: InMemoryInspection, why: str, step: str, by: str, on: str | None = None, **fields: Any) -> None:
    before = scenario.inspection.after(())
    with pytest.raises((Refused, BadInput), match=why):
        scenario.do(step, by, on, **fields)
    assert scenario.inspection == before


# Notification and set-up --------------------------------------------------------------------------------------------


def test_a_notification_under_way_is_not_issued_again_nor_postponed() -> None:
    scenario = InMemoryInspection()
    scenario.accepts_mail = False
    scenario.until("2010-11-03")
    refused(scenario, "on its way", "notify", "c.marsh")
    refused(scenario, "on its way", "defer", "c.marsh", notify="2010-11-10", **REASON)


def test_service_by_mail_is_proved_by_the_mail_system_alone_and_by_hand_with_a_proof() -> None:
    scenario = InMemoryInspection()
    refused(scenario, "proved by the mail system", "record_service", "c.marsh", method="email")
    refused(scenario, "no notification is on its way", "record_service", "system", method="email")
    refused(scenario, "proof", "record_service", "c.marsh", method="by_hand")
    scenario.do("record_service", "c.marsh", **BY_HAND)
    assert scenario.inspection.stage == "notified"


def test_without_a_notification_there_is_no_cancellation_to_serve() -> None:
    scenario = InMemoryInspection()
    scenario.do("cancel", "m.okafor", **REASON)
    refused(scenario, "never notified", "record_cancellation_service", "c.marsh", **BY_HAND)


def test_what_was_handed_over_also_goes_as_a_copy_but_not_when_it_is_on_its_way() -> None:
    scenario = InMemoryInspection(an_order(service="by_hand")).until("2010-11-03")
    scenario.do("record_service", "c.marsh", **BY_HAND)
    assert len(scenario.letters_of("announcement")) == 1
    mailed = InMemoryInspection()
    mailed.accepts_mail = False
    mailed.until("2010-11-03").do("record_service", "c.marsh", **BY_HAND)
    assert len(mailed.letters_of("announcement")) == 1


def test_the_set_up_meeting_is_arranged_on_a_working_day_and_not_once_it_was_held() -> None:
    scenario = notified()
    refused(scenario, "Saturday", "arrange_set_up_meeting", "c.marsh", day="2010-11-06", place="Council House")
    scenario.do("arrange_set_up_meeting", "c.marsh", day="2010-11-08", place="Council House")
    assert scenario.inspection.meeting is not None
    assert scenario.inspection.meeting.sequence == 1
    assert scenario.standing("set_up_meeting").due == date(2010, 11, 9)
    scenario.do("hold_set_up_meeting", "i.ashdown", **MEETING)
    refused(scenario, "taken from", "arrange_set_up_meeting", "c.marsh", day="2010-11-10", place="Council House")


def test_what_is_agreed_lies_ahead_of_the_day_it_was_agreed_on() -> None:
    scenario = notified().until("2010-11-08")
    meeting = {"place": "Council House"}
    for day in ("2010-11-02", "2010-11-05"):
        refused(scenario, "is over on 2010-11-08", "arrange_set_up_meeting", "c.marsh", day=day, **meeting)
    refused(scenario, "is over on 2010-11-08", "arrange_fieldwork", "c.marsh", starts="2010-11-05", **REASON)
    scenario.do("arrange_set_up_meeting", "c.marsh", on="2010-11-04", day="2010-11-05", **meeting)
    scenario.do("arrange_set_up_meeting", "c.marsh", day="2010-11-08", **meeting)
    refused(InMemoryInspection(), "is over", "arrange_fieldwork", "c.marsh", starts="2010-10-29")


def test_a_case_named_twice_is_not_two_cases() -> None:
    twice = ["A1", "A1", "A2", "A3"]
    refused(
        notified(), "name each case once", "choose_first_cases", "i.ashdown", safeguarding=twice, looked_after=FOUR_MORE
    )


def test_fieldwork_is_arranged_within_ten_working_days_and_less_notice_is_the_managers() -> None:
    scenario = notified()
    refused(scenario, "Sunday", "arrange_fieldwork", "c.marsh", starts="2010-11-14")
    refused(scenario, "11 working days", "arrange_fieldwork", "c.marsh", starts="2010-11-18", **REASON)
    refused(scenario, "2010-11-02 is over", "arrange_fieldwork", "c.marsh", starts="2010-11-02")
    for by in ("c.marsh", "i.ashdown"):
        why = "notice until 2010-11-17, and 2010-11-16 is before it: a manager may depart from that .*«notice».*para 8"
        refused(scenario, why, "arrange_fieldwork", by, starts="2010-11-16", **REASON)
    scenario.do("override", "m.okafor", gate="notice", **REASON)
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-16")
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-22")
    (first, second) = scenario.letters_of("changed_dates")
    assert first.facts["moved"][0]["to"] == "2010-11-16"
    assert (second.facts["moved"][0]["from"], second.facts["moved"][0]["to"]) == ("2010-11-16", "2010-11-22")


def test_notice_once_announced_short_is_not_cut_further_by_the_lead() -> None:
    short = {"notice": "short", "notice_reason": WHY, "fieldwork": "2010-11-10"}
    scenario = notified(**short)
    refused(scenario, "notice until 2010-11-10", "arrange_fieldwork", "i.ashdown", starts="2010-11-09", **REASON)
    scenario.do("arrange_fieldwork", "i.ashdown", starts="2010-11-12")
    scenario.do("arrange_fieldwork", "i.ashdown", starts="2010-11-10")  # the day that was announced


def test_notice_is_not_cut_while_the_letter_that_announces_it_is_on_its_way() -> None:
    scenario = InMemoryInspection()
    scenario.accepts_mail = False
    scenario.until("2010-11-03")
    refused(scenario, "notice until 2010-11-17", "arrange_fieldwork", "i.ashdown", starts="2010-11-15", **REASON)
    scenario.do("arrange_fieldwork", "i.ashdown", starts="2010-11-18")  # ten days from an acceptance still to come


def test_what_was_announced_is_the_day_of_the_newest_notification() -> None:
    scenario = notified()
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    refused(scenario, "notice until 2011-01-24", "arrange_fieldwork", "c.marsh", starts="2011-01-21", **REASON)


def test_four_cases_of_each_half_in_scope_are_chosen_first_fewer_by_override() -> None:
    scenario = notified()
    refused(
        scenario, "3 looked after", "choose_first_cases", "i.ashdown", safeguarding=FOUR, looked_after=FOUR_MORE[:3]
    )
    scenario.do("override", "m.okafor", gate="cases", **REASON)
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=FOUR, looked_after=FOUR_MORE[:3])
    assert list(scenario.inspection.first_cases.counts().values()) == [4, 3]
    alone = notified(scope="safeguarding", scope_ground="judged_inadequate", scope_reason=WHY)
    refused(alone, "3 safeguarding", "choose_first_cases", "i.ashdown", safeguarding=FOUR[:3])
    alone.do("choose_first_cases", "i.ashdown", safeguarding=FOUR)


# Fieldwork ----------------------------------------------------------------------------------------------------------


def test_fieldwork_begins_on_a_working_day_after_the_meeting_and_not_before_the_notice_is_over() -> None:
    refused(notified().until("2010-11-17"), "has not been held", "start_fieldwork", "i.ashdown")
    scenario = set_up()
    prepare_cases(scenario)
    refused(scenario, "notice until 2010-11-17", "start_fieldwork", "i.ashdown")
    scenario.until("2010-11-20")
    refused(scenario, "Saturday", "start_fieldwork", "i.ashdown")
    refused(scenario, "notice until", "start_fieldwork", "i.ashdown", on="2010-11-16")
    scenario.do("start_fieldwork", "i.ashdown", on="2010-11-19")
    assert scenario.standing("fieldwork_starts").state == "met_late"


def test_an_earlier_day_agreed_under_the_managers_override_is_kept_to() -> None:
    scenario = set_up()
    prepare_cases(scenario)
    scenario.do("override", "m.okafor", gate="notice", **REASON)
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-11")
    scenario.do("start_fieldwork", "i.ashdown")


@pytest.mark.parametrize("scope", ["joint", "looked_after"])
def test_the_lead_alone_does_not_cut_the_notice_to_none(scope: str) -> None:
    alone = {} if scope == "joint" else {"scope": scope, "scope_ground": "judged_inadequate", "scope_reason": WHY}
    scenario = notified(**alone).until("2010-11-09")
    scenario.do("hold_set_up_meeting", "i.ashdown", **MEETING)
    prepare_cases(scenario)
    refused(scenario, "a manager may depart from that", "start_fieldwork", "i.ashdown")
    refused(scenario, "there is no such field", "start_fieldwork", "i.ashdown", **REASON)
    refused(scenario, "taken by: Inspection manager", "override", "i.ashdown", gate="notice", **REASON)
    scenario.do("override", "m.okafor", gate="notice", **REASON)
    scenario.do("start_fieldwork", "i.ashdown")


def test_fieldwork_starts_with_the_lists_in_and_the_first_cases_chosen_or_by_the_managers_override() -> None:
    scenario = set_up().until("2010-11-17")
    why = "in most instances the authority's lists of cases are in .* a manager may depart .*«case_lists».*para 42"
    refused(scenario, why, "start_fieldwork", "i.ashdown")
    scenario.do("override", "m.okafor", gate="case_lists", **REASON)
    why = "in most instances at least four .* 0 safeguarding, 0 looked after: a manager may depart .*«cases».*para 41"
    refused(scenario, why, "start_fieldwork", "i.ashdown")
    scenario.do("override", "m.okafor", gate="cases", **REASON)
    scenario.do("start_fieldwork", "i.ashdown")


def test_four_cases_are_enough_to_start_in_a_single_scope() -> None:
    scenario = notified(scope="safeguarding", scope_ground="judged_inadequate", scope_reason=WHY).until("2010-11-09")
    scenario.do("hold_set_up_meeting", "i.ashdown", **MEETING)
    scenario.do("receive_case_lists", "link.330")
    refused(scenario.until("2010-11-17"), "0 safeguarding", "start_fieldwork", "i.ashdown")
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=FOUR)
    scenario.do("start_fieldwork", "i.ashdown")


def test_none_at_all_is_refused_the_same_way_as_fewer_than_four() -> None:
    refused(notified(), "0 safeguarding, 0 looked after", "choose_first_cases", "i.ashdown")


def test_fieldwork_ends_with_the_audits_in_or_by_the_managers_override() -> None:
    scenario = set_up()
    prepare_cases(scenario)
    scenario.until("2010-11-17").do("start_fieldwork", "i.ashdown")
    scenario.until("2010-11-30").do("give_oral_feedback", "i.ashdown", headings="t-h")
    why = "in most instances the authority's audits .* a manager may depart from that .*«case_audits».*para 41"
    refused(scenario, why, "end_fieldwork", "i.ashdown", **ENDED)
    scenario.do("override", "m.okafor", gate="case_audits", **REASON)
    scenario.do("end_fieldwork", "i.ashdown", **ENDED)


def test_without_notice_what_is_usual_before_fieldwork_is_asked_for_at_its_end() -> None:
    scenario = InMemoryInspection(an_order(**NO_NOTICE), start="2010-11-03T08:00+00:00")
    scenario.do("record_service", "i.ashdown", **BY_HAND)
    scenario.do("start_fieldwork", "i.ashdown")
    scenario.do("hold_set_up_meeting", "i.ashdown", **MEETING)
    scenario.until("2010-11-16").do("give_oral_feedback", "i.ashdown", headings="t-h")
    scenario.do("receive_case_audits", "link.330")
    refused(scenario, "lists of cases", "end_fieldwork", "i.ashdown", **ENDED)
    scenario.do("receive_case_lists", "link.330")
    refused(scenario, "0 safeguarding, 0 looked after", "end_fieldwork", "i.ashdown", **ENDED)
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=FOUR, looked_after=FOUR_MORE)
    scenario.do("end_fieldwork", "i.ashdown", **ENDED)


@pytest.mark.parametrize("agreed", ["2010-11-03", None])
def test_without_notice_all_is_due_on_the_first_day_and_fieldwork_begins_at_once(agreed: str | None) -> None:
    scenario = InMemoryInspection(an_order(**{**NO_NOTICE, "fieldwork": agreed}), start="2010-11-03T08:00+00:00")
    scenario.do("record_service", "i.ashdown", **BY_HAND)
    keys = ("case_lists", "set_up_meeting", "documents", "survey_invitations", "first_cases_choice", "case_audits")
    assert {scenario.standing(key).due for key in keys} == {date(2010, 11, 3)}
    scenario.do("start_fieldwork", "i.ashdown")
    assert scenario.inspection.stage == "fieldwork"
    assert scenario.standing("inspection_ends").due == date(2010, 11, 16)


def test_without_notice_the_meeting_and_the_choice_of_cases_may_follow_on_site() -> None:
    scenario = InMemoryInspection(an_order(**NO_NOTICE), start="2010-11-03T08:00+00:00")
    scenario.do("record_service", "i.ashdown", **BY_HAND)
    scenario.do("start_fieldwork", "i.ashdown")
    scenario.do("hold_set_up_meeting", "i.ashdown", **MEETING)
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=FOUR, looked_after=FOUR_MORE)
    assert scenario.inspection.stage == "fieldwork"
    assert {scenario.standing(key).state for key in ("set_up_meeting", "first_cases_choice")} == {"met"}
    refused(scenario, "has been held", "hold_set_up_meeting", "i.ashdown", **MEETING)


def test_fieldwork_ends_after_oral_feedback_with_the_views_of_children_and_parents_on_a_working_day() -> None:
    scenario = up_to_fieldwork(notified()).until("2010-11-27")
    refused(scenario, "oral feedback", "end_fieldwork", "i.ashdown", on="2010-11-26", **ENDED)
    refused(scenario, "before 2010-11-17", "give_oral_feedback", "i.ashdown", on="2010-11-16", headings="t-h")
    scenario.do("give_oral_feedback", "i.ashdown", on="2010-11-26", headings="t-h")
    refused(scenario, "Saturday", "end_fieldwork", "i.ashdown", **ENDED)
    refused(scenario, "before 2010-11-26", "end_fieldwork", "i.ashdown", on="2010-11-25", **ENDED)
    refused(
        scenario, "sought_views_of_parents", "end_fieldwork", "i.ashdown", on="2010-11-26", spoke_with_children=True
    )
    refused(
        scenario,
        "always speak with children",
        "end_fieldwork",
        "i.ashdown",
        on="2010-11-26",
        **{**ENDED, "spoke_with_children": False},
    )
    scenario.do("end_fieldwork", "i.ashdown", on="2010-11-26", **ENDED)


def test_every_guard_of_the_table_of_steps_exists_and_every_guard_is_in_it() -> None:
    assert {name for step in STEPS for name in step.guards} == set(GUARDS)
