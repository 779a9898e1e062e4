"""Free text, names and children's identifiers stay in the records: no message to the engine holds them."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from hypothesis.strategies import sampled_from
from pydantic import BaseModel, TypeAdapter

from framework.common.forms import Strict
from framework.common.free_text import detach
from framework.inspection.forms import ChooseFirstCases
from framework.inspection.order import Order
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import Decision, build_commit
from framework.messages.commit import DecisionCommit
from tests.framework.filled_forms import FORMS, MARK, SHAPES, complete_form
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork
from tests.framework.ordinary_path import FOUR, FOUR_MORE
from tests.orders import an_order

PLAIN = {
    "heading": "a key that the report must have",
    "sections": "keys that the report must have",
    "limit": "a key of the table of limits",
    "letter": "the identifier of a letter",
    "edition": "a key that must be known",
    "place": "where people meet: an invitation's calendar entry shows it",
}
"""Field of free words that is not private -> why it need not be."""


def unbounded(shape: type[BaseModel]) -> set[str]:
    """Returns the fields of a form that accept any text and are not marked private."""
    fields = shape.model_json_schema()["properties"]
    return {
        name
        for name, field in shape.model_fields.items()
        if "Private" not in f"{field.annotation} {field.metadata}" and _accepts_any_text(fields[name])
    }


def _accepts_any_text(schema: Any) -> bool:
    if isinstance(schema, list):
        return any(_accepts_any_text(member) for member in schema)
    if not isinstance(schema, dict):
        return False
    bounded = {"pattern", "format", "enum", "const"} & set(schema)
    return (schema.get("type") == "string" and not bounded) or any(
        _accepts_any_text(member) for member in schema.values()
    )


def inner(shape: type[BaseModel]) -> list[type[BaseModel]]:
    """Returns a form and every model nested in it."""
    parts = [part for field in shape.model_fields.values() for part in (field.annotation, *_args(field.annotation))]
    models = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
    return [shape, *(nested for model in models for nested in inner(model))]


def _args(annotation: Any) -> list[Any]:
    args = list(getattr(annotation, "__args__", ()))
    return args + [nested for arg in args for nested in _args(arg)]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_detached_form_holds_no_private_text(shape: type[Strict]) -> None:
    form = shape.model_validate(complete_form(shape))
    plain, texts = detach(form, "SLAC-2010-001/c1")
    assert MARK not in json.dumps(plain)
    assert json.dumps(form.model_dump(mode="json")).count(MARK) == len(texts)
    assert all(identifier.startswith("t-") and identifier in json.dumps(plain) for identifier in texts)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_detached_form_is_still_a_valid_form(shape: type[Strict]) -> None:
    plain, _ = detach(shape.model_validate(complete_form(shape)), "x")
    shape.model_validate(plain)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_text_fields_that_are_not_private_are_bounded(shape: type[Strict]) -> None:
    for model in inner(shape):
        assert unbounded(model) <= set(PLAIN), model.__name__


def test_what_the_framework_calls_confidential_is_private() -> None:
    private = {
        (shape.__name__, name)
        for form in SHAPES for shape in inner(form) for name, field in shape.model_fields.items()
        if "Private" in f"{field.annotation} {field.metadata}"
    }  # fmt: skip
    assert private >= {
        ("ChooseFirstCases", "safeguarding"), ("ChooseFirstCases", "looked_after"), ("Comment", "text"), ("OralFeedback", "headings"),
        ("GradeHeading", "text"), ("GradeHeading", "equality"), ("WriteSection", "text"), ("Member", "connection"),
        ("Member", "experience"), ("ChangeTeam", "connection"), ("ChangeLead", "connection"), ("HoldMeeting", "attendees"), ("HoldMeeting", "decisions"),
        ("ReasonOnly", "reason"), ("Order", "scope_reason"), ("Order", "notice_reason"), ("Override", "reason"),
        ("RequestDeferral", "reason"), ("AnswerComment", "reason"), ("ExplainChange", "reason"), ("Comment", "where"), ("ServiceProof", "proof"),
        ("AddConcern", "text"), ("SettleConcern", "text"),
    }  # fmt: skip


words = strategies.text("abcdXYZ0189éß€中<&-_.", min_size=12, max_size=40)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(shape=sampled_from([form for form in FORMS if form is not ChooseFirstCases]), text=words)
def test_each_text_is_stored_once_under_an_identifier_that_is_the_same_when_the_command_is_sent_again(
    shape: type[Strict], text: str
) -> None:
    form = shape.model_validate(complete_form(shape, text))
    plain, texts = detach(form, "SLAC-2010-001/c1")
    again, other = detach(form, "SLAC-2010-001/c1"), detach(form, "SLAC-2010-001/c2")[1]
    assert text not in json.dumps(plain, ensure_ascii=False)
    assert (plain, texts) == again
    assert not set(texts) & set(other)
    assert all(text in stored for stored in texts.values())


class DetachedInspection(InMemoryInspection):
    """An inspection whose forms are filled in and detached, as an entry point does, before each step."""

    def do(self, step: str, by: str = "system", on: Any = None, **fields: Any) -> Decision:
        form = next(row.form for row in STEPS if row.name == step)
        full = {
            **complete_form(form),
            **{k: v for k, v in fields.items() if k in ("day", "starts", "notify", "fieldwork", "method")},
        }
        if step == "change_contact":
            full["role"] = "pct_chief_executive"
            full["person"] = "link.330"
        if step == "record_service":
            full["letter"] = self.inspection.awaited_letter
        if step == "submit_final":  # the day that fits any form is over by then
            full = {}
        if step == "choose_first_cases":
            full = {"safeguarding": [f"{MARK}-{n}" for n in FOUR], "looked_after": [f"{MARK}-{n}" for n in FOUR_MORE]}
        decision = super().do(step, by, on, **detach(form.model_validate(full), f"{self.inspection.id}/{self.head}")[0])
        commit, _ = build_commit(decision, "c", self.now, self.head, self.calendar)
        assert MARK not in TypeAdapter(DecisionCommit).dump_json(commit).decode(), step
        return decision


def _detached_order() -> Order:
    given = an_order().model_copy(update={"scope_reason": MARK})
    return Order.model_validate(detach(given, "SLAC-2010-001")[0])


def test_nothing_the_engine_gets_of_a_whole_inspection_holds_a_private_text() -> None:
    inspection = DetachedInspection(_detached_order()).until("2010-11-03")
    for step, by in (("change_contact", "c.marsh"), ("override", "m.okafor"), ("receive_case_lists", "link.330")):
        inspection.do(step, by)
    up_to_draft_sent(up_to_fieldwork(inspection))
    inspection.do("return_comments", "dcs.330")
    for step, by in (("answer_comment", "i.ashdown"), ("grade", "i.ashdown"), ("submit_final", "i.ashdown")):
        inspection.do(step, by)
    for step, by in (("approve_final", "q.lindqvist"), ("issue_final", "i.ashdown"), ("hold_publication", "m.okafor")):
        inspection.do(step, by)
    inspection.do("release_publication", "m.okafor")
    inspection.do("publish", "c.marsh")
    assert MARK not in str(inspection.events)
    assert MARK not in str(inspection.letters)
    assert MARK not in str(inspection.documents)
    assert MARK not in str(inspection.inspection)
