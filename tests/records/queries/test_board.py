"""The board: order, filters, late limits, tasks."""

from datetime import date, timedelta

from sqlalchemy import Engine

from framework.inspection.stages import Stage
from framework.messages.orders import TaskOrder
from framework.vocabulary.roles import Role
from records.database.connection import reading
from records.queries import board, inspection_rows
from records.queries.board import Filter
from tests.records.builders import ID, MOMENT, TODAY, begin, limit, record

OTHER = "SLAC-2010-002"
ALL = Filter()


def _ids(engine: Engine, criteria: Filter = ALL, today: date = TODAY) -> list[str]:
    with reading(engine) as session:
        return [row.id for row in board.board(session, criteria, today)]


def _two(engine: Engine) -> None:
    """Creates an inspection due on the 5th, and one due on the 4th with another lead."""
    begin(engine)
    begin(engine, OTHER, reference="REF-2", authority="878")
    record(engine, limits=(limit(), limit("documents", date(2010, 11, 1), "met")), next_due=MOMENT)
    people = {Role.LEAD_INSPECTOR: ("i.bellamy",), Role.COORDINATOR: ("c.nwosu",)}
    soon = (limit("case_lists", date(2010, 11, 4)), limit("set_up_meeting", date(2010, 11, 9)))
    record(engine, inspection=OTHER, stage=Stage.SET_UP, limits=soon, people=people, next_due=MOMENT)


def test_the_board_shows_the_soonest_due_first_and_whom_it_waits_for(records: Engine) -> None:
    _two(records)
    with reading(records) as session:
        first, second = board.board(session, Filter(), TODAY)
    assert (first.id, first.authority, first.limit, first.due, first.waiting_for) == (
        OTHER,
        "Devon",
        "case_lists",
        date(2010, 11, 4),
        "link_officer",
    )
    assert (second.id, second.due, second.late, second.waiting_since) == (ID, date(2010, 11, 5), (), MOMENT)


def test_the_board_is_filtered(records: Engine) -> None:
    _two(records)
    assert _ids(records, Filter(stage="set_up")) == [OTHER]
    assert _ids(records, Filter(lead="i.ashdown")) == [ID]
    assert _ids(records, Filter(authority="330")) == [ID]
    assert _ids(records, Filter(due_by=date(2010, 11, 4))) == [OTHER]
    assert _ids(records, Filter(late=True)) == []
    assert _ids(records, Filter(late=True), date(2010, 11, 5)) == [OTHER], "a limit holds until the end of its day"
    assert _ids(records, Filter(late=True), date(2010, 11, 6)) == [OTHER, ID]


def test_late_limits_are_named(records: Engine) -> None:
    _two(records)
    with reading(records) as session:
        assert board.board(session, Filter(), date(2010, 11, 10))[0].late == ("case_lists", "set_up_meeting")


def test_a_published_inspection_waits_for_no_document_that_was_never_handed_in(records: Engine) -> None:
    _two(records)
    never = (limit("documents", date(2010, 11, 9)), limit("survey_invitations", date(2010, 11, 9)))
    closing = limit("complaints_close", date(2011, 2, 6), owner=None)
    record(records, "c2", 1, stage=Stage.PUBLISHED, limits=(*never, closing))
    with reading(records) as session:
        row = next(row for row in board.board(session, Filter(), date(2011, 1, 10)) if row.id == ID)
    assert (row.limit, row.due, row.waiting_for) == ("complaints_close", date(2011, 2, 6), None)
    assert (row.late, row.never_done) == ((), ("documents", "survey_invitations"))


def test_an_evaluation_is_named_while_it_is_due_and_holds_nothing_once_it_is_late(records: Engine) -> None:
    _two(records)
    evaluation, closing = (
        limit("evaluation", date(2011, 1, 21)),
        limit("complaints_close", date(2011, 2, 6), owner=None),
    )
    record(records, "c2", 1, stage=Stage.PUBLISHED, limits=(evaluation, closing))
    with reading(records) as session:
        rows = {day: board.board(session, Filter(authority="330"), date(2011, 1, day))[0] for day in (21, 22)}
    assert (rows[21].limit, rows[21].late) == ("evaluation", ())
    assert (rows[22].limit, rows[22].late, rows[22].never_done) == ("complaints_close", ("evaluation",), ())


def test_a_closed_inspection_is_shown_only_when_its_stage_is_asked_for(records: Engine) -> None:
    _two(records)
    record(records, "c2", 1, stage=Stage.CLOSED)
    assert _ids(records) == [OTHER]
    assert _ids(records, Filter(stage="closed")) == [ID]


def test_tasks_are_counted_and_listed_across_all(records: Engine) -> None:
    _two(records)
    later = MOMENT + timedelta(days=1)
    both = (TaskOrder(key="a", kind="gate"), TaskOrder(key="b", kind="gate"))
    record(records, "c2", 1, tasks=both, recorded=later)
    record(records, "c2", 1, inspection=OTHER, tasks=(TaskOrder(key="a", kind="gate"),))
    with reading(records) as session:
        assert {row.id: row.tasks for row in board.board(session, Filter(), TODAY)} == {ID: 2, OTHER: 1}
        assert [(task["inspection_id"], task["key"]) for task in inspection_rows.tasks(session)] == [
            (OTHER, "a"),
            (ID, "a"),
            (ID, "b"),
        ]
