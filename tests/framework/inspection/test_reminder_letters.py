"""The reminders of one morning: one letter a person with all they owe and can do, who has a copy, and what is not asked for."""

from collections import Counter
from typing import Any

from framework.common.errors import Unaddressed
from framework.inspection.automatic_steps import held_decision
from framework.lifecycle.due_items import next_due
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection
from tests.framework.inspection.reminder_scenarios import (
    COORDINATOR,
    MANAGER,
    at,
    carried,
    finalising,
    last,
    notified,
    reminders,
)
from tests.framework.ordinary_path import FOUR, FOUR_MORE, REASON


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
