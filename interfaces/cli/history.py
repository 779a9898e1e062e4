"""`inspections history`: what happened, in one inspection or searched for across all."""

from typing import Annotated, Literal

import typer

from application.queries.history import HistoryRequest
from application.queries.history import history as find_events
from interfaces.cli import history_formats
from interfaces.cli.options import Data, From, Json, OptionalInspectionId, PageSize, Region, To, option, period
from interfaces.cli.sessions import reading_session

SCREEN = 50
"""Events on one page of a screen, where the log of all inspections is looked at."""

By = Annotated[str, option("--by", "PERSON", "Only what this person did («system» for what happened of itself).")]
Authority = Annotated[str, option("--authority", "CODE", "Only inspections of this authority.")]
Kind = Annotated[str, option("--kind", "K", "Only events of this kind, such as draft_sent.")]
Paragraph = Annotated[
    int | None, typer.Option("--paragraph", metavar="N", min=1, max=69, help="Only under this paragraph.")
]
Stage = Annotated[str, option("--stage", "S", "Only inspections that stand at this stage now.")]
Limit = Annotated[str, option("--limit", "LIMIT", "Only what settled this limit, such as draft_report.")]
Missed = Annotated[bool, typer.Option("--missed", help="Only what met a limit late, let it lapse, or ended it undone.")]
LateLetters = Annotated[
    bool, typer.Option("--late-letters", help="Only letters that went, or still wait, after the day they had to go.")
]
Overrides = Annotated[
    bool, typer.Option("--overrides", help="Only gates overridden, limits waived, barred connections allowed.")
]
GradesAfterDraft = Annotated[
    bool, typer.Option("--grades-after-draft", help="Only grades changed after the draft report was sent.")
]
Words = Annotated[str, option("--words", "TEXT", "Only where facts or texts hold every one of these words.")]
After = Annotated[str, option("--after", "KEY", "Those after this event: the key that the page before ended with.")]
Full = Annotated[
    bool, typer.Option("--full", help="All of each event: when it was recorded, role, reason, letters, cause.")
]
Format = Annotated[
    Literal["text", "json", "jsonl", "csv"],
    typer.Option("--format", help="jsonl and csv give a line an event; no cell of a csv is taken for a formula."),
]


def history(
    inspection: OptionalInspectionId = "",
    by: By = "",
    authority: Authority = "",
    region: Region = "",
    kind: Kind = "",
    paragraph: Paragraph = None,
    since: From = "",
    until: To = "",
    stage: Stage = "",
    limit: Limit = "",
    missed: Missed = False,
    late_letters: LateLetters = False,
    overrides: Overrides = False,
    grades_after_draft: GradesAfterDraft = False,
    words: Words = "",
    page_size: PageSize = None,
    after: After = "",
    full: Full = False,
    format: Format = "text",
    json: Json = False,
    data: Data = None,
) -> None:
    """What happened, oldest first: a line an event, cut where the screen ends. With --full also when it was recorded, who
    did it as what, and why in full.

    Across all inspections a screen shows 50 events and the key of the next page. A word of three letters or more is found at
    the beginning of longer ones, too.
    """
    first, last = period(since, until)
    shape = "json" if json else format
    request = HistoryRequest(
        inspection=inspection,
        by=by,
        authority=authority,
        region=region,
        kind=kind,
        paragraph=paragraph,
        first=first,
        last=last,
        stage=stage,
        limit=limit,
        missed=missed,
        late_letters=late_letters,
        overrides=overrides,
        grades_after_draft=grades_after_draft,
        words=words,
        size=page_size or (SCREEN if shape == "text" and not inspection else None),
        after=after,
        shape=shape if shape != "text" else "",
    )
    with reading_session(data) as session, find_events(session.caller, session.context, request) as events:
        history_formats.write(shape, events, of_one=bool(inspection), full=full)
