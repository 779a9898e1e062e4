"""What a command tells after a step was taken: what happened, the stage, and what is due next and on whom it waits."""

from typing import Any

from application.commands.take_step import TakeStep
from application.runtime.context import AppContext
from application.serializers import wording
from application.serializers.limits_now import next_limit
from framework.calendar.london_time import london_day
from framework.lifecycle.limit_status import limit_statuses_on
from framework.messages.commands import Answer
from interfaces.cli.output import print_text
from records.database.connection import reading
from records.inspections import repository
from records.log.read import editions_of, history


def told(system: AppContext, wish: TakeStep, answer: Answer) -> dict[str, Any]:
    """The answer as JSON, filled up from the records."""
    with reading(system.records) as session:
        inspection = repository.state(session, wish.inspection)
        calendar = repository.calendar_of(session, wish.inspection)
        happened = [one for one in history(session, wish.inspection) if one.number in answer.events]
        edition = editions_of(session, happened).get(wish.inspection)
    today = london_day(system.now())
    limits = limit_statuses_on(inspection, calendar, today)
    return {
        "id": wish.inspection,
        "command": wish.command,
        "stage": inspection.stage,
        "events": [
            {
                "number": one.number,
                "kind": one.event.kind,
                "on": one.event.on,
                "words": wording.happened(one.event, edition),
            }
            for one in happened
        ],
        "next": next_limit(inspection, limits, today),
        "next_of_itself": {"at": answer.next_due, "what": answer.next_what} if answer.next_due else None,
        "late": [one.rule.key for one in limits if one.state == "open" and one.due < today],
    }


def print_answer(told: dict[str, Any]) -> None:
    """The same for people."""
    for event in told["events"]:
        print_text(f"{told['id']}: {event['words']} on {wording.day(event['on'])} (event {event['number']})")
    if not told["events"]:
        print_text(f"{told['id']}: done before; nothing happened again")
    print_text(f"Stage: {wording.plain(told['stage'])}")
    coming = told["next"]
    if coming is None:
        print_text("Next: nothing is due")
        return
    waits = wording.owner(coming["waits_for"], {coming["waits_for"]: coming["people"]})
    late = " (late)" if coming["limit"] in told["late"] else ""
    print_text(f"Next: {coming['title']}, by {wording.day(coming['due'])}{late} (para {coming['paragraph']})")
    print_text(f"Waits for: {waits}")
