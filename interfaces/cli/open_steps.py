"""The listing of `inspections do ID`: the steps open now, who may take each, its fields, and what stands in its way."""

from pathlib import Path
from typing import Any

from application.open_context import View, looking
from application.queries.available_steps import FormField, GuardState, OpenStep, available_steps
from application.queries.lookups import must_know
from application.serializers import wording
from framework.messages.commands import Actor
from framework.messages.record_state import RecordStateQuery
from interfaces.cli.output import print_heading, print_indented, print_json, print_text
from records.calendars.versions import calendar_in_force
from records.directory import directory
from records.inspections import readiness, repository

SHOWN = 6
"""A list of choices longer than this is left out, or told on lines of its own where the choices have titles."""


def show_open_steps(inspection: str, by: str, json: bool, data: Path | None) -> None:
    """Show what can be done now; with `by`, what this person can do."""
    with looking(data) as view:
        row = must_know(view.session, inspection)
        found = steps_of(view, inspection, by)
        if json:
            print_json([as_json(step) for step in found])
        else:
            _print(inspection, row["stage"], by, found)


def steps_of(view: View, inspection: str, by: str = "") -> tuple[OpenStep, ...]:
    """The steps open now, with what the records say about each."""
    calendar = calendar_in_force(view.session)
    state = repository.state(view.session, inspection)
    ready = readiness.record_state(view.session, RecordStateQuery(inspection=inspection, calendar=calendar.version))
    actor = Actor(person=by, posts=directory.posts(view.session, by)) if by else None
    return available_steps(state, calendar, view.now, ready, actor)


def as_json(step: OpenStep) -> dict[str, Any]:
    """One open step."""
    return {
        "step": step.name,
        "to": step.to,
        "paragraph": step.paragraph,
        "role": step.roles,
        "people": step.people,
        "fields": step.fields,
        "needs": step.needs,
        "ready": step.ready,
    }


def _print(inspection: str, stage: str, by: str, steps: tuple[OpenStep, ...]) -> None:
    whom = f" for {by}" if by else ""
    print_text(f"{inspection} is at {wording.plain(stage)}; steps open now{whom}:\n")
    for step in steps:
        leads = f" -> {wording.plain(step.to)}" if step.to else ""
        print_heading(f"{step.name}{leads} (para {step.paragraph})")
        who = " or ".join(map(wording.role, step.roles))
        print_indented(f"by {who}: {', '.join(step.people) or 'nobody yet'}")
        if step.fields:
            print_indented(f"fields: {', '.join(map(_field, step.fields))}")
            _titles(step)
        for need in step.needs:
            print_indented(f"{_need(need)}")
    print_text("\nFields with * must be said. inspections do ID STEP --set NAME=VALUE --by PERSON")


def _titles(step: OpenStep) -> None:
    for field in step.fields:
        if field.titles:
            print_indented(f"{field.name} is one of:")
        for key, title in zip(field.choices, field.titles, strict=False):
            print_indented(f"  {key}: {title}")


def _field(field: FormField) -> str:
    few = 0 < len(field.choices) <= SHOWN and not field.titles
    choices = f" ({' | '.join(field.choices)})" if few else ""
    return f"{field.name}{'*' if field.required else ''}{choices}"


def _need(need: GuardState) -> str:
    name = wording.plain(need.name)
    if need.holds is None:
        return f"needs {name}: seen when it is taken"
    return f"needs {name}: yes" if need.holds else f"needs {name}: NO, {need.why}"
