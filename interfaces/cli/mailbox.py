"""`inspections mailbox`: what the local mailbox of the embedded default received."""

import textwrap
from dataclasses import asdict
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated

import typer

from application.runtime import dev_mailbox as box
from application.runtime import settings
from application.runtime.console import say
from framework.calendar.london_time import say_moment
from framework.common.errors import BadInput
from framework.common.plain_text import shown
from interfaces.cli.options import Data, Json
from interfaces.cli.output import PLAIN_WIDTH, print_json, print_table, print_text

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
        _save_html(whole, html)
    if attachments:
        _save_attachments(whole, attachments)
    if json:
        print_json({**_shown(box.letter(folder, letter)), "text": _text(whole), "attachments": _attached(whole)})
    elif not (html or attachments):
        _read(whole)


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


def _read(whole: EmailMessage) -> None:
    for name in ("From", "To", "Cc", "Date", "Subject"):
        if whole[name]:
            print_text(textwrap.fill(f"{name}: {whole[name]}", PLAIN_WIDTH, subsequent_indent="    "))
    print_text()
    print_text(_text(whole))
    for name in _attached(whole):
        print_text(f"Attached: {name}")


def _text(whole: EmailMessage) -> str:
    body = whole.get_body(preferencelist=("plain",))
    if body is None:
        return "(this letter has no plain text: save its HTML with --html FILE)"
    lines = body.get_content().splitlines()
    return "\n".join(textwrap.fill(line, PLAIN_WIDTH, break_on_hyphens=False) for line in lines)


def _attached(whole: EmailMessage) -> list[str]:
    return [_file_name(part, number) for number, part in enumerate(whole.iter_attachments(), 1)]


def _save_html(whole: EmailMessage, target: Path) -> None:
    body = whole.get_body(preferencelist=("html",))
    if body is None:
        raise BadInput("this letter has no HTML")
    _write(target, body.get_content().encode())


def _save_attachments(whole: EmailMessage, folder: Path) -> None:
    for number, part in enumerate(whole.iter_attachments(), 1):
        content = part.get_content()
        _write(folder / _file_name(part, number), content.encode() if isinstance(content, str) else bytes(content))


def _file_name(part: EmailMessage, number: int) -> str:
    """Returns the name it gives itself, without any folder: a letter does not choose where it is written."""
    return Path(shown(part.get_filename() or "").replace("\\", "/")).name or f"attachment-{number}"


def _write(target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror}") from None
    say(f"saved {target}")
