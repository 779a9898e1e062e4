"""Random inspections: any command by any person at any time, outages, mail refused, new holidays; and what must always hold."""

import os
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import DataObject, booleans, data, integers, sampled_from

from framework.calendar.bank_holidays import england
from framework.calendar.london_time import at_nine, london_day
from framework.common.errors import BadInput, Refused
from framework.inspection.limits import AS_SHIPPED, LimitSettings
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from framework.lifecycle.due_items import next_due
from framework.lifecycle.limit_status import limit_statuses
from tests.framework.checked_inspection import CheckedInspection, days_met
from tests.framework.counted_days import working_day_after
from tests.framework.given_days import GivenDays
from tests.framework.in_memory import actor
from tests.framework.limit_invariants import check_proven_days
from tests.framework.ordinary_path import get_on, to_the_end
from tests.framework.random_steps import PEOPLE, departure, fill_in, on_or_before, orders

OTHERWISE = LimitSettings(
    case_lists_count=0,
    documents_count=3,
    oral_feedback_count=4,
    evaluation_count=20,
    set_up_meeting_unit="calendar days",
)
"""An office that has set its limits in a way of its own."""
MANY = os.environ.get("HYPOTHESIS_PROFILE") == "full"


class Lives(RuleBasedStateMachine):
    """Any person may try any step at any time."""

    scenario: CheckedInspection

    @initialize(
        order=sampled_from(orders()),
        mail=sampled_from([True, True, True, False]),
        so_far=sampled_from([0, 8, 16, 24, 36, 60]),
        set_otherwise=sampled_from([AS_SHIPPED, AS_SHIPPED, OTHERWISE]),
    )
    def begins(self, order: Any, mail: bool, so_far: int, set_otherwise: LimitSettings) -> None:
        self.scenario = CheckedInspection(order, start="2010-10-25T08:00+00:00", settings=set_otherwise)
        self.scenario.reminded, self.scenario.mornings, self.scenario.given = set(), set(), GivenDays()
        self.scenario.accepts_mail = mail
        for _ in range(so_far):
            if self.scenario.inspection.stage is not Stage.PUBLISHED and not get_on(self.scenario):
                self.scenario.until(self.scenario.now + timedelta(days=2))

    @rule(data=data(), by=sampled_from(PEOPLE), anything=booleans())
    def a_person_tries_a_step(self, data: DataObject, by: str, anything: bool) -> None:
        scenario = self.scenario
        here = sorted({step.name for step in STEPS.open_from(scenario.inspection.stage)})
        step = data.draw(sampled_from(STEPS.names if anything or not here else here))
        self.tries(step, by, on_or_before(scenario, data, step), fill_in(step, scenario, data))

    @rule(data=data())
    def the_right_person_takes_a_step_here(self, data: DataObject) -> None:
        scenario = self.scenario
        rows = [row for row in STEPS.open_from(scenario.inspection.stage) if row.name != "cancel"]
        if rows:
            row = data.draw(sampled_from(rows))
            by = next((p for p in (*PEOPLE, *sum(scenario.inspection.people.values(), ()))
                       if set(scenario.inspection.roles_of(actor(p))) & set(row.by)), "system")  # fmt: skip
            self.tries(row.name, by, on_or_before(scenario, data, row.name), fill_in(row.name, scenario, data))

    def tries(self, step: str, by: str, on: date, fields: dict[str, Any]) -> None:
        scenario = self.scenario
        before, events = scenario.inspection.after(()), len(scenario.events)
        try:
            scenario.do(step, by, on, **fields)
        except (Refused, BadInput):
            assert scenario.inspection == before, "a refusal changed something"
            assert len(scenario.events) == events

    @rule(number=integers(0, 20), ahead=integers(5, 22))
    def the_ordinary_course_is_left(self, number: int, ahead: int) -> None:
        step, by, fields = departure(self.scenario, number, ahead)
        self.tries(step, by, self.scenario.now.date(), fields)

    @rule(leave_out=sampled_from([0, 0, 0, 1, 2]))
    def it_gets_on(self, leave_out: int) -> None:
        get_on(self.scenario, leave_out)

    @rule(days=sampled_from([0, 1, 1, 2, 3, 5, 8, 14]), minutes=sampled_from([0, 1, 600, 899, 900]))
    def time_passes(self, days: int, minutes: int) -> None:
        self.scenario.until(self.scenario.now + timedelta(days=days, minutes=minutes))

    @rule(days=integers(1, 12))
    def nothing_runs(self, days: int) -> None:
        self.scenario.pause((self.scenario.now + timedelta(days=days)).date().isoformat())

    @rule(accepts=sampled_from([True, True, False]))
    def the_mail_system_changes(self, accepts: bool) -> None:
        self.scenario.accepts_mail = accepts

    @precondition(lambda self: self.scenario.inspection.notification_pending)
    @rule(arrives=booleans())
    def word_comes_of_the_letter(self, arrives: bool) -> None:
        if arrives:
            self.scenario.do("record_service", method="email")
        elif self.scenario.inspection.stage in (Stage.PLANNED, Stage.DEFERRED):
            self.scenario.do("record_failed_service")

    @rule(ahead=integers(1, 20))
    def a_holiday_is_proclaimed(self, ahead: int) -> None:
        scenario, old = self.scenario, self.scenario.calendar
        day = (scenario.now + timedelta(days=ahead)).date()
        scenario.proclaim(replace(old, version=f"{old.version}+", holidays={**old.holidays, day: "A wedding"}))

    # What must hold -------------------------------------------------------------------------------------------------

    @invariant()
    def folding_the_events_gives_the_state(self) -> None:
        assert self.scenario.born.after(self.scenario.events) == self.scenario.inspection

    @invariant()
    def a_proven_day_is_moved_by_no_correction(self) -> None:
        check_proven_days(self.scenario.inspection, self.scenario.events)

    @invariant()
    def nothing_that_is_owed_and_possible_goes_without_its_reminders(self) -> None:
        """Held against quiet times: from the second working day after the last change on, every rung goes."""
        scenario = self.scenario
        due = next_due(scenario.inspection, scenario.calendar, scenario.now)
        changes = [event.received for _, event in scenario.events if not event.kind.startswith("reminder")]
        waits = (due and due.at <= scenario.now) or scenario.calendar.why_not(london_day(scenario.now))
        if not changes or scenario.inspection.is_finished or waits:
            return
        quiet_from = working_day_after(london_day(max(changes)), 1, scenario.calendar)
        for limit, stages in POSSIBLE.items():
            status = next(
                (
                    status
                    for status in limit_statuses(scenario.inspection, scenario.calendar)
                    if status.rule.key == limit
                ),
                None,
            )
            if status is None or status.state != "open" or scenario.inspection.stage not in stages:
                continue
            days = {rung: working_day_after(status.due, rung, scenario.calendar) for rung in (1, 3, 5)}
            come = [rung for rung, day in days.items() if day > quiet_from and at_nine(day) <= scenario.now]
            assert not come or (limit, status.due, come[-1]) in scenario.inspection.sent_reminders, (
                f"{limit} {come[-1]}"
            )

    @invariant()
    def nobody_who_was_in_time_is_marked_late(self) -> None:
        scenario = self.scenario
        for limit in limit_statuses(scenario.inspection, scenario.calendar):
            days = days_met(scenario, limit.rule.key)
            if limit.state == "met_late":
                assert all(day > limit.due for day in days), limit
            if limit.state == "lapsed":
                assert not any(day <= limit.due for day in days), limit

    def teardown(self) -> None:
        if hasattr(self, "scenario"):
            self.scenario.until(self.scenario.now)
            to_the_end(self.scenario)
            assert self.scenario.born.after(self.scenario.events) == self.scenario.inspection


BEFORE_THE_END = (Stage.NOTIFIED, Stage.SET_UP, Stage.FIELDWORK)
POSSIBLE = {
    "case_lists": BEFORE_THE_END,
    "documents": BEFORE_THE_END,
    "survey_invitations": BEFORE_THE_END,
    "publication": (Stage.FINAL_ISSUED,),
}
"""Limits that their owner can meet at any time of these stages."""
TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=2000 if MANY else 60,
    stateful_step_count=40,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_the_calendar_of_random_lives_is_the_shipped_one() -> None:
    assert CheckedInspection().calendar == england()
