"""Random lives: any command by anybody at any time, outages, mail refused, new holidays; and what must hold in all."""

import os
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import DataObject, booleans, data, integers, sampled_from

from framework.calendar.bank_holidays import Calendar, england
from framework.calendar.london_time import at_nine, end_of, london_day, start_of
from framework.common.errors import BadInput, Refused
from framework.correspondence.letters import INTERNAL
from framework.correspondence.letters import letter as letter_rule
from framework.inspection.event_kinds import EVENT_KINDS
from framework.inspection.replaced_values import REPLACED
from framework.inspection.stages import Stage
from framework.lifecycle.agenda import Due, next_due
from framework.lifecycle.decide import Decision, decide
from framework.lifecycle.lifecycle import EVENT_STEPS, STEP_NAMES, open_steps
from framework.lifecycle.limit_status import limit_statuses
from framework.lifecycle.limits import AS_SHIPPED, LimitSettings
from framework.messages.commands import Command
from framework.messages.events import Event
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import TEAM_ROLES, Role
from tests.framework.in_memory import InMemoryInspection, actor
from tests.framework.lifecycle.test_lifecycle import DEEDS
from tests.framework.limit_invariants import check_decision, check_proven_days
from tests.framework.ordinary_path import FOUR, FOUR_MORE, REASON, get_on, to_the_end
from tests.framework.random_steps import ENTERS, PEOPLE, fill_in, on_or_before, orders, right_people

OTHERWISE = LimitSettings(
    case_lists_count=0,
    documents_count=3,
    oral_feedback_count=4,
    evaluation_count=20,
    set_up_meeting_unit="calendar days",
)
"""An office that has set its limits in a way of its own."""
MANY = os.environ.get("HYPOTHESIS_PROFILE") == "full"


class WatchedLife(InMemoryInspection):
    """A life in which every decision is held against the rules as it is made."""

    last: Due | None = None
    reminded: set[tuple[str, str, str, int]]
    mornings: set[tuple[str, str]]
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
            assert kinds & ENTERS[decision.after.stage], f"{decision.after.stage} without its event, from {kinds}"
        for letter in decision.letters:
            assert right_people(letter, before.people), f"{letter.kind} to {letter.to} and {letter.cc}: {letter.facts}"
            internal = [item["limit"] for item in letter.facts.get("owed", ())] == ["deferral_answer"]  # to the manager
            told = decision.after.was_notified or internal or letter.kind in INTERNAL
            assert told, f"{letter.kind} before the authority was notified"
            self._watch_days(letter)
            if letter.kind == "reminder":
                self._watch_owed(letter)
        check_decision(before, decision.events, decision.after, self.calendar, london_day(self.now))
        self._watch_told(decision)
        self.last = None
        return super().commit(decision)

    def watch(self, stage: Stage, event: Event) -> None:
        """What no event may come before, or come to."""
        kind, by, on, facts = event.kind, event.by, event.on, event.data
        assert event.cause.partition(":")[2], f"{kind} without a cause"
        assert event.reason or by == "system" or not owes_a_reason(kind), f"{kind} without its reason"
        assert ("before" in facts) == (kind in REPLACED), f"{kind} does not say what stood before"
        happened = {event.kind for _, event in self.events}
        assert kind in EVENT_KINDS
        if kind == "published":
            assert by != "system"
            assert "final_issued" in happened
        if kind == "final_issued":
            assert happened & {"comments_returned", "comments_lapsed"}
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

    def _watch_told(self, decision: Decision) -> None:
        """Whoever was told is told of a deferral, a resumption and a cancellation, and no calendar keeps a meeting that is off."""
        before, after = self.inspection, decision.after
        changed = {event.kind for event in decision.events} & {"deferred", "resumption_issued", "cancelled"}
        if changed and before.was_notified:
            assert any(letter_rule(one.kind).to_all_told for one in decision.letters), changed
        for letter in decision.letters:
            entry = letter.facts.get("meeting") or letter.facts.get("withdrawn")
            if letter.kind != "invitation_withdrawn" and entry:
                assert entry["sequence"] > self.calendar_entry[1], "calendars pass over what is not newer"
                self.calendar_entry = ("meeting" in letter.facts, entry["sequence"])
        assert self.calendar_entry[0] == (after.meeting is not None and not after.meeting.withdrawn)
        if after.stage in (Stage.DEFERRED, Stage.CANCELLED):
            assert not self.calendar_entry[0] or after.date_of("set_up_meeting_held")

    def _watch_days(self, letter: LetterOrder) -> None:
        """A day that moved is told only to people who still have to do with it; of complaints one last day is told."""
        done = {limit for _, event in self.events for limit, kinds in DEEDS.items() if event.kind in kinds}
        assert not {one["limit"] for one in letter.facts.get("moved", ())} & {"notification", *done}
        self.complaints_until = letter.facts.get("complaints_until", self.complaints_until)
        for one in letter.facts.get("moved", ()):
            self.complaints_until = one["to"] if one["limit"] == "complaints_close" else self.complaints_until

    def _watch_rungs(self, facts: Any) -> None:
        """Each rung goes to a person once, in a letter of its own morning."""
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
        """What a reminder says is so on its day, and what it asks for is not done and can be done by the person it asks."""
        today = london_day(self.now)
        owed = letter.facts["owed"]
        assert [one["due"] for one in owed] == sorted(one["due"] for one in owed), "not soonest first"
        for one in owed:
            limit = self.standing(one["limit"])
            assert (limit.state, str(limit.due)) == ("open", one["due"]), one
            assert one["days_late"] == (working_days(limit.due, today, self.calendar) if limit.due < today else 0)
            assert not days_met(self, one["limit"]), f"{one} is done"
            if "appointment" in one:
                assert one["appointment"]["day"] > str(today), "a note for a day that has come"
            else:
                self._can_be_done(one["step"], letter.persons[0], today)
        late = [one["limit"] for one in owed if one["days_late"] and one["limit"] == "case_audits"]
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


