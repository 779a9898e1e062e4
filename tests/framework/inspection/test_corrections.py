"""A wrong day put right: what derives from it follows, the order is kept, and whoever was told wrongly is told once."""

from datetime import date

import pytest

from framework.common.errors import BadInput, Refused
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork, up_to_published
from tests.framework.ordinary_path import REASON
from tests.words import WHY


def correct(life: InMemoryInspection, kind: str, on: str, by: str = "c.marsh", **fields: str) -> None:
    life.do("correct", by, on, event=life.number_of(kind), **REASON, **fields)


def on_site() -> InMemoryInspection:
    return up_to_fieldwork(InMemoryInspection().until("2010-11-03"))


def test_a_correction_is_an_event_of_its_own_that_keeps_what_was_and_what_is() -> None:
    life = on_site()
    number = life.number_of("set_up_meeting_held")
    correct(life, "set_up_meeting_held", "2010-11-10")
    _, event = life.events[-1]
    assert (event.kind, event.data["event"], event.data["was"], event.data["on"]) == (
        "corrected", number, "2010-11-09", "2010-11-10"
    )  # fmt: skip
    assert event.reason == WHY
    assert next(e for n, e in life.events if n == number).on == date(2010, 11, 9)


def test_a_corrected_end_of_fieldwork_moves_every_day_after_it_and_leaves_the_stage() -> None:
    life = on_site().until("2010-11-30")
    life.do("give_oral_feedback", "i.ashdown", on="2010-11-25", headings="t-h", **REASON)
    life.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    correct(life, "fieldwork_ended", "2010-11-26")
    due = {key: life.standing(key).due for key in ("draft_report", "final_report", "publication")}
    assert due == {
        "draft_report": date(2010, 12, 10),
        "final_report": date(2010, 12, 24),
        "publication": date(2011, 1, 5),
    }
    assert life.inspection.stage == "drafting"


def test_one_letter_says_what_moved_from_which_day_to_which() -> None:
    life = on_site().until("2010-11-30")
    life.do("give_oral_feedback", "i.ashdown", headings="t-h")
    life.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    life.until("2010-12-01")
    correct(life, "fieldwork_ended", "2010-12-01")
    (letter,) = life.letters_of("correction")
    moved = {one["limit"]: (one["from"], one["to"]) for one in letter.facts["moved"]}
    assert moved["draft_report"] == ("2010-12-14", "2010-12-15")
    assert moved["final_report"] == ("2010-12-30", "2010-12-31")
    assert "set_up_meeting" not in moved
    assert (letter.facts["event"], letter.facts["was"], letter.facts["now"]) == (
        "fieldwork ended",
        "2010-11-30",
        "2010-12-01",
    )
    assert letter.dates["draft_report"] == date(2010, 12, 15)


def test_a_correction_that_moves_no_day_writes_to_nobody() -> None:
    life = on_site()
    correct(life, "case_lists_received", "2010-11-04", proof="t-p")
    assert not life.letters_of("correction")


def test_what_was_entered_late_by_mistake_is_in_time_again_and_the_other_way_round() -> None:
    life = InMemoryInspection().until("2010-11-09")
    life.do("receive_case_lists", "c.marsh")
    assert life.standing("case_lists").state == "met_late"
    correct(life, "case_lists_received", "2010-11-05", proof="t-p")
    assert life.standing("case_lists").state == "met"
    correct(life, "case_lists_received", "2010-11-08", proof="t-p")
    assert life.standing("case_lists").state == "met_late"


def test_a_corrected_notification_moves_what_is_not_done_yet_and_its_reminders() -> None:
    life = InMemoryInspection().until("2010-11-03").pause("2010-11-04")
    life.do("record_service", method="email") if life.inspection.notification_pending else None
    correct(life, "notified", "2010-11-02")
    assert life.inspection.date_of("notification") == date(2010, 11, 2)
    assert life.standing("set_up_meeting").due == date(2010, 11, 8)


