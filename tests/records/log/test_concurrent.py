"""Fifty writers at once on one inspection, entry points and workflow mixed: no fork, no gap, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

from sqlalchemy import Engine, text

from framework.inspection.stages import Stage
from framework.messages.commit import Committed
from records.database.connection import reading, writing
from records.inspections.commit import commit
from records.inspections.repository import find
from records.log.append import append
from records.verify.chain_check import chains
from records.verify.findings import Report
from tests.records.builders import ID, MOMENT, begin, decision_commit, event, reminder

WRITERS, EACH = 50, 4


def _append(engine: Engine, command: str) -> None:
    with writing(engine) as session:
        append(session, ID, command, [event("noted")], MOMENT)


def _commit(engine: Engine, command: str) -> None:
    """Reads the head, decides and commits as the workflow does, again for as long as the head moved meanwhile."""
    committed = False
    while not committed:
        with reading(engine) as session:
            head = find(session, ID)["head_number"]
        with writing(engine) as session:
            letters = (reminder(),) if sha256(command.encode()).digest()[0] % 4 == 0 else ()
            decision = decision_commit(command, head, [event(), event()], letters=letters, stage=Stage.PLANNED)
            committed = isinstance(commit(session, decision), Committed)


def test_fifty_writers_leave_one_chain_without_gap(records: Engine) -> None:
    begin(records)

    def work(writer: int) -> None:
        for turn in range(EACH):
            (_append if (writer + turn) % 2 else _commit)(records, f"{writer}-{turn}")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
    report = Report()
    with reading(records) as session:
        (chain,) = chains(session.connection(), report)
        numbers = list(session.connection().execute(text("SELECT number FROM events ORDER BY number")).scalars())
        commands = session.connection().execute(text("SELECT count(DISTINCT command_id) FROM events")).scalar_one()
    assert report.findings == []
    assert numbers == list(range(1, chain.head + 1))
    assert (chain.head, commands) == (WRITERS * EACH * 3 // 2, WRITERS * EACH)
