"""Comments on factual accuracy (para 51): in time, none, late, and late on late; none is called late that was in time."""

from datetime import date

import pytest

from framework.common.errors import BadInput, Refused
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork, up_to_published
from tests.framework.ordinary_path import REASON

ONE = [{"where": "para 12", "text": "t-c"}]


def checking() -> InMemoryInspection:
    """The draft was sent on 14 December 2010; comments are due on the 21st."""
    return up_to_draft_sent(up_to_fieldwork(InMemoryInspection().until("2010-11-03")))


def approved(scenario: InMemoryInspection) -> InMemoryInspection:
    scenario.do("submit_final", "i.ashdown")
    scenario.do("approve_final", "q.lindqvist")
    return scenario


def test_comments_on_the_last_minute_of_the_last_day_are_in_time() -> None:
    scenario = checking()
    scenario.now = scenario.until("2010-12-21").now.replace(hour=23, minute=59)
    scenario.do("return_comments", "dcs.330", comments=ONE)
    assert scenario.standing("factual_comments").state == "met"
    assert scenario.letters_of("comments_received")[0].facts["count"] == 1


def test_the_draft_returned_without_comments_is_an_answer() -> None:
    scenario = checking()
    scenario.do("return_comments", "link.330")
    assert scenario.letters_of("comments_returned_without")
    assert scenario.inspection.stage == "finalising"


def test_no_answer_is_dated_before_the_draft_was_sent() -> None:
    scenario = checking().until("2010-12-22")
    with pytest.raises(BadInput, match="before 2010-12-14"):
        scenario.do("return_comments", "c.marsh", "2010-12-13", comments=ONE, proof="t-p")


def test_nothing_by_the_day_is_none_received() -> None:
    scenario = checking().until("2010-12-22")
    assert scenario.letters_of("comments_none_received")
    assert scenario.standing("factual_comments").state == "lapsed"


def test_a_draft_sent_late_still_gives_five_working_days_over_christmas() -> None:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03")).until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-h")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    scenario.until("2010-12-22").do("submit_draft", "i.ashdown")
    scenario.do("approve_draft", "q.lindqvist")
    scenario.do("send_draft", "i.ashdown")
    assert scenario.standing("draft_report").state == "met_late"
    assert scenario.standing("factual_comments").due == date(2010, 12, 31)
    assert scenario.standing("final_report").due == date(2010, 12, 30)


def test_what_comes_late_while_it_is_finalised_waits_for_the_lead() -> None:
    scenario = approved(checking().until("2010-12-22"))
    scenario.do("return_comments", "dcs.330", comments=ONE)
    assert scenario.comments[-1].late
    assert scenario.letters_of("late_comments")[0].facts["after"] == "finalising"
    with pytest.raises(Refused, match="decide on their use"):
        scenario.do("issue_final", "i.ashdown")
    scenario.do("decide_late_comments", "i.ashdown", use=False, **REASON)
    scenario.do("issue_final", "i.ashdown")
    assert scenario.standing("factual_comments").state == "lapsed"


def test_late_comments_wait_for_a_decision_before_the_report_is_submitted_and_only_then() -> None:
    scenario = checking().until("2010-12-22")
    with pytest.raises(Refused, match="no late comments"):
        scenario.do("decide_late_comments", "i.ashdown", use=True, **REASON)
    scenario.do("return_comments", "dcs.330", comments=ONE)
    with pytest.raises(Refused, match="decide on their use"):
        scenario.do("submit_final", "i.ashdown")


def test_more_comments_within_the_five_days_are_not_late() -> None:
    scenario = checking().until("2010-12-16")
    scenario.do("return_comments", "dcs.330", comments=ONE)
    approved(scenario.until("2010-12-17")).do("return_comments", "dcs.330", comments=ONE)
    assert [(row.number, row.late) for row in scenario.comments] == [(1, False), (2, False)]
    assert not scenario.letters_of("late_comments")
    assert scenario.standing("factual_comments").met_on == date(2010, 12, 16)
    with pytest.raises(Refused, match="quality assurance"):
        scenario.do("issue_final", "i.ashdown")


def test_an_answer_by_post_recorded_after_its_last_day_was_still_in_time() -> None:
    scenario = checking().until("2010-12-22")
    scenario.do("return_comments", "c.marsh", "2010-12-21", comments=ONE, proof="t-p")
    assert scenario.standing("factual_comments").state == "met"
    assert not scenario.comments[-1].late
    assert scenario.inspection.stage == "finalising"


@pytest.mark.parametrize(("until", "stage"), [("2010-12-31", "final_issued"), ("2011-01-10", "published")])
def test_after_the_final_report_comments_are_recorded_and_answered_with_the_way_to_complain(
    until: str, stage: str
) -> None:
    scenario = up_to_published(checking()) if stage == "published" else approved(checking().until("2010-12-22"))
    if stage == "final_issued":
        scenario.do("issue_final", "i.ashdown")
    scenario.until(until).do("return_comments", "dcs.330", comments=ONE)
    assert scenario.letters_of("late_comments")[-1].facts["after"] == stage
    assert scenario.inspection.stage == stage
    assert scenario.inspection.late_comments_undecided == 0
