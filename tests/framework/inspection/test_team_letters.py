"""Each member of the team gets a letter when assigned, changed or released, with the days on site, who leads and the code."""

from dataclasses import replace
from datetime import date

import pytest

from framework.common.errors import Refused
from framework.inspection.calendar_change import apply_calendar
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork, up_to_published
from tests.framework.ordinary_path import REASON

TEAM = {"i.ashdown", "i.bellamy", "i.choudhury", "h.dunmore", "q.lindqvist"}


def assignment_letters(scenario: InMemoryInspection, since: int = 0) -> dict[str, str]:
    """Who got a letter about their part, and whether they were assigned, changed or released."""
    return {letter.key: letter.facts["what"] for letter in scenario.letters_of("assignment")[since:]}


def letter_to(scenario: InMemoryInspection, person: str) -> LetterOrder:
    return [letter for letter in scenario.letters_of("assignment") if letter.persons == (person,)][-1]


def notified() -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03")


def test_each_member_is_assigned_once_after_the_announcement_and_the_invitation() -> None:
    scenario = notified()
    assert assignment_letters(scenario) == dict.fromkeys(TEAM, "assigned")
    kinds = [letter.kind for _, letter in scenario.letters]
    assert kinds == ["announcement", "set_up_invitation", *["assignment"] * 5]


def test_before_the_authority_is_notified_no_member_gets_a_letter() -> None:
    scenario = InMemoryInspection()
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector")
    assert assignment_letters(scenario) == {}
    assert "i.edgar" in assignment_letters(scenario.until("2010-11-03"))


def test_an_assignment_names_part_lead_and_days_and_has_a_calendar_entry() -> None:
    letter = letter_to(notified(), "i.bellamy")
    assert (letter.facts["role"], letter.names["lead"]) == ("inspector", "i.ashdown")
    assert (letter.facts["first"], letter.facts["last"], letter.facts["agreed"]) == ("2010-11-17", "2010-11-30", False)
    entry = letter.facts["on_site"]
    assert (entry["first"], entry["last"], entry["withdrawn"]) == ("2010-11-17", "2010-11-30", False)


def test_quality_assurance_is_not_on_site() -> None:
    letter = letter_to(notified(), "q.lindqvist")
    assert (letter.facts["role"], letter.facts["first"]) == ("quality_assurance_manager", "")
    assert "on_site" not in letter.facts


def test_who_joins_is_assigned_and_who_leaves_is_released_and_the_others_get_no_letter() -> None:
    scenario = notified()
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector")
    scenario.do("change_team", "c.marsh", person="i.bellamy", role="inspector", leaves=True)
    assert assignment_letters(scenario, 5) == {"i.edgar": "assigned", "i.bellamy": "released"}
    assert letter_to(scenario, "i.bellamy").facts["on_site"]["withdrawn"]


def test_who_changes_places_with_the_lead_and_all_they_lead_get_a_letter() -> None:
    scenario = notified()
    scenario.do("change_lead", "c.marsh", person="i.bellamy", stays=True, **REASON)
    assert assignment_letters(scenario, 5) == dict.fromkeys(TEAM, "changed")
    assert letter_to(scenario, "i.bellamy").facts["changed"] == ["role", "lead"]
    assert letter_to(scenario, "i.choudhury").facts["changed"] == ["lead"]
    assert letter_to(scenario, "i.choudhury").names["lead"] == "i.bellamy"


def test_agreed_days_are_a_change_with_a_later_entry_for_those_on_site_alone() -> None:
    scenario = notified()
    first = letter_to(scenario, "i.bellamy").facts["on_site"]["sequence"]
    scenario.do("override", "m.okafor", gate="notice", **REASON)
    scenario.do("arrange_fieldwork", "c.marsh", starts="2010-11-15")
    assert assignment_letters(scenario, 5) == dict.fromkeys(TEAM - {"q.lindqvist"}, "changed")
    entry = letter_to(scenario, "i.bellamy").facts["on_site"]
    assert (entry["first"], entry["last"]) == ("2010-11-15", "2010-11-26")
    assert entry["sequence"] > first


