"""Between its submission for quality assurance and its sending, nothing of a report changes (para 61)."""

from typing import Any

import pytest

from framework.common.errors import Refused
from tests.framework.in_memory import InMemoryInspection
from tests.framework.inspection.test_comments import ONE, approved, checking
from tests.framework.inspection.test_guards import refused
from tests.framework.inspection.test_report_guards import drafting, finalising
from tests.framework.ordinary_path import REASON

GRADE = ("grade", {"heading": "safeguarding.ambition", "grade": "inadequate", "text": "t-t", "equality": "t-e"})
SECTION = ("write_section", {"heading": "about", "text": "t-t"})
ANSWER: tuple[str, dict[str, Any]] = ("answer_comment", {"number": 1, "accepted": False, **REASON})
CONTENT = [GRADE, SECTION, ANSWER]


def submitted(which: str) -> InMemoryInspection:
    scenario = drafting() if which == "draft" else finalising()
    scenario.do(f"submit_{which}", "i.ashdown")
    return scenario


@pytest.mark.parametrize(("step", "fields"), CONTENT[:2])
def test_no_grade_changes_after_approve_draft_and_before_send_draft(step: str, fields: dict[str, Any]) -> None:
    scenario = submitted("draft")
    refused(
        scenario, r"quality assurance sends it back first \(send_back_draft\) \(para 61\)", step, "i.ashdown", **fields
    )
    scenario.do("approve_draft", "q.lindqvist")
    refused(scenario, "send_back_draft", step, "i.ashdown", **fields)
    scenario.do("send_back_draft", "q.lindqvist", **REASON)
    scenario.do(step, "i.ashdown", **fields)


@pytest.mark.parametrize(("step", "fields"), CONTENT)
def test_nothing_changes_after_submit_final_and_before_issue_final(step: str, fields: dict[str, Any]) -> None:
    scenario = submitted("final")
    refused(scenario, "send_back_final", step, "i.ashdown", **fields)
    scenario.do("approve_final", "q.lindqvist")
    refused(scenario, "send_back_final", step, "i.ashdown", **fields)
    scenario.do("send_back_final", "q.lindqvist", **REASON)
    scenario.do(step, "i.ashdown", **fields)


@pytest.mark.parametrize("which", ["draft", "final"])
def test_who_wrote_a_report_does_not_take_its_approval_back_by_submitting_it_again(which: str) -> None:
    scenario = submitted(which)
    scenario.do(f"approve_{which}", "q.lindqvist")
    refused(scenario, f"send_back_{which}", f"submit_{which}", "i.ashdown")


@pytest.mark.parametrize("which", ["draft", "final"])
def test_sending_back_after_approval_takes_the_approval_back_with_an_event(which: str) -> None:
    scenario = submitted(which)
    scenario.do(f"approve_{which}", "q.lindqvist")
    decision = scenario.do(f"send_back_{which}", "q.lindqvist", **REASON)
    back, withdrawn = decision.events
    assert (back.kind, back.by) == (f"{which}_sent_back", "q.lindqvist")
    assert (withdrawn.kind, withdrawn.paragraph) == ("approval_withdrawn", 61)
    assert withdrawn.data == {"report": which, "document": "d1" if which == "draft" else "d2"}
    refused(
        scenario, "not been through quality assurance", "send_draft" if which == "draft" else "issue_final", "i.ashdown"
    )


@pytest.mark.parametrize("which", ["draft", "final"])
def test_sending_back_what_was_not_approved_withdraws_no_approval(which: str) -> None:
    decision = submitted(which).do(f"send_back_{which}", "q.lindqvist", **REASON)
    assert [event.kind for event in decision.events] == [f"{which}_sent_back"]


def test_late_comments_are_taken_up_only_once_quality_assurance_sent_the_final_report_back() -> None:
    scenario = approved(checking().until("2010-12-22"))
    scenario.do("return_comments", "dcs.330", comments=ONE)
    refused(scenario, "send_back_final", "decide_late_comments", "i.ashdown", use=True, **REASON)
    scenario.do("send_back_final", "q.lindqvist", **REASON)
    scenario.do("decide_late_comments", "i.ashdown", use=True, **REASON)
    with pytest.raises(Refused, match="quality assurance"):
        scenario.do("issue_final", "i.ashdown")
    approved(scenario).do("issue_final", "i.ashdown")


def test_comments_in_time_open_a_final_report_again_and_take_its_approval_back_with_events() -> None:
    scenario = checking().until("2010-12-16")
    scenario.do("return_comments", "dcs.330", comments=ONE)
    approved(scenario.until("2010-12-17"))
    decision = scenario.do("return_comments", "dcs.330", comments=ONE)
    assert [event.kind for event in decision.events] == ["comments_returned", "final_reopened", "approval_withdrawn"]
    assert decision.events[1].data == {"submitted": scenario.number_of("final_submitted")}
    assert scenario.inspection.final.submitted is None
    scenario.do(ANSWER[0], "i.ashdown", **ANSWER[1])


def test_comments_in_time_on_a_report_that_was_not_submitted_open_nothing() -> None:
    scenario = checking().until("2010-12-16")
    scenario.do("return_comments", "dcs.330", comments=ONE)
    decision = scenario.do("return_comments", "dcs.330", comments=ONE)
    assert [event.kind for event in decision.events] == ["comments_returned"]


def test_a_final_report_that_names_its_day_of_issue_goes_on_that_day_and_no_other() -> None:
    scenario = finalising().until("2010-12-22")
    refused(scenario, "the day of issue, 2010-12-21, is over", "submit_final", "i.ashdown", issue_on="2010-12-21")
    decision = scenario.do("submit_final", "i.ashdown", issue_on="2010-12-29")
    assert [order.facts for order in decision.documents] == [{"issue_on": "2010-12-29"}, {}]
    scenario.do("approve_final", "q.lindqvist")
    for day in ("2010-12-24", "2010-12-30"):
        why = r"names 2010-12-29 as its day of issue, and today is .* \(send_back_final\)"
        refused(scenario.until(day), why, "issue_final", "i.ashdown")
    scenario.do("send_back_final", "q.lindqvist", **REASON)
    scenario.do("submit_final", "i.ashdown", issue_on="2010-12-30")
    scenario.do("approve_final", "q.lindqvist")
    scenario.do("issue_final", "i.ashdown")


def test_a_final_report_that_names_no_day_of_issue_goes_on_any() -> None:
    scenario = approved(finalising().until("2010-12-22")).until("2010-12-24")
    assert scenario.do("issue_final", "i.ashdown").after.stage == "final_issued"
