"""A limit that was missed counts as missed for ever: closed, cancelled, deferred or corrected."""

from datetime import date
from typing import Any

import pytest

from framework.lifecycle.limit_status import earlier_misses, limit_rows, limit_statuses
from framework.messages.orders import LimitRow
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_published
from tests.framework.ordinary_path import FOUR, FOUR_MORE, REASON

CASES: dict[str, Any] = {"safeguarding": FOUR, "looked_after": FOUR_MORE}


def missed(inspection: InMemoryInspection) -> set[str]:
    """Returns every limit that counts as missed today."""
    today = inspection.now.date()
    statuses = limit_statuses(inspection.inspection, inspection.calendar)
    return {
        limit.rule.key
        for limit in (*statuses, *earlier_misses(inspection.inspection, statuses))
        if limit.is_missed(today)
    }


def row(inspection: InMemoryInspection, key: str, number: int = 1) -> LimitRow:
    rows = limit_rows(inspection.inspection, inspection.calendar)
    return next(row for row in rows if (row.key, row.round) == (key, number))


def neglected() -> InMemoryInspection:
    """Returns a published inspection in which lists, documents, invitations, audits and evaluation never came."""
    inspection = InMemoryInspection().until("2010-11-08")
    inspection.do("choose_first_cases", "i.ashdown", **CASES)
    inspection.until("2010-11-09").do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    for gate in ("case_lists", "case_audits"):
        inspection.do("override", "m.okafor", gate=gate, **REASON)
    inspection.until("2010-11-17").do("start_fieldwork", "i.ashdown")
    return up_to_published(up_to_draft_sent(inspection)).until("2011-02-05")


NEVER_CAME = {"case_lists", "documents", "survey_invitations", "case_audits", "evaluation"}


def test_five_missed_before_the_window_closed_are_five_missed_after_it() -> None:
    inspection = neglected()
    assert missed(inspection) == NEVER_CAME
    inspection.until("2011-03-01")
    assert inspection.inspection.stage == "closed"
    assert missed(inspection) == NEVER_CAME
    assert {inspection.standing(key).state for key in NEVER_CAME} == {"never_done"}


def test_what_was_never_done_names_the_event_that_ended_it_and_its_day() -> None:
    inspection = neglected().until("2011-03-01")
    lists = row(inspection, "case_lists")
    assert (lists.state, lists.missed, lists.settled_by) == ("never_done", True, inspection.number_of("window_closed"))
    assert lists.ended_on == date(2011, 2, 7)


def test_at_cancelling_what_was_late_stays_late_and_what_was_not_yet_due_is_dropped() -> None:
    inspection = InMemoryInspection().until("2010-11-08")
    assert missed(inspection) == {"case_lists"}
    inspection.do("cancel", "m.okafor", **REASON)
    assert missed(inspection) == {"case_lists"}
    assert inspection.standing("case_lists").state == "never_done"
    assert {inspection.standing(key).state for key in ("documents", "set_up_meeting", "draft_report")} == {"suspended"}
    inspection.until("2011-03-01")
    assert missed(inspection) == {"case_lists"}


def test_a_cancellation_that_is_dated_before_the_limit_takes_nothing_back() -> None:
    inspection = InMemoryInspection().until("2010-11-10")
    late = missed(inspection)
    inspection.do("cancel", "m.okafor", on="2010-11-04", **REASON)
    assert (
        missed(inspection)
        == late
        == {"case_lists", "set_up_meeting", "documents", "survey_invitations", "first_cases_choice"}
    )


def test_one_that_was_cancelled_before_the_authority_was_notified_missed_nothing() -> None:
    inspection = InMemoryInspection()
    inspection.accepts_mail = False
    inspection.until("2010-12-01").do("cancel", "m.okafor", **REASON)
    assert not missed(inspection)


def deferred_late() -> InMemoryInspection:
    """Returns an inspection that was deferred on 10 November, when the lists of the 5th had not come and the meeting of
    the 9th had been held on the 10th."""
    inspection = InMemoryInspection().until("2010-11-10")
    inspection.do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    for step in ("receive_documents", "confirm_survey_invitations"):
        inspection.do(step, "c.marsh", "2010-11-09", proof="t-p")
    inspection.do("choose_first_cases", "i.ashdown", "2010-11-09", **CASES)
    inspection.do("defer", "m.okafor", **REASON)
    return inspection


