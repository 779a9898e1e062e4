"""Which letters a life brings, beyond what each step's own tests say."""

from datetime import date

from framework.calendar.london_time import at_nine, start_of
from framework.lifecycle.limits import BY_KEY
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection
from tests.orders import an_order
from tests.words import WHY


def _told(life: InMemoryInspection, kind: str) -> list[LetterOrder]:
    return [letter for _, letter in life.letters if letter.kind == kind]


NOT_STARTED = {"deferral_answer", "risk_confirmation", "complaint_answer"}


def test_what_is_done_is_no_day_to_keep_any_more() -> None:
    life = InMemoryInspection(an_order(service="by_hand")).until("2010-11-02")
    life.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    life.until("2010-11-04").do("receive_case_lists", "link.330")
    life.do("hold_set_up_meeting", "i.ashdown", attendees="t-a", decisions="t-d")
    life.until("2010-11-05").do("correct", "c.marsh", "2010-11-03", event=life.number_of("notified"), reason=WHY)
    (letter,) = _told(life, "correction")
    moved = {one["limit"] for one in letter.facts["moved"]}
    assert {"documents", "fieldwork_starts", "draft_report", "final_report", "publication"} <= moved
    assert not moved & {"notification", "case_lists", "set_up_meeting"}


def test_a_cancellation_served_on_the_day_it_was_written_names_its_last_day_for_a_complaint_once() -> None:
    life = InMemoryInspection().until("2010-11-04")
    life.do("cancel", "m.okafor", reason=WHY)
    (letter,) = _told(life, "cancellation")
    assert date.fromisoformat(letter.facts["complaints_until"]) == life.standing("complaints_close").due
    assert not _told(life, "changed_dates")


def test_a_cancellation_served_later_tells_the_last_day_for_a_complaint_anew() -> None:
    life = InMemoryInspection().until("2010-11-04")
    life.accepts_mail = False
    life.do("cancel", "m.okafor", reason=WHY)
    (written,) = _told(life, "cancellation")
    life.until("2010-11-08").do("record_cancellation_service", "system", method="email")
    (letter,) = _told(life, "changed_dates")
    (told,) = letter.facts["moved"]
    assert (told["limit"], told["from"], told["to"]) == (
        "complaints_close",
        written.facts["complaints_until"],
        "2010-12-08",
    )
    life.until("2011-01-31")
    closed = next(event for _, event in life.events if event.kind == "cancelled_window_closed")
    assert closed.on == date(2010, 12, 9)


def test_a_notification_accepted_on_the_day_it_was_written_brings_no_changed_dates() -> None:
    life = InMemoryInspection().until("2010-11-03")
    assert life.inspection.date_of("notification")
    assert not _told(life, "changed_dates")


def test_a_notification_accepted_days_later_tells_the_days_as_they_now_are() -> None:
    life = InMemoryInspection()
    life.accepts_mail = False
    life.until("2010-11-03").until("2010-11-05")
    life.do("record_service", method="email")
    (letter,) = _told(life, "changed_dates")
    moved = {one["limit"]: (one["from"], one["to"]) for one in letter.facts["moved"]}
    assert moved["set_up_meeting"] == ("2010-11-09", "2010-11-11")
    assert moved["case_lists"] == ("2010-11-05", "2010-11-09")
    assert set(moved) == set(BY_KEY) - {"notification", "evaluation", "complaints_close", *NOT_STARTED}


def test_the_authority_hears_who_leads_once_nothing_speaks_against_them() -> None:
    life = InMemoryInspection()
    life.do("change_lead", "c.marsh", person="i.edgar", reason=WHY)
    assert not _told(life, "lead_changed"), "nobody was told of the other"
    life.until("2010-11-04").do("change_lead", "c.marsh", person="i.farrow", reason=WHY)
    (letter,) = _told(life, "lead_changed")
    assert (letter.to, letter.texts) == ((Role.DCS, Role.LINK_OFFICER), {}), (
        "why it changed is nobody's business outside"
    )
    life.do("change_lead", "c.marsh", person="i.grant", reason=WHY, connection="t-c")
    assert len(_told(life, "lead_changed")) == 1, "a connection waits for the manager"
    life.do("decide_connection", "m.okafor", person="i.grant", allowed=True, reason=WHY)
    assert len(_told(life, "lead_changed")) == 2


def test_while_an_inspection_is_deferred_the_resumption_tells_who_leads() -> None:
    life = InMemoryInspection().until("2010-11-04")
    life.do("request_deferral", "dcs.330", ground="other", reason=WHY)
    life.do("defer", "m.okafor", reason=WHY)
    life.do("change_lead", "c.marsh", person="i.edgar", reason=WHY)
    assert not _told(life, "lead_changed")


def test_what_the_system_records_at_midnight_is_written_about_at_nine_of_the_next_working_day() -> None:
    life = InMemoryInspection().until("2010-11-04")
    life.do("cancel", "m.okafor", reason=WHY)
    assert [letter.not_before for letter in _told(life, "cancellation")] == [None], (
        "a person's step is written about at once"
    )
    life.until("2011-01-31")
    closed = next(event for _, event in life.events if event.kind == "cancelled_window_closed")
    assert closed.received == start_of(date(2010, 12, 5)), "a Sunday"
    (letter,) = _told(life, "window_closed")
    assert letter.not_before == at_nine(date(2010, 12, 6))
