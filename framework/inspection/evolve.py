"""The change of each kind of event to the state of an inspection beyond its stage: one function a kind, in the table at the foot.

Nothing here decides or refuses: an event is a fact."""

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

from framework.inspection.evolve_service import SERVICE_EFFECTS, withdraw_meeting
from framework.inspection.forms import is_refused_by_default
from framework.inspection.limits import BY_KEY, LimitSettings, is_due_by_fieldwork
from framework.inspection.order import Gate
from framework.inspection.parts import AgreedMeeting, Deferral, FirstCases, ReportInProgress
from framework.inspection.stages import Stage
from framework.lifecycle.evolve import EFFECTS as COMMON_EFFECTS
from framework.lifecycle.evolve import Effect, correct_day
from framework.messages.events import Event
from framework.vocabulary.roles import Role
from framework.vocabulary.team import with_contact, with_lead, with_member

if TYPE_CHECKING:
    from framework.inspection.state import Inspection


def declared(undermines_objectivity: bool) -> str:
    """Returns the state of a connection when it is declared: undecided until a manager decides, or barred (T2)."""
    return "barred" if undermines_objectivity else "undecided"


def _ordered(state: "Inspection", number: int, event: Event) -> None:
    """Takes the settings of the limits from the order."""
    state.settings = LimitSettings.model_validate(event.data["limits"])


def _postponed(state: "Inspection", number: int, event: Event) -> None:
    state.notify_on = date.fromisoformat(event.data["notify"])
    state.deferral_ground = None


def _fieldwork_arranged(state: "Inspection", number: int, event: Event) -> None:
    """Drops the kept due days of what is due by fieldwork: an agreed earlier day shortens them, as a correction may not."""
    state.fieldwork = date.fromisoformat(event.data["starts"])
    for limit in [key for key in state.kept_due_dates if is_due_by_fieldwork(BY_KEY[key])]:
        del state.kept_due_dates[limit]


def _meeting_arranged(state: "Inspection", number: int, event: Event) -> None:
    sequence = state.meeting.sequence + 1 if state.meeting else 0
    state.meeting = AgreedMeeting(
        date.fromisoformat(event.data["day"]), time.fromisoformat(event.data["at"]), event.data["place"], sequence
    )


def _first_cases(state: "Inspection", number: int, event: Event) -> None:
    cases, safeguarding = tuple(event.data["texts"]), event.data["safeguarding"]
    state.first_cases = FirstCases(cases[:safeguarding], cases[safeguarding:])


def _draft_submitted(state: "Inspection", number: int, event: Event) -> None:
    state.draft = ReportInProgress(submitted=number, author=event.by)


def _draft_approved(state: "Inspection", number: int, event: Event) -> None:
    state.draft.approved_document = event.data["document"]


def _draft_sent_back(state: "Inspection", number: int, event: Event) -> None:
    state.draft = ReportInProgress()


def _final_submitted(state: "Inspection", number: int, event: Event) -> None:
    day = event.data.get("issue_on")
    state.final = ReportInProgress(number, event.by, issue_on=date.fromisoformat(day) if day else None)


def _final_approved(state: "Inspection", number: int, event: Event) -> None:
    state.final.approved_document = event.data["document"]


def _final_sent_back(state: "Inspection", number: int, event: Event) -> None:
    state.final = ReportInProgress()


def _comments_returned(state: "Inspection", number: int, event: Event) -> None:
    state.comments += event.data["count"]


def _late_comments_returned(state: "Inspection", number: int, event: Event) -> None:
    state.comments += event.data["count"]
    if state.stage is Stage.FINALISING:
        state.late_comments_undecided += event.data["count"]


def _late_comments_decided(state: "Inspection", number: int, event: Event) -> None:
    state.late_comments_undecided = 0


def _publication_held(state: "Inspection", number: int, event: Event) -> None:
    """Holds publication back; an override of an earlier hold does not lift this one."""
    state.publication_held = True
    state.overrides.discard(Gate.PUBLICATION_HOLD)


def _publication_released(state: "Inspection", number: int, event: Event) -> None:
    state.publication_held = False


