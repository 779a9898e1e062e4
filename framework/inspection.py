"""What is known of one inspection: the state you get by applying its events, one after another, to the order it began with.

The same function gives the state now (in the workflow) and at any past moment (from the records). Nothing here decides."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from framework.events import Event
from framework.lifecycle import EVENT_STEPS, Step, machine
from framework.messages import Actor
from framework.order import Gate, Notice, Order, Scope
from framework.roles import AUTHORITY_ROLES, OFFICE_ROLES, Role
from framework.stages import Stage

_MACHINE = machine()


@dataclass(frozen=True, slots=True)
class Happened:
    """When a kind of event last happened, and where it stands in the log."""

    number: int
    on: date
    received: datetime


@dataclass(frozen=True, slots=True)
class AgreedMeeting:
    """The set-up meeting as agreed: an appointment, never moved by the system."""

    day: date
    at: time
    place: str
    sequence: int = 0
    """How many times it was changed since it was first sent."""


@dataclass(frozen=True, slots=True)
class Deferral:
    """One row of the ledger of deferrals: from the day it was granted to the day of the new notification."""

    began: date
    ended: date | None = None


@dataclass(slots=True)
class ReportOnItsWay:
    """A report from its submission for quality assurance to its leaving the house (para 61)."""

    submitted: int | None = None
    author: str | None = None
    approved_document: str | None = None


@dataclass(slots=True)
class Inspection:
    """The state of one inspection. `stage` is moved by the table of `lifecycle` alone."""

    id: str
    order: Order
    people: dict[Role, tuple[str, ...]]
    stage: Stage = Stage.PLANNED
    happened: dict[str, Happened] = field(default_factory=dict)
    log: dict[int, tuple[str, date]] = field(default_factory=dict)
    """Number -> kind and day of each event that a correction may put right."""
    notify_on: date | None = None
    """The day of notification while planned; None for «now»."""
    fieldwork: date | None = None
    """The agreed first day on site."""
    meeting: AgreedMeeting | None = None
    first_cases: tuple[int, int] = (0, 0)
    overrides: set[Gate] = field(default_factory=set)
    connections: dict[str, str] = field(default_factory=dict)
    """Team member -> undecided, allowed or barred, for those who declared a connection (T2)."""
    notification_pending: bool = False
    deferral_asked: str | None = None
    deferrals: list[Deferral] = field(default_factory=list)
    draft: ReportOnItsWay = field(default_factory=ReportOnItsWay)
    final: ReportOnItsWay = field(default_factory=ReportOnItsWay)
    comments: int = 0
    late_comments_undecided: int = 0
    rungs: set[tuple[str, date, int]] = field(default_factory=set)
    """Reminders sent or passed over: limit, the day it was then due, rung."""
    held: set[str] = field(default_factory=set)
    """Automatic steps that could not be taken, until something changes."""

    @property
    def scope(self) -> Scope:
        """The halves it covers."""
        return self.order.scope

    @property
    def notice(self) -> Notice:
        """How much notice the authority has."""
        return self.order.notice

    @property
    def by_hand(self) -> bool:
        """True when a person hands the announcement over, so that none goes by itself."""
        return self.order.service == "by_hand"

    @property
    def over(self) -> bool:
        """True once nothing more is waited for: the window for complaints is over, or nobody was ever told."""
        if self.stage is Stage.CANCELLED:
            return "cancelled_window_closed" in self.happened or not self.told
        return self.stage is Stage.CLOSED

    @property
    def told(self) -> bool:
        """True once a notification has gone out."""
        return "notification_issued" in self.happened or "notified" in self.happened

    def roles_of(self, actor: Actor) -> tuple[Role, ...]:
        """Every capacity `actor` has in this inspection: office posts, and roles held here."""
        held = tuple(
            role for role, people in self.people.items() if actor.person in people and role not in OFFICE_ROLES
        )
        return tuple(dict.fromkeys((*actor.posts, *held)))

    def day_of(self, kind: str) -> date | None:
        """The day a kind of event last happened, or None."""
        happened = self.happened.get(kind)
        return happened.on if happened else None

    def after(self, events: Iterable[tuple[int, Event]]) -> "Inspection":
        """A copy to which the numbered events have been applied; this one stays as it is."""
        later = deepcopy_state(self)
        for number, event in events:
            later.apply(number, event)
        return later

    def apply(self, number: int, event: Event) -> None:
        """Take one event in. Kinds that change no state (letters, refusals, content) pass by."""
        step = EVENT_STEPS.get(event.kind)
        if step is not None and not step.content:
            self._move(step)
            self.held.clear()
            self.happened[event.kind] = Happened(number, event.on, event.received)
            self.log[number] = (event.kind, event.on)
        effect = _EFFECTS.get(event.kind)
        if effect is not None:
            effect(self, number, event)

    def _move(self, step: Step) -> None:
        if step.dest is not None and step.dest is not self.stage:
            _MACHINE.events[step.name].trigger(self)


def begin(identifier: str, order: Order, people: dict[Role, tuple[str, ...]]) -> Inspection:
    """A new inspection: its team as ordered, the authority's people as the directory has them."""
    return Inspection(
        id=identifier,
        order=order,
        people={**{role: who for role, who in people.items() if role in AUTHORITY_ROLES}, **_ordered_people(order)},
        notify_on=None if order.notify == "now" else order.notify,
        fieldwork=order.fieldwork,
        overrides={override.gate for override in order.overrides},
        connections={m.person: _declared(m.undermines_objectivity) for m in order.team if m.connection},
    )


