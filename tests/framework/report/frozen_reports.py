"""Frozen reports for tests: one half, with the words and grades that are given."""

from typing import Any

from framework.editions.registry import edition

SCOPE = "safeguarding"
OUTLINE = edition("2010-10").outline(SCOPE)


def a_report(**sections: dict[str, Any] | str) -> dict[str, Any]:
    """A report of safeguarding: every heading good, with «Words on KEY.»; what is given by its name goes over that."""
    headings = [_heading(one.key, one.title, sections.get(one.name, {})) for one in edition("2010-10").headings(SCOPE)]
    opening = {key: sections.get(key, f"Words on {key}.") for key in OUTLINE.opening}
    return {"halves": [{"key": SCOPE, "title": "Safeguarding", "headings": headings}], **opening}


def _heading(key: str, title: str, said: Any) -> dict[str, Any]:
    graded = next(one.graded for one in edition("2010-10").all_headings if one.key == key)
    plain: dict[str, Any] = {
        "grade": "good" if graded else None,
        "text": f"Words on {key}.",
        "areas": [],
        "equality": "",
    }
    return {"key": key, "title": title, "taking_into_account": [], **plain, **said}
