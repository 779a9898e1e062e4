"""`inspections show`: one inspection, as it is now or as it was known at a past moment."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framework.calendar.london_time import say_moment
from framework.common.errors import BadInput
from interfaces.cli.as_of import AsOf, moment, not_to_come
from interfaces.cli.options import Data, Json

if TYPE_CHECKING:
    from application.queries.available_steps import OpenStep
    from application.queries.inspection_view import CaseView
    from framework.inspection.parts import AgreedMeeting

Inspection = Annotated[str, typer.Argument(metavar="ID", help="The inspection.")]


def show(inspection: Inspection, as_of: AsOf = "", json: Json = False, data: Data = None) -> None:
    """One inspection: its limits and how they stand, people, letters and their fate, documents, tasks, and what can be done.

    With --as-of it is shown as the records knew it at that moment (the end of a day in London; London time without offset).
    """
    from application.open_context import looking
    from application.queries.access_logging import Read
    from application.queries.inspection_view import case_view
    from application.queries.lookups import must_know
    from interfaces.cli.open_steps import steps_of
    from interfaces.cli.output import print_json

    then = moment(as_of) if as_of else None
    with looking(data, Read("show", inspection, {"as_of": as_of})) as view:
        row = must_know(view.session, inspection)
        if then and then < row["started_at"]:
            raise BadInput(f"--as-of {as_of}: {inspection} was ordered on {say_moment(row['started_at'])}, after that")
        not_to_come(then, view)
        case = case_view(view.session, inspection, view.now, then)
        steps = () if then else steps_of(view, inspection)
        if json:
            print_json(document(case, steps, then))
        else:
            from interfaces.cli.show_text import print_case

            print_case(case, steps, then)


def document(case: "CaseView", steps: "tuple[OpenStep, ...]", then: datetime | None) -> dict[str, Any]:
    """The inspection as JSON."""
    from application.serializers.limits_now import limit_as_json, next_limit
    from framework.lifecycle.limit_status import limit_statuses_on
    from interfaces.cli.open_steps import as_json as step_as_json
    from interfaces.cli.tasks import as_json as task_as_json

    row, state = case.row, case.state
    limits = limit_statuses_on(state, case.calendar, case.today)
    return {
        "id": state.id,
        "reference": row["reference"],
        "authority": row["authority"],
        "authority_code": row["authority_code"],
        "scope": state.scope,
        "notice": state.notice,
        "edition": row["edition"],
        "stage": state.stage,
        "erased_on": case.erased_on,
        "as_of": then,
        "calendar": case.calendar.version,
        "started": row["started_at"],
        "notify_on": state.notify_on,
        "fieldwork": state.fieldwork,
        "fieldwork_started": state.date_of("fieldwork_started"),
        "fieldwork_ended": state.date_of("fieldwork_ended"),
        "meeting": _meeting(state.meeting, state.date_of("set_up_meeting_held")),
        "overrides": sorted(state.overrides),
        "next": next_limit(state, limits, case.today),
        "waits_for_mail": case.waits_for_mail,
        "limits": [limit_as_json(one, case.today, case.calendar, state.stage) for one in limits],
        "people": case.people,
        "letters": case.letters,
        "documents": case.documents,
        "tasks": [task_as_json(task) for task in case.tasks],
        "steps": [step_as_json(step) for step in steps],
        **_content(case),
        **({"not_kept": NOT_KEPT} if then else {"waiting": _waiting(row)}),
    }


def _meeting(meeting: "AgreedMeeting | None", held: date | None) -> dict[str, Any] | None:
    if meeting is None:
        return None
    return {"day": meeting.day, "at": meeting.at.isoformat("minutes"), "place": meeting.place, "held": held}


NOT_KEPT = (
    "addresses of people: the directory keeps no past, and names are those of today",
    "addresses of a letter that was sent again since (to, cc: null)",
    "what was handed in and not taken yet",
)
"""What cannot be shown of a past moment."""


def _content(case: "CaseView") -> dict[str, Any]:
    """Report and comments as they stand, or stood; only their texts' identifiers, the words are on the documents."""
    return {
        "sections": [{"heading": one["heading"], "grade": one["grade"]} for one in case.sections],
        "comments": [
            {
                "number": one["number"],
                "where": one["where"],
                "text": one["text"],
                "late": one["late"],
                "accepted": one["accepted"],
                "erased": one["text"] is None,
            }
            for one in case.comments
        ],
        "changes": case.changes,
        "accepted_without_change": case.unchanged,
    }


def _waiting(row: Any) -> list[dict[str, Any]]:
    return [
        {"command": one["command_id"], "step": one["step"], "by": one["person"], "received": one["received_at"]}
        for one in row["waiting"]
    ]
