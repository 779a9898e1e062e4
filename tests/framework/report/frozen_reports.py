"""Builders of frozen reports of one half, with the given texts and grades."""

from typing import Any

from framework.editions.registry import edition

SCOPE = "safeguarding"
OUTLINE = edition("2010-10").report.outline(SCOPE)


def a_report(**sections: dict[str, Any] | str) -> dict[str, Any]:
    """Returns a report of safeguarding: every heading good, with the text «Words on KEY.», unless given by its name."""
    rows = edition("2010-10").report.headings(SCOPE)
    headings = [_heading(row.key, row.title, sections.get(row.name, {})) for row in rows]
    opening = {key: sections.get(key, f"Words on {key}.") for key in OUTLINE.opening}
    return {"halves": [{"key": SCOPE, "title": "Safeguarding", "headings": headings}], **opening}


def _heading(key: str, title: str, changes: Any) -> dict[str, Any]:
    graded = next(heading.graded for heading in edition("2010-10").report.all_headings if heading.key == key)
    plain: dict[str, Any] = {
        "grade": "good" if graded else None,
        "text": f"Words on {key}.",
        "areas": [],
        "equality": "",
    }
    return {"key": key, "title": title, "taking_into_account": [], **plain, **changes}
