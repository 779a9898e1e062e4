"""`inspections mailbox`: what the local mailbox of the embedded default received."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from application.runtime import dev_mailbox as box
from application.runtime import settings
from application.serializers.messages import attachment_names, text_of
from framework.calendar.london_time import say_moment
from framework.common.errors import BadInput
from interfaces.cli.message_output import print_message, save_attachments, save_html
from interfaces.cli.options import Data, Json
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_table

Number = Annotated[str, typer.Argument(metavar="[LETTER]", help="The letter's number.", show_default=False)]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Save the letter's HTML here.", show_default=False)
]
Attachments = Annotated[
    Path | None, typer.Option("--attachments", metavar="DIR", help="Save what came with it here.", show_default=False)
]


def mailbox(
    letter: Number = "", json: Json = False, html: Html = None, attachments: Attachments = None, data: Data = None
) -> None:
    """List the letters the local mailbox received, or read one of them."""
    folder = _folder(settings.read(data).data)
    if not letter:
        if html or attachments:
            raise BadInput("say which letter to save from: inspections mailbox LETTER")
        _list(box.letters(folder), json)
        return
    whole = box.message(folder, letter)
    if html:
        save_html(whole, html)
    if attachments:
        save_attachments(whole, attachments)
    if json:
        print_json(
            {**_shown(box.letter(folder, letter)), "text": text_of(whole), "attachments": attachment_names(whole)}
        )
    elif not (html or attachments):
        print_message(whole)


def _folder(data: Path) -> Path:
    if not data.is_dir():
        raise BadInput(
            f"there is no data folder {data}: name another with --data, or run `inspections up`, which makes it"
        )
    return box.folder(data)


def _list(letters: list[box.Letter], json: bool) -> None:
    if json:
        print_json([_shown(letter) for letter in letters])
        return
    rows = [
        (
            letter.id if letter.copies == 1 else f"{letter.id} (x{letter.copies})",
            say_moment(letter.sent) if letter.sent else None,
            "\n".join(letter.to),
            letter.subject,
        )
        for letter in letters
    ]
    print_table(("Letter", "Sent", "To", "Subject"), rows, empty="No letters yet.")


def _shown(letter: box.Letter) -> dict[str, object]:
    order = ("id", "to", "cc", "subject", "sent", "message_id", "copies")
    known = asdict(letter)
    return {name: known[name] for name in order}
