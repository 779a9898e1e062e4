"""`inspections history`: what happened, in one inspection or searched for across all."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from framework.common.errors import BadInput
from interfaces.cli.do import day
from interfaces.cli.options import Data, Json

if TYPE_CHECKING:
    from application.open_context import View
    from records.log.criteria import EventFilter

Inspection = Annotated[str, typer.Argument(metavar="[ID]", help="Only this inspection.", show_default=False)]
SCREEN = 50
"""Events on one page of a screen, where the log of all inspections is looked at."""


def _option(name: str, metavar: str, words: str) -> Any:
    return typer.Option(name, metavar=metavar, help=words, show_default=False)


By = Annotated[str, _option("--by", "PERSON", "Only what this person did («system» for what happened of itself).")]
Authority = Annotated[str, _option("--authority", "CODE", "Only inspections of this authority.")]
Kind = Annotated[str, _option("--kind", "K", "Only events of this kind, such as draft_sent.")]
Paragraph = Annotated[
    int | None, typer.Option("--paragraph", metavar="N", min=1, max=69, help="Only under this paragraph.")
]
From = Annotated[str, _option("--from", "D", "Recorded on this day (London) or later.")]
To = Annotated[str, _option("--to", "D", "Recorded on this day (London) or earlier.")]
Stage = Annotated[str, _option("--stage", "S", "Only inspections that stand at this stage now.")]
Limit = Annotated[str, _option("--limit", "LIMIT", "Only what settled this limit, such as draft_report.")]
Missed = Annotated[bool, typer.Option("--missed", help="Only what met a limit late, or let it lapse.")]
Words = Annotated[str, _option("--words", "TEXT", "Only where facts or texts hold every one of these words.")]
PageSize = Annotated[
    int | None, typer.Option("--page-size", metavar="N", min=1, max=10_000, help="At most so many events.")
]
After = Annotated[str, _option("--after", "KEY", "Those after this event: the key that the page before ended with.")]
Format = Annotated[
    Literal["text", "json", "jsonl", "csv"],
    typer.Option("--format", help="jsonl and csv give a line an event; no cell of a csv is taken for a formula."),
]


def history(
    inspection: Inspection = "",
    by: By = "",
    authority: Authority = "",
    kind: Kind = "",
    paragraph: Paragraph = None,
    since: From = "",
    until: To = "",
    stage: Stage = "",
    limit: Limit = "",
    missed: Missed = False,
    words: Words = "",
    page_size: PageSize = None,
    after: After = "",
    format: Format = "text",
    json: Json = False,
    data: Data = None,
) -> None:
    """What happened, oldest first: when, when it was recorded, who did it as what, under which paragraph, and why.

    Across all inspections a screen shows 50 events and the key of the next page. A word of three letters or more is found at
    the beginning of longer ones, too.
    """
    from application.open_context import looking
    from application.queries.access_logging import Read
    from application.queries.lookups import must_know
    from interfaces.cli import history_formats

    asked = {"by": by, "authority": authority, "kind": kind, "stage": stage, "limit": limit, "words": words}
    first, last = period(since, until)
    shape = "json" if json else format
    read = {**asked, "paragraph": paragraph, "from": since, "to": until, "missed": missed, "after": after}
    with looking(data, Read("history", inspection, read | {"format": shape if shape != "text" else ""})) as view:
        if inspection:
            must_know(view.session, inspection)
        wanted = _wanted(view, asked, paragraph, first, last, missed)
        size = page_size or (SCREEN if shape == "text" and not inspection else None)
        history_formats.write(shape, view.session, inspection or None, wanted, size, after or None)


def period(since: str, until: str) -> tuple[date | None, date | None]:
    """The first and the last day asked for. Raises `BadInput` for what is no day, or the wrong way round."""
    first, last = day(since, "--from"), day(until, "--to")
    if first and last and first > last:
        raise BadInput(f"--from {first} is after --to {last}: nothing can lie between them")
    return first, last


def _wanted(
    view: "View", asked: dict[str, str], paragraph: int | None, first: date | None, last: date | None, missed: bool
) -> "EventFilter":
    """The filters, each held against what is known. Raises `BadInput`."""
    from application.queries import lookups
    from records.log.criteria import EventFilter
    from records.log.word_index import parse_query as must_have_words

    session = view.session
    if asked["words"]:
        must_have_words(asked["words"])
    return EventFilter(
        person=lookups.known_actor(session, asked["by"]) if asked["by"] else None,
        kind=lookups.known_kind(session, asked["kind"]) if asked["kind"] else None,
        paragraph=paragraph,
        first=first,
        last=last,
        missed=missed,
        authority=lookups.known_authority(session, asked["authority"]) if asked["authority"] else None,
        stage=lookups.known_stage(asked["stage"]) if asked["stage"] else None,
        limit=lookups.known_limit(asked["limit"]) if asked["limit"] else None,
        words=asked["words"] or None,
    )
