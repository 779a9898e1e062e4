"""An inspection in memory that checks every decision against the rules as it is made."""

from datetime import date, timedelta
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import end_of, london_day, start_of
from framework.common.errors import Refused
from framework.correspondence.letters import INTERNAL
from framework.correspondence.letters import letter as letter_rule
from framework.inspection.calendar_change import apply_calendar
from framework.inspection.event_kinds import EVENT_KINDS
from framework.inspection.replaced_values import REPLACED
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import Decision, decide
from framework.lifecycle.due_items import Due
from framework.messages.commands import Command
from framework.messages.events import Event
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import TEAM_ROLES, Role
from tests.framework.counted_days import working_days
from tests.framework.given_days import GivenDays
from tests.framework.in_memory import InMemoryInspection, actor
from tests.framework.lifecycle.test_lifecycle import DEEDS
from tests.framework.limit_invariants import check_decision
from tests.framework.ordinary_path import FOUR, FOUR_MORE, REASON
from tests.framework.random_steps import ENTERS, right_people

FILLED: dict[str, dict[str, Any]] = {
    "hold_set_up_meeting": {"attendees": "t-a", "decisions": "t-d"},
    "choose_first_cases": {"safeguarding": FOUR, "looked_after": FOUR_MORE},
    "give_oral_feedback": {"headings": "t-h", **REASON},
    "end_fieldwork": {"spoke_with_children": True, "sought_views_of_parents": True, **REASON},
    "refuse_deferral": REASON,
    "release_publication": REASON,
    "decide_late_comments": {"use": False, **REASON},
}
"""Forms as they should be, for steps that reminders ask for."""


