"""Reads an order so that no fault hides another: faults of its form are collected by location, and its valid fields are read
nevertheless, so that people and days are checked in the same run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from application.files.yaml_files import YamlFile
from framework.common.errors import FaultyFile
from framework.common.forms import Strict
from framework.common.validation import Location, faults_in
from framework.inspection.order import Order, team_faults

Fault = tuple[Location, str]
TEAM: Location = ("team",)
_TRIMMED = ConfigDict(str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class OrderRead:
    """An order as it was written, with the faults of its form."""

    file: YamlFile
    order: Order
    """The order; a field that could not be read has its default, or None."""
    faults: tuple[Fault, ...] = ()
    """The faults of its form, each with its location."""

    def error(self, others: tuple[Fault, ...] = ()) -> FaultyFile:
        """Returns the error for the faults of form and `others`, without those at a location that has a fault of form."""
        reported = {location for location, _ in self.faults}
        return self.file.all_faults((*self.faults, *(fault for fault in others if not _covered(fault[0], reported))))


def read_order(file: YamlFile) -> OrderRead:
    """Returns the order in a file, with every fault of its form. Raises `BadInput` only if the file holds no fields."""
    try:
        return OrderRead(file, Order.model_validate(file.data))
    except ValidationError as error:
        if not isinstance(file.data, Mapping):
            raise file.all_faults(faults_in(error)) from None
        order = _partly(Order, file.data)
        of_team = tuple(_team(order))
        of_form = tuple(fault for fault in faults_in(error) if not (of_team and fault[0] == TEAM and order.team))
        reported = {location for location, _ in of_form}
        return OrderRead(file, order, (*of_form, *(fault for fault in of_team if fault[0] not in reported)))


def _team(order: Order) -> Iterator[Fault]:
    """Yields the faults of the team as a whole, each at its location; those of roles only if every role could be read."""
    if not order.team:
        return
    known = all(member.role for member in order.team)
    for location, message in team_faults(order.team):
        if known or location[-1:] == ("person",):
            yield (*TEAM, *location), message


def _covered(location: Location, reported: set[Location]) -> bool:
    return any(location[: len(outer)] == outer for outer in reported if outer)


def _partly(shape: type[Strict], data: Mapping[str, Any]) -> Any:
    """Returns a model with the valid fields; an invalid one has its default, or None if it is required."""
    return shape.model_construct(**{name: _field(data.get(name), field) for name, field in shape.model_fields.items()})


def _field(value: Any, field: FieldInfo) -> Any:
    inner = _shape(field.annotation)
    listed = get_origin(field.annotation) is tuple
    if value is None and not field.is_required():
        return field.get_default()
    if inner and listed:
        entries = value if isinstance(value, list) else []
        return tuple(_partly(inner, entry if isinstance(entry, Mapping) else {}) for entry in entries)
    if inner:
        return _partly(inner, value if isinstance(value, Mapping) else {})
    plain: Any = Annotated[field.annotation, field]
    try:
        return TypeAdapter(plain, config=_TRIMMED).validate_python(value)
    except ValidationError:
        return None if field.is_required() else field.get_default()


def _shape(annotation: Any) -> type[Strict] | None:
    """Returns the model that a field holds, single or in a tuple; None for plain values."""
    kind = get_args(annotation)[0] if get_origin(annotation) is tuple else annotation
    return kind if isinstance(kind, type) and issubclass(kind, Strict) else None
