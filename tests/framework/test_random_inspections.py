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
from framework.inspection.event_kinds import EVENT_KINDS
from framework.inspection.replaced_values import REPLACED
from framework.inspection.stages import Stage
from framework.lifecycle.agenda import Due, next_due
from framework.lifecycle.decide import Decision
from framework.lifecycle.ladders import ladder, rung_day
from framework.lifecycle.lifecycle import EVENT_STEPS, STEP_NAMES, open_steps
from framework.lifecycle.limit_status import limit_statuses
from framework.lifecycle.limits import AS_SHIPPED, LimitSettings
from framework.messages.events import Event
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import TEAM_ROLES, Role
from tests.framework.in_memory import InMemoryInspection, actor
from tests.framework.lifecycle.test_lifecycle import DEEDS
from tests.framework.ordinary_path import get_on, to_the_end
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
    reminded: set[tuple[str, str, int]]
    complaints_until: str = ""

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
            assert right_people(letter), f"{letter.kind} to {letter.to} and {letter.cc}: {letter.facts}"
            internal = letter.facts.get("limit") == "deferral_answer"  # to the manager, also while it is planned
            assert decision.after.was_notified or internal, f"{letter.kind} before the authority was notified"
            self._watch_days(letter)
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
            self._watch_reminder(facts)

    def _watch_days(self, letter: LetterOrder) -> None:
        """A day that moved is told only to people who still have to do with it; of complaints one last day is told."""
        done = {limit for _, event in self.events for limit, kinds in DEEDS.items() if event.kind in kinds}
        assert not {one["limit"] for one in letter.facts.get("moved", ())} & {"notification", *done}
        self.complaints_until = letter.facts.get("complaints_until", self.complaints_until)
        for one in letter.facts.get("moved", ()):
            self.complaints_until = one["to"] if one["limit"] == "complaints_close" else self.complaints_until

    def _watch_reminder(self, facts: Any) -> None:
        assert not days_met(self, facts["limit"]), f"reminded of {facts['limit']} after it was done"
        assert self.inspection.stage not in (Stage.DEFERRED, Stage.CANCELLED, Stage.CLOSED)
        assert self.inspection.stage is not Stage.PLANNED or facts["limit"] == "deferral_answer"
        if facts["limit"] == "case_audits" and facts["rung"] > 0:
            assert self.inspection.date_of("fieldwork_started"), "late before the day it is counted from"
        for rung in (facts["rung"], *facts["passed_over"]):
            same = (facts["limit"], facts["due"], rung)
            assert same not in self.reminded, f"{same} twice"
            self.reminded.add(same)

    def _happen(self, due: Due) -> None:
        assert due != self.last or due.at > self.now, f"{due} in the past twice"
        super()._happen(due)
        self.last = due


def days_met(life: InMemoryInspection, limit: str) -> list[date]:
    """Returns the days, as corrected, of everything that meets a limit: of an answer to a request to defer, the newest one;
    of oral feedback on site, on the last two days or with a reason."""
    log = life.inspection.log
    days = {number: day for number, (kind, day) in log.items() if kind in DEEDS.get(limit, ())}
    if limit == "deferral_answer":
        since = max(number for number, event in life.events
                    if event.kind == "deferral_requested" and event.data["ground"] == "other")  # fmt: skip
        days = {number: day for number, day in days.items() if number > since}
    if limit == "oral_feedback" and not life.inspection.date_of("fieldwork_ended"):
        reasons = {number for number, event in life.events if event.reason}
        last = life.standing("inspection_ends").due
        days = {number: day for number, day in days.items()
                if number in reasons or working_days(day, last, life.calendar) < 2}  # fmt: skip
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
        self.life.reminded = set()
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
    def no_limit_goes_without_its_reminders(self) -> None:
        life = self.life
        due = next_due(life.inspection, life.calendar, life.now)
        if life.inspection.is_finished or (due and due.at <= life.now):
            return
        for limit in limit_statuses(life.inspection, life.calendar):
            armed = max(life.inspection.date_of(kind) or date.min for kind in STARTED_BY.get(limit.rule.key, NOTIFIED))
            if limit.state != "open" or armed == date.min:
                continue
            for rung in ladder(limit.rule):
                day = rung_day(limit.due, rung, life.calendar)
                late = limit.rule.key != "case_audits" or rung.days <= 0 or life.inspection.date_of("fieldwork_started")
                if day > armed and at_nine(day) <= life.now and late:
                    assert (limit.rule.key, limit.due, rung.days) in life.inspection.sent_reminders, (
                        f"{limit.rule.key} {rung}"
                    )

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


NOTIFIED = ("notified", "notified_anew")
STARTED_BY = {
    "inspection_ends": ("fieldwork_started",),
    "oral_feedback": ("fieldwork_started",),
    "draft_report": ("fieldwork_ended",),
    "factual_comments": ("draft_sent",),
    "final_report": ("fieldwork_ended",),
    "publication": ("fieldwork_ended",),
    "evaluation": ("published",),
    "deferral_answer": ("deferral_requested",),
}
"""What must have happened before anybody is asked for a limit."""


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
