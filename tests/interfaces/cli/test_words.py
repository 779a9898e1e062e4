"""The words of events at the command line: events of letters and documents are described in full, so that a screen is enough."""

from typing import Any

import pytest

from application.serializers import wording
from framework.vocabulary.roles import Role
from tests.records.builders import event

CALENDAR = {"was": "england-2026.1", "calendar": "england-2026.2", "added": ["2011-04-29"], "removed": []}


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("event_lost", {"number": 16}, "event lost: event 16, when the records were restored"),
        (
            "records_restored",
            {"backup_made_at": "2026-07-24T02:07:10.609182+00:00", "went_back_to": 14, "restore": 1},
            "records restored: from the backup of 24 Jul 2026 03:07, which ended with event 14",
        ),
        (
            "calendar_changed",
            {**CALENDAR, "moved": [{"limit": "draft_report"}]},
            "calendar changed: england-2026.1 to england-2026.2; added 2011-04-29; moved: draft report",
        ),
        (
            "calendar_changed",
            {**CALENDAR, "moved": []},
            "calendar changed: england-2026.1 to england-2026.2; added 2011-04-29; moved: nothing",
        ),
    ],
)
def test_an_event_of_a_letter_or_document_is_described_in_full(kind: str, data: dict[str, Any], expected: str) -> None:
    assert wording.event_words(event(kind, by="system", role=Role.SYSTEM, data=data)) == expected


def test_one_is_not_worded_as_many() -> None:
    assert [wording.counted(count, "event") for count in (0, 1, 2)] == ["0 events", "1 event", "2 events"]
