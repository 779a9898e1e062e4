"""The letters of an inspection, beyond what each step's own tests check."""

from datetime import date

from framework.calendar.london_time import at_nine, start_of
from framework.inspection.limits import BY_KEY
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection
from tests.orders import an_order
from tests.words import WHY


def _told(scenario: InMemoryInspection, kind: str) -> list[LetterOrder]:
    return [letter for _, letter in scenario.letters if letter.kind == kind]


NOT_STARTED = {"deferral_answer", "risk_confirmation", "complaint_answer"}


def test_what_is_done_is_no_day_to_keep_any_more() -> None:
    scenario = InMemoryInspection(an_order(service="by_hand")).until("2010-11-02")
    scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    scenario.until("2010-11-04").do("receive_case_lists", "link.330")
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    scenario.until("2010-11-05").do(
        "correct", "c.marsh", "2010-11-03", event=scenario.number_of("notified"), reason=WHY
    )
    (letter,) = _told(scenario, "correction")
    moved = {change["limit"] for change in letter.facts["moved"]}
    assert {"documents", "fieldwork_starts", "draft_report", "final_report", "publication"} <= moved
    assert not moved & {"notification", "case_lists", "set_up_meeting"}


def test_a_cancellation_served_on_the_day_it_was_written_names_its_last_day_for_a_complaint_once() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("cancel", "m.okafor", reason=WHY)
    (letter,) = _told(scenario, "cancellation")
    assert date.fromisoformat(letter.facts["complaints_until"]) == scenario.standing("complaints_close").due
    assert not _told(scenario, "changed_dates")


def test_a_cancellation_served_later_is_followed_by_a_letter_with_the_new_last_day_for_a_complaint() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.accepts_mail = False
    scenario.do("cancel", "m.okafor", reason=WHY)
    (written,) = _told(scenario, "cancellation")
    scenario.until("2010-11-08").do("record_cancellation_service", "system", method="email")
    (letter,) = _told(scenario, "changed_dates")
    (change,) = letter.facts["moved"]
    assert (change["limit"], change["from"], change["to"]) == (
        "complaints_close",
        written.facts["complaints_until"],
        "2010-12-08",
    )
    scenario.until("2011-01-31")
    closed = next(event for _, event in scenario.events if event.kind == "cancelled_window_closed")
    assert closed.on == date(2010, 12, 9)


def test_a_notification_accepted_on_the_day_it_was_written_brings_no_changed_dates() -> None:
    scenario = InMemoryInspection().until("2010-11-03")
    assert scenario.inspection.date_of("notification")
    assert not _told(scenario, "changed_dates")


def test_a_notification_accepted_days_later_is_followed_by_a_letter_with_the_new_days() -> None:
    scenario = InMemoryInspection()
    scenario.accepts_mail = False
    scenario.until("2010-11-03").until("2010-11-05")
    scenario.do("record_service", method="email")
    (letter,) = _told(scenario, "changed_dates")
    moved = {change["limit"]: (change["from"], change["to"]) for change in letter.facts["moved"]}
    assert moved["set_up_meeting"] == ("2010-11-09", "2010-11-11")
    assert moved["case_lists"] == ("2010-11-05", "2010-11-09")
    assert set(moved) == set(BY_KEY) - {"notification", "evaluation", "complaints_close", *NOT_STARTED}


def test_the_authority_is_notified_of_a_new_lead_once_no_connection_bars_them() -> None:
    scenario = InMemoryInspection()
    scenario.do("change_lead", "c.marsh", person="i.edgar", reason=WHY)
    assert not _told(scenario, "lead_changed"), "nobody was told of the other"
    scenario.until("2010-11-04").do("change_lead", "c.marsh", person="i.farrow", reason=WHY)
    (letter,) = _told(scenario, "lead_changed")
    assert (letter.to, letter.texts) == ((Role.DCS, Role.LINK_OFFICER), {}), (
        "why it changed is nobody's business outside"
    )
    scenario.do("change_lead", "c.marsh", person="i.grant", reason=WHY, connection="t-c")
    assert len(_told(scenario, "lead_changed")) == 1, "a connection waits for the manager"
    scenario.do("decide_connection", "m.okafor", person="i.grant", allowed=True, reason=WHY)
    assert len(_told(scenario, "lead_changed")) == 2


def test_while_an_inspection_is_deferred_the_resumption_names_the_new_lead() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("request_deferral", "dcs.330", ground="other", reason=WHY)
    scenario.do("defer", "m.okafor", reason=WHY)
    scenario.do("change_lead", "c.marsh", person="i.edgar", reason=WHY)
    assert not _told(scenario, "lead_changed")


def test_what_the_system_records_at_midnight_is_written_about_at_nine_of_the_next_working_day() -> None:
    scenario = InMemoryInspection().until("2010-11-04")
    scenario.do("cancel", "m.okafor", reason=WHY)
    assert [letter.not_before for letter in _told(scenario, "cancellation")] == [None], (
        "a person's step is written about at once"
    )
    scenario.until("2011-01-31")
    closed = next(event for _, event in scenario.events if event.kind == "cancelled_window_closed")
    assert closed.received == start_of(date(2010, 12, 5)), "a Sunday"
    (letter,) = _told(scenario, "window_closed")
    assert letter.not_before == at_nine(date(2010, 12, 6))
