"""`inspections access`: who read, searched and exported what."""

from collections.abc import Iterable
from typing import Annotated

import typer

from application.queries.access_log import Access, AccessRequest, read_access_log
from application.runtime.console import say
from application.serializers.access import access_as_json
from framework.calendar.london_time import say_moment
from interfaces.cli.options import Data, From, Json, PageSize, To, option, period
from interfaces.cli.output import print_json, print_text
from interfaces.cli.screen import print_table
from interfaces.cli.sessions import reading_session

SCREEN = 50
"""Entries on one page of a screen."""

By = Annotated[str, option("--by", "PERSON", "Only what this person, or account, read.")]
Words = Annotated[str, option("--words", "TEXT", "Only with each of these words in it, or searched for them.")]
After = Annotated[
    int | None,
    typer.Option(
        "--after", metavar="NO", min=1, help="Those before this one: the key that the page before ended with."
    ),
]


def access(
    by: By = "",
    since: From = "",
    until: To = "",
    words: Words = "",
    page_size: PageSize = None,
    after: After = None,
    json: Json = False,
    data: Data = None,
) -> None:
    """Who read what, newest first: show, history, explain, statistics, verify, export, backup, and this command itself; and who
    restored, erased, or changed the calendar or the directory, or was refused, with why.

    Reading is logged under the account on the machine, and under the person named by --as or INSPECTIONS_PERSON.
    """
    first, last = period(since, until)
    size = page_size or (None if json else SCREEN)
    with reading_session(data) as session:
        page = read_access_log(session.caller, session.context, AccessRequest(by, first, last, words, size, after))
        if json:
            print_json(access_as_json(page))
        else:
            _print(page.entries)
        if page.has_more:
            more = f"There are more: the next page begins --after {page.entries[-1].id}"
            say(more) if json else print_text(f"\n{more}")


def _print(entries: Iterable[Access]) -> None:
    rows = [
        (
            entry.id,
            say_moment(entry.at),
            f"{entry.person or 'nobody named'}\n{entry.ran_as}",
            f"{entry.command} {entry.inspection}".strip(),
            ", ".join(f"{name} {value}" for name, value in entry.parameters.items()),
        )
        for entry in entries
    ]
    print_table(("No", "At (London)", "Who, account", "What", "Asked"), rows, empty="Nobody read anything like that.")