def days_met(life: InMemoryInspection, limit: str) -> list[date]:
    """Returns the days, as corrected, of everything that meets a limit: of an answer to a request to defer, the newest one;
    of oral feedback, on the last two days or with a reason."""
    log = life.inspection.log
    days = {number: day for number, (kind, day) in log.items() if kind in DEEDS.get(limit, ())}
    if limit == "deferral_answer":
        since = max(number for number, event in life.events
                    if event.kind == "deferral_requested" and event.data["ground"] == "other")  # fmt: skip
        days = {number: day for number, day in days.items() if number > since}
    if limit == "oral_feedback":
        reasons = {number for number, event in life.events if event.reason}
        ended, due = life.inspection.date_of("fieldwork_ended"), life.standing("inspection_ends").due
        last = min(due, ended or due)
        at_the_end = {number: day for number, day in days.items()
                      if number in reasons or working_days(day, last, life.calendar) < 2}  # fmt: skip
        days = at_the_end if at_the_end or not ended else days
    return list(days.values())


def owes_a_reason(kind: str) -> bool:
    """Whether the form behind a kind of event asks for a reason in any case."""
    field = EVENT_STEPS[kind].form.model_fields.get("reason") if kind in EVENT_STEPS else None
    return field is not None and field.is_required()


def working_days(first: date | None, last: date, calendar: Calendar) -> int:
    """Working days after `first` up to and with `last`, one by one."""
    assert first
    days = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    return sum(day.weekday() < 5 and day not in calendar.holidays for day in days)


