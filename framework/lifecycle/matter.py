"""The state of one matter: its events, applied one after another to what it began with.

The same function gives the state now (in the workflow) and at any past moment (from the records). Nothing here decides. What a
kind of matter has beyond this is in its own package, such as `framework.inspection.state`."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from framework.common.copies import copied
from framework.lifecycle.evolve import CALENDAR_CHANGE, record_amendments, remember_people
from framework.lifecycle.limits import LimitRule
from framework.lifecycle.parts import KeptDueDate, Miss, Occurrence
from framework.messages.commands import Actor
from framework.messages.events import Event
from framework.vocabulary.roles import OFFICE_ROLES, Role

if TYPE_CHECKING:
    from framework.lifecycle.lifecycle import Lifecycle


@dataclass(slots=True, kw_only=True)
class Matter:
    """The state of one matter. `stage` is moved by the table of its lifecycle alone."""

    id: str
    lifecycle: "Lifecycle" = field(compare=False, repr=False)
    stage: str
    people: dict[Role, tuple[str, ...]]
    first_people: dict[Role, tuple[str, ...]] = field(default_factory=dict)
    """The authority's people when the matter began: what its events are applied to."""
    milestones_reached: dict[str, Occurrence] = field(default_factory=dict)
    log: dict[int, tuple[str, date]] = field(default_factory=dict)
    """Number -> kind and day, as corrected, of each step that was taken."""
    events: dict[int, Event] = field(default_factory=dict, compare=False)  # the log adds commitments to an event's data
    """Number -> each event that changed the state: without one of them the state can be built again."""
    sent_reminders: set[tuple[str, date, int]] = field(default_factory=set)
    """Reminders sent or passed over: limit, the day it was then due, rung."""
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
    misses: dict[tuple[str, int], Miss] = field(default_factory=dict)
    """Limit and round -> the miss that an event recorded, which stays."""
    ever_held: dict[Role, set[str]] = field(default_factory=dict)
    """Role -> every person who holds or held it in this matter."""
    withdrawn: set[int] = field(default_factory=set)
    """The events of steps that were taken back: the state is as if they had not happened."""
    blocked_steps: set[str] = field(default_factory=set)
    """Automatic steps that could not be taken, until something changes."""

    @property
    def is_finished(self) -> bool:
        """Returns whether nothing more can happen."""
        raise NotImplementedError

    def as_ordered(self) -> Self:
        """Returns the state before the first event."""
        raise NotImplementedError

    def rule(self, key: str) -> LimitRule:
        """Returns the row of the limit `key`, with the settings that this matter began with. Raises BadInput for an unknown one."""
        raise NotImplementedError

    def round_of(self, limit: str) -> int:
        """Returns the round that a limit is in; the first is 1."""
        raise NotImplementedError

    def roles_of(self, actor: Actor) -> tuple[Role, ...]:
        """Returns every capacity of `actor` in this matter: office posts, and roles held here."""
        held = tuple(
            role for role, people in self.people.items() if actor.person in people and role not in OFFICE_ROLES
        )
        return tuple(dict.fromkeys((*actor.posts, *held)))

    def has_held(self, person: str, role: Role) -> bool:
        """Returns whether the person holds the role in this matter, or held it before."""
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
        return not {CALENDAR_CHANGE, "withdrawn"} & set(since)

    def before(self, moment: datetime) -> Self:
        """Returns the state from the events received before `moment`."""
        return self._rebuilt((number, event) for number, event in self.events.items() if event.received < moment)

    def after(self, events: Iterable[tuple[int, Event]]) -> Self:
        """Returns a copy to which the numbered events have been applied; this one stays as it is."""
        later = self.copy()
        for number, event in events:
            later.apply(number, event)
        return later

    def copy(self) -> Self:
        """Returns a copy that shares what never changes."""
        return copied(self)

    def apply(self, number: int, event: Event) -> None:
        """Applies one event. Kinds that change no state (letters, refusals, content) are ignored."""
        if event.kind == "withdrawn":
            self._withdraw(number, event)
            return
        step = self.lifecycle.steps.by_event.get(event.kind)
        if step is not None and not step.content:
            self.lifecycle.steps.advance(self, step)
            self.blocked_steps.clear()
            self.milestones_reached[event.kind] = Occurrence(number, event.on, event.received)
            self.log[number] = (event.kind, event.on)
            self.changed_at = event.received
        effect = self.lifecycle.effects.get(event.kind)
        if effect is not None:
            effect(self, number, event)
            self.changed_at = event.received
        record_amendments(self, number, event)
        if effect is not None or (step is not None and not step.content):
            self.events[number] = event
            remember_people(self)

    def replay(self, number: int, event: Event | str) -> None:
        """Applies an event whose withdrawals are carried out already: of a withdrawal only what it records.

        Content, of which only the kind is known, is ignored."""
        if isinstance(event, str):
            return
        if event.kind != "withdrawn":
            self.apply(number, event)
            return
        record_amendments(self, number, event)
        self.events[number] = event
        self.withdrawn.add(event.data["event"])
        self.blocked_steps.clear()
        self.changed_at = event.received

    def _rebuilt(self, events: Iterable[tuple[int, Event]]) -> Self:
        """Returns the state from these events alone."""
        state = self.as_ordered()
        for number, event in sorted(events, key=lambda item: item[0]):
            state.replay(number, event)
        return state

    def _withdraw(self, number: int, event: Event) -> None:
        """Builds the state again from its events without the one that is withdrawn. Misses and kept days stay recorded."""
        taken_back = self.events.pop(event.data["event"], None)
        before = self._rebuilt(self.events.items())
        before.replay(number, event)
        before.withdrawn |= self.withdrawn
        for limit in self.lifecycle.steps.by_event[taken_back.kind].meets if taken_back else ():
            before.frozen_due_dates.pop(limit, None)
            before.frozen_calendars.pop(limit, None)
        for part in fields(self):
            setattr(self, part.name, getattr(before, part.name))