def deepcopy_state(inspection: Inspection) -> Inspection:
    """A copy that shares what never changes."""
    return deepcopy(inspection, {id(inspection.order): inspection.order})


def _ordered_people(order: Order) -> dict[Role, tuple[str, ...]]:
    people: dict[Role, tuple[str, ...]] = {}
    for member in order.team:
        role = Role(member.role)
        people[role] = (*people.get(role, ()), member.person)
    people[Role.QUALITY_ASSURANCE_MANAGER] = (order.quality_assurance,)
    people[Role.COORDINATOR] = (order.coordinator,)
    people[Role.MANAGER] = (order.manager,)
    return people


def _declared(undermines: bool) -> str:
    return "barred" if undermines else "undecided"


# What each kind of event changes beyond the stage. ---------------------------------------------------------------


def _notification_issued(state: Inspection, number: int, event: Event) -> None:
    state.notification_pending = True


def _not_served(state: Inspection, number: int, event: Event) -> None:
    state.notification_pending = False
    state.held.add("notify")


def _notified(state: Inspection, number: int, event: Event) -> None:
    state.notification_pending = False
    state.deferral_asked = None
    state.happened["notification"] = Happened(number, event.on, event.received)
    if state.deferrals and state.deferrals[-1].ended is None:
        state.deferrals[-1] = Deferral(state.deferrals[-1].began, event.on)


def _postponed(state: Inspection, number: int, event: Event) -> None:
    state.notify_on = date.fromisoformat(event.data["notify"])
    state.deferral_asked = None


def _fieldwork_arranged(state: Inspection, number: int, event: Event) -> None:
    state.fieldwork = date.fromisoformat(event.data["starts"])


def _meeting_arranged(state: Inspection, number: int, event: Event) -> None:
    sequence = state.meeting.sequence + 1 if state.meeting else 0
    state.meeting = AgreedMeeting(
        date.fromisoformat(event.data["day"]), time.fromisoformat(event.data["at"]), event.data["place"], sequence
    )


def _first_cases(state: Inspection, number: int, event: Event) -> None:
    state.first_cases = (event.data["safeguarding"], event.data["looked_after"])


def _draft_submitted(state: Inspection, number: int, event: Event) -> None:
    state.draft = ReportOnItsWay(submitted=number, author=event.by)


def _draft_approved(state: Inspection, number: int, event: Event) -> None:
    state.draft.approved_document = event.data["document"]


def _draft_sent_back(state: Inspection, number: int, event: Event) -> None:
    state.draft = ReportOnItsWay()


def _final_submitted(state: Inspection, number: int, event: Event) -> None:
    state.final = ReportOnItsWay(submitted=number, author=event.by)


def _final_approved(state: Inspection, number: int, event: Event) -> None:
    state.final.approved_document = event.data["document"]


def _final_sent_back(state: Inspection, number: int, event: Event) -> None:
    state.final = ReportOnItsWay()


