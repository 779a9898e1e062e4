"""`inspections letter`: the letters of an inspection, and each as the mail system accepted it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from application.queries.letters import MessageRequest, accepted_message, letters
from application.serializers.inspection import letter_as_json
from application.serializers.messages import accepted_as_json, parsed
from framework.common.errors import BadInput
from interfaces.cli.message_output import print_message, save_html
from interfaces.cli.options import Data, InspectionId, Json
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_table
from interfaces.cli.sessions import Session, reading_session

Number = Annotated[int | None, typer.Argument(metavar="[NUMBER]", help="The letter's number.", show_default=False)]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Save the letter's HTML here.", show_default=False)
]
Raw = Annotated[bool, typer.Option("--raw", help="Print the message as it was accepted, byte for byte.")]


def letter(
    inspection: InspectionId,
    number: Number = None,
    html: Html = None,
    raw: Raw = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """List the letters of an inspection, or show one as the mail system accepted it.

    `history` names the numbers of the letters that belong to each event.
    """
    if number is None and (html or raw):
        raise BadInput(f"say which letter: inspections letter {inspection} NUMBER")
    if raw and (html or json):
        raise BadInput("--raw prints the message and nothing else: leave out --html and --json")
    with reading_session(data) as session:
        if number is None:
            _list(session, inspection, json)
        else:
            _show(session, MessageRequest(inspection, number, raw, str(html or "")), html, json)


def _list(session: Session, inspection: str, json: bool) -> None:
    listed = letters(session.caller, session.context, inspection)
    if json:
        print_json([letter_as_json(letter) for letter in listed])
        return
    rows = [
        (letter.number, letter.title, "\n".join(letter.to_people or ("erased",)), letter.outcome) for letter in listed
    ]
    print_table(("No", "Letter", "To", "What became of it"), rows, empty="No letters yet.")


def _show(session: Session, request: MessageRequest, html: Path | None, json: bool) -> None:
    accepted = accepted_message(session.caller, session.context, request)
    if request.raw:
        sys.stdout.flush()
        sys.stdout.buffer.write(accepted.content)
        return
    message = parsed(accepted)
    if html:
        save_html(message, html)
    if json:
        print_json(accepted_as_json(accepted, message))
    elif not html:
        print_message(message)
