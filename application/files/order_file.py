"""Reading an order so that one fault hides no other: what is wrong with its form is kept by its place, and what is right
is read all the same, so that its people and days can be checked in the same run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from application.files.yaml_files import YamlFile
from framework.common.errors import FaultyFile
from framework.common.validation import Location, faults_in
from framework.inspection.order import Order, Strict, team_faults

Fault = tuple[Location, str]
TEAM: Location = ("team",)
_TRIMMED = ConfigDict(str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class OrderRead:
    """An order as somebody wrote it."""

    file: YamlFile
    order: Order
    """Where its form has faults, only what could be read: a field that could not has its default, or None."""
    faults: tuple[Fault, ...] = ()
    """Every fault of its form by its place."""

    def error(self, others: tuple[Fault, ...] = ()) -> FaultyFile:
        """The error for the faults of form and the `others` that a check found; one place is told of once."""
        told = {place for place, _ in self.faults}
        return self.file.all_faults((*self.faults, *(fault for fault in others if not _covered(fault[0], told))))


def read_order(file: YamlFile) -> OrderRead:
    """The order in a file, with every fault of its form. Raises `BadInput` only where the file holds no fields."""
    try:
        return OrderRead(file, Order.model_validate(file.data))
    except ValidationError as error:
        if not isinstance(file.data, Mapping):
            raise file.all_faults(faults_in(error)) from None
        order = _partly(Order, file.data)
        apart = tuple(_team(order))
        found = tuple(fault for fault in faults_in(error) if not (apart and fault[0] == TEAM and order.team))
        told = {place for place, _ in found}
        return OrderRead(file, order, (*found, *(fault for fault in apart if fault[0] not in told)))


def _team(order: Order) -> Iterator[Fault]:
    """What is wrong with the team as a whole, each at its own place; who leads is asked only where every role is known."""
    if not order.team:
        return
    known = all(member.role for member in order.team)
    for place, message in team_faults(order.team):
        if known or place[-1:] == ("person",):
            yield (*TEAM, *place), message


def _covered(place: Location, told: set[Location]) -> bool:
    return any(place[: len(one)] == one for one in told if one)


def _partly(shape: type[Strict], data: Mapping[str, Any]) -> Any:
    """What fits of a shape's fields; what does not is as if nobody had said it, and None where it is owed."""
    return shape.model_construct(**{name: _field(data.get(name), field) for name, field in shape.model_fields.items()})


def _field(value: Any, field: FieldInfo) -> Any:
    inner = _shape(field.annotation)
    listed = get_origin(field.annotation) is tuple
    if value is None and not field.is_required():
        return field.get_default()
    if inner and listed:
        entries = value if isinstance(value, list) else []
        return tuple(_partly(inner, one if isinstance(one, Mapping) else {}) for one in entries)
    if inner:
        return _partly(inner, value if isinstance(value, Mapping) else {})
    plain: Any = Annotated[field.annotation, field]
    try:
        return TypeAdapter(plain, config=_TRIMMED).validate_python(value)
    except ValidationError:
        return None if field.is_required() else field.get_default()


def _shape(annotation: Any) -> type[Strict] | None:
    """The shape a field holds, one or several; None for plain values."""
    kind = get_args(annotation)[0] if get_origin(annotation) is tuple else annotation
    return kind if isinstance(kind, type) and issubclass(kind, Strict) else None
