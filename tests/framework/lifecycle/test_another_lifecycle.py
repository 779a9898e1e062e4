"""The machinery run with a lifecycle of its own, of three stages: nothing in it knows an inspection."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest

from framework.calendar.bank_holidays import Calendar, england
from framework.calendar.working_days import working_days_after
from framework.common.errors import BadInput, Refused
from framework.common.forms import Strict
from framework.editions.october_2010.inspection import INSPECTION
from framework.lifecycle.decide import Decision, build_commit, decide, refusal_decision
from framework.lifecycle.due_items import REMINDER, next_due
from framework.lifecycle.evolve import EFFECTS
from framework.lifecycle.guards import Failed, StepContext, guard
from framework.lifecycle.ladders import Rung
from framework.lifecycle.lifecycle import Lifecycle
from framework.lifecycle.limit_status import limit_statuses
from framework.lifecycle.limits import WORKING, DueDate, LimitRule, derive
from framework.lifecycle.matter import Matter
from framework.lifecycle.misses import unmet_limits
from framework.lifecycle.step_result import Dates, LetterFactory, StepResult
from framework.lifecycle.steps import StepTable, row
from framework.lifecycle.withdrawals import steps_resting_on
from framework.messages.commands import Actor, Command
from framework.messages.events import Event
from framework.messages.orders import LetterOrder
from framework.messages.record_state import RecordState
from framework.vocabulary.roles import Role


class Stage(StrEnum):
    WRITTEN = "written"
    RECEIVED = "received"
    ANSWERED = "answered"


class Nothing(Strict):
    """No fields."""


class Day(Strict):
    """The event whose day was entered wrongly."""

    event: int
    on: date


class Enquiry(Matter):
    __slots__ = ()

    @property
    def is_finished(self) -> bool:
        return self.stage == Stage.ANSWERED

    def as_ordered(self) -> "Enquiry":
        return begin(self.lifecycle)

    def rule(self, key: str) -> LimitRule:
        return next(rule for rule in self.lifecycle.limits if rule.key == key)

    def round_of(self, limit: str) -> int:
        return 1


@dataclass(frozen=True, eq=False)
class EnquiryLifecycle(Lifecycle):
    def due_dates(self, matter: Any, calendar: Calendar, as_if_begun: date | None = None) -> dict[str, DueDate]:
        days = {anchor: day for anchor, kind in self.anchors.items() if (day := matter.date_of(kind))}
        return derive(self.limits, days, calendar, only=None, at_least={})

    def letter_days(self, matter: Any, calendar: Calendar, today: date) -> Dates:
        return {key: due.due for key, due in self.due_dates(matter, calendar).items()}


def _not_on_friday(context: StepContext[Any]) -> Failed | None:
    return Failed("nothing is answered on a Friday", 66) if context.moment.weekday() == 4 else None


def _outcome(context: StepContext[Any]) -> StepResult:
    """Returns the step's event with the letter of its row, which names the day of the answer."""
    event = Event.from_command(
        context.command,
        kind=context.step.event,
        role=context.role,
        paragraph=context.step.paragraph,
        data=context.command.facts,
    )
    return StepResult([event], [_letter(kind) for kind in context.step.letters])


def _letter(kind: str) -> LetterFactory:
    return lambda after, dates: LetterOrder(kind=kind, to=(Role.DCS,))


ANSWER = LimitRule("answer", "received", 5, WORKING, 66, Role.MANAGER, "Answer", policy=True)
ENQUIRY = EnquiryLifecycle(
    kind="enquiry",
    title="enquiry",
    steps=StepTable(
        Stage,
        (
            row("receive", Stage.WRITTEN, Stage.RECEIVED, Role.COORDINATOR, Nothing, "received", 64, letters="receipt"),
            row("answer", Stage.RECEIVED, Stage.ANSWERED, Role.MANAGER, Nothing, "answered", 66, meets="answer",
                guards="not_on_friday", letters="answer"),
            row("correct", Stage.RECEIVED, None, Role.COORDINATOR, Day, "corrected", 64),
        ),
    ),
    guards={"not_on_friday": guard(_not_on_friday)},
    outcomes={},
    default_outcome=_outcome,
    effects=EFFECTS,
    limits=(ANSWER,),
    anchors={"received": "received"},
    lapsed_by={},
    never_late=frozenset(),
    ended=frozenset({Stage.ANSWERED}),
    suspended=frozenset({Stage.ANSWERED}),
    ordinary_ladder=(Rung(-1), Rung(0), Rung(+1, cc=(Role.COORDINATOR,))),
    ladders={},
    reminded_after={},
    begins_with="received",
    owed_before=frozenset(),
    duties={},
    overdue_after={},
)  # fmt: skip
PEOPLE = {Role.MANAGER: ("m.okafor",), Role.COORDINATOR: ("c.marsh",)}
ACTORS = {
    "m.okafor": Actor(person="m.okafor", posts=(Role.MANAGER,)),
    "c.marsh": Actor(person="c.marsh", posts=(Role.COORDINATOR,)),
}
ENGLAND = england()
MONDAY, FRIDAY = datetime(2010, 11, 1, 10, tzinfo=UTC), datetime(2010, 11, 5, 10, tzinfo=UTC)


def begin(lifecycle: Lifecycle = ENQUIRY) -> Enquiry:
    return Enquiry(id="E-1", lifecycle=lifecycle, stage=lifecycle.steps.rows[0].sources[0], people=dict(PEOPLE))


