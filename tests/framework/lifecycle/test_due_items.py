"""What is due and when: the ladder of reminders, what stops it, outages, and the lapse of comments.

The content and recipients of one letter are in `test_reminder_letters`, other automatic steps in `test_automatic_steps`."""

from datetime import date, datetime

import pytest

from framework.calendar.london_time import LONDON
from framework.lifecycle.limit_status import is_late, limit_statuses
from tests.framework.in_memory import (
    InMemoryInspection,
    prepare_cases,
    up_to_draft_sent,
    up_to_fieldwork,
    up_to_published,
)
from tests.framework.ordinary_path import REASON
from tests.orders import an_order
from tests.words import WHY

Rung = tuple[str, int]


def rungs(scenario: InMemoryInspection, limit: str) -> list[Rung]:
    """The day and rung of each reminder of a limit."""
    return [(moment.date().isoformat(), rung) for moment, key, rung, _ in scenario.reminders if key == limit]


def notified() -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03")


def test_the_ladder_has_three_rungs_up_to_the_day_and_three_after_it() -> None:
    scenario = up_to_fieldwork(notified())
    scenario.until("2011-01-31")
    before = [("2010-11-25", -3), ("2010-11-29", -1), ("2010-11-30", 0)]
    assert rungs(scenario, "inspection_ends") == [*before, ("2010-12-01", 1), ("2010-12-03", 3), ("2010-12-07", 5)]


def test_an_inspection_of_safeguarding_alone_has_no_survey_and_no_reminder_of_its_invitations() -> None:
    for scope, chased in (("safeguarding", False), ("looked_after", True)):
        scenario = InMemoryInspection(an_order(scope=scope, scope_ground="judged_inadequate", scope_reason=WHY))
        scenario.until("2010-11-12")
        assert bool(rungs(scenario, "survey_invitations")) is chased
        assert (
            "survey_invitations" in {limit.rule.key for limit in limit_statuses(scenario.inspection, scenario.calendar)}
        ) is chased


def test_rungs_count_working_days_over_christmas() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified()))
    scenario.until("2010-12-20").do("return_comments", "dcs.330")
    scenario.until("2011-01-31")
    before = [("2010-12-23", -3), ("2010-12-29", -1), ("2010-12-30", 0)]
    assert rungs(scenario, "final_report") == [*before, ("2010-12-31", 1), ("2011-01-05", 3), ("2011-01-07", 5)]


def test_a_reminder_goes_at_nine_in_london() -> None:
    scenario = notified().until("2010-11-20")
    assert {moment.astimezone(LONDON).strftime("%H:%M") for moment, *_ in scenario.reminders} == {"09:00"}


def test_no_rung_falls_within_a_working_day_of_the_letter_that_asked() -> None:
    """The link officer was announced on Wednesday 3 November what is due on the 5th: nothing on the 4th."""
    scenario = notified().until("2010-11-20")
    assert rungs(scenario, "case_lists")[0] == ("2010-11-05", 0)
    friday = InMemoryInspection(an_order(notify="2010-11-05")).until("2010-11-20")
    assert rungs(friday, "case_lists")[0] == ("2010-11-09", 0), "announced on a Friday: not on Monday either"


def test_three_days_before_is_for_what_has_more_than_five_working_days() -> None:
    scenario = notified().until("2010-11-20")
    assert rungs(scenario, "documents")[0] == ("2010-11-08", -1), "four working days in all"
    scenario = up_to_draft_sent(up_to_fieldwork(notified())).until("2011-01-31")
    assert rungs(scenario, "factual_comments")[0] == ("2010-12-20", -1), "five working days in all"
    assert rungs(scenario, "draft_report")[0] == ("2010-12-09", -3), "ten working days in all"


def test_an_appointment_has_one_note_on_the_working_day_before_it_and_is_chased_only_once_its_limit_is_over() -> None:
    scenario = notified().until("2010-11-30")
    assert rungs(scenario, "set_up_meeting") == [
        ("2010-11-08", -1),
        ("2010-11-10", 1),
        ("2010-11-12", 3),
        ("2010-11-16", 5),
    ]


def test_a_meeting_moved_to_another_day_has_its_note_before_that_day_and_none_for_the_old_one() -> None:
    scenario = notified().until("2010-11-05")
    scenario.do("arrange_set_up_meeting", "i.ashdown", day="2010-11-12", at="14:00", place="Town Hall")
    scenario.until("2010-11-12")
    assert rungs(scenario, "set_up_meeting") == [("2010-11-11", -1)], "not called late before its agreed day is over"
    scenario.until("2010-11-30")
    assert rungs(scenario, "set_up_meeting") == [("2010-11-11", -1), ("2010-11-16", 5)]


