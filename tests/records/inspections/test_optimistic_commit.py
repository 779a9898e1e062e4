"""A decision that was made without asking the records is written only where it knew enough (decision 0018)."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from framework.messages.commit import Conflict
from records.database.connection import writing
from records.inspections import submissions
from records.inspections.commit import commit
from records.log.append import append
from tests.records.builders import ID, MOMENT, begin, command, decision_commit, event, record

UNQUERIED: dict[str, Any] = {"concurrency": "no_workflow_events"}


def test_what_became_of_letters_meanwhile_does_not_matter_to_a_decision_that_did_not_ask(records: Engine) -> None:
    begin(records)
    version = record(records).calendar
    append_one(records, "letter_accepted")
    answer = record(records, "c2", 1, **UNQUERIED, expected_calendar=version)
    assert (answer.first_event, answer.head) == (3, 3)


@pytest.mark.parametrize("fault", ["story", "calendar", "applied", "behind", "entry_point"])
def test_a_decision_that_did_not_ask_is_not_written_where_the_records_hold_more(records: Engine, fault: str) -> None:
    begin(records)
    version, head = record(records).calendar, 1
    if fault == "story":
        append_one(records, "documents_received")
    elif fault == "calendar":
        version = "1999"
    elif fault == "applied":
        with records.begin() as connection:
            connection.execute(text("UPDATE inspections SET calendar_version = '1999'"))
    elif fault == "behind":
        head = 2
    else:
        keep_command(records)
    with records.connect() as connection:
        before = connection.execute(text("SELECT count(*) FROM events")).scalar_one()
    decision = decision_commit("c2", head, **UNQUERIED, expected_calendar=version, requires_no_pending_commands=True)
    with writing(records) as session:
        assert isinstance(commit(session, decision), Conflict)
    with records.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM events")).scalar_one() == before


def test_only_a_due_item_waits_for_commands_that_entry_points_stored(records: Engine) -> None:
    begin(records)
    version = record(records).calendar
    keep_command(records)
    assert record(records, "c2", 1, **UNQUERIED, expected_calendar=version).head == 2


def append_one(records: Engine, kind: str) -> None:
    """Appends an event of this kind from elsewhere."""
    with writing(records) as session:
        append(session, ID, f"another:{kind}", [event(kind)], MOMENT)


def keep_command(records: Engine) -> None:
    """Stores a command of which the workflow does not know."""
    with writing(records) as session:
        submissions.store(session, ID, command("kept"))