def test_a_corrected_publication_moves_the_end_of_complaints() -> None:
    life = up_to_published(up_to_draft_sent(on_site()))
    life.until("2011-01-10")
    correct(life, "published", "2011-01-10")
    life.until("2011-03-01")
    closed = next(event for _, event in life.events if event.kind == "window_closed")
    assert closed.on == date(2011, 2, 10)


@pytest.mark.parametrize(
    ("kind", "on", "why"),
    [
        ("fieldwork_started", "2010-11-02", "notified was on"),
        ("notified", "2010-11-18", "fieldwork started was on"),
        ("case_lists_received", "2010-11-02", "notified was on"),
        ("set_up_meeting_held", "2010-11-01", "notified was on"),
        ("fieldwork_started", "2010-11-20", "not a working day"),
        ("fieldwork_started", "2010-11-17", "already"),
    ],
)
def test_a_corrected_day_keeps_the_order_of_things(kind: str, on: str, why: str) -> None:
    life = on_site().until("2010-11-22")
    with pytest.raises(Refused, match=why):
        correct(life, kind, on)


def test_the_day_after_a_later_step_is_refused_too() -> None:
    life = up_to_published(up_to_draft_sent(on_site())).until("2011-01-20")
    for kind, on in (("draft_sent", "2010-12-21"), ("comments_returned", "2010-12-31"), ("final_issued", "2011-01-10"),
                     ("oral_feedback_given", "2010-12-01"), ("fieldwork_ended", "2010-11-29"), ("published", "2010-12-29")):  # fmt: skip
        with pytest.raises(Refused, match="does not fit"):
            correct(life, kind, on)


def test_a_day_in_the_future_is_wrong_input() -> None:
    life = on_site()
    with pytest.raises(BadInput, match="future"):
        correct(life, "fieldwork_started", "2010-11-18")


def test_only_an_event_of_this_inspection_can_be_corrected_and_never_a_correction() -> None:
    life = on_site()
    with pytest.raises(Refused, match="not one whose day can be corrected"):
        life.do("correct", "c.marsh", event=999, **REASON)
    reminder = life.number_of("reminder_sent")
    with pytest.raises(Refused, match="not one whose day can be corrected"):
        life.do("correct", "c.marsh", event=reminder, **REASON)
    correct(life, "set_up_meeting_held", "2010-11-10")
    with pytest.raises(Refused, match="itself a correction"):
        correct(life, "corrected", "2010-11-10")


def test_the_same_event_may_be_corrected_again() -> None:
    life = on_site()
    correct(life, "set_up_meeting_held", "2010-11-10")
    correct(life, "set_up_meeting_held", "2010-11-08")
    assert life.inspection.date_of("set_up_meeting_held") == date(2010, 11, 8)


def test_a_service_of_the_cancellation_is_never_before_it() -> None:
    life = InMemoryInspection().until("2010-11-05")
    life.accepts_mail = False
    life.do("cancel", "m.okafor", **REASON)
    life.until("2010-11-08").do("record_cancellation_service", "c.marsh", method="post", proof="t-p")
    with pytest.raises(Refused, match="cancelled was on"):
        correct(life, "cancellation_served", "2010-11-04")
    correct(life, "cancellation_served", "2010-11-05")
    (letter,) = life.letters_of("correction")
    assert [one["limit"] for one in letter.facts["moved"]] == ["complaints_close"]
    life.until("2010-12-31")
    assert next(e for _, e in life.events if e.kind == "cancelled_window_closed").on == date(2010, 12, 6)


def test_a_cancelled_or_deferred_inspection_tells_nobody_of_days_that_no_longer_matter() -> None:
    for step, by in (("cancel", "m.okafor"), ("defer", "m.okafor")):
        life = InMemoryInspection().until("2010-11-05")
        life.do(step, by, **REASON)
        correct(life, "notified", "2010-11-02")
        (letter,) = life.letters_of("correction")
        assert letter.facts["moved"] == []