class CheckedInspection(InMemoryInspection):
    """An inspection that checks every decision against the rules as it is made."""

    last: Due | None = None
    reminded: set[tuple[str, str, str, int]]
    mornings: set[tuple[str, str]]
    given: GivenDays
    complaints_until: str = ""
    calendar_entry: tuple[bool, int] = (False, -1)
    """Whether the meeting stands in the calendars of those invited, and the sequence of the newest message about it."""

    def commit(self, decision: Decision) -> Decision:
        before = self.inspection
        for event in decision.events:
            self.watch(before.stage, event)
            if event.role in TEAM_ROLES:
                assert before.connections.get(event.by, "allowed") == "allowed", f"{event.by} has a connection"
        (lead,) = decision.after.people[Role.LEAD_INSPECTOR]
        if lead not in before.people[Role.LEAD_INSPECTOR]:
            assert decision.after.connections.get(lead) != "barred"
        if decision.after.stage is not before.stage:
            kinds = {event.kind for event in decision.events}
            assert kinds & {*ENTERS[decision.after.stage], "withdrawn"}, (
                f"{decision.after.stage} without its event, from {kinds}"
            )
        for letter in decision.letters:
            assert right_people(letter, before.people), f"{letter.kind} to {letter.to} and {letter.cc}: {letter.facts}"
            internal = [item["limit"] for item in letter.facts.get("owed", ())] == ["deferral_answer"]  # to the manager
            may_know = before.was_notified or decision.after.was_notified or internal or letter.kind in INTERNAL
            assert may_know, f"{letter.kind} before the authority was notified"
            self._watch_days(letter)
            if letter.kind == "reminder":
                self._watch_owed(letter)
        check_decision(before, decision.events, decision.after, self.calendar, london_day(self.now))
        self._watch_informed(decision)
        self.given.take_in([event.kind for event in decision.events], decision.letters, decision.after, self.calendar)
        self.last = None
        return super().commit(decision)

    def proclaim(self, calendar: Calendar) -> None:
        """Takes in a newer calendar, as the rollout has every inspection do that is not over."""
        old, self.calendar = self.calendar, calendar
        if not self.inspection.is_finished:
            self.commit(apply_calendar(self.inspection, old, calendar, self.now, self.head))

    def watch(self, stage: Stage, event: Event) -> None:
        """Checks what no event may precede or contain."""
        kind, by, on, facts = event.kind, event.by, event.on, event.data
        assert event.cause.partition(":")[2], f"{kind} without a cause"
        assert event.reason or by == "system" or not owes_a_reason(kind), f"{kind} without its reason"
        assert ("before" in facts) == (kind in REPLACED), f"{kind} does not say what stood before"
        kinds = {event.kind for _, event in self.events}
        assert kind in EVENT_KINDS
        if kind == "published":
            assert by != "system"
            assert "final_issued" in kinds
        if kind == "final_issued":
            assert kinds & {"comments_returned", "comments_lapsed"}
        if kind == "comments_lapsed":
            assert self.now > end_of(self.standing("factual_comments").due)
            yesterday = london_day(self.now) - timedelta(days=1)
            assert working_days(self.inspection.date_of("draft_sent"), yesterday, self.calendar) >= 5
        if kind in ("window_closed", "cancelled_window_closed"):
            anchor = self.inspection.date_of("published" if kind == "window_closed" else "cancellation_served")
            assert anchor
            assert self.now >= start_of(anchor + timedelta(days=31))
        if kind == "cancelled_window_closed":
            assert self.complaints_until == str(self.standing("complaints_close").due), "another day than was told"
        if kind == "late_comments_returned" and stage is Stage.FINALISING:
            assert on > self.standing("factual_comments").due
        if kind == "reminder_sent":
            self._watch_rungs(facts)

    def _watch_informed(self, decision: Decision) -> None:
        """Checks that a deferral, a resumption and a cancellation go to all who had a letter, and withdraw a meeting ahead."""
        before, after = self.inspection, decision.after
        changed = {event.kind for event in decision.events} & {"deferred", "resumption_issued", "cancelled"}
        if changed and before.was_notified:
            assert any(letter_rule(letter.kind).to_all_told for letter in decision.letters), changed
        for letter in decision.letters:
            entry = letter.facts.get("meeting") or letter.facts.get("withdrawn")
            if letter.kind != "invitation_withdrawn" and entry:
                assert entry["sequence"] > self.calendar_entry[1], "calendars pass over what is not newer"
                self.calendar_entry = ("meeting" in letter.facts, entry["sequence"])
        assert self.calendar_entry[0] == (after.meeting is not None and not after.meeting.withdrawn)
        if after.stage in (Stage.DEFERRED, Stage.CANCELLED):
            assert not self.calendar_entry[0] or after.date_of("set_up_meeting_held")

    def _watch_days(self, letter: LetterOrder) -> None:
        """Checks that a letter names only moved days that still concern its readers, and one last day for complaints."""
        limits = {change["limit"] for change in letter.facts.get("moved", ())}
        done = {limit for limit in limits & DEEDS.keys() if days_met(self, limit)}
        assert not limits & {"notification", *done}, f"{letter.kind} tells of {limits}, done are {done}"
        self.complaints_until = letter.facts.get("complaints_until", self.complaints_until)
        for change in letter.facts.get("moved", ()):
            self.complaints_until = change["to"] if change["limit"] == "complaints_close" else self.complaints_until

    def _watch_rungs(self, facts: Any) -> None:
        """Checks that each rung goes to a person once, in a letter of its own morning."""
        morning = (facts["to"], str(london_day(self.now)))
        assert morning not in self.mornings, f"{morning} twice"
        self.mornings.add(morning)
        assert not self.calendar.why_not(london_day(self.now)), "on a day off"
        for rung in facts["rungs"]:
            for days in (rung["rung"], *rung["passed_over"]):
                same = (facts["to"], rung["limit"], rung["due"], days)
                assert same not in self.reminded, f"{same} twice"
                self.reminded.add(same)

    def _watch_owed(self, letter: LetterOrder) -> None:
        """Checks that a reminder is true on its day, and asks for what is not done and its reader can do."""
        today = london_day(self.now)
        owed = letter.facts["owed"]
        assert [item["due"] for item in owed] == sorted(item["due"] for item in owed), "not soonest first"
        for item in owed:
            limit = self.standing(item["limit"])
            assert (limit.state, str(limit.due)) == ("open", item["due"]), item
            assert item["days_late"] == (working_days(limit.due, today, self.calendar) if limit.due < today else 0)
            assert not days_met(self, item["limit"]), f"{item} is done"
            if "appointment" in item:
                assert item["appointment"]["day"] > str(today), "a note for a day that has come"
            else:
                self._can_be_done(item["step"], letter.persons[0], today)
        late = [item["limit"] for item in owed if item["days_late"] and item["limit"] == "case_audits"]
        assert not late or self.inspection.date_of("fieldwork_started"), "late before the day it is counted from"

    def _can_be_done(self, step: str, person: str, today: date) -> None:
        command = Command(
            id="t", step=step, actor=actor(person), on=today, received=self.now, fields=FILLED.get(step, {})
        )
        try:
            decide(self.inspection, command, self.calendar, self.now, self._asked())
        except Refused as refusal:
            raise AssertionError(f"{person} is asked for what is refused: {refusal}") from refusal

    def _happen(self, due: Due) -> None:
        assert due != self.last or due.at > self.now, f"{due} in the past twice"
        super()._happen(due)
        self.last = due


def days_met(scenario: InMemoryInspection, limit: str) -> list[date]:
    """Returns the days, as corrected, of everything that meets a limit: of an answer to a request to defer, the newest one;
    of oral feedback, on the last two days or with a reason."""
    log = scenario.inspection.log
    days = {number: day for number, (kind, day) in log.items() if kind in DEEDS.get(limit, ())}
    if limit == "deferral_answer":
        since = max(number for number, event in scenario.events
                    if event.kind == "deferral_requested" and event.data["ground"] == "other")  # fmt: skip
        days = {number: day for number, day in days.items() if number > since}
    if limit == "oral_feedback" and days:
        reasons = {number for number, event in scenario.events if event.reason}
        ended, due = scenario.inspection.date_of("fieldwork_ended"), scenario.standing("inspection_ends").due
        last = min(due, ended or due)
        at_the_end = {number: day for number, day in days.items()
                      if number in reasons or working_days(day, last, scenario.calendar) < 2}  # fmt: skip
        days = at_the_end if at_the_end or not ended else days
    return list(days.values())


def owes_a_reason(kind: str) -> bool:
    """Whether the form behind a kind of event asks for a reason in any case."""
    field = STEPS.by_event[kind].form.model_fields.get("reason") if kind in STEPS.by_event else None
    return field is not None and field.is_required()
