"""The steps that can be taken in an inspection now, with what stands in the way of each."""

from dataclasses import dataclass

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.available_steps import OpenStep, available_steps
from application.queries.snapshot import Snapshot, snapshot
from application.runtime.context import AppContext
from framework.inspection.stages import Stage
from framework.messages.record_state import RecordStateQuery
from records.directory.contacts import Contacts, contacts
from records.inspections.reader import InspectionReader
from records.inspections.readiness import record_state_of


@dataclass(frozen=True, slots=True)
class OpenSteps:
    """The steps of one inspection that are open now."""

    inspection: str
    stage: Stage
    steps: tuple[OpenStep, ...]


def open_steps(caller: Caller, context: AppContext, inspection: str, *, own: bool = False) -> OpenSteps:
    """Returns the open steps in the order of the table; with `own`, those that the caller may take themselves.

    Raises `BadInput` for an unknown inspection or caller."""
    with snapshot(caller, context, Use("do", inspection, everyday=True)) as view:
        reader = InspectionReader(view.session, view.inspection(inspection))
        return OpenSteps(inspection, reader.state.stage, steps_in(view, reader, own=own))


def steps_in(
    view: Snapshot, reader: InspectionReader, people: Contacts | None = None, *, own: bool = False
) -> tuple[OpenStep, ...]:
    """Returns the open steps of an inspection that is being read; `people` are its contacts, where they were read already."""
    connection, row = view.session.connection(), reader.row
    calendar = reader.calendar_in_force
    people = people or contacts(connection, row["authority_code"], row["people_json"])
    query = RecordStateQuery(inspection=reader.id, calendar=calendar.version, last_event=row["head_number"])
    state = record_state_of(connection, row, people, query)
    actor = view.caller.actor() if own else None
    return available_steps(reader.state, calendar, view.now, state, actor)
