"""The report a script fills: every heading of the edition, as the steps that write it take it."""

from typing import Any

import pytest
from pydantic import ValidationError

from framework.inspection.order import Scope
from framework.inspection.report_forms import GradeHeading, WriteSection
from framework.report.areas import When
from rehearsal.report_filler import steps
from rehearsal.script import ReportFill
from tests.orders import an_order

FORMS: dict[str, Any] = {"grade": GradeHeading, "write_section": WriteSection}


@pytest.mark.parametrize(
    ("scope", "graded", "others"), [("joint", 22, 5), ("safeguarding", 10, 3), ("looked_after", 12, 4)]
)
def test_every_heading_in_scope_is_written_once(scope: str, graded: int, others: int) -> None:
    filled_steps = list(steps(ReportFill(), an_order(scope=Scope(scope))))
    for step, fields in filled_steps:
        FORMS[step].model_validate(fields)
    assert [step for step, _ in filled_steps].count("grade") == graded
    assert len(filled_steps) == graded + others == len({fields["heading"] for _, fields in filled_steps})


def test_what_the_script_says_of_a_heading_stands_in_it() -> None:
    fill = ReportFill.model_validate(
        {
            "grade": "adequate",
            "headings": {
                "safeguarding.ambition": "outstanding",
                "safeguarding.capacity": {"text": "Own words.", "equality": "Own note."},
            },
        }
    )
    written = {fields["heading"]: fields for _, fields in steps(fill, an_order())}
    assert written["safeguarding.ambition"]["grade"] == "outstanding"
    assert "outstanding" in written["safeguarding.ambition"]["text"]
    assert written["safeguarding.capacity"]["grade"] == "adequate"
    assert written["safeguarding.capacity"]["text"] == "Own words."
    assert written["safeguarding.capacity"]["equality"] == "Own note."


def test_areas_for_improvement_are_made_up_or_those_of_the_script() -> None:
    key, own = "safeguarding.areas_for_improvement", {"when": "immediately", "text": "See every child."}
    written = {fields["heading"]: fields for _, fields in steps(ReportFill(), an_order())}
    assert {area["when"] for area in written[key]["areas"]} == set(When)
    fill = ReportFill.model_validate({"headings": {key: {"areas": [own]}}})
    written = {fields["heading"]: fields for _, fields in steps(fill, an_order())}
    assert written[key]["areas"] == [own]
    assert "text" not in written[key]


def test_a_grade_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        ReportFill.model_validate({"headings": {"safeguarding.ambition": "brilliant"}})
