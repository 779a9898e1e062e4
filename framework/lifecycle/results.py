"""The answer to a command: its events and what is due next, or why it was refused."""

from collections.abc import Mapping

from framework.common.errors import BadInput, BeingMade, Refused
from framework.lifecycle.due_items import Due
from framework.lifecycle.matter import Matter
from framework.messages.commands import Answer


def completed(matter: Matter, kinds: Mapping[int, str], due: Due | None) -> Answer:
    """Returns the answer of a step that was taken: the stage, its events (number -> kind), and the next item due."""
    return Answer(
        stage=matter.stage,
        events=tuple(kinds),
        kinds=tuple(kinds.values()),
        next_due=due.at if due else None,
        next_what=due.words() if due else "",
    )


def refused(matter: Matter, error: BadInput | Refused) -> Answer:
    """Returns the answer of a refusal, which changed nothing."""
    return Answer(
        stage=matter.stage,
        refused=str(error.args[0]),
        paragraph=getattr(error, "paragraph", None),
        bad_input=isinstance(error, BadInput),
        being_made=isinstance(error, BeingMade),
    )
