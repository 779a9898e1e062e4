"""Events made from a command: what they take from it, and what the caller states."""

from datetime import UTC, date, datetime

from framework.messages.commands import SYSTEM, Actor, Command
from framework.messages.events import Event
from framework.vocabulary.roles import Role

RECEIVED = datetime(2010, 11, 9, 14, 30, tzinfo=UTC)
COMMAND = Command(
    id="c-17",
    step="correct",
    actor=Actor(person="m.okafor", posts=(Role.MANAGER,), entry_point="command line", ran_as="okafor"),
    on=date(2010, 11, 8),
    received=RECEIVED,
    fields={"event": 7, "reason": "t-1"},
)


def test_an_event_takes_its_day_receipt_person_and_entry_point_from_its_command() -> None:
    event = Event.from_command(
        COMMAND, kind="corrected", role=Role.MANAGER, paragraph=8, data=COMMAND.facts, reason=COMMAND.reason
    )
    assert event == Event(
        kind="corrected",
        on=date(2010, 11, 8),
        received=RECEIVED,
        by="m.okafor",
        role=Role.MANAGER,
        entry_point="command line",
        ran_as="okafor",
        paragraph=8,
        data={"event": 7},
        reason="t-1",
        cause="command:c-17",
    )


def test_what_the_system_adds_to_a_decision_has_the_command_as_its_cause_and_no_account_of_a_person() -> None:
    event = Event.from_command(
        COMMAND, kind="approval_withdrawn", role=Role.SYSTEM, paragraph=61, data={}, actor=SYSTEM
    )
    assert (event.by, event.entry_point, event.ran_as) == ("system", "engine", "")
    assert (event.on, event.received, event.cause, event.reason) == (date(2010, 11, 8), RECEIVED, "command:c-17", None)
