"""The state of one inspection: its events, applied one after another to the order it began with.

The same function gives the state now (in the workflow) and at any past moment (from the records). Nothing here decides."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from framework.common.copies import copied
from framework.inspection.evolve import EFFECTS, declared, record_amendments, remember_people
from framework.inspection.order import Gate, Notice, Order, Scope
from framework.inspection.parts import (
    AgreedMeeting,
    Deferral,
    FirstCases,
    KeptDueDate,
    Miss,
    Occurrence,
    ReportInProgress,
)
from framework.inspection.stages import Stage
from framework.lifecycle.lifecycle import EVENT_STEPS, Step, machine
from framework.lifecycle.limits import AS_SHIPPED, LimitSettings
from framework.messages.commands import Actor
from framework.messages.events import Event
from framework.vocabulary.roles import AUTHORITY_ROLES, OFFICE_ROLES, Role

_MACHINE = machine()


@dataclass(slots=True)
class Inspection:
    """The state of one inspection. `stage` is moved by the table of `lifecycle` alone."""

    id: str
    order: Order
    people: dict[Role, tuple[str, ...]]
    first_people: dict[Role, tuple[str, ...]] = field(default_factory=dict)
    """The authority's people when the inspection was ordered: what its events are applied to."""
    settings: LimitSettings = AS_SHIPPED
    """What the office had set of the limits when this inspection was ordered; it keeps them for life."""
    stage: Stage = Stage.PLANNED
    milestones_reached: dict[str, Occurrence] = field(default_factory=dict)
    log: dict[int, tuple[str, date]] = field(default_factory=dict)
    """Number -> kind and day, as corrected, of each step that was taken."""
    events: dict[int, Event] = field(default_factory=dict, compare=False)  # the log adds commitments to an event's data
    """Number -> each event that changed the state: without one of them the state can be built again."""
    notify_on: date | None = None
    """The day of notification while planned; None for «now»."""
    fieldwork: date | None = None
    """The agreed first day on site."""
    announced_fieldwork: date | None = None
    """The first day on site that the newest notification names; None where it named the latest allowed."""
    meeting: AgreedMeeting | None = None
    first_cases: FirstCases = field(default_factory=FirstCases)
    overrides: set[Gate] = field(default_factory=set)
    connections: dict[str, str] = field(default_factory=dict)
    """Team member -> undecided, allowed or barred, for those who declared a connection (T2)."""
    unserved: int | None = None
    """The event that recorded that the newest notification did not arrive: a person makes the next one (para 8). Else None."""
    served_letter: str = ""
    """The letter whose acceptance is day 0; empty where the notification was handed over, or is still to come."""
    draft_letter: str = ""
    """The letter with the draft, from whose acceptance the five days of para 51 run; empty where none was sent."""
    cancellation_letter: str = ""
    """The letter whose acceptance began the time for complaints about a cancelled inspection."""
    notification_pending: bool = False
    awaited_letter: str = ""
    """The letter whose acceptance is day 0: the newest announcement or resumption."""
    deferral_ground: str | None = None
    """The ground of the request to defer that waits for a decision; None where none does."""
    deferral_request: int | None = None
    """The event of the newest request that a manager decides on: its answer has a limit (para 9)."""
    deferrals: list[Deferral] = field(default_factory=list)
    draft: ReportInProgress = field(default_factory=ReportInProgress)
    final: ReportInProgress = field(default_factory=ReportInProgress)
    comments: int = 0
    late_comments_undecided: int = 0
    publication_held: bool = False
    """True from the manager's decision to hold publication back until it is released (para 53)."""
    sent_reminders: set[tuple[str, date, int]] = field(default_factory=set)
    """Reminders sent or passed over: limit, the day it was then due, rung."""
    conduct_acknowledged: dict[str, date] = field(default_factory=dict)
    """Members of the team who acknowledged the code of conduct, with the day on which they did (para 62)."""
    waived_limits: dict[str, int] = field(default_factory=dict)
    """Limits that the manager waived once they were late, with the event that did; a new day 0 ends that."""
    changed_at: datetime | None = None
    """The moment of the newest event that changed anything."""
    frozen_due_dates: dict[str, date] = field(default_factory=dict)
    """Limits that were met when the calendar changed: the day they were due on, which stays."""
    frozen_calendars: dict[str, str] = field(default_factory=dict)
    """The same limits: the version of the calendar that day was counted with."""
    kept_due_dates: dict[str, KeptDueDate] = field(default_factory=dict)
    """Limits that are due no earlier than on this day, whatever a correction made of the day they are counted from."""
    round: int = 1
    """How many times the authority was notified, or is the first time: with each new notification limits begin anew."""
    deferral_requests: int = 0
    """How many requests to defer a manager had to decide on."""
    misses: dict[tuple[str, int], Miss] = field(default_factory=dict)
    """Limit and round -> the miss that an event recorded, which stays."""
    ever_held: dict[Role, set[str]] = field(default_factory=dict)
    """Role -> every person who holds or held it in this inspection."""
    withdrawn: set[int] = field(default_factory=set)
    """The events of steps that were taken back: the state is as if they had not happened."""
    blocked_steps: set[str] = field(default_factory=set)
    """Automatic steps that could not be taken, until something changes."""

    @property
    def scope(self) -> Scope:
        """Returns the halves it covers."""
        return self.order.scope

    @property
    def notice(self) -> Notice:
        """Returns how much notice the authority has."""
        return self.order.notice

    @property
    def meeting_ahead(self) -> AgreedMeeting | None:
        """Returns the set-up meeting that was invited to and is neither held nor withdrawn."""
        over = self.meeting is None or self.meeting.withdrawn or "set_up_meeting_held" in self.milestones_reached
        return None if over else self.meeting

    @property
    def by_hand(self) -> bool:
        """Returns whether a person delivers the announcement, so that the system sends none."""
        return self.order.service == "by_hand"

    @property
    def is_finished(self) -> bool:
        """Returns whether nothing more can happen: the window for complaints is over, or no notification was ever sent."""
        if self.stage is Stage.CANCELLED:
            return "cancelled_window_closed" in self.milestones_reached or not self.was_notified
        return self.stage is Stage.CLOSED

    @property
    def was_notified(self) -> bool:
        """Returns whether a notification was sent."""
        return "notification_issued" in self.milestones_reached or "notified" in self.milestones_reached

    def roles_of(self, actor: Actor) -> tuple[Role, ...]:
        """Returns every capacity of `actor` in this inspection: office posts, and roles held here."""
        held = tuple(
            role for role, people in self.people.items() if actor.person in people and role not in OFFICE_ROLES
        )
        return tuple(dict.fromkeys((*actor.posts, *held)))

    def round_of(self, limit: str) -> int:
        """Returns the round that a limit is in: an answer to a request to defer has one for each request."""
        return self.deferral_requests if limit == "deferral_answer" else self.round

    def has_held(self, person: str, role: Role) -> bool:
        """Returns whether the person holds the role in this inspection, or held it before."""
        return person in self.people.get(role, ()) or person in self.ever_held.get(role, ())

    def date_of(self, kind: str) -> date | None:
        """Returns the day of the newest event of a kind; None if there is none."""
        milestone = self.milestones_reached.get(kind)
        return milestone.on if milestone else None

    def changed_since(self, moment: datetime) -> bool:
        """Returns whether an event that changes anything was received at or after `moment`."""
        return self.changed_at is not None and self.changed_at >= moment

    def is_exact_before(self, moment: datetime) -> bool:
        """Returns whether `before(moment)` is exact: no calendar was applied and no step withdrawn since."""
        since = (event.kind for event in self.events.values() if event.received >= moment)
        return not {"calendar_changed", "withdrawn"} & set(since)

    def before(self, moment: datetime) -> "Inspection":
        """Returns the state from the events received before `moment`."""
        return self._rebuilt((number, event) for number, event in self.events.items() if event.received < moment)

    def as_ordered(self) -> "Inspection":
        """Returns the state before the first event."""
        return begin(self.id, self.order, self.first_people, self.settings)

    def _rebuilt(self, events: Iterable[tuple[int, Event]]) -> "Inspection":
        """Returns the state from these events alone."""
        state = self.as_ordered()
        for number, event in sorted(events, key=lambda item: item[0]):
            replayed(state, number, event)
        return state

    def after(self, events: Iterable[tuple[int, Event]]) -> "Inspection":
        """Returns a copy to which the numbered events have been applied; this one stays as it is."""
        later = copied(self)
        for number, event in events:
            later.apply(number, event)
        return later

    def apply(self, number: int, event: Event) -> None:
        """Applies one event. Kinds that change no state (letters, refusals, content) are ignored."""
        if event.kind == "withdrawn":
            self._withdraw(number, event)
            return
        step = EVENT_STEPS.get(event.kind)
        if step is not None and not step.content:
            self._move(step)
            self.blocked_steps.clear()
            self.milestones_reached[event.kind] = Occurrence(number, event.on, event.received)
            self.log[number] = (event.kind, event.on)
            self.changed_at = event.received
        effect = EFFECTS.get(event.kind)
        if effect is not None:
            effect(self, number, event)
            self.changed_at = event.received
        record_amendments(self, number, event)
        if effect is not None or (step is not None and not step.content):
            self.events[number] = event
            remember_people(self)

    def _withdraw(self, number: int, event: Event) -> None:
        """Builds the state again from its events without the one that is withdrawn. Misses and kept days stay recorded."""
        taken_back = self.events.pop(event.data["event"], None)
        before = self._rebuilt(self.events.items())
        replayed(before, number, event)
        before.withdrawn |= self.withdrawn
        for limit in EVENT_STEPS[taken_back.kind].meets if taken_back else ():
            before.frozen_due_dates.pop(limit, None)
            before.frozen_calendars.pop(limit, None)
        for part in fields(self):
            setattr(self, part.name, getattr(before, part.name))

    def _move(self, step: Step) -> None:
        if step.dest is not None and step.dest is not self.stage:
            _MACHINE.events[step.name].trigger(self)


