"""The moves of an inspection: every row of the table by a role that may take it, what the mail system reports, and time passing.

All are decided by the code that decides in production."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from transitions import MachineError

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import at_nine, london_day, start_of
from framework.common.errors import BadInput, Refused
from framework.inspection.automatic_steps import due_decision
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.decide import decide
from framework.lifecycle.due_items import REMINDER, Due, next_due
from framework.lifecycle.steps import Step
from framework.messages.commands import SYSTEM, Actor, Command
from framework.vocabulary.roles import OFFICE_ROLES, Role
from tests.framework.lifecycle.exploration import Move
from tests.framework.lifecycle.inspection_abstraction import first_day_on_site, is_late
from tests.framework.lifecycle.inspection_forms import Filled, people_of, reported, variants
from tests.framework.lifecycle.inspection_observations import Observations
from tests.framework.lifecycle.inspection_states import Reached, later, record_state

ORDINARY = frozenset(
    {
        *("notify", "record_service", "record_cancellation_service"),
        *("receive_case_lists", "receive_documents", "confirm_survey_invitations", "receive_case_audits"),
        *("choose_first_cases", "hold_set_up_meeting", "start_fieldwork", "give_oral_feedback", "end_fieldwork"),
        *("submit_draft", "approve_draft", "send_draft", "submit_final", "approve_final", "issue_final"),
        *("publish", "record_evaluation", "resume"),
    }
)
"""The steps of the ordinary course, and the one on from a deferral; `return_comments` is one of them while the draft is out.
Every other is a departure."""
MOST_DUE_ITEMS = 12
"""So many due items pass, at most, until something comes of them that makes another state."""
MOST_REMINDERS = 3
"""So many where only reminders are ahead."""
A_MINUTE = timedelta(minutes=1)


class InspectionMoves:
    """Makes the moves of an inspection, and has what they bring observed."""

    def __init__(self, calendar: Calendar, observations: Observations, key: Callable[[Reached], Hashable]) -> None:
        self.calendar = calendar
        self.observations = observations
        self.key = key
        self._commands = 0

    def of(self, state: Reached) -> Iterator[Move[Reached]]:
        """Yields every move from this state."""
        if state.inspection.is_finished:
            return
        yield from self._time(state)
        for row in state.inspection.lifecycle.steps.open_from(state.inspection.stage):
            yield from self._steps(state, row)

    # Steps ------------------------------------------------------------------------------------------------------------

    def _steps(self, state: Reached, row: Step) -> Iterator[Move[Reached]]:
        people = [role for role in row.by if role is not Role.SYSTEM]
        if people:
            for variant, forms in variants(state, row, self.calendar).items():
                yield self._move(state, row, variant, people, forms)
        if Role.SYSTEM in row.by:
            for variant, forms in reported(state, row).items():
                yield self._move(state, row, variant, [Role.SYSTEM], forms)

    def _move(
        self, state: Reached, row: Step, variant: str, roles: Sequence[Role], forms: tuple[Filled, ...]
    ) -> Move[Reached]:
        return Move(
            f"{row.name} {variant}".strip(),
            partial(self._take, state, row, variant, roles, forms),
            is_departure=_is_departure(state.inspection, row, variant),
            is_new=partial(self.observations.lacks, row, state.inspection.stage, variant, roles),
        )

    def _take(
        self, state: Reached, row: Step, variant: str, roles: Sequence[Role], forms: tuple[Filled, ...]
    ) -> Reached | None:
        """Returns the state the step leads to, taken by the first role that may. Other roles take it if none of theirs has yet."""
        first: Reached | None = None
        for role in roles:
            if first is None or not self.observations.was_taken_by(row, role):
                after = self._taken_by(state, row, variant, role, forms)
                first = first or after
        return first

    def _taken_by(
        self, state: Reached, row: Step, variant: str, role: Role, forms: tuple[Filled, ...]
    ) -> Reached | None:
        for person in people_of(state.inspection, role):
            for form in forms:
                if after := self._decided(state, row, variant, role, person, form):
                    return after
        return None

    def _decided(
        self, state: Reached, row: Step, variant: str, role: Role, person: str, form: Filled
    ) -> Reached | None:
        fields, day = form
        self._commands += 1
        actor = SYSTEM if role is Role.SYSTEM else Actor(person=person, posts=(role,) if role in OFFICE_ROLES else ())
        command = Command(
            id=f"c{self._commands}",
            step=row.name,
            actor=actor,
            on=day or london_day(state.now),
            received=state.now,
            fields=dict(fields),
        )
        try:
            decision = decide(state.inspection, command, self.calendar, state.now, record_state(state, self.calendar))
        except (BadInput, Refused):
            return None
        except MachineError as error:
            self.observations.broken(state, row, error)
            return None
        self.observations.step(state, row, variant, role, decision)
        return later(state, decision, state.now)

    # Time -------------------------------------------------------------------------------------------------------------

    def _time(self, state: Reached) -> Iterator[Move[Reached]]:
        """Yields the passing of time: to the next due item, or to the next day that makes another state, whichever is sooner."""
        names: list[str] = []  # the automatic steps that come of it: known only once it has passed
        after = self._time_passes(state, names)
        if after is not None:
            yield Move(", ".join(names) or "time", lambda: after, is_automatic=True)

    def _time_passes(self, state: Reached, names: list[str]) -> Reached | None:
        before, last = self.key(state), None
        for _ in range(MOST_DUE_ITEMS if self._is_more_ahead(state) else MOST_REMINDERS):
            due = next_due(state.inspection, self.calendar, state.now)
            day = self._next_day(state)
            if due is None and day is None:
                return None
            if due is None or (day is not None and day < due.at):
                assert day is not None
                state, last = replace(state, now=day, known={}), None
            else:
                if due == last and due.at <= state.now:
                    self.observations.due_again(state, due)
                    return None
                state, last = self._happens(state, due), due
                names += [due.what] if due.what != REMINDER else []
            if self.key(state) != before:
                return state
        return None

    def _is_more_ahead(self, state: Reached) -> bool:
        inspection, limits = state.inspection, state.limits(self.calendar)
        items = inspection.lifecycle.automatic_items(inspection, limits, state.now)
        return bool(items) or self._next_day(state) is not None

    def _happens(self, state: Reached, due: Due) -> Reached:
        now = max(state.now, due.at)
        decision = due_decision(state.inspection, due, self.calendar, now, record_state(state, self.calendar))
        self.observations.due(state, due, decision)
        return later(state, decision, now)

    def _next_day(self, state: Reached) -> datetime | None:
        """Returns the next moment ahead at which the first day on site has come, or the first thing owed is late."""
        inspection, moments = state.inspection, list[datetime]()
        owed = [limit for limit in state.limits(self.calendar) if limit.state == "open" and limit.rule.owner]
        if owed and not is_late(state, self.calendar):
            moments.append(start_of(min(limit.due for limit in owed) + timedelta(days=1)))
        if (first := first_day_on_site(inspection, self.calendar)) and first > london_day(state.now):
            moments.append(at_nine(first))
        return min((moment + A_MINUTE for moment in moments), default=None)


def _is_departure(inspection: Inspection, row: Step, variant: str) -> bool:
    """Returns whether the step leaves the ordinary course: another step, or one before its time."""
    if row.name == "return_comments":
        return row.dest is None or bool(variant)
    if row.name == "choose_first_cases":
        return "case_lists_received" not in inspection.milestones_reached
    if row.name == "receive_case_audits":
        return inspection.stage is not Stage.FIELDWORK
    return row.name not in ORDINARY or variant not in ("", "accepted")
