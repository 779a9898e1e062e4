"""Commands and their answers: what an entry point sends to an inspection's workflow."""

import re
from datetime import date, datetime
from typing import Any

from pydantic import Field

from framework.common.errors import BadInput
from framework.messages.base import Message
from framework.vocabulary.roles import Role


class Actor(Message):
    """The person who acts, as the entry point names them."""

    person: str
    """The person's identifier in the directory, or "system"."""
    posts: tuple[Role, ...] = ()
    """The office posts (coordinator, manager, auditor) of the person in the directory."""
    entry_point: str = "engine"
    ran_as: str = ""


SYSTEM = Actor(person="system", posts=(Role.SYSTEM,))


class Command(Message):
    """A request to take a step."""

    id: str
    """The caller's identifier: the same command sent twice is one command."""
    step: str
    actor: Actor
    on: date
    """The London day it happened; never later than the day it was received."""
    received: datetime
    """The moment an entry point received it; lateness is judged on it."""
    fields: dict[str, Any] = Field(default_factory=dict)
    """The step's form as JSON, each free text replaced by its identifier."""

    @property
    def facts(self) -> dict[str, Any]:
        """Returns the form without its reason, which an event keeps in a field of its own."""
        return {name: value for name, value in self.fields.items() if name != "reason"}

    @property
    def reason(self) -> str | None:
        """Returns the identifier of the text of the reason; None if the form has none."""
        return self.fields.get("reason")


_ID_OF_A_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""The system's own identifiers contain a colon (`auto:notify:7`), so that no command of a person can have one of them."""


def require_command_id(text: str) -> str:
    """Returns the identifier that a person gave a command. Raises `BadInput` for an invalid one."""
    if _ID_OF_A_PERSON.fullmatch(text) is None:
        raise BadInput(f"{text}: must be letters, digits, dots, hyphens and underscores, at most 100", field="command")
    return text


def refusal_id(command: str) -> str:
    """Returns the command id under which a refusal is recorded; it is fixed, so that the refusal is recorded only once."""
    return f"{command}:refused"


class Answer(Message):
    """The result of a command, or why it was refused."""

    stage: str
    events: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    next_due: datetime | None = None
    next_what: str = ""
    refused: str | None = None
    paragraph: int | None = None
    bad_input: bool = False
    """True if it was refused for invalid input rather than by a rule."""
    being_made: bool = False
    """True if no rule refused it: it rests on a document that is being made."""
