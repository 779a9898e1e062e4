"""What a lifecycle brought about, read from its records: the plan of the bare workflow that is compared with it."""

from sqlalchemy import select

from interfaces.bench.bare import Plan
from interfaces.bench.house import House
from records.database import reading
from records.tables import EVENTS, SUBMISSIONS
from records.tables_out import DOCUMENTS, LETTERS, PUBLICATIONS


def plan_of(house: House, reference: str) -> Plan:
    """The effects of each command in order: one record, and each letter and document it brought; a report it published.

    Content that was written without the engine, and what became of each letter, count as no effect."""
    with reading(house.records) as session:
        connection = session.connection()
        events = connection.execute(
            select(EVENTS.c.number, EVENTS.c.command_id, EVENTS.c.kind, EVENTS.c.door)
            .where(EVENTS.c.inspection_id == reference)
            .order_by(EVENTS.c.number)
        ).all()
        taken = set(
            connection.execute(
                select(SUBMISSIONS.c.command_id).where(SUBMISSIONS.c.inspection_id == reference)
            ).scalars()
        )
        made = [
            (row.event_number, kind)
            for kind, table in (("letter", LETTERS), ("document", DOCUMENTS))
            for row in connection.execute(select(table.c.event_number).where(table.c.inspection_id == reference))
        ]
        published = connection.execute(
            select(PUBLICATIONS.c.document_id).where(PUBLICATIONS.c.inspection_id == reference)
        ).all()
    command_of = {row.number: row.command_id for row in events}
    begins: list[str] = []
    commands: dict[str, list[str]] = {}
    for row in events:
        if row.command_id in taken:
            commands.setdefault(row.command_id, ["record"])
    by_itself = {row.command_id for row in events if row.door == "engine" and not row.command_id.startswith("outbox:")}
    begins += ["record" for _ in by_itself]
    for number, kind in sorted(made):
        commands.get(command_of[number], begins).append(kind)
    if published and commands:
        commands[list(commands)[-1]].append("publication")
    return [begins, *commands.values()]
