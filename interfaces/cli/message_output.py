"""A message on the screen or in a file: what `mailbox` and `letter` share."""

import textwrap
from email.message import EmailMessage
from pathlib import Path

from application.runtime.console import say
from application.serializers.messages import attachment_name, attachment_names, text_of
from framework.common.errors import BadInput
from interfaces.cli.output import PLAIN_WIDTH, print_text

HEADERS = ("From", "To", "Cc", "Date", "Subject")
NO_TEXT = "(this letter has no plain text: save its HTML with --html FILE)"


def print_message(message: EmailMessage) -> None:
    """Prints the headers people look at, the text, and the names of the attachments."""
    for name in HEADERS:
        if message[name]:
            print_text(textwrap.fill(f"{name}: {message[name]}", PLAIN_WIDTH, subsequent_indent="    "))
    print_text()
    print_text(text_of(message) or NO_TEXT)
    for name in attachment_names(message):
        print_text(f"Attached: {name}")


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
        _write(folder / attachment_name(part, number), content.encode() if isinstance(content, str) else bytes(content))


def _write(target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror}") from None
    say(f"saved {target}")
