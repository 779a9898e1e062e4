"""The listing of `inspections do ID`: what can be taken now, by whom and with which fields, then why the rest cannot."""

from application.queries.available_steps import FormField, OpenStep
from application.queries.open_steps import OpenSteps
from application.serializers import wording
from interfaces.cli.output import print_text
from interfaces.cli.screen import console, print_heading, print_indented, print_line

SHOWN = 7
"""A longer list of choices is left out, or printed below the steps where the choices have titles."""


def print_open_steps(shown: OpenSteps, person: str) -> None:
    """Prints what can be done now, then what stands in the way of the rest; `person` is whom the list is for."""
    whom = f" by {person}" if person else ""
    ready = [step for step in shown.steps if step.ready]
    answer = "can be taken now" if ready else "nothing can be taken now"
    print_line(f"{shown.inspection} is at {wording.plain(shown.stage)}; {answer}{whom}{':' if ready else '.'}")
    for step in ready:
        _print_step(step, person)
    if waiting := [step for step in shown.steps if not step.ready]:
        print_text("\nNot now:")
        for step in waiting:
            print_text(_obstacle(step))
    for step in ready:
        _print_titles(step)
    print_text("\nFields with * must be said. inspections do ID STEP --set NAME=VALUE --by PERSON")
    if any(field.titles for step in ready for field in step.fields):
        print_text("All headings at once: inspections do ID report --take-out FILE, then --with FILE")


def _print_step(step: OpenStep, person: str) -> None:
    leads = f" -> {wording.plain(step.to)}" if step.to else ""
    print_heading(f"{step.name}{leads} (para {step.paragraph})")
    if not person:
        who = " or ".join(map(wording.role, step.roles))
        print_indented(f"by {who}: {', '.join(step.people) or 'nobody yet'}")
    if step.fields:
        print_indented(f"fields: {', '.join(map(_field, step.fields))}")


def _obstacle(step: OpenStep) -> str:
    """Returns the first thing that stands in the way of a step, on one line of the screen."""
    reasons = [need.why for need in step.needs if need.holds is False]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    room = console().width - len(more)
    line = f"  {step.name}: {' '.join(reasons[0].split())}"
    return (line if len(line) <= room else f"{line[: room - 1].rsplit(' ', 1)[0]} \N{HORIZONTAL ELLIPSIS}") + more


def _print_titles(step: OpenStep) -> None:
    for field in step.fields:
        if field.titles:
            print_text(f"\n{field.name} of {step.name} is one of:")
        for key, title in zip(field.choices, field.titles, strict=False):
            print_indented(f"{key}: {title}")


def _field(field: FormField) -> str:
    few = 0 < len(field.choices) <= SHOWN and not field.titles
    choices = f" ({' | '.join(field.choices)})" if few else ""
    return f"{field.name}{'*' if field.required else ''}{choices}"
