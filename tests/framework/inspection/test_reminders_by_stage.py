"""Reminders ask for what can be done at each stage of an inspection, and of the person who can do it."""

from datetime import date

from framework.inspection.limits import LimitSettings
from tests.framework.in_memory import InMemoryInspection, prepare_cases, up_to_fieldwork
from tests.framework.inspection.reminder_scenarios import carried, drafting, finalising, last, notified, reminders
from tests.framework.ordinary_path import FOUR, FOUR_MORE, REASON


def test_while_the_draft_is_not_submitted_the_lead_is_asked_to_submit_it_and_not_to_send_it() -> None:
    scenario = drafting().until("2010-12-13")
    assert [(item["step"], item["title"]) for item in last(scenario, "draft_report").facts["owed"]] == [
        ("submit_draft", "Draft report for quality assurance")
    ]


def test_while_the_draft_waits_for_approval_quality_assurance_is_asked_and_the_lead_is_not() -> None:
    scenario = drafting().until("2010-12-09")
    scenario.do("submit_draft", "i.ashdown")
    scenario.until("2010-12-14")
    assert reminders(scenario, "2010-12-13") == {"q.lindqvist": [("draft_report", -1)]}
    assert last(scenario, "draft_report").facts["owed"][0]["step"] == "approve_draft"


def test_once_it_is_approved_the_lead_is_asked_to_send_it() -> None:
    scenario = drafting().until("2010-12-09")
    scenario.do("submit_draft", "i.ashdown")
    scenario.do("approve_draft", "q.lindqvist")
    scenario.until("2010-12-13")
    assert reminders(scenario, "2010-12-13") == {"i.ashdown": [("draft_report", -1)]}
    assert last(scenario, "draft_report").facts["owed"][0]["step"] == "send_draft"


def test_what_was_sent_back_is_asked_of_the_lead_again() -> None:
    scenario = drafting().until("2010-12-09")
    scenario.do("submit_draft", "i.ashdown")
    scenario.do("send_back_draft", "q.lindqvist", **REASON)
    scenario.until("2010-12-13")
    assert last(scenario, "draft_report").facts["owed"][0]["step"] == "submit_draft"


def test_late_comments_that_wait_for_a_decision_are_asked_of_the_lead_before_anything_else() -> None:
    scenario = finalising().until("2010-12-22")
    scenario.do("return_comments", "dcs.330", comments=[{"where": "para 1", "text": "t-5"}])
    scenario.until("2010-12-23")
    assert last(scenario, "final_report").facts["owed"][0]["step"] == "decide_late_comments"


def test_a_report_that_was_not_issued_is_not_asked_to_be_published() -> None:
    scenario = finalising().until("2011-01-31")
    assert not [letter for letter in scenario.letters_of("reminder") if "publication" in carried(letter)]


def test_cases_are_not_asked_to_be_chosen_from_lists_that_are_not_in() -> None:
    scenario = notified().until("2010-11-30")
    assert not [letter for letter in scenario.letters_of("reminder") if "first_cases_choice" in carried(letter)]


def test_oral_feedback_and_the_end_of_fieldwork_are_one_item() -> None:
    scenario = up_to_fieldwork(notified()).until("2010-11-30")
    (before,) = last(scenario, "inspection_ends").facts["owed"]
    assert (before["step"], before["title"]) == ("give_oral_feedback", "Oral feedback and the end of fieldwork")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-3")
    (after,) = last(scenario.until("2010-12-01"), "inspection_ends").facts["owed"]
    assert (after["step"], after["title"]) == ("end_fieldwork", "End of the inspection")


def test_while_the_audits_are_not_in_the_end_of_fieldwork_waits_for_them_and_not_for_the_lead() -> None:
    scenario = notified().until("2010-11-09")
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    prepare_cases(scenario)
    scenario.until("2010-11-17").do("start_fieldwork", "i.ashdown")
    scenario.until("2010-11-29").do("give_oral_feedback", "i.ashdown", headings="t-3")
    scenario.until("2010-11-30")
    assert "i.ashdown" not in reminders(scenario, "2010-11-30")


def test_oral_feedback_that_was_given_too_early_is_asked_for_again() -> None:
    scenario = up_to_fieldwork(notified())
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-3")
    (item,) = last(scenario.until("2010-11-30"), "inspection_ends").facts["owed"]
    assert item["step"] == "give_oral_feedback"


def test_while_publication_is_held_back_the_manager_is_asked_to_release_it_and_the_coordinator_for_nothing() -> None:
    scenario = finalising().until("2010-12-29")
    scenario.do("submit_final", "i.ashdown")
    scenario.do("approve_final", "q.lindqvist")
    scenario.do("issue_final", "i.ashdown")
    scenario.do("hold_publication", "m.okafor", **REASON)
    scenario.until("2011-01-07")
    assert reminders(scenario, "2011-01-06") == {"m.okafor": [("publication", -1)]}
    assert last(scenario, "publication").facts["owed"][0]["step"] == "release_publication"


def test_a_lead_who_may_not_act_because_of_a_connection_is_asked_for_nothing() -> None:
    scenario = notified().until("2010-11-05")
    scenario.do("receive_case_lists", "link.330")
    scenario.do("change_lead", "c.marsh", person="i.edgar", connection="t-c", **REASON)
    scenario.until("2010-11-12")
    assert "i.edgar" not in {letter.key for letter in scenario.letters_of("reminder")}


def test_audits_whose_day_moves_with_a_late_start_are_not_listed_as_late_before_it() -> None:
    scenario = InMemoryInspection(settings=LimitSettings(documents_count=5)).until("2010-11-09")
    scenario.do("receive_case_lists", "link.330")
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=FOUR, looked_after=FOUR_MORE)
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    scenario.until("2010-11-30")
    assert scenario.standing("case_audits").due == date(2010, 11, 17)
    assert reminders(scenario, "2010-11-19")["link.330"] == [("survey_invitations", None), ("documents", 3)]
