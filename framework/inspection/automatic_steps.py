"""What happens of itself when its moment comes: reminders, notification, comments lapsing, the window closing.

An automatic step is decided like any other command; where a rule refuses it, it is held and a task is opened."""

from datetime import datetime

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused, Unaddressed
from framework.inspection.notification_gates import faults
from framework.inspection.outcomes.waiting import gates_wait
from framework.inspection.reminder_letters import passed_over, reminder_result
from framework.inspection.state import Inspection
from framework.lifecycle.decide import Decision, decide, finalize
from framework.lifecycle.due_items import REMINDER, Due
from framework.lifecycle.step_result import StepResult
from framework.messages.commands import SYSTEM, Command
from framework.messages.events import system_event
from framework.messages.orders import TaskOrder
from framework.messages.record_state import RecordState


def automatic_command(inspection: Inspection, due: Due, moment: datetime, head: int) -> Command:
    """Returns the system's own command for what is due. Its identifier names the head it was decided at: it is the same when it
    is tried again, and another when the same step is due anew."""
    what = f"{REMINDER}:{london_day(due.at)}" if due.what == REMINDER else due.what
    return Command(
        id=f"auto:{what}:{head}",
        step=due.what,
        actor=SYSTEM,
        on=london_day(moment),
        received=moment,
        fields={},
    )


def due_decision(
    inspection: Inspection, due: Due, calendar: Calendar, moment: datetime, readiness: RecordState
) -> Decision:
    """Returns what a due thing brings: the reminders of a morning, or the automatic step, or (where a rule refuses it) a task."""
    if due.what == REMINDER:
        reminders = reminder_result(inspection, due.rungs, calendar, moment)
        return finalize(inspection, reminders, calendar, moment, readiness.head)
    command = automatic_command(inspection, due, moment, readiness.head)
    try:
        return decide(inspection, command, calendar, moment, readiness)
    except (BadInput, Refused) as refusal:
        held = _held(inspection, due, refusal, calendar, moment)
        return finalize(inspection, held, calendar, moment, readiness.head)


def held_decision(
    inspection: Inspection,
    due: Due,
    refusal: Refused,
    calendar: Calendar,
    moment: datetime,
    readiness: RecordState,
    *,
    with_letters: bool = True,
) -> Decision:
    """Returns what is recorded instead of a due thing that could not be: it is not tried for ever, and a task is opened.

    Of the reminders of a morning only those are held that cannot be addressed; the others go, unless no letter is to."""
    if with_letters and due.what == REMINDER and isinstance(refusal, Unaddressed):
        unreachable = dict.fromkeys(refusal.letters, str(refusal))
        result = reminder_result(inspection, due.rungs, calendar, moment, unreachable)
    else:
        result = _held(inspection, due, refusal, calendar, moment)
    return finalize(inspection, result, calendar, moment, readiness.head)


def _held(
    inspection: Inspection, due: Due, refusal: BadInput | Refused, calendar: Calendar, moment: datetime
) -> StepResult:
    if due.what == REMINDER:
        return passed_over(due.rungs, moment, str(refusal))
    paragraph = refusal.paragraph if isinstance(refusal, Refused) else inspection.lifecycle.steps.paragraph_of(due.what)
    data = {"step": due.what, "why": str(refusal)}
    event = system_event("automatic_step_held", moment, data, f"step:{due.what}", paragraph)
    task = TaskOrder(key=f"step:{due.what}", kind="gate", facts=data)
    earlier_task = task.model_copy(update={"closes": True})  # the cause may have changed
    gates = faults(inspection, london_day(moment), calendar) if due.what == "notify" else ()
    letters = [gates_wait(gates)] if gates else []
    return StepResult([event], letters, tasks=[earlier_task, task])