def _comments_returned(state: Inspection, number: int, event: Event) -> None:
    state.comments += event.data["count"]
    state.final = ReportOnItsWay()  # what was frozen does not answer them


def _late_comments_returned(state: Inspection, number: int, event: Event) -> None:
    state.comments += event.data["count"]
    if state.stage is Stage.FINALISING:
        state.late_comments_undecided += event.data["count"]


def _late_comments_decided(state: Inspection, number: int, event: Event) -> None:
    state.late_comments_undecided = 0
    if event.data["use"]:
        state.final = ReportOnItsWay()


def _deferral_requested(state: Inspection, number: int, event: Event) -> None:
    state.deferral_asked = event.data["ground"]


def _deferral_refused(state: Inspection, number: int, event: Event) -> None:
    state.deferral_asked = None


def _deferred(state: Inspection, number: int, event: Event) -> None:
    state.deferral_asked = None
    state.deferrals.append(Deferral(event.on))


def _resumption_issued(state: Inspection, number: int, event: Event) -> None:
    state.notification_pending = True
    state.fieldwork = date.fromisoformat(event.data["fieldwork"])


def _lead_changed(state: Inspection, number: int, event: Event) -> None:
    state.people[Role.LEAD_INSPECTOR] = (event.data["person"],)
    inspectors = state.people.get(Role.INSPECTOR, ())
    state.people[Role.INSPECTOR] = tuple(person for person in inspectors if person != event.data["person"])


def _contact_changed(state: Inspection, number: int, event: Event) -> None:
    state.people[Role(event.data["role"])] = (event.data["person"],)


def _team_changed(state: Inspection, number: int, event: Event) -> None:
    role, person = Role(event.data["role"]), event.data["person"]
    others = tuple(one for one in state.people.get(role, ()) if one != person)
    if event.data.get("leaves"):
        state.people[role] = others
        return
    state.people[role] = (person,) if role is Role.QUALITY_ASSURANCE_MANAGER else (*others, person)
    if event.data.get("connection"):
        state.connections[person] = _declared(event.data.get("undermines_objectivity", False))


def _connection_decided(state: Inspection, number: int, event: Event) -> None:
    state.connections[event.data["person"]] = "allowed" if event.data["allowed"] else "barred"


def _overridden(state: Inspection, number: int, event: Event) -> None:
    state.overrides.add(Gate(event.data["gate"]))


def _corrected(state: Inspection, number: int, event: Event) -> None:
    wrong, right = event.data["event"], date.fromisoformat(event.data["on"])
    kind, _ = state.log[wrong]
    state.log[wrong] = (kind, right)
    for name, happened in list(state.happened.items()):
        if happened.number == wrong:
            state.happened[name] = Happened(wrong, right, happened.received)


def _reminded(state: Inspection, number: int, event: Event) -> None:
    due = date.fromisoformat(event.data["due"])
    for rung in (event.data["rung"], *event.data.get("passed_over", ())):
        state.rungs.add((event.data["limit"], due, rung))


def _held(state: Inspection, number: int, event: Event) -> None:
    state.held.add(event.data["step"])


Effect = Callable[[Inspection, int, Event], None]
_EFFECTS: dict[str, Effect] = {
    "notification_issued": _notification_issued,
    "notification_not_served": _not_served,
    "notified": _notified,
    "notified_anew": _notified,
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
    "deferral_requested": _deferral_requested,
    "deferral_refused": _deferral_refused,
    "deferred": _deferred,
    "resumption_issued": _resumption_issued,
    "lead_changed": _lead_changed,
    "contact_changed": _contact_changed,
    "team_changed": _team_changed,
    "connection_decided": _connection_decided,
    "gate_overridden": _overridden,
    "corrected": _corrected,
    "reminder_sent": _reminded,
    "reminder_passed_over": _reminded,
    "automatic_step_held": _held,
}


def summary(inspection: Inspection) -> dict[str, Any]:
    """The state in a few words of JSON, for queries: identifiers and days only."""
    return {
        "id": inspection.id,
        "stage": inspection.stage.value,
        "fieldwork": inspection.fieldwork.isoformat() if inspection.fieldwork else None,
        "comments": inspection.comments,
        "overrides": sorted(inspection.overrides),
        "held": sorted(inspection.held),
    }
