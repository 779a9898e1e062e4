"""A message on the screen or in a file: what `mailbox` and `letter` share."""

import textwrap
from email.message import EmailMessage
from pathlib import Path

from application.runtime.console import say
from framework.common.errors import BadInput
from framework.common.plain_text import shown
from interfaces.cli.output import PLAIN_WIDTH, print_text

HEADERS = ("From", "To", "Cc", "Date", "Subject")


def print_message(message: EmailMessage) -> None:
    """Prints the headers people look at, the text, and the names of the attachments."""
    for name in HEADERS:
        if message[name]:
            print_text(textwrap.fill(f"{name}: {message[name]}", PLAIN_WIDTH, subsequent_indent="    "))
    print_text()
    print_text(text_of(message))
    for name in attachment_names(message):
        print_text(f"Attached: {name}")


def text_of(message: EmailMessage) -> str:
    """Returns the plain text, in lines of the screen."""
    body = message.get_body(preferencelist=("plain",))
    if body is None:
        return "(this letter has no plain text: save its HTML with --html FILE)"
    lines = body.get_content().splitlines()
    return "\n".join(textwrap.fill(line, PLAIN_WIDTH, break_on_hyphens=False) for line in lines)


def attachment_names(message: EmailMessage) -> list[str]:
    """Returns the file name of each attachment."""
    return [_file_name(part, number) for number, part in enumerate(message.iter_attachments(), 1)]


def save_html(message: EmailMessage, target: Path) -> None:
    """Writes the HTML to a file. Raises `BadInput` where there is none, or where it cannot be written."""
    body = message.get_body(preferencelist=("html",))
    if body is None:
        raise BadInput("this letter has no HTML")
    _write(target, body.get_content().encode())


def save_attachments(message: EmailMessage, folder: Path) -> None:
    """Writes each attachment to a file of its own in a folder. Raises `BadInput` where one cannot be written."""
    for number, part in enumerate(message.iter_attachments(), 1):
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
