"""The concerns that were raised during one inspection, with their words (para 64)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from framework.inspection.concern_forms import Raiser
from framework.inspection.concerns import concerns_in
from framework.messages.events import StoredEvent
from records.log.texts import bodies


@dataclass(frozen=True, slots=True)
class ConcernSettlement:
    """How a concern was settled: when, by whom, and in which words (None where they were erased)."""

    on: date
    by: str
    text: str | None


@dataclass(frozen=True, slots=True)
class InspectionConcern:
    """A concern, by its number in the inspection. `text` is None where the words were erased."""

    number: int
    on: date
    """The London day it was raised on."""
    raised_by: Raiser
    by: str
    """The person who recorded it."""
    text: str | None
    settled: ConcernSettlement | None
    """None while it is not settled."""


def concerns_known(session: Session, events: Sequence[StoredEvent]) -> tuple[InspectionConcern, ...]:
    """Returns the concerns, each settled or not, that were recorded once `events` had been."""
    concerns = concerns_in(events)
    raised = {concern.text_id for concern in concerns}
    settled_with = {concern.settlement.text_id for concern in concerns if concern.settlement}
    words = bodies(session.connection(), raised | settled_with)
    return tuple(
        InspectionConcern(
            number=concern.number,
            on=concern.on,
            raised_by=concern.raised_by,
            by=concern.by,
            text=words[concern.text_id] or None,
            settled=ConcernSettlement(settled.on, settled.by, words[settled.text_id] or None)
            if (settled := concern.settlement)
            else None,
        )
        for concern in concerns
    )
