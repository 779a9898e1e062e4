"""`inspections lifecycle`: the table of stages and steps as it is, as a diagram or as data. Needs no service."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer

from framework.inspection.limit_days import ANCHORS
from framework.inspection.limits import BY_KEY, LIMITS
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from interfaces.cli.lifecycle_svg import svg
from interfaces.cli.options import Json
from interfaces.cli.output import print_json, print_text


class Format(StrEnum):
    """How the table is shown."""

    MERMAID = "mermaid"
    SVG = "svg"
    JSON = "json"


Shape = Annotated[Format, typer.Option("--format", help="A diagram as Mermaid or SVG text, or the table as JSON.")]


def lifecycle(shape: Shape = Format.MERMAID, json: Json = False) -> None:
    """Show the stages of an inspection and every step between them."""
    if json or shape is Format.JSON:
        print_json(list(steps()))
    elif shape is Format.SVG:
        print_text(svg())
    else:
        print_text("\n".join(mermaid()))


def steps() -> Iterator[dict[str, Any]]:
    """Yields every row of the table as JSON; a step that means different things at different stages has a row for each."""
    for step in STEPS:
        yield {
            "name": step.name,
            "stage": step.sources,
            "to": step.dest,
            "role": step.by,
            "paragraph": step.paragraph,
            "event": step.event,
            "form": step.form.model_json_schema(),
            "needs": step.guards,
            "letters": step.letters,
            "documents": step.documents,
            "starts": started_by(step.event),
            "ends": step.meets,
        }


def started_by(event: str) -> tuple[str, ...]:
    """Returns the limits that are counted from this kind of event."""
    kinds = {"notified": "notification", "notified_anew": "notification"}
    anchors = {anchor for anchor, kind in ANCHORS.items() if kind == kinds.get(event, event)}

    def counted_from(key: str) -> set[str]:
        rule = BY_KEY[key]
        return counted_from(rule.anchor) if rule.anchor_due else {rule.anchor, rule.anchor_instead}

    return tuple(rule.key for rule in LIMITS if rule.key not in rule.anchor and counted_from(rule.key) & anchors)


def mermaid() -> Iterator[str]:
    """Yields the lines of a Mermaid state diagram; steps that change no stage are in notes."""
    yield "stateDiagram-v2"
    yield f"    [*] --> {Stage.PLANNED}"
    for step in STEPS:
        for stage in step.sources:
            if step.dest not in (None, stage):
                yield f"    {stage} --> {step.dest}: {step.name} (para {step.paragraph})"
    for stage in (Stage.CLOSED, Stage.CANCELLED):
        yield f"    {stage} --> [*]"
    for stage in Stage:
        if staying := [step for step in STEPS if stage in step.sources and step.dest in (None, stage)]:
            yield f"    note right of {stage}"
            yield from (f"        {step.name} (para {step.paragraph})" for step in staying)
            yield "    end note"
