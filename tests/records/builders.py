"""Builders: an order, an inspection in the records, events, commits."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from framework.inspection.limits import AS_SHIPPED
from framework.inspection.order import Order
from framework.inspection.stages import Stage
from framework.messages.commands import Actor, Command
from framework.messages.commit import DecisionCommit, Stored
from framework.messages.events import Event
from framework.messages.orders import LetterOrder, LimitRow
from framework.vocabulary.roles import Role
from records.database.connection import writing
from records.directory import directory
from records.inspections import commit, repository, submissions
from records.inspections.repository import Start
from records.log.append import append
from records.queries.inspection_rows import InspectionRows, rows_of
from tests.orders import an_order

MOMENT = datetime(2010, 11, 3, 9, 0, tzinfo=UTC)
TODAY = date(2010, 11, 3)
ID = "SLAC-2010-001"


def order(reference: str = "REF-1", **changes: Any) -> Order:
    return an_order(reference=reference, **changes)


def begin(engine: Engine, identifier: str = ID, **changes: Any) -> str:
    """Creates a planned inspection of Birmingham; returns its identifier."""
    new = order(**changes)
    with writing(engine) as session:
        people = directory.people_of(session, new.authority)
        return repository.create(session, identifier, Start(new, people, MOMENT)).id


def append_order(engine: Engine, moment: datetime = MOMENT) -> None:
    """Appends the first event of the inspection, as an entry point does."""
    with writing(engine) as session:
        row = repository.find(session, ID)
        settings = {"limits": AS_SHIPPED.model_dump(mode="json"), "authority_people": row["first_people_json"]}
        first = event("inspection_ordered", received=moment, paragraph=8, data={**row["order_json"], **settings})
        append(session, ID, "order", [first], moment)


def event(kind: str = "case_lists_received", **changes: Any) -> Event:
    plain: dict[str, Any] = {
        "on": TODAY,
        "received": MOMENT,
        "by": "c.marsh",
        "role": Role.COORDINATOR,
        "entry_point": "command line",
        "paragraph": 42,
    }
    return Event(kind=kind, **{**plain, **changes})


def decision_commit(
    command: str = "c1", head: int = 0, events: Sequence[Event] | None = None, **changes: Any
) -> DecisionCommit:
    plain: dict[str, Any] = {
        "inspection": ID,
        "command_id": command,
        "expected_version": head,
        "recorded": MOMENT,
        "events": tuple(events) if events is not None else (event(),),
        "stage": Stage.NOTIFIED,
    }
    return DecisionCommit(**{**plain, **changes})


def record(engine: Engine, *arguments: Any, **changes: Any) -> Stored:
    """Commits the `decision_commit` of the arguments."""
    with writing(engine) as session:
        result = commit.commit(session, decision_commit(*arguments, **changes))
    assert isinstance(result, Stored)
    return result


def reminder(**changes: Any) -> LetterOrder:
    item = {"limit": "case_lists", "step": "receive_case_lists", "title": "Lists of cases", "due": "2010-11-05"}
    facts = {"owed": [{**item, "rung": 0, "days_late": 0}]}
    plain: dict[str, Any] = {"kind": "reminder", "to": (Role.LINK_OFFICER,), "cc": (Role.COORDINATOR,), "facts": facts}
    return LetterOrder(**{**plain, **changes})


def limit(key: str = "case_lists", due: date = date(2010, 11, 5), state: str = "open", **changes: Any) -> LimitRow:
    plain: dict[str, Any] = {"paragraph": 42, "owner": Role.LINK_OFFICER}
    return LimitRow(key=key, due=due, state=state, **{**plain, **changes})


def command(identifier: str = "c1", step: str = "receive_case_lists", by: str = "c.marsh", **changes: Any) -> Command:
    actor = Actor(person=by, posts=(Role.COORDINATOR,) if by == "c.marsh" else (), entry_point="command line")
    plain: dict[str, Any] = {"on": TODAY, "received": MOMENT, "fields": {}}
    return Command(id=identifier, step=step, actor=actor, **{**plain, **changes})


def store(engine: Engine, text_id: str, body: str, inspection: str = ID) -> str:
    """Stores a text; returns its identifier."""
    with writing(engine) as session:
        submissions.store_text(session, inspection, text_id, body, MOMENT)
    return text_id


def text_id(number: int) -> str:
    return f"t-00000000-0000-5000-8000-{number:012d}"


def rows(session: Session) -> InspectionRows:
    """What belongs to the inspection, as screens read it."""
    return rows_of(session, repository.find(session, ID))
