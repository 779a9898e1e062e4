"""A change that no comment asked for, and an accepted comment without a change, are shown and need an explanation."""

from typing import Any

import pytest

from framework.report.change_review import AnsweredComment, ChangeReview, review
from tests.framework.inspection.test_guards import refused
from tests.framework.inspection.test_report_guards import finalising
from tests.framework.report.frozen_reports import OUTLINE, a_report
from tests.words import WHY

CAPACITY, AMBITION = "safeguarding.capacity", "safeguarding.ambition"


def reviewed(*comments: AnsweredComment, words: dict[str, str] | None = None, **now: Any) -> ChangeReview:
    return review(a_report(), a_report(**now), comments, words or {}, OUTLINE)


def accepted(where: str, **fields: Any) -> AnsweredComment:
    return AnsweredComment(1, where, accepted=True, **fields)


def test_a_grade_that_fell_from_good_to_inadequate_without_a_comment_needs_an_explanation() -> None:
    review = reviewed(capacity={"grade": "inadequate"})
    assert review.unexplained_changes == (CAPACITY,)
    (change,) = review.data()["changes"]
    assert (change["grade_was"], change["grade_now"], change["comments"]) == ("good", "inadequate", [])
    assert reviewed(capacity={"grade": "inadequate"}, words={CAPACITY: "Weighed again."}).unexplained_changes == ()


def test_a_change_after_an_accepted_comment_needs_none() -> None:
    review = reviewed(accepted("paragraph 4"), capacity={"text": "Other words."})
    assert (review.unexplained_changes, review.unexplained_comments) == ((), ())
    assert review.changes[0].comments == (1,)


def test_a_comment_that_was_not_accepted_asks_for_no_change() -> None:
    review = reviewed(AnsweredComment(1, "paragraph 4"), capacity={"text": "Other words."})
    assert review.unexplained_changes == (CAPACITY,)


def test_an_accepted_comment_whose_section_did_not_change_needs_an_explanation() -> None:
    review = reviewed(accepted("paragraph 4"))
    assert review.unexplained_comments == (1,)
    assert review.data()["unchanged"] == [
        {"number": 1, "titles": ["Capacity for improvement (Safeguarding)"], "word": None}
    ]
    assert reviewed(accepted("paragraph 4"), words={"comment-1": "It is said elsewhere."}).unexplained_comments == ()


def test_an_accepted_comment_without_a_known_section_names_its_sections_or_needs_an_explanation() -> None:
    assert reviewed(accepted("page 9")).data()["unchanged"] == [{"number": 1, "titles": [], "word": None}]
    now = {"capacity": {"text": "Other words."}}
    assert reviewed(accepted("page 9"), **now).unexplained_changes == (CAPACITY,)
    named = reviewed(accepted("page 9", sections=(CAPACITY,)), **now)
    assert (named.unexplained_changes, named.unexplained_comments) == ((), ())


def test_every_section_an_answer_names_must_have_changed() -> None:
    review = reviewed(accepted("4", sections=(CAPACITY, AMBITION)), capacity={"text": "Other words."})
    assert review.unexplained_comments == (1,)
    assert review.data()["unchanged"][0]["titles"] == ["Ambition and prioritisation (Safeguarding)"]


def test_a_heading_chosen_in_a_comment_precedes_its_words() -> None:
    review = reviewed(accepted("paragraph 4", heading=AMBITION), ambition={"grade": "adequate"})
    assert review.changes[0].comments == (1,)


def test_a_final_report_with_unexplained_changes_is_not_submitted() -> None:
    inspection = finalising()
    inspection.readiness = inspection.readiness.model_copy(update={"unexplained_changes": (CAPACITY, AMBITION)})
    refused(inspection, f"no comment asked for it: {CAPACITY}, {AMBITION}.*explain_change", "submit_final", "i.ashdown")
    inspection.readiness = inspection.readiness.model_copy(
        update={"unexplained_changes": (), "unexplained_comments": (1, 2)}
    )
    refused(
        inspection, "no section they are about has changed: comments 1, 2.*explain_change", "submit_final", "i.ashdown"
    )
    inspection.readiness = inspection.readiness.model_copy(update={"unexplained_comments": ()})
    inspection.do("submit_final", "i.ashdown")


@pytest.mark.parametrize(
    ("step", "by", "fields"),
    [
        ("return_comments", "dcs.330", {"comments": [{"where": "1", "heading": "weather", "text": "t-c"}]}),
        ("answer_comment", "i.ashdown", {"number": 1, "accepted": True, "reason": WHY, "sections": ["weather"]}),
        ("explain_change", "i.ashdown", {"heading": "weather", "reason": WHY}),
    ],
)
def test_a_section_that_the_report_does_not_have_is_named(step: str, by: str, fields: dict[str, Any]) -> None:
    refused(finalising(), "no section «weather» in this report; its sections are about, service,", step, by, **fields)


@pytest.mark.parametrize("fields", [{}, {"heading": CAPACITY, "comment": 1}])
def test_an_explanation_names_one_section_or_comment(fields: dict[str, Any]) -> None:
    refused(finalising(), "name one of them", "explain_change", "i.ashdown", reason=WHY, **fields)


def test_only_an_accepting_answer_names_sections() -> None:
    fields: dict[str, Any] = {"number": 1, "accepted": False, "reason": WHY, "sections": [CAPACITY]}
    refused(finalising(), "go with accepted=true", "answer_comment", "i.ashdown", **fields)