def test_a_miss_from_before_a_deferral_stays_beside_the_new_round() -> None:
    inspection = deferred_late()
    assert missed(inspection) == {"case_lists", "set_up_meeting"}, "while it is deferred, too"
    inspection.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert missed(inspection) == {"case_lists", "set_up_meeting"}
    assert (row(inspection, "case_lists", 2).state, row(inspection, "set_up_meeting", 2).state) == ("open", "met")
    first = row(inspection, "case_lists", 1), row(inspection, "set_up_meeting", 1)
    assert [(row.state, row.due, row.met_on, row.missed) for row in first] == [
        ("never_done", date(2010, 11, 5), None, True),
        ("met_late", date(2010, 11, 9), date(2010, 11, 10), True),
    ]
    assert [row.settled_by for row in first] == [
        inspection.number_of("deferred"),
        inspection.number_of("set_up_meeting_held"),
    ]


def test_what_is_handed_in_late_while_it_is_deferred_is_late_in_the_round_before() -> None:
    inspection = deferred_late().until("2010-12-01")
    inspection.do("receive_case_lists", "link.330")
    inspection.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert (row(inspection, "case_lists", 1).state, row(inspection, "case_lists", 2).state) == ("met_late", "met")


def test_a_deferral_that_is_dated_before_the_limit_takes_nothing_back() -> None:
    inspection = InMemoryInspection().until("2010-11-08")
    inspection.do("defer", "m.okafor", on="2010-11-04", **REASON)
    assert missed(inspection) == {"case_lists"}
    assert row(inspection, "case_lists").settled_by == inspection.number_of("deferred")


def test_one_cancelled_while_deferred_misses_what_was_late_by_then_and_no_more() -> None:
    inspection = deferred_late().until("2010-12-01")
    inspection.do("cancel", "m.okafor", **REASON)
    assert missed(inspection) == {"case_lists", "set_up_meeting"}
    assert inspection.standing("case_lists").state == "never_done"


def test_a_late_answer_to_a_request_to_defer_stays_missed_beside_the_answer_to_the_next_one() -> None:
    inspection = InMemoryInspection().until("2010-11-08")
    inspection.do("request_deferral", "dcs.330", ground="other", **REASON)
    inspection.until("2010-11-12").do("refuse_deferral", "m.okafor", **REASON)
    inspection.do("request_deferral", "dcs.330", ground="other", **REASON)
    inspection.do("refuse_deferral", "m.okafor", **REASON)
    assert (row(inspection, "deferral_answer", 1).state, row(inspection, "deferral_answer", 2).state) == (
        "met_late",
        "met",
    )


@pytest.mark.parametrize("day", ["2010-11-08", "2010-11-10", "2010-11-25"])
def test_the_events_alone_give_the_same_misses(day: str) -> None:
    inspection = InMemoryInspection().until(day)
    inspection.do("defer", "m.okafor", **REASON) if day < "2010-11-20" else inspection.do(
        "cancel", "m.okafor", **REASON
    )
    again = inspection.born.after(inspection.events)
    assert again.misses == inspection.inspection.misses


def test_an_open_limit_past_its_day_may_still_prove_to_be_in_time() -> None:
    inspection = InMemoryInspection().until("2010-11-08")
    lists = inspection.standing("case_lists")
    assert (lists.is_missed(date(2010, 11, 8)), lists.is_missed_for_good) == (True, False)
    inspection.do("receive_case_lists", "c.marsh", "2010-11-05", proof="t-p")
    assert inspection.standing("case_lists").state == "met"
    assert not missed(inspection)


def test_what_was_late_by_the_day_agreed_stays_missed_when_another_day_is_agreed() -> None:
    inspection = InMemoryInspection().until("2010-11-04")
    inspection.do("override", "m.okafor", gate="notice", **REASON)
    inspection.do("arrange_fieldwork", "c.marsh", starts="2010-11-12")
    inspection.until("2010-11-15").do("receive_case_audits", "link.330")
    assert inspection.standing("case_audits").state == "met_late"
    inspection.do("arrange_fieldwork", "c.marsh", starts="2010-11-16")
    audits = inspection.standing("case_audits")
    assert (audits.state, audits.is_missed_for_good, audits.settled_by) == (
        "met",
        True,
        inspection.number_of("case_audits_received"),
    )


def test_audits_are_not_late_by_a_start_that_is_only_worked_out() -> None:
    inspection = InMemoryInspection().until("2010-11-22")
    inspection.do("receive_case_audits", "link.330")
    assert (inspection.standing("case_audits").due, inspection.standing("case_audits").state) == (
        date(2010, 11, 17),
        "met",
    )
    inspection.do("cancel", "m.okafor", **REASON)
    assert "case_audits" not in missed(inspection)