def working_day_after(day: date, count: int, calendar: Calendar) -> date:
    """The `count`th working day after a day, one by one."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in calendar.holidays
    return day


class Lives(RuleBasedStateMachine):
    """Anybody may try anything at any time."""

    life: WatchedLife

    @initialize(
        order=sampled_from(orders()),
        mail=sampled_from([True, True, True, False]),
        so_far=sampled_from([0, 8, 16, 24, 36, 60]),
        set_otherwise=sampled_from([AS_SHIPPED, AS_SHIPPED, OTHERWISE]),
    )
    def begins(self, order: Any, mail: bool, so_far: int, set_otherwise: LimitSettings) -> None:
        self.life = WatchedLife(order, start="2010-10-25T08:00+00:00", settings=set_otherwise)
        self.life.reminded, self.life.mornings = set(), set()
        self.life.accepts_mail = mail
        for _ in range(so_far):
            if self.life.inspection.stage is not Stage.PUBLISHED and not get_on(self.life):
                self.life.until(self.life.now + timedelta(days=2))

    @rule(data=data(), by=sampled_from(PEOPLE), anything=booleans())
    def somebody_tries_something(self, data: DataObject, by: str, anything: bool) -> None:
        life = self.life
        here = sorted({step.name for step in open_steps(life.inspection.stage)})
        step = data.draw(sampled_from(STEP_NAMES if anything or not here else here))
        self.tries(step, by, on_or_before(life, data, step), fill_in(step, life, data))

    @rule(data=data())
    def the_right_person_takes_a_step_here(self, data: DataObject) -> None:
        life = self.life
        rows = [row for row in open_steps(life.inspection.stage) if row.name != "cancel"]
        if rows:
            row = data.draw(sampled_from(rows))
            by = next((p for p in (*PEOPLE, *sum(life.inspection.people.values(), ()))
                       if set(life.inspection.roles_of(actor(p))) & set(row.by)), "system")  # fmt: skip
            self.tries(row.name, by, on_or_before(life, data, row.name), fill_in(row.name, life, data))

    def tries(self, step: str, by: str, on: date, fields: dict[str, Any]) -> None:
        life = self.life
        before, events = life.inspection.after(()), len(life.events)
        try:
            life.do(step, by, on, **fields)
        except (Refused, BadInput):
            assert life.inspection == before, "a refusal changed something"
            assert len(life.events) == events

    @rule(leave_out=sampled_from([0, 0, 0, 1, 2]))
    def it_gets_on(self, leave_out: int) -> None:
        get_on(self.life, leave_out)

    @rule(days=sampled_from([0, 1, 1, 2, 3, 5, 8, 14]), minutes=sampled_from([0, 1, 600, 899, 900]))
    def time_passes(self, days: int, minutes: int) -> None:
        self.life.until(self.life.now + timedelta(days=days, minutes=minutes))

    @rule(days=integers(1, 12))
    def nothing_runs(self, days: int) -> None:
        self.life.pause((self.life.now + timedelta(days=days)).date().isoformat())

    @rule(accepts=sampled_from([True, True, False]))
    def the_mail_system_changes(self, accepts: bool) -> None:
        self.life.accepts_mail = accepts

    @precondition(lambda self: self.life.inspection.notification_pending)
    @rule(arrives=booleans())
    def word_comes_of_the_letter(self, arrives: bool) -> None:
        if arrives:
            self.life.do("record_service", method="email")
        elif self.life.inspection.stage in (Stage.PLANNED, Stage.DEFERRED):
            self.life.do("record_failed_service")

    @rule(ahead=integers(1, 20))
    def a_holiday_is_proclaimed(self, ahead: int) -> None:
        life, old = self.life, self.life.calendar
        day = (life.now + timedelta(days=ahead)).date()
        life.calendar = replace(old, version=f"{old.version}+", holidays={**old.holidays, day: "A wedding"})
        life.last = None

    # What must hold -------------------------------------------------------------------------------------------------

    @invariant()
    def folding_the_events_gives_the_state(self) -> None:
        assert self.life.born.after(self.life.events) == self.life.inspection

    @invariant()
    def a_proven_day_is_moved_by_no_correction(self) -> None:
        check_proven_days(self.life.inspection, self.life.events)

    @invariant()
    def nothing_that_is_owed_and_possible_goes_without_its_reminders(self) -> None:
        """Held against quiet times: from the second working day after the last change on, every rung goes."""
        life = self.life
        due = next_due(life.inspection, life.calendar, life.now)
        changes = [event.received for _, event in life.events if not event.kind.startswith("reminder")]
        waits = (due and due.at <= life.now) or life.calendar.why_not(london_day(life.now))
        if not changes or life.inspection.is_finished or waits:
            return
        quiet_from = working_day_after(london_day(max(changes)), 1, life.calendar)
        for limit, stages in POSSIBLE.items():
            status = next(
                (one for one in limit_statuses(life.inspection, life.calendar) if one.rule.key == limit), None
            )
            if status is None or status.state != "open" or life.inspection.stage not in stages:
                continue
            days = {rung: working_day_after(status.due, rung, life.calendar) for rung in (1, 3, 5)}
            come = [rung for rung, day in days.items() if day > quiet_from and at_nine(day) <= life.now]
            assert not come or (limit, status.due, come[-1]) in life.inspection.sent_reminders, f"{limit} {come[-1]}"

    @invariant()
    def nobody_who_was_in_time_is_marked_late(self) -> None:
        life = self.life
        for limit in limit_statuses(life.inspection, life.calendar):
            days = days_met(life, limit.rule.key)
            if limit.state == "met_late":
                assert all(day > limit.due for day in days), limit
            if limit.state == "lapsed":
                assert not any(day <= limit.due for day in days), limit

    def teardown(self) -> None:
        if hasattr(self, "life"):
            self.life.until(self.life.now)
            to_the_end(self.life)
            assert self.life.born.after(self.life.events) == self.life.inspection


BEFORE_THE_END = (Stage.NOTIFIED, Stage.SET_UP, Stage.FIELDWORK)
POSSIBLE = {
    "case_lists": BEFORE_THE_END,
    "documents": BEFORE_THE_END,
    "survey_invitations": BEFORE_THE_END,
    "publication": (Stage.FINAL_ISSUED,),
}
"""Limits that their owner can meet at any time of these stages."""
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


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=2000 if MANY else 100,
    stateful_step_count=40,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_the_calendar_of_random_lives_is_the_shipped_one() -> None:
    assert WatchedLife().calendar == england()
