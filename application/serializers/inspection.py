"""One inspection as JSON."""

from datetime import date
from typing import Any

from application.queries.inspection_concerns import InspectionConcern
from application.queries.inspection_letters import Letter
from application.queries.inspection_view import InspectionView
from application.serializers.limits import limit_as_json, next_limit
from application.serializers.steps import steps_as_json
from application.serializers.tasks import tasks_as_json
from framework.inspection.parts import AgreedMeeting

NOT_KEPT = (
    "addresses of people: the directory keeps no past, and names are those of today",
    "addresses of a letter that was sent again since (to, cc: null)",
    "what was handed in and not taken yet",
)
"""What cannot be shown of a past moment."""


def inspection_as_json(view: InspectionView) -> dict[str, Any]:
    """Returns the inspection, now or as it was known."""
    state = view.state
    return {
        "id": state.id,
        "reference": view.reference,
        "authority": view.authority,
        "authority_code": view.authority_code,
        "scope": state.scope,
        "notice": state.notice,
        "edition": view.edition,
        "stage": state.stage,
        "erased_on": view.erased_on,
        "as_of": view.as_of,
        "calendar": view.calendar.version,
        "started": view.started,
        "notify_on": state.notify_on,
        "fieldwork": state.fieldwork,
        "fieldwork_started": state.date_of("fieldwork_started"),
        "fieldwork_ended": state.date_of("fieldwork_ended"),
        "meeting": _meeting(state.meeting, state.date_of("set_up_meeting_held")),
        "overrides": sorted(state.overrides),
        "next": next_limit(state, view.limits, view.today),
        "waits_for_mail": view.waits_for_mail,
        "limits": [limit_as_json(status, view.today, view.calendar, state.stage) for status in view.limits],
        "earlier_misses": [
            limit_as_json(status, view.today, view.calendar, state.stage) for status in view.earlier_misses
        ],
        "people": view.people,
        "letters": [letter_as_json(letter) for letter in view.letters],
        "documents": view.documents,
        "tasks": tasks_as_json(view.tasks),
        "steps": steps_as_json(view.steps),
        **_content(view),
        "concerns": [concern_as_json(concern) for concern in view.concerns],
        **({"not_kept": NOT_KEPT} if view.as_of else {"waiting": _waiting(view)}),
    }


def letter_as_json(letter: Letter) -> dict[str, Any]:
    """Returns one letter; recipients are null where they were erased or are not stored."""
    return {
        "id": letter.id,
        "number": letter.number,
        "kind": letter.kind,
        "title": letter.title,
        "limits": letter.limits,
        "paragraph": letter.paragraph,
        "event": letter.event,
        "to": letter.to,
        "cc": letter.cc,
        "to_people": letter.to_people,
        "cc_people": letter.cc_people,
        "status": letter.status,
        "fate": letter.outcome,
        "queued": letter.queued,
        "sent": letter.sent,
        "message_id": letter.message_id,
        "documents": letter.documents,
        "erased": letter.erased,
    }


def concern_as_json(concern: InspectionConcern) -> dict[str, Any]:
    """Returns one concern; `settled` is null while it is not settled, `text` is null where the words were erased."""
    settled = concern.settled
    return {
        "number": concern.number,
        "on": concern.on,
        "raised_by": concern.raised_by,
        "by": concern.by,
        "text": concern.text,
        "settled": {"on": settled.on, "by": settled.by, "text": settled.text} if settled else None,
        "erased": concern.text is None,
    }


def _meeting(meeting: AgreedMeeting | None, held: date | None) -> dict[str, Any] | None:
    if meeting is None or meeting.withdrawn:
        return None
    return {"day": meeting.day, "at": meeting.at.isoformat("minutes"), "place": meeting.place, "held": held}


def _content(view: InspectionView) -> dict[str, Any]:
    """Returns report and comments: of the report only its headings and grades, since its words are in the documents."""
    changes = view.changes.data()
    return {
        "sections": view.sections,
        "comments": [
            {
                "number": comment.number,
                "where": comment.where,
                "text": comment.text,
                "late": comment.late,
                "accepted": comment.accepted,
                "erased": comment.text is None,
            }
            for comment in view.comments
        ],
        "changes": changes["changes"],
        "accepted_without_change": changes["unchanged"],
    }


def _waiting(view: InspectionView) -> list[dict[str, Any]]:
    return [
        {"command": row.command, "step": row.step, "by": row.person, "received": row.received} for row in view.waiting
    ]