def test_a_deferral_withdraws_the_days_and_the_new_notification_names_the_new_ones() -> None:
    scenario = notified()
    scenario.do("defer", "m.okafor", **REASON)
    assert assignment_letters(scenario, 5) == dict.fromkeys(TEAM - {"q.lindqvist"}, "changed")
    assert letter_to(scenario, "i.bellamy").facts["on_site"]["withdrawn"]
    before = len(scenario.letters_of("assignment"))
    scenario.until("2010-12-01").do("resume", "c.marsh", fieldwork="2010-12-15")
    assert assignment_letters(scenario, before) == dict.fromkeys(TEAM - {"q.lindqvist"}, "changed")
    entry = letter_to(scenario, "i.bellamy").facts["on_site"]
    assert (entry["first"], entry["withdrawn"]) == ("2010-12-15", False)


def test_a_notification_that_did_not_arrive_withdraws_the_days_and_the_next_one_names_new_ones() -> None:
    scenario = notified()
    scenario.do("record_failed_service", letter=scenario.inspection.served_letter)
    assert assignment_letters(scenario, 5) == dict.fromkeys(TEAM - {"q.lindqvist"}, "changed")
    assert letter_to(scenario, "i.bellamy").facts["on_site"]["withdrawn"]
    scenario.until("2010-11-15").do("notify", "c.marsh", address_confirmed=True)
    assert assignment_letters(scenario, 9) == dict.fromkeys(TEAM - {"q.lindqvist"}, "changed")
    entry = letter_to(scenario, "i.bellamy").facts["on_site"]
    assert (entry["first"], entry["withdrawn"]) == ("2010-11-29", False)


def test_days_that_are_over_are_put_into_no_calendar() -> None:
    scenario = notified().until("2011-01-04")
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector")
    assert "on_site" not in letter_to(scenario, "i.edgar").facts


def test_a_cancellation_releases_all_and_withdraws_the_entries() -> None:
    scenario = notified()
    scenario.do("cancel", "m.okafor", **REASON)
    assert assignment_letters(scenario, 5) == dict.fromkeys(TEAM, "released")
    assert letter_to(scenario, "h.dunmore").facts["on_site"]["withdrawn"]
    assert "on_site" not in letter_to(scenario, "q.lindqvist").facts


def test_a_new_holiday_that_moves_the_last_day_on_site_is_a_change() -> None:
    scenario = notified()
    new = replace(
        scenario.calendar, version="new", holidays={**scenario.calendar.holidays, date(2010, 11, 24): "A wedding"}
    )
    decision = scenario.commit(apply_calendar(scenario.inspection, scenario.calendar, new, scenario.now, scenario.head))
    moved = [letter for letter in decision.letters if letter.kind == "assignment"]
    assert {letter.key for letter in moved} == TEAM - {"q.lindqvist"}
    assert moved[0].facts["last"] == "2010-12-01"


def test_in_the_ordinary_course_no_member_gets_a_second_letter() -> None:
    scenario = up_to_published(up_to_draft_sent(up_to_fieldwork(notified()))).until("2011-03-01")
    assert len(scenario.letters_of("assignment")) == 5


def test_after_fieldwork_letters_are_only_about_who_leads_and_who_is_in_the_team() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified()))
    scenario.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    assert assignment_letters(scenario, 5) == {
        "i.edgar": "assigned",
        "i.ashdown": "released",
        **dict.fromkeys(TEAM - {"i.ashdown"}, "changed"),
    }
    assert letter_to(scenario, "i.edgar").facts["first"] == ""


def test_a_lead_who_is_released_learns_who_leads_now() -> None:
    scenario = notified()
    scenario.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    released = letter_to(scenario, "i.ashdown")
    assert (released.facts["what"], released.names["lead"]) == ("released", "i.edgar")


def test_a_member_acknowledges_the_code_of_conduct_once_and_the_receipt_is_an_event() -> None:
    scenario = notified()
    scenario.do("acknowledge_conduct", "i.bellamy")
    event = scenario.events[-1][1]
    assert (event.kind, event.by, event.role, event.paragraph) == (
        "conduct_acknowledged",
        "i.bellamy",
        Role.INSPECTOR,
        62,
    )
    assert scenario.inspection.conduct_acknowledged == {"i.bellamy": date(2010, 11, 3)}
    with pytest.raises(Refused, match=r"i\.bellamy acknowledged the code of conduct on 2010-11-03"):
        scenario.do("acknowledge_conduct", "i.bellamy")
    scenario.do("acknowledge_conduct", "q.lindqvist")
    with pytest.raises(Refused):
        scenario.do("acknowledge_conduct", "c.marsh")
