"""`inspections history`: what happened, in one inspection or across all."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from interfaces.cli.do import day
from interfaces.cli.options import Data, Json

if TYPE_CHECKING:
    from framework.events import Recorded

Inspection = Annotated[str, typer.Argument(metavar="[ID]", help="Only this inspection.", show_default=False)]


def _option(name: str, metavar: str, words: str) -> Any:
    return typer.Option(name, metavar=metavar, help=words, show_default=False)


By = Annotated[str, _option("--by", "PERSON", "Only what this person did («system» for what happened of itself).")]
Kind = Annotated[str, _option("--kind", "K", "Only events of this kind, such as draft_sent.")]
Paragraph = Annotated[
    int | None, typer.Option("--paragraph", metavar="N", min=1, max=69, help="Only under this paragraph.")
]
From = Annotated[str, _option("--from", "D", "Recorded on this day (London) or later.")]
To = Annotated[str, _option("--to", "D", "Recorded on this day (London) or earlier.")]
Missed = Annotated[bool, typer.Option("--missed", help="Only what met a limit late, or let it lapse.")]


def history(
    inspection: Inspection = "",
    by: By = "",
    kind: Kind = "",
    paragraph: Paragraph = None,
    since: From = "",
    until: To = "",
    missed: Missed = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """What happened, oldest first: when, when it was recorded, who did it as what, and under which paragraph."""
    from interfaces.cli.known import must_know
    from interfaces.cli.open_system import looking
    from interfaces.cli.output import print_json
    from records.history import History
    from records.history import history as events_of

    wanted = History(by or None, kind or None, paragraph, day(since, "--from"), day(until, "--to"), missed=missed)
    with looking(data) as view:
        if inspection:
            must_know(view.session, inspection)
        found = events_of(view.session, inspection or None, wanted)
        if json:
            print_json([as_json(one) for one in found])
        else:
            _print(found, of_one=bool(inspection))


def as_json(one: "Recorded") -> dict[str, Any]:
    """One event as the log keeps it."""
    from interfaces.cli import words

    event = one.event
    return {
        "inspection": one.inspection,
        "number": one.number,
        "kind": event.kind,
        "words": words.happened(event),
        "on": event.on,
        "received": event.received,
        "recorded": one.recorded,
        "by": event.by,
        "role": event.role,
        "door": event.door,
        "ran_as": event.ran_as,
        "paragraph": event.paragraph,
        "data": event.data,
        "reason": event.reason,
        "cause": event.cause,
        "command": one.command_id,
        "hash": one.hash,
    }


def _print(found: "list[Recorded]", of_one: bool) -> None:
    from interfaces.cli import words
    from interfaces.cli.output import print_table

    rows = [
        (
            str(one.number) if of_one else f"{one.inspection}\n{one.number}",
            f"{words.day(one.event.on)}\nrecorded {_recorded(one)}",
            f"{one.event.by}\n{words.plain(one.event.role)}",
            one.event.paragraph,
            words.happened(one.event),
        )
        for one in found
    ]
    first = "No" if of_one else "Inspection, no"
    print_table((first, "Happened (London)", "By", "Para", "What"), rows, empty="Nothing like that happened.")


def _recorded(one: "Recorded") -> str:
    """When it was written down, London time; the day only where it is another than the one it happened on."""
    from framework.clock import LONDON, london_day, say_moment

    if london_day(one.recorded) == one.event.on:
        return f"{one.recorded.astimezone(LONDON):%H:%M}"
    return say_moment(one.recorded)
