"""`inspections authorities`: the directory of authorities and their people."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framework.common.errors import BadInput
from interfaces.cli.options import By, Data, Json
from interfaces.cli.output import print_text

if TYPE_CHECKING:
    from records.directory.changes import DirectoryChange

authorities = typer.Typer(add_completion=False, help="The authorities and their people.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(metavar="CODE", help="The Department for Education's code.")]
LARGEST_CSV = 10_000_000
"""Characters: the most rows of the longest cells would be more, and no office has as many people."""
File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="CSV: person, name, email, organisation, role, authority (one row, one post)."),
]


@authorities.command("list", short_help="All authorities.")
def list_(json: Json = False, data: Data = None) -> None:
    """List the authorities with their codes, by name."""
    from application.open_context import looking
    from interfaces.cli.output import print_json, print_table
    from records.directory import directory

    with looking(data) as view:
        found = [dict(row) for row in directory.authorities(view.session)]
        if json:
            print_json(found)
        else:
            rows = [(one["code"], one["name"], one["region"], one["gss_code"]) for one in found]
            print_table(("Code", "Authority", "Region", "Code in 2010"), rows)


@authorities.command("show", short_help="One authority with its people.")
def show(code: Code, json: Json = False, data: Data = None) -> None:
    """Show one authority: its people with their addresses, and its inspections."""
    from application.open_context import looking
    from interfaces.cli.output import print_json
    from records.directory import directory
    from records.queries import board

    with looking(data) as view:
        found = dict(_authority(view.session, code))
        found["people"] = directory.post_holders(view.session, code)
        wanted = board.Filter(authority=code)
        found["inspections"] = [one.id for one in board.board(view.session, wanted, view.today)]
        if json:
            print_json(found)
        else:
            _print(found)


@authorities.command("import", short_help="Bring people in from a CSV file.")
def import_(file: File, by: By, json: Json = False, data: Data = None) -> None:
    """Bring in people and the posts they hold; who held a post with one holder becomes former.

    Every fault is named by row and column, and then nobody is brought in; so are addresses that cannot be mailed. The access
    log says who did it and what changed. What runs keeps the people it has: change those with the step change_contact.
    """
    from application.commands.import_directory import import_directory
    from application.files.text_files import read_text_file
    from application.open_context import open_records
    from application.runtime import settings
    from application.runtime.context import AppContext
    from interfaces.cli.output import print_json

    text = read_text_file(file, LARGEST_CSV)
    chosen = settings.read(data)
    records = open_records(chosen)
    try:
        imported = import_directory(AppContext(chosen, records), text, by, file.name)
    finally:
        records.dispose()
    if json:
        print_json({"rows": imported.rows})
        return
    print_text(f"{imported.rows} row{'s' if imported.rows != 1 else ''} brought in from {file}")
    _print_change(imported.change)


def _print_change(change: "DirectoryChange") -> None:
    from interfaces.cli.output import print_line

    changed = [f"{person} ({', '.join(columns)})" for person, columns in change.people_changed.items()]
    lines = {
        "New": change.people_added,
        "Changed": changed,
        "Posts begun": change.posts_begun,
        "Posts ended": change.posts_ended,
    }
    for title, members in lines.items():
        if members:
            print_line(f"{title}: {', '.join(members)}")
    if not any(lines.values()):
        print_line("Nothing changed.")


def _authority(session: Any, code: str) -> Any:
    from application.runtime.suggestions import near
    from records.directory import directory

    known = {row["code"]: row for row in directory.authorities(session)}
    if code in known:
        return known[code]
    named = [f"{row['name']} ({one})" for one, row in known.items() if code.lower() in row["name"].lower()]
    close = f"; nearest: {', '.join(named[:5])}" if named else near(code, known)
    raise BadInput(f"there is no authority {code}{close}; `inspections authorities list` shows the codes")


def _print(found: dict[str, Any]) -> None:
    from framework.vocabulary.roles import TITLES, Role
    from interfaces.cli.output import print_table

    print_text(
        f"{found['name']} ({found['code']}), {found['region']}; open inspections: {_joined(found['inspections'])}\n"
    )
    rows = [
        (
            TITLES[Role(one["role"])] + (" (former)" if one["former"] else ""),
            one["name"],
            one["email"] or "no address",
            one["person"],
        )
        for one in found["people"]
    ]
    print_table(("Role", "Name", "Address", "Person"), rows, empty="Nobody is known there.")


def _joined(found: list[str]) -> str:
    return ", ".join(found) or "none"
