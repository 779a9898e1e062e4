"""The listing of `inspections do ID`: the steps open now, who may take each, its fields, and what stands in its way."""

from application.queries.available_steps import FormField, GuardState, OpenStep
from application.queries.open_steps import OpenSteps
from application.serializers import wording
from interfaces.cli.output import print_text
from interfaces.cli.screen import print_heading, print_indented

SHOWN = 6
"""A longer list of choices is left out, or printed on lines of its own where the choices have titles."""


def print_open_steps(shown: OpenSteps, by: str) -> None:
    """Prints what can be done now; `by` names the person for whom the list is."""
    whom = f" for {by}" if by else ""
    print_text(f"{shown.inspection} is at {wording.plain(shown.stage)}; steps open now{whom}:\n")
    for step in shown.steps:
        _print_step(step)
    print_text("\nFields with * must be said. inspections do ID STEP --set NAME=VALUE --by PERSON")


def _print_step(step: OpenStep) -> None:
    leads = f" -> {wording.plain(step.to)}" if step.to else ""
    print_heading(f"{step.name}{leads} (para {step.paragraph})")
    who = " or ".join(map(wording.role, step.roles))
    print_indented(f"by {who}: {', '.join(step.people) or 'nobody yet'}")
    if step.fields:
        print_indented(f"fields: {', '.join(map(_field, step.fields))}")
        _print_titles(step)
    for need in step.needs:
        print_indented(_need(need))


def _print_titles(step: OpenStep) -> None:
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
