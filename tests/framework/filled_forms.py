"""Forms filled in by force: every private field with a marker that must never be seen again, every other with something
that fits. Made from the fields themselves, so that a field added tomorrow is filled in, too."""

from datetime import date, time
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from framework.common.forms import Strict
from framework.common.free_text import Private
from framework.inspection.forms import ChangeContact
from framework.inspection.order import Order
from framework.inspection.report_forms import ExplainChange
from framework.inspection.steps import STEPS

FORMS: tuple[type[Strict], ...] = tuple(dict.fromkeys(step.form for step in STEPS))
SHAPES: tuple[type[Strict], ...] = (*FORMS, Order)
MARK = "Jamie-Example-the-child"
FITS: dict[str, Any] = {
    "person": "i.edgar", "instead_of": "pct.330", "by": "m.okafor", "coordinator": "c.marsh", "manager": "m.okafor", "quality_assurance": "q.lindqvist",
    "reference": "SLAC-2010-001", "authority": "330", "edition": "2010-10", "notify": "2010-11-03",
    "heading": "safeguarding.ambition", "sections": "safeguarding.ambition", "letter": "letter-1", "limit": "documents", "place": "Council House", "where": "para 12",
}  # fmt: skip
"""What stands in fields that are neither private nor of a type that says what fits."""


def complete_form(shape: type[BaseModel], text: str = MARK) -> dict[str, Any]:
    """A form of this shape with every field given, as an entry point would have read it."""
    fields = {name: _value(name, field.annotation, field.metadata, text) for name, field in shape.model_fields.items()}
    if shape is Order:
        fields["team"] = [{**fields["team"][0], "role": "lead_inspector"}]
    if shape is ChangeContact:  # takes the role
        fields["leaves"] = False
    if shape is ExplainChange:  # one of the two
        del fields["comment"]
    return fields


def _value(name: str, annotation: Any, marks: Any, text: str) -> Any:
    kinds = [annotation] if get_origin(annotation) not in (Union, UnionType) else list(get_args(annotation))
    kind = next(kind for kind in kinds if kind is not type(None))
    if any(isinstance(mark, Private) for mark in (*marks, *getattr(kind, "__metadata__", ()))):
        listed = "tuple" in str(kind)
        return [f"{text}-{name}-{number}" for number in (1, 2)] if listed else f"{text}-{name}"
    if name in FITS:
        return [FITS[name]] if get_origin(kind) is tuple else FITS[name]
    return _of_kind(name, kind, text)


def _of_kind(name: str, kind: Any, text: str) -> Any:
    if get_origin(kind) is tuple:
        return [_value(name, get_args(kind)[0], (), text)]
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if issubclass(kind, BaseModel):
        return complete_form(kind, text)
    if issubclass(kind, Enum):
        return next(iter(kind)).value
    samples: dict[Any, Any] = {date: "2010-11-17", time: "10:00", bool: True, int: 1}
    return samples[kind]
