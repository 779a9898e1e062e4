"""`inspections letter`: the letters of an inspection, and each as the mail system accepted it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framework.common.errors import BadInput
from interfaces.cli.options import Data, Json

if TYPE_CHECKING:
    from email.message import EmailMessage

    from application.open_context import View
    from application.queries.letters import AcceptedMessage

Inspection = Annotated[str, typer.Argument(metavar="ID", help="The inspection.")]
Number = Annotated[int | None, typer.Argument(metavar="[NUMBER]", help="The letter's number.", show_default=False)]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Save the letter's HTML here.", show_default=False)
]
Raw = Annotated[bool, typer.Option("--raw", help="Print the message as it was accepted, byte for byte.")]


def letter(
    inspection: Inspection,
    number: Number = None,
    html: Html = None,
    raw: Raw = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """List the letters of an inspection, or show one as the mail system accepted it.

    `history` names the numbers of the letters that belong to each event.
    """
    from application.open_context import looking
    from application.queries.access_logging import Read
    from application.queries.lookups import must_know

    if number is None and (html or raw):
        raise BadInput(f"say which letter: inspections letter {inspection} NUMBER")
    if raw and (html or json):
        raise BadInput("--raw prints the message and nothing else: leave out --html and --json")
    asked = {"number": number, "raw": raw, "html": str(html) if html else ""}
    with looking(data, Read("letter", inspection, asked)) as view:
        must_know(view.session, inspection)
        if number is None:
            _list(view, inspection, json)
        else:
            _show(view, inspection, number, html, raw, json)


def _list(view: "View", inspection: str, json: bool) -> None:
    from application.queries.inspection_view import case_view
    from interfaces.cli.output import print_json, print_table

    letters = case_view(view.session, inspection, view.now).letters
    if json:
        print_json(letters)
        return
    rows = [(one["number"], one["title"], "\n".join(one["to_people"] or ("erased",)), one["fate"]) for one in letters]
    print_table(("No", "Letter", "To", "What became of it"), rows, empty="No letters yet.")


def _show(view: "View", inspection: str, number: int, html: Path | None, raw: bool, json: bool) -> None:
    from application.queries.letters import accepted_message
    from interfaces.cli.message_output import print_message, save_html
    from interfaces.cli.output import print_json

    found = accepted_message(view.session, view.settings.data, inspection, number)
    if raw:
        sys.stdout.flush()
        sys.stdout.buffer.write(found.content)
        return
    message = _parsed(found)
    if html:
        save_html(message, html)
    if json:
        print_json(_as_json(found, message))
    elif not html:
        print_message(message)


def _parsed(found: "AcceptedMessage") -> "EmailMessage":
    from email import message_from_bytes, policy

    return message_from_bytes(found.content, policy=policy.default)


def _as_json(found: "AcceptedMessage", message: "EmailMessage") -> dict[str, Any]:
    from hashlib import sha256

    from interfaces.cli.message_output import attachment_names, text_of

    return {
        "number": found.number,
        "accepted": found.accepted_at,
        "to": [address.addr_spec for address in message["To"].addresses],
        "cc": [address.addr_spec for address in message["Cc"].addresses] if message["Cc"] else [],
        "subject": str(message["Subject"]).strip(),
        "message_id": str(message["Message-ID"]).strip(),
        "sha256": sha256(found.content).hexdigest(),
        "text": text_of(message),
        "attachments": attachment_names(message),
    }