def _deferral_requested(state: "Inspection", number: int, event: Event) -> None:
    state.deferral_ground = event.data["ground"]
    if not is_refused_by_default(event.data["ground"]):
        state.deferral_request = number
        state.waived_limits.pop("deferral_answer", None)
        state.deferral_requests += 1


def _deferral_refused(state: "Inspection", number: int, event: Event) -> None:
    state.deferral_ground = None


def _deferral_request_withdrawn(state: "Inspection", number: int, event: Event) -> None:
    state.deferral_ground = None


def _deferred(state: "Inspection", number: int, event: Event) -> None:
    state.deferral_ground = None
    state.deferrals.append(Deferral(event.on, granted_by=number))
    withdraw_meeting(state)


def _cancelled(state: "Inspection", number: int, event: Event) -> None:
    withdraw_meeting(state)


def _lead_changed(state: "Inspection", number: int, event: Event) -> None:
    state.people = with_lead(state.people, event.data["person"], stays=bool(event.data.get("stays")))
    _declare(state, event)


def _declare(state: "Inspection", event: Event) -> None:
    """Records a connection declared with joining; a person who is barred already stays so."""
    person = event.data["person"]
    if event.data.get("connection") and state.connections.get(person) != "barred":
        state.connections[person] = declared(event.data.get("undermines_objectivity", False))


def _contact_changed(state: "Inspection", number: int, event: Event) -> None:
    data = event.data
    leaves, instead_of = bool(data.get("leaves")), data.get("instead_of")
    state.people = with_contact(state.people, Role(data["role"]), data["person"], leaves=leaves, instead_of=instead_of)


def _team_changed(state: "Inspection", number: int, event: Event) -> None:
    leaves = bool(event.data.get("leaves"))
    state.people = with_member(state.people, Role(event.data["role"]), event.data["person"], leaves=leaves)
    if not leaves:
        _declare(state, event)


def _conduct_acknowledged(state: "Inspection", number: int, event: Event) -> None:
    state.conduct_acknowledged[event.by] = event.on


def _connection_decided(state: "Inspection", number: int, event: Event) -> None:
    state.connections[event.data["person"]] = "allowed" if event.data["allowed"] else "barred"


def _overridden(state: "Inspection", number: int, event: Event) -> None:
    state.overrides.add(Gate(event.data["gate"]))


def _corrected(state: "Inspection", number: int, event: Event) -> None:
    """Corrects the day of the event, and with it the ledger of deferrals."""
    correct_day(state, number, event)
    wrong, day = event.data["event"], date.fromisoformat(event.data["on"])
    state.deferrals = [_with_corrected_day(deferral, wrong, day) for deferral in state.deferrals]


def _with_corrected_day(deferral: Deferral, wrong: int, day: date) -> Deferral:
    if deferral.granted_by == wrong:
        return replace(deferral, began=day)
    return replace(deferral, ended=day) if deferral.ended_by == wrong else deferral


EFFECTS: dict[str, Effect] = {
    **COMMON_EFFECTS,
    **SERVICE_EFFECTS,
    "inspection_ordered": _ordered,
    "notification_postponed": _postponed,
    "fieldwork_arranged": _fieldwork_arranged,
    "set_up_meeting_arranged": _meeting_arranged,
    "first_cases_chosen": _first_cases,
    "draft_submitted": _draft_submitted,
    "draft_approved": _draft_approved,
    "draft_sent_back": _draft_sent_back,
    "comments_returned": _comments_returned,
    "late_comments_returned": _late_comments_returned,
    "late_comments_decided": _late_comments_decided,
    "final_submitted": _final_submitted,
    "final_approved": _final_approved,
    "final_sent_back": _final_sent_back,
    "final_reopened": _final_sent_back,
    "publication_held": _publication_held,
    "publication_released": _publication_released,
    "deferral_requested": _deferral_requested,
    "deferral_refused": _deferral_refused,
    "deferral_request_withdrawn": _deferral_request_withdrawn,
    "deferred": _deferred,
    "cancelled": _cancelled,
    "lead_changed": _lead_changed,
    "contact_changed": _contact_changed,
    "team_changed": _team_changed,
    "conduct_acknowledged": _conduct_acknowledged,
    "connection_decided": _connection_decided,
    "gate_overridden": _overridden,
    "corrected": _corrected,
}
