"""Concerns: read from their events, settled once, and never with a name (paras 54, 64)."""

from datetime import date, timedelta
from typing import Any

import pytest

from framework.common.errors import BadInput, Refused
from framework.inspection.concern_forms import AddConcern, Raiser, SettleConcern
from framework.inspection.concerns import RAISER_WORDS, Concern, Settlement, concerns_in, next_number, settling_fault
from framework.lifecycle.decide import validate
from framework.messages.commands import Command
from framework.messages.events import StoredEvent
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, actor, up_to_fieldwork
from tests.framework.ordinary_path import REASON
from tests.records.builders import ID, MOMENT, TODAY, event

LATER = TODAY + timedelta(days=1)
CONCERN = Concern(1, LATER, Raiser.PARENT_OR_CARER, "i.ashdown", "t-1")
SETTLED = Concern(2, TODAY, Raiser.OTHER, "i.bellamy", "t-2", Settlement(LATER, "c.marsh", "t-3"))


def log(*facts: tuple[str, str, date, dict[str, Any]]) -> list[StoredEvent]:
    """Returns events with these kinds, persons, days and data, as the log holds them."""
    events = [event(kind, by=by, on=on, data=data) for kind, by, on, data in facts]
    return [StoredEvent(ID, number, item, MOMENT, f"c{number}", 0) for number, item in enumerate(events, start=1)]


EVENTS = log(
    ("concern_raised", "i.ashdown", LATER, {"number": 1, "raised_by": "parent_or_carer", "text": "t-1"}),
    ("section_written", "i.ashdown", TODAY, {"heading": "about", "text": "t-9"}),
    ("concern_raised", "i.bellamy", TODAY, {"number": 2, "raised_by": "other", "text": "t-2"}),
    ("concern_settled", "c.marsh", LATER, {"number": 2, "text": "t-3"}),
)


def test_concerns_are_read_from_their_events_each_with_its_settlement() -> None:
    assert concerns_in(EVENTS) == (CONCERN, SETTLED)
    assert concerns_in(EVENTS[:3]) == (CONCERN, Concern(2, TODAY, Raiser.OTHER, "i.bellamy", "t-2"))
    assert concerns_in(EVENTS[1:2]) == ()


def test_concerns_are_numbered_from_one() -> None:
    assert [next_number(()), next_number((CONCERN,)), next_number((CONCERN, SETTLED))] == [1, 2, 3]


@pytest.mark.parametrize(
    ("number", "on", "bad_input", "words"),
    [
        (3, LATER, True, "there is no concern 3; those of this inspection are 1, 2"),
        (1, TODAY, True, f"concern 1 was raised on {LATER}: it was not settled before, on {TODAY}"),
        (
            2,
            LATER,
            False,
            f"concern 2 was settled on {LATER} by c.marsh already: where the same is raised again, add it",
        ),
    ],
)
def test_why_a_concern_cannot_be_settled(number: int, on: date, bad_input: bool, words: str) -> None:
    failed = settling_fault((CONCERN, SETTLED), number, on)
    assert failed is not None
    assert failed.message.startswith(words)
    assert failed.bad_input is bad_input


def test_a_concern_is_settled_on_the_day_it_was_raised_or_later() -> None:
    assert settling_fault((CONCERN, SETTLED), 1, LATER) is None
    assert settling_fault((CONCERN, SETTLED), 1, LATER + timedelta(days=1)) is None


def test_where_none_was_raised_the_fault_says_so() -> None:
    failed = settling_fault((), 1, TODAY)
    assert failed is not None
    assert failed.message == "there is no concern 1; none was raised in this inspection"


def test_no_field_asks_for_a_name_and_the_words_are_private() -> None:
    assert set(AddConcern.model_fields) == {"raised_by", "text"}
    assert set(SettleConcern.model_fields) == {"number", "text"}
    assert set(RAISER_WORDS) == set(Raiser)


def test_a_name_in_place_of_a_role_is_refused_and_not_repeated() -> None:
    scenario = up_to_fieldwork(InMemoryInspection())
    with pytest.raises(BadInput) as raised:
        scenario.do("add_concern", "i.ashdown", raised_by="Jamie Example", text="t-t")
    (fault,) = raised.value.faults
    assert fault.startswith(
        "raised_by: must say in general terms who raised it, never a name: one of user_of_services,"
    )
    assert "Jamie" not in str(raised.value)


@pytest.mark.parametrize("by", ["i.ashdown", "i.bellamy", "h.dunmore", "q.lindqvist", "c.marsh"])
def test_any_of_the_team_adds_a_concern_and_the_coordinator_for_them(by: str) -> None:
    scenario = up_to_fieldwork(InMemoryInspection())
    (raised,) = scenario.do("add_concern", by, raised_by="young_person", text="t-t").events
    assert (raised.kind, raised.paragraph, raised.by) == ("concern_raised", 64, by)


@pytest.mark.parametrize("by", ["i.bellamy", "h.dunmore", "q.lindqvist", "m.okafor", "link.330"])
def test_only_the_lead_settles_or_the_coordinator_for_the_lead(by: str) -> None:
    scenario = up_to_fieldwork(InMemoryInspection())
    with pytest.raises(
        Refused, match="settle_concern is taken by: Inspection coordinator or Lead inspector"
    ) as refusal:
        scenario.do("settle_concern", by, number=1, text="t-t")
    assert refusal.value.paragraph == 64


def test_a_concern_is_not_dated_before_the_notification_nor_in_the_future() -> None:
    scenario = up_to_fieldwork(InMemoryInspection())
    for on, words in (("2010-11-02", "is before 2010-11-03"), ("2010-11-18", "lies in the future")):
        with pytest.raises(BadInput, match=words):
            scenario.do("add_concern", "i.ashdown", on=on, raised_by="other", text="t-t")


def test_a_concern_may_be_dated_before_a_second_notification_and_not_before_the_first() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    scenario.do("defer", "m.okafor", notify="2011-01-10", **REASON)
    scenario.until("2011-01-10").do("resume", "c.marsh", fieldwork="2011-01-24")
    assert scenario.inspection.date_of("notification") == date(2011, 1, 10)
    for day, raised in (("2010-11-02", False), ("2010-11-04", True)):
        command = Command(id="c", step="add_concern", actor=actor("c.marsh"), on=date.fromisoformat(day),
                          received=scenario.now, fields={"raised_by": "other", "text": "t-1"})  # fmt: skip
        if raised:
            assert validate(scenario.inspection, command, scenario.calendar, scenario.now).role is Role.COORDINATOR
        else:
            with pytest.raises(BadInput, match="is before 2010-11-03"):
                validate(scenario.inspection, command, scenario.calendar, scenario.now)
