"""The reminders of one morning: one letter a person with all they owe and can do, who has a copy, and what is not asked for."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from framework.calendar.london_time import LONDON
from framework.common.errors import Unaddressed
from framework.inspection.automatic_steps import held_decision
from framework.lifecycle.agenda import next_due
from framework.lifecycle.limits import LimitSettings
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, prepare_cases, up_to_draft_sent, up_to_fieldwork
from tests.framework.ordinary_path import FOUR, FOUR_MORE, REASON

COORDINATOR, MANAGER = Role.COORDINATOR, Role.MANAGER
Owed = tuple[str, int | None]


def at(day: str, hour: str = "10:00") -> datetime:
    """A moment of a London day."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=LONDON)


def reminders(scenario: InMemoryInspection, day: str) -> dict[str, list[Owed]]:
    """What each letter of a morning holds: limits with the rung that each carries, soonest first."""
    sent = [letter for moment, letter in scenario.letters if letter.kind == "reminder" and f"{moment.date()}" == day]
    assert len(sent) == len({letter.key for letter in sent}), "two letters to one person"
    return {letter.key: [(item["limit"], item["rung"]) for item in letter.facts["owed"]] for letter in sent}


def last(scenario: InMemoryInspection, limit: str) -> LetterOrder:
    """The newest reminder that carries a rung of a limit."""
    carry = (letter for letter in reversed(scenario.letters_of("reminder")) if (limit in carried(letter)))
    return next(carry)


def carried(letter: LetterOrder) -> dict[str, int]:
    """The rungs that a letter carries, by limit."""
    return {item["limit"]: item["rung"] for item in letter.facts["owed"] if item["rung"] is not None}


def notified() -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03")


def drafting() -> InMemoryInspection:
    """Fieldwork ended on 30 November; the draft is due on 14 December."""
    scenario = up_to_fieldwork(notified()).until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-3")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    return scenario


def finalising() -> InMemoryInspection:
    """Comments came back on 20 December; the final report is due on 30 December."""
    scenario = up_to_draft_sent(up_to_fieldwork(notified())).until("2010-12-20")
    scenario.do("return_comments", "dcs.330", comments=[{"where": "para 12", "text": "t-4"}])
    return scenario


def test_a_link_officer_gets_one_letter_in_the_first_three_days_and_not_five() -> None:
    scenario = notified().until("2010-11-05")
    assert [letter.persons for letter in scenario.letters_of("reminder")] == [("link.330",)]


def test_one_letter_holds_all_a_person_owes_soonest_first() -> None:
    scenario = notified().until("2010-11-08")
    assert reminders(scenario, "2010-11-08") == {
        "link.330": [("case_lists", 1), ("documents", -1), ("survey_invitations", -1)],
        "i.ashdown": [("set_up_meeting", -1)],
    }


def test_what_is_due_soon_is_listed_beside_what_the_morning_is_for() -> None:
    scenario = notified().until("2010-11-05")
    assert reminders(scenario, "2010-11-05") == {
        "link.330": [("case_lists", 0), ("documents", None), ("survey_invitations", None)]
    }


def test_the_event_of_a_letter_names_each_rung_it_carries_and_no_other() -> None:
    scenario = notified().until("2010-11-08")
    sent = [event for _, event in scenario.events if event.kind == "reminder_sent" and f"{event.on}" == "2010-11-08"]
    rungs = {
        event.data["to"]: [(rung["limit"], rung["rung"], rung["due"]) for rung in event.data["rungs"]] for event in sent
    }
    assert rungs == {
        "link.330": [
            ("case_lists", 1, "2010-11-05"),
            ("documents", -1, "2010-11-09"),
            ("survey_invitations", -1, "2010-11-09"),
        ],
        "i.ashdown": [("set_up_meeting", -1, "2010-11-09")],
    }
    assert [(event.paragraph, event.cause) for event in sent] == [
        (42, "limit:case_lists"),
        (32, "limit:set_up_meeting"),
    ]


def test_all_letters_of_a_morning_are_one_decision() -> None:
    scenario = notified().until(at("2010-11-08", "08:00"))
    due = next_due(scenario.inspection, scenario.calendar, scenario.now)
    assert due is not None
    assert due.at == at("2010-11-08", "09:00")
    assert {rung.limit for rung in due.rungs} == {"case_lists", "documents", "survey_invitations", "set_up_meeting"}


def test_the_note_of_a_meeting_gives_its_hour_and_place() -> None:
    scenario = notified().until("2010-11-08")
    (item,) = last(scenario, "set_up_meeting").facts["owed"]
    assert item["appointment"] == {"day": "2010-11-09", "time": "10:00", "place": "Council House"}


def test_a_person_who_holds_two_roles_gets_one_letter() -> None:
    scenario = notified()
    scenario.do("change_contact", "c.marsh", role="link_officer", person="dcs.330", **REASON)
    scenario = scenario.until("2010-11-08")
    assert set(reminders(scenario, "2010-11-08")) == {"dcs.330", "i.ashdown"}


def test_the_coordinator_has_a_copy_from_the_day_after_and_the_manager_from_the_third() -> None:
    scenario = notified().until("2010-11-30")
    copies = {
        carried(letter)["case_lists"]: letter.cc
        for letter in scenario.letters_of("reminder")
        if "case_lists" in carried(letter)
    }
    both = (COORDINATOR, MANAGER)
    assert copies == {0: (), 1: (COORDINATOR,), 3: both, 5: both}


