"""`inspections authorities`: the directory of authorities and their people."""

from pathlib import Path
from typing import Annotated

import typer

from application.commands.import_directory import DirectoryChange, ImportDirectory, import_directory
from application.files.text_files import read_text_file
from application.queries.authorities import AuthorityView, authority
from application.queries.authorities import authorities as read_authorities
from application.serializers.directory import authorities_as_json, authority_as_json
from framework.vocabulary.roles import title_of
from interfaces.cli.options import By, Data, Json
from interfaces.cli.output import print_json, print_text
from interfaces.cli.screen import print_line, print_table
from interfaces.cli.sessions import reading_session, records_session, require_named

authorities = typer.Typer(add_completion=False, help="The authorities and their people.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(metavar="CODE", help="The Department for Education's code.")]
LARGEST_CSV = 10_000_000
"""Characters: the most rows of the longest cells would be more, and no office has as many people."""
File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="CSV: person, name, email, organisation, role, authority (one row, one post), and acting if need be.",
    ),
]


@authorities.command("list", short_help="All authorities.")
def list_(json: Json = False, data: Data = None) -> None:
    """List the authorities with their codes, by name."""
    with reading_session(data) as session:
        listed = read_authorities(session.caller, session.context)
        if json:
            print_json(authorities_as_json(listed))
            return
        rows = [(row.code, row.name, row.region, row.gss_code) for row in listed]
        print_table(("Code", "Authority", "Region", "Code in 2010"), rows)


@authorities.command("show", short_help="One authority with its people.")
def show(code: Code, json: Json = False, data: Data = None) -> None:
    """Show one authority: its people with their addresses, and its inspections."""
    with reading_session(data) as session:
        view = authority(session.caller, session.context, code)
        if json:
            print_json(authority_as_json(view))
        else:
            _print(view)


@authorities.command("import", short_help="Bring people in from a CSV file.")
def import_(file: File, by: By = "", json: Json = False, data: Data = None) -> None:
    """Bring in people and the posts they hold; the previous holder of a post that one person holds becomes former.

    Every fault is named by row and column, and then nothing is brought in; so are addresses that cannot be mailed. The access
    log says who did it and what changed. What runs keeps the people it has: change those with the step change_contact.
    """
    request = ImportDirectory(read_text_file(file, LARGEST_CSV), file.name)
    with records_session(data, by) as session:
        require_named(session, "authorities import")
        imported = import_directory(session.caller, session.context, request)
    if json:
        print_json({"rows": imported.rows})
        return
    print_text(f"{imported.rows} row{'s' if imported.rows != 1 else ''} brought in from {file}")
    _print_change(imported.change)


def _print_change(change: DirectoryChange) -> None:
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


def _print(view: AuthorityView) -> None:
    row = view.authority
    inspections = ", ".join(view.inspections) or "none"
    print_text(f"{row.name} ({row.code}), {row.region}; open inspections: {inspections}\n")
    rows = [
        (
            title_of(person.role, acting=person.acting) + (" (former)" if person.former else ""),
            person.name,
            person.email or "no address",
            person.person,
        )
        for person in view.people
    ]
    print_table(("Role", "Name", "Address", "Person"), rows, empty="Nobody is known there.")