def test_the_start_of_fieldwork_has_its_note_before_the_agreed_day() -> None:
    scenario = notified().until("2010-11-09")
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    prepare_cases(scenario)
    scenario.do("override", "m.okafor", gate="notice", **REASON)
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-15")
    scenario.until("2010-11-18")
    assert rungs(scenario, "fieldwork_starts") == [("2010-11-12", -1), ("2010-11-18", 1)]


def test_fieldwork_is_not_asked_for_while_the_meeting_it_needs_has_not_been_held() -> None:
    assert rungs(notified().until("2010-12-31"), "fieldwork_starts") == []


def test_after_it_is_done_no_reminder_is_sent() -> None:
    scenario = notified().until("2010-11-05")
    scenario.do("receive_case_lists", "link.330")
    assert rungs(scenario.until("2010-12-31"), "case_lists") == [("2010-11-05", 0)]


def test_what_becomes_possible_during_the_day_is_asked_for_on_the_next_morning() -> None:
    scenario = notified().until("2010-11-09")
    scenario.do("receive_case_lists", "link.330")
    assert rungs(scenario.until("2010-11-12"), "first_cases_choice") == [("2010-11-10", 1), ("2010-11-12", 3)]


def test_what_is_handed_in_twice_starts_no_reminders_again_and_is_not_late() -> None:
    scenario = notified().until("2010-11-04")
    scenario.do("receive_case_lists", "link.330")
    scenario.until("2010-11-15").do("receive_case_lists", "link.330")
    assert scenario.standing("case_lists").state == "met"
    assert scenario.standing("case_lists").met_on == date(2010, 11, 4)


def test_after_an_outage_only_the_highest_rung_goes_and_the_others_are_passed_over() -> None:
    scenario = notified().pause("2010-11-12").until("2010-11-12")
    assert rungs(scenario, "case_lists") == [("2010-11-12", 5)]
    sent = next(event for _, event in scenario.events if event.kind == "reminder_sent")
    lists = next(rung for rung in sent.data["rungs"] if rung["limit"] == "case_lists")
    assert lists["passed_over"] == [0, 1, 3]
    assert rungs(scenario.until("2010-12-31"), "case_lists") == [("2010-11-12", 5)]


def test_it_is_late_from_the_day_after_an_open_limit_until_the_deed_and_never_while_deferred() -> None:
    scenario = notified()

    def late(day: str) -> bool:
        return is_late(scenario.inspection, scenario.calendar, date.fromisoformat(day))

    assert not late("2010-11-05")
    assert late("2010-11-13")
    scenario.until("2010-11-15")
    for step in ("receive_case_lists", "receive_documents", "confirm_survey_invitations"):
        scenario.do(step, "link.330")
    assert late("2010-11-15")  # the set-up meeting was due on 9 November
    scenario.do("request_deferral", "dcs.330", ground="other", **REASON)
    scenario.do("defer", "m.okafor", **REASON)
    assert not late("2010-12-31")


def test_a_short_outage_passes_over_only_what_came_and_went() -> None:
    scenario = notified().pause("2010-11-08").until("2010-11-30")
    assert rungs(scenario, "case_lists") == [("2010-11-08", 1), ("2010-11-10", 3), ("2010-11-12", 5)]
    assert rungs(scenario, "documents")[0] == ("2010-11-08", -1)


def test_after_an_outage_over_an_appointment_no_note_goes_for_a_day_that_has_come() -> None:
    scenario = notified().pause("2010-11-09").until("2010-11-09")
    assert rungs(scenario, "set_up_meeting") == []


def test_an_outage_that_ends_at_the_weekend_is_made_up_for_on_the_next_working_morning() -> None:
    scenario = notified().pause("2010-11-06").until("2010-11-30")
    assert rungs(scenario, "case_lists")[0] == ("2010-11-08", 1)


def test_a_limit_that_moved_and_came_back_repeats_no_rung_for_the_same_day() -> None:
    scenario = audits_awaited().until("2010-11-16")
    before = rungs(scenario, "case_audits")
    scenario.do("override", "m.okafor", gate="notice", **REASON)
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-16")
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-17")
    scenario.until("2010-11-17")
    assert before == [("2010-11-12", -3), ("2010-11-16", -1)]
    assert rungs(scenario, "case_audits") == [*before, ("2010-11-17", 0)]


def audits_awaited() -> InMemoryInspection:
    """The meeting was held and the first cases were chosen, both on the 9th: the audits of them are due on the 17th."""
    scenario = notified().until("2010-11-09")
    prepare_cases(scenario)
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    return scenario


