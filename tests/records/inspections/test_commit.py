"""One decision, one transaction: everything or nothing, and the same again for a retry."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, RowMapping, select, text
from sqlmodel import Session

from framework.common.errors import BadInput, Refused
from framework.inspection.stages import Stage
from framework.messages.commit import AlreadyCommitted, Conflict
from framework.messages.orders import CommentRow, DocumentOrder, TaskOrder
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.inspections import repository, submissions
from records.inspections.commit import commit
from records.outbox import states
from records.queries import inspection_rows
from records.tables.inspections import LIMITS, TASKS
from tests.records.builders import (
    ID,
    MOMENT,
    begin,
    command,
    decision_commit,
    event,
    limit,
    record,
    reminder,
    rows,
    store,
    text_id,
)

TABLES = ("events", "letters", "documents", "tasks", "limits", "comments", "publications")


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}


def _letter(engine: Engine, identifier: str) -> dict[str, Any]:
    with reading(engine) as session:
        return states.letter(session, identifier)


def _everything() -> dict[str, Any]:
    return {
        "events": [event(), event("documents_received", paragraph=30)],
        "letters": (reminder(), reminder(key="second", event=1)),
        "documents": (DocumentOrder(kind="agenda", facts={"meeting": {"day": "2010-11-09"}}),),
        "tasks": (TaskOrder(key="gate", kind="gate", facts={"why": "team"}),),
        "limits": (limit(), limit("documents", state="met", met_on=date(2010, 11, 3))),
        "comments": (CommentRow(number=1, where=text_id(2), text=text_id(1)),),
        "next_due": MOMENT + timedelta(days=1),
        "next_what": "reminder: case lists",
    }


def test_everything_a_decision_changes_is_written(records: Engine) -> None:
    begin(records)
    store(records, text_id(1), "nine posts, not eight")
    store(records, text_id(2), "12")
    answer = record(records, **_everything())
    assert (answer.first_event, answer.head, answer.calendar, len(answer.letters)) == (1, 2, "england-2026.1", 2)
    with reading(records) as session:
        row = repository.find(session, ID)
        limits, shown, tasks = _limits(session), rows(session), inspection_rows.tasks(session, ID)
    assert (row["stage"], row["head_number"], row["head_hash"]) == ("notified", 2, answer.hash)
    assert (row["next_due"], row["next_what"]) == (MOMENT + timedelta(days=1), "reminder: case lists")
    assert [(limit["key"], limit["state"], limit["met_on"]) for limit in limits] == [
        ("case_lists", "open", None),
        ("documents", "met", date(2010, 11, 3)),
    ]
    assert [letter["event_number"] for letter in shown.letters] == [1, 2]
    assert [task["key"] for task in tasks] == ["gate"]
    assert [document["kind"] for document in shown.documents] == ["agenda"]
    assert [(comment["where"], comment["text"]) for comment in shown.comments] == [("12", "nine posts, not eight")]


def test_a_retry_answers_with_the_rows_already_there_and_writes_nothing(records: Engine) -> None:
    begin(records)
    first = record(records, **_everything())
    counts = _counts(records)
    record(records, "c2", 2)
    assert record(records, **_everything()) == AlreadyCommitted(**first.model_dump(exclude={"result"}))
    assert _counts(records) == {**counts, "events": 3, "limits": 0}, "only what c2 wrote"


def test_a_head_that_moved_is_a_conflict_and_writes_nothing(records: Engine) -> None:
    begin(records)
    record(records)
    counts = _counts(records)
    with writing(records) as session:
        assert isinstance(commit(session, decision_commit("c2", 0, **_everything())), Conflict)
    assert _counts(records) == counts


def test_a_letter_without_a_recipient_undoes_the_whole_decision(records: Engine) -> None:
    begin(records)
    with records.begin() as connection:
        connection.execute(text("UPDATE people SET email = '' WHERE id = 'lscb.330'"))
    broken = {**_everything(), "letters": (reminder(), reminder(to=(Role.LSCB_CHAIR,), key="second"))}
    counts = _counts(records)
    with pytest.raises(Refused, match=r"finds nobody.*Chair of the Local Safeguarding.*no address of theirs.*para 42"):
        record(records, **broken)
    assert _counts(records) == counts
    with reading(records) as session:
        assert repository.find(session, ID)["head_number"] == 0


def test_a_letter_with_an_unknown_text_undoes_the_whole_decision(records: Engine) -> None:
    begin(records)
    counts = _counts(records)
    with pytest.raises(BadInput, match="is not among the records"):
        record(records, letters=(reminder(texts={"reason": text_id(7)}),))
    assert _counts(records) == counts


def test_a_task_is_opened_once_and_closed_by_its_key(records: Engine) -> None:
    begin(records)
    task = TaskOrder(key="deferral", kind="deferral", facts={"ground": "other"})
    record(records, tasks=(task,))
    record(records, "c2", 1, tasks=(task,))
    with reading(records) as session:
        assert [task["event_number"] for task in inspection_rows.tasks(session, ID)] == [1]
    record(records, "c3", 2, tasks=(TaskOrder(key="deferral", kind="deferral", closes=True),))
    record(records, "c4", 3, tasks=(task,))
    with reading(records) as session:
        assert [task["event_number"] for task in inspection_rows.tasks(session, ID)] == [4]
        assert [task["event_number"] for task in _closed_tasks(session)] == [1]
    closes = (TaskOrder(key="deferral", kind="deferral", closes=True),)
    record(records, "c5", 4, tasks=closes, recorded=MOMENT + timedelta(days=1))
    with reading(records) as session:
        closed = [task["closed_at"] for task in _closed_tasks(session)]
    assert closed == [MOMENT, MOMENT + timedelta(days=1)], "the first one stays closed since when it was"


def test_limits_are_replaced(records: Engine) -> None:
    begin(records)
    record(records, limits=(limit(), limit("documents")))
    record(records, "c2", 1, limits=(limit("documents", state="met"),))
    with reading(records) as session:
        assert [(limit["key"], limit["state"]) for limit in _limits(session)] == [("documents", "met")]


def test_the_submission_of_a_recorded_command_is_taken(records: Engine) -> None:
    begin(records)
    with writing(records) as session:
        submissions.store(session, ID, command("c1"))
        submissions.store(session, ID, command("c2"))
    record(records, "c1")
    with reading(records) as session:
        assert [command["command_id"] for command in rows(session).waiting] == ["c2"]


def test_an_inspection_that_is_over_says_since_when(records: Engine) -> None:
    begin(records)
    record(records, stage=Stage.CANCELLED)
    record(records, "c2", 1, stage=Stage.CANCELLED, recorded=MOMENT + timedelta(days=40))
    with reading(records) as session:
        assert repository.find(session, ID)["closed_at"] == MOMENT


def test_publishing_needs_a_final_report(records: Engine) -> None:
    begin(records)
    with pytest.raises(Refused, match="final report") as refusal:
        record(records, publish=True)
    assert refusal.value.paragraph == 53


def _limits(session: Session) -> list[RowMapping]:
    query = select(LIMITS).where(LIMITS.c.inspection_id == ID).order_by(LIMITS.c.due, LIMITS.c.key)
    return list(session.connection().execute(query).mappings())


def _closed_tasks(session: Session) -> list[RowMapping]:
    query = select(TASKS).where(TASKS.c.inspection_id == ID, TASKS.c.closed_at.is_not(None)).order_by(TASKS.c.id)
    return list(session.connection().execute(query).mappings())
