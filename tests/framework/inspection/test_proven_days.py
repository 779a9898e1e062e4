"""A day that the system proved is corrected by no person; what was entered by a person is."""

import pytest

from framework.common.errors import Refused
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_published
from tests.framework.inspection.correction_scenarios import correct, days, on_site
from tests.framework.ordinary_path import REASON
from tests.orders import an_order


@pytest.mark.parametrize("by", ["i.ashdown", "c.marsh", "m.okafor"])
@pytest.mark.parametrize(
    ("kind", "on"),
    [
        ("draft_sent", "2010-12-13"),
        ("final_issued", "2010-12-29"),
        ("published", "2011-01-06"),
        ("notified", "2010-11-02"),
        ("notification_issued", "2010-11-02"),
        ("set_up_meeting_arranged", "2010-11-02"),
    ],
)
def test_a_day_that_the_system_itself_proved_is_corrected_by_no_person(kind: str, on: str, by: str) -> None:
    scenario = up_to_published(up_to_draft_sent(on_site())).until("2011-01-20")
    before = scenario.inspection.after(())
    with pytest.raises(Refused, match=r"has a day that the system itself proved.*record_failed_service"):
        correct(scenario, kind, on, by=by)
    assert scenario.inspection == before


def test_nor_is_the_day_on_which_comments_lapsed_or_a_cancellation_was_accepted() -> None:
    scenario = up_to_draft_sent(on_site()).until("2010-12-23")
    with pytest.raises(Refused, match="comments lapsed on 2010-12-22"):
        correct(scenario, "comments_lapsed", "2010-12-21")
    cancelled = InMemoryInspection().until("2010-11-05")
    cancelled.do("cancel", "m.okafor", **REASON)
    with pytest.raises(Refused, match="cancellation served on 2010-11-05"):
        correct(cancelled, "cancellation_served", "2010-11-04")


def test_what_was_served_by_hand_is_entered_by_a_person_and_corrected() -> None:
    scenario = InMemoryInspection(an_order(service="by_hand")).until("2010-11-04")
    scenario.do("record_service", "c.marsh", method="by_hand", proof="t-p")
    scenario.until("2010-11-05")
    correct(scenario, "notified", "2010-11-05")
    assert days(scenario, "set_up_meeting") == ["2010-11-11"]


def test_what_the_system_sends_is_never_dated_earlier_than_the_day_it_goes_out() -> None:
    with pytest.raises(Refused, match="it goes out today, 2010-11-01"):
        InMemoryInspection().do("notify", "c.marsh", "2010-10-25")
    scenario = InMemoryInspection().until("2010-11-03")
    scenario.do("defer", "m.okafor", **REASON)
    with pytest.raises(Refused, match="it goes out today"):
        scenario.until("2011-01-10").do("resume", "c.marsh", "2011-01-07", fieldwork="2011-01-24")
