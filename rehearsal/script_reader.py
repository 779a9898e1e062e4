"""Reads a script and reports every fault with its line and column, before anything is started."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from application.files.yaml_files import YamlFile, read_yaml
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput
from framework.common.validation import Location, faults_in
from framework.editions.registry import edition
from framework.inspection.order import Order
from framework.inspection.steps import STEPS
from framework.lifecycle.steps import Step
from framework.vocabulary.roles import Role
from rehearsal.script import Entry, HeadingFill, Script

ONLY_BY_OTHER_MEANS = {"correct": "write it as its own entry: correct: EVENT, with on and reason"}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A valid script."""

    script: Script
    order: Order
    order_file: YamlFile
    """The file of the order, or its part of the script."""
    file: YamlFile
    folder: Path
    """The folder of the files that it names."""

    def position(self, number: int) -> str:
        """Returns the position of an entry: «examples/joint.yaml:41:5»."""
        line, column = self.file.places.get(("steps", number), (1, 1))
        return f"{self.file.name}:{line}:{column}"


def read(path: Path) -> Rehearsal:
    """Reads the script at `path`. Raises `BadInput` naming every fault with line and column."""
    file = read_yaml(path)
    script = file.read(Script)
    order_file = _order_file(path, script, file)
    order = script.order or order_file.read(Order)
    rehearsal = Rehearsal(script, order, order_file, file, path.parent)
    faults = tuple(file.fault(at, message) for at, message in _faults(rehearsal))
    if faults:
        raise file.faulty(faults)
    return rehearsal


def _order_file(path: Path, script: Script, file: YamlFile) -> YamlFile:
    if script.order_file is None:
        part = copy(file)
        part.data = file.data["order"] if isinstance(file.data, dict) else {}
        part.places = {at[1:]: position for at, position in file.places.items() if at[:1] == ("order",)}
        return part
    order_path = path.parent / script.order_file
    if not order_path.is_file():
        raise file.faulty((file.fault(("order_file",), f"there is no file {order_path}"),))
    return read_yaml(order_path)


Faults = Iterator[tuple[Location, str]]


def _faults(rehearsal: Rehearsal) -> Faults:
    yield from _report_faults(rehearsal)
    yield from _order_of_days(rehearsal.script)
    for number, entry in enumerate(rehearsal.script.steps):
        yield from _entry_faults(rehearsal, number, entry)


def _report_faults(rehearsal: Rehearsal) -> Faults:
    order = rehearsal.order
    try:
        known = {heading.key: heading for heading in edition(order.edition).report.headings(order.scope)}
    except BadInput as error:
        yield ("order", "edition"), str(error)
        return
    for key, fill in rehearsal.script.report.headings.items():
        location: Location = ("report", "headings", key)
        if key not in known:
            yield location, f"there is no heading «{key}» in this report; its headings are {', '.join(known)}"
        elif not known[key].graded and (not isinstance(fill, HeadingFill) or fill.grade):
            yield location, f"the heading «{key}» takes no grade"
        elif isinstance(fill, HeadingFill) and known[key].lists_areas and fill.text:
            yield (
                (*location, "text"),
                f"the heading «{key}» takes areas, each with when and text, and no text of its own",
            )
        elif isinstance(fill, HeadingFill) and fill.areas and not known[key].lists_areas:
            yield (*location, "areas"), f"the heading «{key}» takes a text, and no areas"


def _order_of_days(script: Script) -> Faults:
    latest, whose = script.begins, "the beginning"
    for number, entry in enumerate(script.steps):
        if entry.at is None:
            continue
        if entry.at < latest:
            yield (
                ("steps", number, "at"),
                f"{_minute(entry.at)} is before {whose} on {_minute(latest)}: time goes forward",
            )
        else:
            latest, whose = entry.at, "an entry above"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _entry_faults(rehearsal: Rehearsal, number: int, entry: Entry) -> Faults:
    at: Location = ("steps", number)
    if entry.do:
        yield from _step_faults(at, entry, [step for step in STEPS if step.name == entry.do])
    if entry.on and entry.at and entry.on > london_day(entry.at):
        yield (*at, "on"), f"{entry.on} is later than the day it is entered"
    if entry.import_people and not (rehearsal.folder / entry.import_people).is_file():
        yield (*at, "import"), f"there is no file {rehearsal.folder / entry.import_people}"
    if entry.correct == "notification":
        yield (*at, "correct"), "write notified (or notified_anew), the event as the history has it"


def _step_faults(at: Location, entry: Entry, rows: list[Step]) -> Faults:
    name = rows[0].name
    if name in ONLY_BY_OTHER_MEANS:
        yield (*at, "do"), ONLY_BY_OTHER_MEANS[name]
    elif all(step.by == (Role.SYSTEM,) for step in rows):
        yield (*at, "do"), f"{name} is taken by the system, when its moment comes: nobody can do it"
    elif not (entry.expect and entry.expect.refused):  # the script may expect that the form is refused
        yield from _form_faults((*at, "with"), entry.fields, rows)


def _form_faults(at: Location, fields: Mapping[str, object], rows: list[Step]) -> Faults:
    form = rows[0].form
    try:
        form.model_validate(fields)
    except ValidationError as error:
        known = ", ".join(form.model_fields) or "none"
        for location, message in faults_in(error):
            yield (*at, *location), f"{message} (the fields of {rows[0].name}: {known})"