def test_beyond_the_fifth_day_it_stays_late_and_is_listed_with_whatever_is_asked_next() -> None:
    scenario = notified().until("2010-11-09")
    for step in ("receive_case_lists", "confirm_survey_invitations"):
        scenario.do(step, "link.330")
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=FOUR, looked_after=FOUR_MORE)
    scenario.until("2010-11-17")
    assert reminders(scenario, "2010-11-16")["link.330"] == [("documents", 5), ("case_audits", -1)]
    assert reminders(scenario, "2010-11-17")["link.330"] == [("documents", None), ("case_audits", 0)]
    assert scenario.standing("documents").state == "open"


def test_a_person_gets_no_copy_of_what_they_owe() -> None:
    scenario = finalising().until("2010-12-29")
    scenario.do("submit_final", "i.ashdown")
    scenario.do("approve_final", "q.lindqvist")
    scenario.do("issue_final", "i.ashdown")
    scenario.until("2011-01-31")
    letters = [letter for letter in scenario.letters_of("reminder") if "publication" in carried(letter)]
    assert [(carried(letter)["publication"], letter.persons, letter.cc) for letter in letters][-3:] == [
        (1, ("c.marsh",), ()),
        (3, ("c.marsh",), (MANAGER,)),
        (5, ("c.marsh",), (MANAGER,)),
    ]


def test_a_role_that_the_inspection_does_not_name_is_written_to_as_a_role() -> None:
    scenario = notified()
    del scenario.inspection.people[Role.LINK_OFFICER]
    scenario.until("2010-11-05")
    (letter,) = scenario.letters_of("reminder")
    assert (letter.to, letter.persons, letter.key) == ((Role.LINK_OFFICER,), (), "link_officer")


# What cannot be done is not asked for --------------------------------------------------------------------------------


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


# An address that is missing ------------------------------------------------------------------------------------------


def test_a_person_without_an_address_is_passed_over_with_a_task_and_the_others_have_their_letters() -> None:
    scenario = notified().until(at("2010-11-08", "08:00"))
    due = next_due(scenario.inspection, scenario.calendar, scenario.now)
    assert due is not None
    scenario.now = due.at
    refusal = Unaddressed("the letter «reminder» finds nobody", letters=("link.330",))
    decision = scenario.commit(
        held_decision(scenario.inspection, due, refusal, scenario.calendar, scenario.now, scenario.readiness)
    )
    assert [(event.kind, event.data["to"]) for event in decision.events] == [
        ("reminder_passed_over", "link.330"),
        ("reminder_sent", "i.ashdown"),
    ]
    assert [letter.persons for letter in decision.letters] == [("i.ashdown",)]
    (task,) = decision.tasks
    assert (task.key, task.facts["limits"]) == (
        "reminder:link.330",
        ["case_lists", "documents", "survey_invitations"],
    )
    again = next_due(scenario.inspection, scenario.calendar, scenario.now)
    assert again is not None
    assert again.at > scenario.now, "what was passed over is not tried again at once"


# An ordinary inspection ----------------------------------------------------------------------------------------------


ORDINARY: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("2010-11-05", "10:00", "receive_case_lists", "link.330", {}),
    ("2010-11-08", "15:00", "choose_first_cases", "i.ashdown", {"safeguarding": FOUR, "looked_after": FOUR_MORE}),
    ("2010-11-09", "10:00", "receive_documents", "link.330", {}),
    ("2010-11-09", "10:00", "confirm_survey_invitations", "link.330", {}),
    ("2010-11-09", "12:30", "hold_set_up_meeting", "i.ashdown", {"attendees": "t-a", "decisions": "t-d"}),
    ("2010-11-15", "10:00", "receive_case_audits", "link.330", {}),
    ("2010-11-17", "10:00", "start_fieldwork", "i.ashdown", {}),
    ("2010-11-30", "14:00", "give_oral_feedback", "i.ashdown", {"headings": "t-h"}),
    ("2010-11-30", "16:30", "end_fieldwork", "i.ashdown", {"spoke_with_children": True, "sought_views_of_parents": True}),
    ("2010-12-09", "10:00", "submit_draft", "i.ashdown", {}),
    ("2010-12-13", "10:00", "approve_draft", "q.lindqvist", {}),
    ("2010-12-14", "10:00", "send_draft", "i.ashdown", {}),
    ("2010-12-20", "16:00", "return_comments", "dcs.330", {"comments": [{"where": "para 1", "text": "t-c"}]}),
    ("2010-12-24", "10:00", "submit_final", "i.ashdown", {}),
    ("2010-12-29", "10:00", "approve_final", "q.lindqvist", {}),
    ("2010-12-30", "10:00", "issue_final", "i.ashdown", {}),
    ("2011-01-07", "10:00", "publish", "c.marsh", {}),
    ("2011-01-17", "10:00", "record_evaluation", "link.330", {}),
)  # fmt: skip
"""The course of `examples/joint.yaml`: everything in time, most of it on its last day."""


def test_an_ordinary_joint_inspection_sends_at_most_seventeen_reminder_letters() -> None:
    scenario = InMemoryInspection()
    for day, hour, step, by, fields in ORDINARY:
        scenario.until(at(day, hour)).do(step, by, **fields)
    letters = scenario.until("2011-03-01").letters_of("reminder")
    assert len(letters) <= 17
    assert Counter(letter.key for letter in letters) == {
        "i.ashdown": 7,
        "link.330": 4,
        "c.marsh": 3,
        "q.lindqvist": 1,
        "dcs.330": 1,
    }
