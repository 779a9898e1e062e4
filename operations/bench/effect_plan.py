"""What a lifecycle brought about, read from its records: the plan of the bare workflow that is compared with it."""

from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session

from operations.bench.baseline_workflow import Plan
from operations.bench.environment import BenchEnvironment
from records.database.connection import reading
from records.tables.inspections import EVENTS, SUBMISSIONS
from records.tables.outbox import DOCUMENTS, LETTERS, PUBLICATIONS

BESIDE_THE_ENGINE = ("inspection_ordered", "heading_graded", "section_written", "comment_answered")
"""Events that entry points write without the engine: no effect of a workflow."""
RECORD, LETTER, DOCUMENT, PUBLICATION = "record", "letter", "document", "publication"


def plan_of(house: BenchEnvironment, reference: str) -> Plan:
    """The effects of each command in order: every letter, document and publication, and every record of the log.

    What happens of itself before the first command comes first; what the outbox records counts for its command."""
    with reading(house.records) as session:
        taken = set(_column(session, SUBMISSIONS.c.command_id, SUBMISSIONS, reference))
        made = [
            *((number, LETTER) for number in _column(session, LETTERS.c.event_number, LETTERS, reference)),
            *((number, DOCUMENT) for number in _column(session, DOCUMENTS.c.event_number, DOCUMENTS, reference)),
        ]
        log = session.connection().execute(
            select(EVENTS.c.number, EVENTS.c.command_id, EVENTS.c.kind)
            .where(EVENTS.c.inspection_id == reference, EVENTS.c.kind.not_in(BESIDE_THE_ENGINE))
            .order_by(EVENTS.c.number)
        )
        events = log.all()
        published = _column(session, PUBLICATIONS.c.document_id, PUBLICATIONS, reference)
    plan: Plan = [[]]
    place: dict[int, int] = {}
    for row in events:
        if row.command_id in taken:
            plan.append([])
        plan[-1].append(RECORD)
        place[row.number] = len(plan) - 1
    for number, kind in made:
        plan[place[number]].append(kind)
    plan[-1] += [PUBLICATION for _ in published]
    return plan


def one_record_a_command(plan: Plan) -> Plan:
    """The same with a single record for each command, whatever it wrote."""
    return [[RECORD, *(kind for kind in effects if kind != RECORD)] for effects in plan]


def _column(session: Session, column: ColumnElement[Any], table: Table, reference: str) -> list[Any]:
    query = select(column).where(table.c.inspection_id == reference)
    return list(session.connection().execute(query).scalars())
