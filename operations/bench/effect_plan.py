"""Reads the effects of a measured lifecycle from its records: the plan of the baseline that it is compared with."""

from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session

from framework.inspection.event_kinds import CONTENT_KINDS
from operations.bench.baseline_workflow import Plan
from operations.bench.environment import BenchEnvironment
from records.database.connection import reading
from records.tables.inspections import EVENTS, SUBMISSIONS
from records.tables.outbox import DOCUMENTS, LETTERS, PUBLICATIONS

WITHOUT_ENGINE = ("inspection_ordered", *CONTENT_KINDS)
"""Kinds of events that entry points write without the engine: they are no effects of a workflow."""
RECORD, LETTER, DOCUMENT, PUBLICATION = "record", "letter", "document", "publication"


def plan_of(environment: BenchEnvironment, reference: str) -> Plan:
    """Returns the effects of each command in order: each letter, document, publication and record of the log.

    Effects before the first command come first; records of delivery outcomes count for the command before them."""
    with reading(environment.records) as session:
        commands = set(_column(session, SUBMISSIONS.c.command_id, SUBMISSIONS, reference))
        ordered = [
            *((number, LETTER) for number in _column(session, LETTERS.c.event_number, LETTERS, reference)),
            *((number, DOCUMENT) for number in _column(session, DOCUMENTS.c.event_number, DOCUMENTS, reference)),
        ]
        log = session.connection().execute(
            select(EVENTS.c.number, EVENTS.c.command_id, EVENTS.c.kind)
            .where(EVENTS.c.inspection_id == reference, EVENTS.c.kind.not_in(WITHOUT_ENGINE))
            .order_by(EVENTS.c.number)
        )
        events = log.all()
        published = _column(session, PUBLICATIONS.c.document_id, PUBLICATIONS, reference)
    plan: Plan = [[]]
    command_of: dict[int, int] = {}
    for row in events:
        if row.command_id in commands:
            plan.append([])
        plan[-1].append(RECORD)
        command_of[row.number] = len(plan) - 1
    for number, kind in ordered:
        plan[command_of[number]].append(kind)
    plan[-1] += [PUBLICATION for _ in published]
    return plan


def one_record_a_command(plan: Plan) -> Plan:
    """Returns the same plan with a single record for each command."""
    return [[RECORD, *(kind for kind in effects if kind != RECORD)] for effects in plan]


def _column(session: Session, column: ColumnElement[Any], table: Table, reference: str) -> list[Any]:
    query = select(column).where(table.c.inspection_id == reference)
    return list(session.connection().execute(query).scalars())
