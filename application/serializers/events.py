"""Events of the log as JSON."""

from typing import Any

from application.queries.history import HistoryEvent
from application.serializers import wording

EventJson = dict[str, Any]


def event_as_json(event: HistoryEvent) -> EventJson:
    """Returns one event as the log has it, with its words and those of its reason."""
    stored, plain = event.stored, event.stored.event
    return {
        "inspection": stored.inspection,
        "number": stored.number,
        "kind": plain.kind,
        "words": wording.event_words(plain, event.edition),
        "on": plain.on,
        "received": plain.received,
        "recorded": stored.recorded,
        "by": plain.by,
        "role": plain.role,
        "entry_point": plain.entry_point,
        "ran_as": plain.ran_as,
        "paragraph": plain.paragraph,
        "data": plain.data,
        "reason": plain.reason,
        "why": event.why,
        "cause": plain.cause,
        "command": stored.command_id,
        "hash": stored.hash,
        "letters": event.letters,
        "key": event.key,
    }
