"""What is late is asked for until it is done, or until the manager waives it with a reason; it stays missed."""

from datetime import date

import pytest

from framework.common.errors import BadInput, Refused
from framework.lifecycle.limit_status import is_late, is_missed
from tests.framework.in_memory import InMemoryInspection
from tests.framework.ordinary_path import REASON

TODAY = date(2010, 11, 11)


def late_documents() -> InMemoryInspection:
    """The documents were due on 9 November and are not in; it is the morning of the 11th, after the first reminder."""
    return InMemoryInspection().until(f"{TODAY}")


def waive(scenario: InMemoryInspection, limit: str, by: str = "m.okafor") -> None:
    scenario.do("waive_limit", by, limit=limit, **REASON)


def reminded_of(scenario: InMemoryInspection, limit: str) -> list[str]:
    return [str(moment.date()) for moment, name, _, _ in scenario.reminders if name == limit]


def test_what_the_manager_waives_is_asked_for_no_more() -> None:
    scenario = late_documents()
    before = reminded_of(scenario, "documents")
    waive(scenario, "documents")
    scenario.until("2010-11-30")
    assert reminded_of(scenario, "documents") == before
    newest = [letter for letter in scenario.letters_of("reminder") if letter.key == "link.330"][-1]
    assert {item["limit"] for item in newest.facts["owed"]} == {"case_lists", "survey_invitations"}


def test_a_waived_limit_is_late_no_more_and_stays_missed() -> None:
    scenario = late_documents()
    for limit in ("case_lists", "documents", "survey_invitations", "set_up_meeting", "first_cases_choice"):
        waive(scenario, limit)
    assert not is_late(scenario.inspection, scenario.calendar, TODAY)
    waived = scenario.standing("documents")
    assert (waived.state, is_missed(waived.state, waived.due, TODAY)) == ("waived", True)


def test_the_event_names_the_limit_its_paragraph_and_the_reason() -> None:
    scenario = late_documents()
    waive(scenario, "documents")
    event = scenario.events[-1][1]
    assert (event.kind, event.data["limit"], event.paragraph) == ("limit_waived", "documents", 30)
    assert event.reason == REASON["reason"]


def test_what_is_handed_in_after_it_was_waived_is_met_late() -> None:
    scenario = late_documents()
    waive(scenario, "documents")
    scenario.do("receive_documents", "link.330")
    assert scenario.standing("documents").state == "met_late"


@pytest.mark.parametrize(
    ("limit", "why"),
    [
        ("fieldwork_starts", "Start of fieldwork is due on 2010-11-17"),
        ("complaints_close", "Last day for a complaint is owed by no role"),
        ("notification", "Notification is owed by no role"),
        ("deferral_answer", "Answer to the request to defer has no day yet"),
    ],
)
def test_only_what_is_owed_and_late_is_waived(limit: str, why: str) -> None:
    with pytest.raises(Refused, match=f"{why}: only what is late is waived"):
        waive(late_documents(), limit)


def test_what_is_met_or_waived_already_is_not_waived() -> None:
    scenario = late_documents()
    scenario.do("receive_documents", "link.330")
    with pytest.raises(Refused, match=r"Documents asked for is met late.*para 30"):
        waive(scenario, "documents")
    waive(scenario, "survey_invitations")
    with pytest.raises(Refused, match="Survey invitations is waived"):
        waive(scenario, "survey_invitations")


def test_a_limit_that_does_not_exist_is_a_fault_that_names_those_that_do() -> None:
    with pytest.raises(BadInput, match=r"no limit «garden».*case_lists"):
        waive(late_documents(), "garden")


@pytest.mark.parametrize("person", ["c.marsh", "i.ashdown", "link.330"])
def test_only_the_manager_waives(person: str) -> None:
    with pytest.raises(Refused):
        waive(late_documents(), "documents", by=person)


def test_a_new_notification_asks_for_everything_again() -> None:
    scenario = late_documents()
    waive(scenario, "documents")
    scenario.do("defer", "m.okafor", **REASON)
    scenario.until("2010-12-01").do("resume", "c.marsh", fieldwork="2010-12-15")
    assert scenario.standing("documents").state == "open"