def replayed(inspection: Inspection, number: int, event: Event | str) -> None:
    """Applies an event whose withdrawals are carried out already: of a withdrawal only what it records. Content is ignored."""
    if isinstance(event, str):
        return
    if event.kind != "withdrawn":
        inspection.apply(number, event)
        return
    record_amendments(inspection, number, event)
    inspection.events[number] = event
    inspection.withdrawn.add(event.data["event"])
    inspection.blocked_steps.clear()
    inspection.changed_at = event.received


def begin(
    identifier: str, order: Order, people: dict[Role, tuple[str, ...]], settings: LimitSettings = AS_SHIPPED
) -> Inspection:
    """Returns a new inspection before its first event: its team as ordered, the authority's people as the directory has them."""
    first_people = {role: held for role, held in people.items() if role in AUTHORITY_ROLES}
    inspection = Inspection(
        id=identifier,
        order=order,
        people={**first_people, **_ordered_people(order)},
        first_people=first_people,
        settings=settings,
        notify_on=None if order.notify == "now" else order.notify,
        fieldwork=order.fieldwork,
        connections={m.person: declared(m.undermines_objectivity) for m in order.team if m.connection},
    )
    remember_people(inspection)
    return inspection


def _ordered_people(order: Order) -> dict[Role, tuple[str, ...]]:
    people: dict[Role, tuple[str, ...]] = {}
    for member in order.team:
        role = Role(member.role)
        people[role] = (*people.get(role, ()), member.person)
    people[Role.QUALITY_ASSURANCE_MANAGER] = (order.quality_assurance,)
    people[Role.COORDINATOR] = (order.coordinator,)
    people[Role.MANAGER] = (order.manager,)
    return people


def summary(inspection: Inspection) -> dict[str, Any]:
    """Returns a short JSON summary of the state, for queries: identifiers and days only."""
    return {
        "id": inspection.id,
        "stage": inspection.stage.value,
        "fieldwork": inspection.fieldwork.isoformat() if inspection.fieldwork else None,
        "comments": inspection.comments,
        "overrides": sorted(inspection.overrides),
        "held": sorted(inspection.blocked_steps),
    }
