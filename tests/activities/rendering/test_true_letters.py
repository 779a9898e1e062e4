"""What every letter says is true on its day: each kind, at each stage, scope, notice and pace at which it can go."""

from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from activities.rendering.templates import render_letter
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused
from framework.correspondence.letters import LETTERS
from framework.inspection.order import Order
from framework.inspection.stages import Stage
from framework.lifecycle.decide import Decision
from framework.messages.orders import LetterOrder
from tests.activities.letter_data import letter_data
from tests.activities.rendering.letter_claims import promises_over, untrue
from tests.framework.in_memory import InMemoryInspection
from tests.framework.ordinary_path import REASON, get_on
from tests.framework.random_steps import orders
from tests.words import WHY

WAYS = (
    "ordinary",
    "defer",
    "cancel",
    "departures",
    "another meeting",
    "not served",
    "sent back",
    "lapse",
    "without comments",
    "late comments",
    "comments twice",
)


class Read(InMemoryInspection):
    """An inspection whose letters are rendered and read as they are ordered."""

    faults: list[str]
    kinds_read: set[str]

    def commit(self, decision: Decision) -> Decision:
        done = super().commit(decision)
        for order in decision.letters:
            self.read(order, decision)
        return done

    def read(self, order: LetterOrder, decision: Decision) -> None:
        letter = render_letter(order.kind, self._data(order))
        self.kinds_read.add(order.kind)
        so_far = {*decision.after.milestones_reached, *(["handed_in"] if order.facts["handed_in"] else [])}
        written = london_day(order.not_before or self.now)
        new_faults = [*promises_over(letter, written), *untrue(letter, so_far)]
        self.faults += [f"{order.kind} at {decision.after.stage} on {written}: {fault}" for fault in new_faults]

    def _data(self, order: LetterOrder) -> dict[str, Any]:
        state = self.inspection
        data = letter_data(
            order.kind,
            state.scope,
            state.notice,
            facts={**dict.fromkeys(order.names, "Miriam Oduya"), **order.facts},
            dates={key: str(day) if day else None for key, day in order.dates.items()},
        )
        data["texts"] = {name: data["texts"].get(name, WHY) for name in order.texts}
        if order.kind == "first_cases":
            data["texts"] = {name: ["A-1", "A-2"] for name in order.texts}
        data["inspection"]["stage"] = state.stage.value
        return {
            **data,
            "written_on": london_day(order.not_before or self.now).isoformat(),
            "attachments": list(order.attachments),
        }


def begun(order: Order, way: str) -> Read:
    """Returns the inspection as ordered; notified by the letter that goes by itself, where that letter is to come back."""
    run = Read(order)
    run.faults, run.kinds_read = [], set()
    if way == "not served":
        run.until(str(order.notify))
    return run


def live(order: Order, way: str, turn: int, pace: int) -> Read:
    """Takes an inspection from its order to its end, `pace` calendar days between steps, leaving the course at the `turn`th."""
    run = begun(order, way)
    for number in range(40):
        if run.inspection.is_finished:
            break
        if number == turn:
            leave_the_course(run, way)
        if way == "sent back" and "draft_sent_back" not in run.inspection.milestones_reached:
            attempt(run, "send_back_draft", "q.lindqvist", **REASON)
        if way == "without comments":
            attempt(run, "return_comments", "dcs.330")
        if not (way == "lapse" and run.inspection.stage is Stage.FACTUAL_CHECK) and get_on(run):
            if run.inspection.stage in RETURNED_AGAIN.get(way, ()):
                attempt(run, "return_comments", "dcs.330", comments=[{"where": "para 2", "text": "t-c"}])
            run.until(run.now + timedelta(days=pace))
        else:
            run.until(run.now + timedelta(days=max(pace, 5)))
    return run


def leave_the_course(run: Read, way: str) -> None:
    """Cancels, defers and resumes, or changes people and days, where that can be done now."""
    if way == "departures":
        attempt(run, "change_lead", "c.marsh", person="i.edgar", **REASON)
        any(attempt(run, "arrange_fieldwork", "c.marsh", starts=day) for day in days_ahead(run))
        oldest = min(run.inspection.log, default=0)
        attempt(run, "correct", "m.okafor", on=run.now.date() - timedelta(days=2), event=oldest, **REASON)
    if way == "another meeting":
        any(attempt(run, "arrange_set_up_meeting", "c.marsh", day=day, place=WHY) for day in days_ahead(run))
    if way == "not served" and attempt(run, "record_failed_service", "c.marsh", **REASON):
        run.until(run.now + timedelta(days=5))
        attempt(run, "notify", "c.marsh", address_confirmed=True)
    if way == "cancel":
        attempt(run, "cancel", "m.okafor", **REASON, explanation=WHY)
    if way == "defer":
        attempt(run, "request_deferral", "dcs.330", ground="staff_absence", **REASON)
        attempt(run, "request_deferral", "dcs.330", ground="other", **REASON)
        if attempt(run, "defer", "m.okafor", **REASON):
            run.until(run.now + timedelta(days=20))
            any(attempt(run, "resume", "c.marsh", fieldwork=day) for day in days_ahead(run))


def days_ahead(run: Read) -> list[str]:
    """Returns days from which a first day on site can be chosen, the latest first."""
    return [(run.now.date() + timedelta(days=number)).isoformat() for number in range(18, 5, -1)]


def attempt(run: Read, step: str, by: str, **fields: Any) -> bool:
    """Takes a step where the rules let it be taken."""
    try:
        run.do(step, by, **fields)
    except (Refused, BadInput):
        return False
    return True


NEVER_LEFT = -1
TURNS = {
    "defer": (1, 3, 5),
    "cancel": (0, 1, 3, 5, 8, 10),
    "departures": (1, 4, 8),
    "another meeting": (1, 3),
    "not served": (1, 3, 5),
}
RETURNED_AGAIN = {
    "late comments": (Stage.FINALISING, Stage.FINAL_ISSUED, Stage.PUBLISHED),
    "comments twice": (Stage.FINALISING,),
}


PACES = (0, 16)
"""Calendar days between steps: everything at once, and everything late."""


@cache
def faults_and_kinds(way: str) -> tuple[frozenset[str], frozenset[str]]:
    """Returns the faults of every letter in the inspections that leave the course this way, and the kinds of letters read."""
    ordered = orders() if way == "ordinary" else orders()[::3]
    runs = [
        live(order, way, turn, pace) for pace in PACES for order in ordered for turn in TURNS.get(way, (NEVER_LEFT,))
    ]
    return frozenset(fault for run in runs for fault in run.faults), frozenset().union(
        *(run.kinds_read for run in runs)
    )


@pytest.mark.parametrize("way", WAYS)
def test_no_letter_promises_a_day_that_is_over_or_speaks_of_what_did_not_happen(way: str) -> None:
    faults, _ = faults_and_kinds(way)
    assert not faults, "\n".join(sorted(faults))


def test_the_lives_read_here_bring_every_letter_that_an_inspection_can_have() -> None:
    unread = {rule.kind for rule in LETTERS}.difference(*(faults_and_kinds(way)[1] for way in WAYS))
    assert not unread, (
        f"no inspection here brings {unread}: enter their steps in COURSE of tests/framework/ordinary_path.py"
    )