def test_audits_of_cases_that_were_not_chosen_are_not_asked_for() -> None:
    assert rungs(notified().until("2010-12-31"), "case_audits") == []


def test_audits_due_on_a_start_that_comes_late_are_chased_as_late_once_and_only_after_it() -> None:
    scenario = audits_awaited().until("2010-11-24")
    before = [("2010-11-12", -3), ("2010-11-16", -1), ("2010-11-17", 0)]
    assert rungs(scenario, "case_audits") == before
    scenario.do("start_fieldwork", "i.ashdown")
    scenario.until("2010-12-31")
    assert rungs(scenario, "case_audits") == [*before, ("2010-11-25", 1), ("2010-11-29", 3), ("2010-12-01", 5)]


def test_after_an_outage_over_the_day_of_a_start_that_has_not_come_the_audits_are_not_asked_for_as_late() -> None:
    scenario = audits_awaited().until("2010-11-16").pause("2010-11-18").until("2010-11-30")
    assert rungs(scenario, "case_audits") == [("2010-11-12", -3), ("2010-11-16", -1)]


def test_audits_that_were_in_before_a_late_start_are_not_chased_after_it() -> None:
    scenario = audits_awaited().until("2010-11-19")
    scenario.do("receive_case_audits", "link.330")
    before = rungs(scenario, "case_audits")
    scenario.until("2010-11-24").do("start_fieldwork", "i.ashdown")
    assert rungs(scenario.until("2010-12-31"), "case_audits") == before
    assert scenario.standing("case_audits").state == "met"


def test_no_reminder_is_sent_while_it_is_deferred_and_all_begins_anew_after() -> None:
    scenario = notified().until("2010-11-04")
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2011-01-10")
    assert scenario.reminders == []
    assert {scenario.standing(limit).state for limit in ("case_lists", "complaints_close")} == {"suspended"}
    scenario.do("resume", "c.marsh", fieldwork="2011-01-24")
    scenario.until("2011-01-20")
    assert rungs(scenario, "case_lists") == [
        ("2011-01-12", 0),
        ("2011-01-13", 1),
        ("2011-01-17", 3),
        ("2011-01-19", 5),
    ]


def test_comments_are_chased_before_and_on_the_day_and_lapse_as_it_ends() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified())).until("2011-01-31")
    assert rungs(scenario, "factual_comments") == [("2010-12-20", -1), ("2010-12-21", 0)]
    lapsed = next(event for _, event in scenario.events if event.kind == "comments_lapsed")
    assert lapsed.received == datetime(2010, 12, 22, tzinfo=LONDON)


def test_the_evaluation_is_chased_once() -> None:
    scenario = up_to_published(up_to_draft_sent(up_to_fieldwork(notified()))).until("2011-03-01")
    assert rungs(scenario, "evaluation") == [("2011-01-24", 1)]


# The clock changes: 31 October 2010 and 27 March 2011 -------------------------------------------------------------


def test_reminders_go_at_nine_london_before_and_after_the_clocks_change() -> None:
    spring = InMemoryInspection(an_order(notify="2011-03-21"), start="2011-03-20T08:00+00:00").until("2011-04-10")
    moments = [moment for moment, limit, *_ in spring.reminders if limit == "documents"]
    assert [f"{moment:%d %H:%M}" for moment in moments] == ["24 09:00", "25 09:00", "28 08:00", "30 08:00", "01 08:00"]
    autumn = InMemoryInspection(an_order(notify="2010-10-25"), start="2010-10-24T08:00+00:00").until("2010-11-20")
    moments = [moment for moment, limit, *_ in autumn.reminders if limit == "documents"]
    assert [f"{moment:%d %H:%M}" for moment in moments] == ["28 08:00", "29 08:00", "01 09:00", "03 09:00", "05 09:00"]


@pytest.mark.parametrize(
    ("now", "day"),
    [("2011-03-27T22:59+00:00", "2011-03-27"), ("2011-03-27T23:00+00:00", "2011-03-28"), ("2011-03-26T23:59+00:00", "2011-03-26"),
     ("2010-10-30T22:59+00:00", "2010-10-30"), ("2010-10-30T23:00+00:00", "2010-10-31"), ("2010-10-31T23:59+00:00", "2010-10-31")],
)  # fmt: skip
def test_a_command_belongs_to_the_london_day_it_came_in_on(now: str, day: str) -> None:
    scenario = InMemoryInspection(an_order(service="by_hand"), start=now)
    scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    assert scenario.inspection.date_of("notification") == date.fromisoformat(day)
