"""What the authority provides is judged on the day it was received; an earlier day counts with a proof that the office keeps."""

from datetime import date
from typing import Any

import pytest

from framework.common.errors import BadInput, Refused
from framework.inspection.steps import STEPS
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork, up_to_published
from tests.framework.ordinary_path import REASON

PROOF = {"proof": "t-p"}
BEFORE_FIELDWORK = {
    "receive_case_lists": "case_lists",
    "receive_documents": "documents",
    "confirm_survey_invitations": "survey_invitations",
    "receive_case_audits": "case_audits",
}


def notified_until(day: str) -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03").until(day)


def draft_sent() -> InMemoryInspection:
    """Returns an inspection whose draft was sent on 14 December 2010: comments are due on the 21st."""
    return up_to_draft_sent(up_to_fieldwork(notified_until("2010-11-03")))


def test_comments_two_days_late_with_a_day_two_days_earlier_are_late() -> None:
    inspection = draft_sent().until("2010-12-23")
    inspection.do("return_comments", "dcs.330", "2010-12-21", comments=[{"where": "para 12", "text": "t-c"}])
    _, event = inspection.events[-1]
    assert (event.kind, event.on, event.data["stated_on"]) == (
        "late_comments_returned",
        date(2010, 12, 23),
        "2010-12-21",
    )
    assert inspection.comments[-1].late
    assert inspection.standing("factual_comments").state == "lapsed"


@pytest.mark.parametrize("by", ["dcs.330", "link.330"])
@pytest.mark.parametrize(("step", "limit"), BEFORE_FIELDWORK.items())
def test_a_day_that_the_authority_gives_is_its_statement_and_does_not_count(step: str, limit: str, by: str) -> None:
    inspection = notified_until("2010-11-04")
    inspection.do("arrange_fieldwork", "c.marsh", starts="2010-11-17")
    inspection.until("2010-11-22").do(step, by, "2010-11-04")
    _, event = inspection.events[-1]
    assert (event.on, event.data["stated_on"]) == (date(2010, 11, 22), "2010-11-04")
    assert inspection.standing(limit).state == "met_late"


@pytest.mark.parametrize("day", ["2010-10-01", "2010-11-02"])
def test_a_day_of_the_authority_is_never_refused_however_early_it_is(day: str) -> None:
    inspection = notified_until("2010-11-04")
    inspection.do("receive_case_lists", "link.330", day)
    assert inspection.standing("case_lists").met_on == date(2010, 11, 4)


@pytest.mark.parametrize(("step", "limit"), BEFORE_FIELDWORK.items())
def test_an_earlier_day_that_the_office_enters_needs_a_proof_and_then_counts(step: str, limit: str) -> None:
    inspection = notified_until("2010-11-22")
    with pytest.raises(
        Refused, match="it was received on 2010-11-22; to have it count from 2010-11-05, say in the field «proof»"
    ):
        inspection.do(step, "c.marsh", "2010-11-05")
    inspection.do(step, "c.marsh", "2010-11-05", **PROOF)
    _, event = inspection.events[-1]
    assert (event.on, event.data["proof"]) == (date(2010, 11, 5), "t-p")
    assert inspection.standing(limit).state == "met"


def test_so_do_comments_by_post_and_an_evaluation() -> None:
    inspection = draft_sent().until("2010-12-22")
    with pytest.raises(Refused, match="proof"):
        inspection.do("return_comments", "i.ashdown", "2010-12-21")
    inspection.do("return_comments", "i.ashdown", "2010-12-21", **PROOF)
    assert inspection.standing("factual_comments").state == "met"
    published = up_to_published(draft_sent()).until("2011-01-25")
    with pytest.raises(Refused, match="proof"):
        published.do("record_evaluation", "c.marsh", "2011-01-20")
    published.do("record_evaluation", "link.330", "2011-01-20")
    assert published.standing("evaluation").state == "met_late"


def test_a_request_to_defer_runs_from_its_receipt_too() -> None:
    inspection = notified_until("2010-11-10")
    inspection.do("request_deferral", "dcs.330", "2010-11-08", ground="other", **REASON)
    assert inspection.standing("deferral_answer").due == date(2010, 11, 12)


def test_a_proof_does_not_carry_a_day_before_the_notification() -> None:
    with pytest.raises(BadInput, match="before 2010-11-03"):
        notified_until("2010-11-04").do("receive_case_lists", "c.marsh", "2010-11-02", **PROOF)


def correct(inspection: InMemoryInspection, kind: str, on: str, **fields: Any) -> None:
    inspection.do("correct", "c.marsh", on, event=inspection.number_of(kind), **REASON, **fields)


def test_nor_does_a_correction_carry_an_earlier_day_without_a_proof() -> None:
    inspection = notified_until("2010-11-09")
    inspection.do("receive_case_lists", "link.330")
    with pytest.raises(Refused, match="received on 2010-11-09; to have it count from 2010-11-05"):
        correct(inspection, "case_lists_received", "2010-11-05")
    correct(inspection, "case_lists_received", "2010-11-05", **PROOF)
    assert inspection.events[-1][1].data["proof"] == "t-p"
    assert inspection.standing("case_lists").state == "met"


def test_what_the_authority_itself_handed_in_is_not_corrected_to_a_later_day() -> None:
    inspection = notified_until("2010-11-05")
    inspection.do("receive_case_lists", "link.330")
    inspection.do("receive_documents", "c.marsh")
    inspection.until("2010-11-09")
    with pytest.raises(Refused, match="handed it in on 2010-11-05"):
        correct(inspection, "case_lists_received", "2010-11-08")
    correct(inspection, "documents_received", "2010-11-08")
    assert inspection.standing("documents").met_on == date(2010, 11, 8)


def test_every_step_of_the_authority_asks_for_the_proof_of_an_earlier_day() -> None:
    handed_in = [step for step in STEPS if step.is_handed_in]
    assert len(handed_in) == 9
    assert all("proof_of_earlier_day" in step.guards and "proof" in step.form.model_fields for step in handed_in)
