"""`inspections access`: who read, searched and exported what."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from interfaces.cli.history import From, To, period
from interfaces.cli.options import Data, Json
from interfaces.cli.output import print_text

if TYPE_CHECKING:
    from records.audit.access_log import Access

SCREEN = 50

By = Annotated[
    str, typer.Option("--by", metavar="PERSON", help="Only what this person, or account, read.", show_default=False)
]
Words = Annotated[
    str,
    typer.Option(
        "--words", metavar="TEXT", help="Only with each of these words in it, or searched for them.", show_default=False
    ),
]
PageSize = Annotated[
    int | None, typer.Option("--page-size", metavar="N", min=1, max=10_000, help="At most so many readings.")
]
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
    from application.open_context import looking
    from application.queries.access_logging import Read
    from application.runtime.console import say
    from interfaces.cli.output import print_json
    from records.audit import access_log as log
    from records.audit.search_term_digest import search_term_digest
    from records.log.word_index import parse_query as must_have_words

    first, last = period(since, until)
    if words:
        must_have_words(words)
    asked = {"by": by, "from": since, "to": until, "words": words}
    with looking(data, Read("access", "", asked)) as view:
        mark = search_term_digest(view.settings.data, words).get("words_mark", "") if words else ""
        wanted = log.AccessLogFilter(by or None, first, last, words or None, mark)
        size = page_size or (None if json else SCREEN)
        found = log.entries(view.session, wanted, size and size + 1, after)
        coming = size and len(found) > size
        found = found[:size]
        if json:
            print_json([as_json(one) for one in found])
        else:
            _print(found)
        if coming:
            more = f"There are more: the next page begins --after {found[-1].id}"
            say(more) if json else print_text(f"\n{more}")


def as_json(one: "Access") -> dict[str, Any]:
    """One reading as the log keeps it."""
    return {
        "number": one.id,
        "at": one.at,
        "person": one.person or None,
        "ran_as": one.ran_as,
        "entry_point": one.entry_point,
        "command": one.command,
        "inspection": one.inspection or None,
        "asked": one.parameters,
    }


def _print(found: "list[Access]") -> None:
    from framework.calendar.london_time import say_moment
    from interfaces.cli.output import print_table

    rows = [
        (
            one.id,
            say_moment(one.at),
            f"{one.person or 'nobody named'}\n{one.ran_as}",
            f"{one.command} {one.inspection}".strip(),
            ", ".join(f"{name} {value}" for name, value in one.parameters.items()),
        )
        for one in found
    ]
    print_table(("No", "At (London)", "Who, account", "What", "Asked"), rows, empty="Nobody read anything like that.")