def command(step: str, by: str, at: datetime, **fields: Any) -> Command:
    return Command(id=f"{step}-{at:%d}", step=step, actor=ACTORS[by], on=at.date(), received=at, fields=fields)


def take(matter: Matter, step: str, by: str, at: datetime, **fields: Any) -> Decision:
    head = max(matter.events, default=0)
    return decide(
        matter, command(step, by, at, **fields), ENGLAND, at, RecordState(head=head, calendar=ENGLAND.version)
    )


def received() -> Enquiry:
    after: Enquiry = take(begin(), "receive", "c.marsh", MONDAY).after
    return after


def test_a_step_moves_the_stage_and_brings_its_letter_and_its_limit() -> None:
    decision = take(begin(), "receive", "c.marsh", MONDAY)
    commit, due = build_commit(decision, "receive-1", MONDAY, 0, ENGLAND)
    assert (decision.after.stage, [event.kind for event in decision.events]) == (Stage.RECEIVED, ["received"])
    assert [(letter.kind, letter.dates) for letter in commit.letters] == [("receipt", {"answer": date(2010, 11, 8)})]
    assert [(limit.key, limit.due, limit.state) for limit in commit.limits] == [("answer", date(2010, 11, 8), "open")]
    assert due is not None
    assert (due.what, due.at.date()) == (REMINDER, date(2010, 11, 5))


def test_who_may_not_take_a_step_and_where_is_named_with_the_paragraph() -> None:
    with pytest.raises(Refused, match="answer is taken from received; E-1 is at written") as at_another_stage:
        take(begin(), "answer", "m.okafor", MONDAY)
    with pytest.raises(Refused, match=r"answer is taken by: Inspection manager; c\.marsh is Inspection coordinator"):
        take(received(), "answer", "c.marsh", MONDAY)
    with pytest.raises(BadInput, match="there is no step «notify»; the steps are receive, answer, correct"):
        take(begin(), "notify", "c.marsh", MONDAY)
    assert at_another_stage.value.paragraph == 66


def test_a_guard_of_the_lifecycle_refuses_and_the_refusal_is_an_event() -> None:
    matter, on_friday = received(), command("answer", "m.okafor", FRIDAY)
    with pytest.raises(Refused, match="answer: nothing is answered on a Friday") as refusal:
        decide(matter, on_friday, ENGLAND, FRIDAY, RecordState(head=1, calendar=ENGLAND.version))
    (event,) = refusal_decision(matter, on_friday, refusal.value).events
    assert (event.kind, event.role, event.paragraph, event.data["stage"]) == (
        "step_refused", Role.MANAGER, 66, "received",
    )  # fmt: skip


def test_the_next_reminder_follows_the_ladder_until_the_step_is_taken() -> None:
    matter = received()
    mornings, now = [], MONDAY
    while (due := next_due(matter, ENGLAND, now)) is not None:
        mornings.append((due.at.date().isoformat(), due.rungs[0].rung))
        sent = {"to": "m.okafor", "rungs": [rung.data() for rung in due.rungs]}
        matter.apply(10 + len(mornings), _event("reminder_sent", due.at, sent))
        now = due.at
    assert mornings == [("2010-11-05", -1), ("2010-11-08", 0), ("2010-11-09", 1)]
    answered = take(received(), "answer", "m.okafor", MONDAY).after
    assert next_due(answered, ENGLAND, MONDAY) is None


def test_a_limit_that_is_met_late_stays_missed_and_one_that_is_not_met_is_owed() -> None:
    late = datetime(2010, 11, 10, 10, tzinfo=UTC)
    assert [limit.rule.key for limit in unmet_limits(received(), ENGLAND, late.date())] == ["answer"]
    answered = take(received(), "answer", "m.okafor", late).after
    assert [(limit.state, limit.met_on) for limit in limit_statuses(answered, ENGLAND)] == [("met_late", late.date())]


def test_a_corrected_day_moves_the_limit_and_the_state_before_is_kept() -> None:
    matter = received()
    corrected = take(matter, "correct", "c.marsh", MONDAY.replace(day=3), event=1, on="2010-11-02").after
    assert limit_statuses(corrected, ENGLAND)[0].due == working_days_after(date(2010, 11, 2), 5, ENGLAND).due
    assert limit_statuses(corrected.before(MONDAY.replace(day=3)), ENGLAND)[0].due == date(2010, 11, 8)
    assert steps_resting_on(corrected, 1, (), ENGLAND) == [(2, "corrected")]


def test_a_changed_copy_of_a_lifecycle_is_another_one() -> None:
    without_answer = replace(ENQUIRY, steps=StepTable(Stage, ENQUIRY.steps.rows[:1]))
    assert begin(without_answer).lifecycle.steps.names == ("receive",)
    assert ENQUIRY.steps.names == ("receive", "answer", "correct")
    assert not without_answer.steps.can_be_met("answer", Stage.WRITTEN)
    assert ENQUIRY.steps.can_be_met("answer", Stage.WRITTEN)


def test_two_lifecycles_stand_beside_each_other() -> None:
    assert INSPECTION.steps.machine is not ENQUIRY.steps.machine
    matter = received()
    matter.apply(2, _event("notified", MONDAY, {}))  # an event of an inspection changes nothing here
    assert (matter.stage, list(matter.events)) == (Stage.RECEIVED, [1])


def _event(kind: str, at: datetime, data: dict[str, Any]) -> Event:
    return Event(kind=kind, on=at.date(), received=at, by="system", role=Role.SYSTEM, entry_point="engine", data=data)
