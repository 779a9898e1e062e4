"""`inspections agenda`: what is due and agreed in all inspections, by day, and where people clash."""

from typing import Annotated

import typer

from application.queries.agenda import DAYS, MOST_DAYS, Agenda, AgendaItem, AgendaRequest
from application.queries.agenda import agenda as read_agenda
from application.serializers import wording
from application.serializers.agenda import agenda_as_json, item_words
from framework.vocabulary.roles import Role
from interfaces.cli.options import Data, Json, option
from interfaces.cli.output import print_json, print_text
from interfaces.cli.screen import print_table
from interfaces.cli.sessions import reading_session

Person = Annotated[str, option("--person", "PERSON", "Only what this person owes, or is bound by.")]
Days = Annotated[
    int,
    typer.Option(
        "--days",
        metavar="N",
        min=0,
        max=MOST_DAYS,
        help=f"So many calendar days ahead ({DAYS} unless said).",
        show_default=False,
    ),
]


def agenda(person: Person = "", days: Days = DAYS, json: Json = False, data: Data = None) -> None:
    """What is late, due and agreed over all inspections, by day: limits, set-up meetings, days on site, and people who are
    bound in two inspections at once.

    It covers every person, also where INSPECTIONS_PERSON names the reader; --person limits it to one person.
    """
    with reading_session(data) as session:
        shown = read_agenda(session.caller, session.context, AgendaRequest(person, days))
        if json:
            print_json(agenda_as_json(shown))
        else:
            _print(shown)


def _print(shown: Agenda) -> None:
    whose = f" of {shown.person}" if shown.person else ""
    period = f"{wording.day(shown.first)} to {wording.day(shown.last)}"
    print_text(f"Agenda{whose}, {period}\n")
    rows = []
    before = ""
    for item in shown.items:
        day = "LATE" if item.late else wording.day(item.day, shown.first)
        rows.append((day if day != before else "", item.inspection, _what(item, shown), _who(item)))
        before = day
    print_table(("Day", "Inspection", "What", "Who"), rows, empty="Nothing is late, due or agreed.")


def _what(item: AgendaItem, shown: Agenda) -> str:
    at = f"{item.at:%H:%M} " if item.at else ""
    return f"{at}{item_words(item, shown)}"


def _who(item: AgendaItem) -> str:
    people = ", ".join(item.people)
    if item.kind != "limit" or item.owner is None:
        return people or "-"
    role = wording.role(Role(item.owner))
    return f"{people} ({role})" if people else role
