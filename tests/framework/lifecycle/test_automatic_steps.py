"""Steps that the system takes when they are due: the notification and the end of the window; publication is none of them."""

from datetime import date, datetime

from framework.calendar.london_time import LONDON, at_nine
from framework.lifecycle.due_items import next_due
from tests.framework.in_memory import (
    InMemoryInspection,
    up_to_draft_sent,
    up_to_fieldwork,
    up_to_published,
)
from tests.framework.ordinary_path import REASON
from tests.orders import an_order


def notified() -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03")


def test_the_window_closes_when_its_thirtieth_day_is_over_and_then_nothing_is_due() -> None:
    scenario = up_to_published(up_to_draft_sent(up_to_fieldwork(notified()))).until("2011-03-01")
    closed = next(event for _, event in scenario.events if event.kind == "window_closed")
    assert closed.received == datetime(2011, 2, 7, tzinfo=LONDON)  # 7 January and 30 days: 6 February, to its end
    assert scenario.inspection.is_finished
    assert next_due(scenario.inspection, scenario.calendar, scenario.now) is None


def test_notification_goes_at_nine_on_the_day_ordered_and_waits_for_it() -> None:
    scenario = InMemoryInspection()
    due = next_due(scenario.inspection, scenario.calendar, scenario.now)
    assert due is not None
    assert (due.what, due.at) == ("notify", at_nine(date(2010, 11, 3)))


def test_notification_ordered_for_now_goes_at_once_and_one_by_hand_never_by_itself() -> None:
    assert (
        InMemoryInspection(an_order(notify="now"), start="2010-11-03T14:00+00:00").until("2010-11-03").inspection.stage
        == "planned"
    )
    scenario = InMemoryInspection(an_order(notify="now"), start="2010-11-03T14:00+00:00")
    assert scenario.until(scenario.now).inspection.stage == "notified"
    by_hand = InMemoryInspection(an_order(service="by_hand"))
    assert next_due(by_hand.inspection, by_hand.calendar, by_hand.now) is None


def test_a_letter_the_mail_system_refused_starts_no_clock_and_is_not_sent_again_by_itself() -> None:
    scenario = InMemoryInspection()
    scenario.accepts_mail = False
    scenario.until("2010-11-03").do("record_failed_service")
    scenario.until("2010-11-30")
    assert scenario.inspection.date_of("notification") is None
    assert len(scenario.letters_of("announcement")) == 1
    assert not scenario.reminders
    scenario.accepts_mail = True
    scenario.do("notify", "c.marsh", address_confirmed=True)
    assert scenario.inspection.date_of("notification") == date(2010, 11, 30)


def test_publication_never_comes_by_itself_however_late_it_is() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified()))
    scenario.until("2010-12-20").do("return_comments", "dcs.330")
    scenario.until("2010-12-29").do("submit_final", "i.ashdown")
    scenario.do("approve_final", "q.lindqvist")
    scenario.do("issue_final", "i.ashdown")
    scenario.do("hold_publication", "m.okafor", **REASON)
    scenario.until("2011-12-01")
    assert scenario.inspection.stage == "final_issued"
    scenario.do("release_publication", "m.okafor", **REASON)
    scenario.do("publish", "c.marsh")
    assert scenario.standing("publication").state == "met_late"


def test_a_window_over_the_change_of_clocks_ends_at_midnight_in_london() -> None:
    scenario = InMemoryInspection(an_order(notify="2011-02-23"), start="2011-02-23T08:00+00:00").until("2011-02-23")
    scenario.until("2011-02-25").do("cancel", "m.okafor", **REASON)
    scenario.until("2011-04-01")
    closed = next(event for _, event in scenario.events if event.kind == "cancelled_window_closed")
    assert f"{closed.received:%Y-%m-%d %H:%M}" == "2011-03-27 23:00"  # 25 February and 30 days: 27 March
