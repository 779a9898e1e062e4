"""The content of every heading of a report, as the steps that write it take it."""

from typing import Any

from framework.report.headings import Heading

AREAS = [
    {"when": "within_six_months", "text": "Bring all assessments to the quality of the best."},
    {"when": "immediately", "text": "Review every case that waits."},
]


def step_that_writes(
    heading: Heading, text: str = "What was found.", equality: str = "Needs are met."
) -> tuple[str, dict[str, Any]]:
    """Returns the step that writes a heading, and its fields; graded ones are good."""
    if heading.graded:
        return "grade", {"heading": heading.key, "grade": "good", "text": text, "equality": equality}
    content = {"areas": AREAS} if heading.lists_areas else {"text": text}
    return "write_section", {"heading": heading.key, **content}
