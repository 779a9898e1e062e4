"""How commands print: what was asked for on standard output, how it is going on standard error. Nothing else of the command
line writes on standard output (a lint rule bans `print`): here, in `interfaces.cli.screen` and in
`application.runtime.console`, what would act on the screen is replaced."""

import json
import re

from application.serializers.json_text import json_text
from framework.common.plain_text import ACTING, shown

PLAIN_WIDTH = 80
"""Columns, where output goes to a file or another program."""


def print_text(text: object = "") -> None:
    """Prints a text as it is, without what would act on the screen."""
    print(shown(str(text)))


def print_json(document: object, indent: int | None = 2) -> None:
    """Prints one JSON document. Without `indent` it is one line."""
    print(ACTING.sub(_escaped, json_text(document, indent)))


def _escaped(character: re.Match[str]) -> str:
    """Returns a character as JSON writes it in ASCII: a program that parses the document has it unchanged."""
    return json.dumps(character[0])[1:-1]
