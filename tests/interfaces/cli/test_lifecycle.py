"""`inspections lifecycle`: the table as data and as pictures; none of them leaves a step out."""

import json
import xml.etree.ElementTree as ET

import pytest

from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from tests.cli_harness import run


def shown(shape: str) -> str:
    result = run("lifecycle", "--format", shape)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_as_json_every_row_of_the_table_stands_with_stage_role_form_and_paragraph() -> None:
    rows = json.loads(shown("json"))
    assert [row["name"] for row in rows] == [step.name for step in STEPS]
    meeting = next(row for row in rows if row["name"] == "hold_set_up_meeting" and row["to"])
    assert (meeting["stage"], meeting["to"], meeting["paragraph"]) == (["notified"], "set_up", 32)
    assert meeting["role"] == ["coordinator", "lead_inspector"]
    assert meeting["form"]["required"] == ["attendees", "decisions"]
    assert meeting["ends"] == ["set_up_meeting"]


@pytest.mark.parametrize(
    ("event", "limits"),
    [
        ("notified", {"case_lists", "set_up_meeting", "documents", "fieldwork_starts"}),
        ("fieldwork_started", {"case_audits", "inspection_ends", "oral_feedback"}),
        ("fieldwork_ended", {"draft_report", "final_report", "publication"}),
        ("draft_sent", {"factual_comments"}),
        ("published", {"complaints_close", "evaluation"}),
        ("case_lists_received", set()),
    ],
)
def test_as_json_a_step_says_which_limits_it_starts(event: str, limits: set[str]) -> None:
    row = next(row for row in json.loads(shown("json")) if row["event"] == event)
    assert limits <= set(row["starts"])
    assert bool(limits) == bool(row["starts"])


def test_the_mermaid_diagram_has_every_stage_and_every_step() -> None:
    text = shown("mermaid")
    assert text.startswith("stateDiagram-v2\n    [*] --> planned\n")
    assert all(f"{stage}" in text for stage in Stage)
    assert all(name in text for name in STEPS.names)
    for step in STEPS:
        for source in step.sources:
            if step.dest not in (None, source):
                assert f"    {source} --> {step.dest}: {step.name} (para {step.paragraph})\n" in text


def test_the_picture_is_svg_with_every_stage_and_every_step() -> None:
    root = ET.fromstring(shown("svg"))
    words = " ".join(root.itertext())
    assert all(stage.replace("_", " ") in words for stage in Stage)
    assert all(name in words for name in STEPS.names)
    assert root.attrib["role"] == "img"


def test_a_shape_that_is_not_there_is_wrong_usage() -> None:
    assert run("lifecycle", "--format", "png").exit_code == 2
