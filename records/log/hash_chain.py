"""The hash chain of the events of an inspection: the form that is hashed, which any language can reproduce.

The form of an event is one JSON object with these members, no more and no fewer:

    inspection, number, command, ordinal, kind, happened_on, received_at, recorded_at,
    actor, role, entry_point, ran_as, paragraph, data, reason, cause, previous

written after RFC 8785 (JSON Canonicalization Scheme): members sorted by the UTF-16 code units of their names, at every
depth; no white space; strings as UTF-8 with only `"`, `\\` and control characters escaped. Numbers are whole and at
most 2^53 - 1 in size: no fraction is ever written. Days are «2010-11-03», moments UTC with six decimals and «Z»:
«2010-11-03T09:00:00.000000Z». An absent member is null (`paragraph`, `reason`) or empty. `previous` is the hash of the
event before, and 64 zeros for the first. The hash is sha256 over those bytes, as 64 lower-case hexadecimal digits.

`data.commitments`, where there is one, maps the identifier of each text that the event names to the commitment to that
text: sha256 over its salt's bytes and its UTF-8 bytes. So the chain proves texts without holding them. It also maps the
identifier of each letter, document and comment the event brings to the commitment to its row (`records.log.commitments`).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from framework.messages.events import Event
from records.database.columns import to_text

GENESIS = "0" * 64
MAX_INTEGER = 2**53 - 1
"""The largest integer that every language reads from JSON without rounding."""


@dataclass(frozen=True, slots=True)
class EventKey:
    """The members of an event that its append determines; those of the event itself are in `Event`."""

    inspection: str
    number: int
    command: str
    ordinal: int
    recorded: datetime


def canonical(value: Any) -> str:
    """Returns `value` in the form above. Raises `ValueError` for what the form cannot hold (a float, a large integer)."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def event_form(key: EventKey, event: Event, data: Mapping[str, Any], previous: str) -> dict[str, Any]:
    """Returns the object that is hashed for one event."""
    return {
        "inspection": key.inspection,
        "number": key.number,
        "command": key.command,
        "ordinal": key.ordinal,
        "kind": event.kind,
        "happened_on": event.on,
        "received_at": event.received,
        "recorded_at": key.recorded,
        "actor": event.by,
        "role": str(event.role),
        "entry_point": event.entry_point,
        "ran_as": event.ran_as,
        "paragraph": event.paragraph,
        "data": data,
        "reason": event.reason,
        "cause": event.cause,
        "previous": previous,
    }


def digest(key: EventKey, event: Event, data: Mapping[str, Any], previous: str) -> str:
    """Returns the hash of one event; `data` is its data with commitments."""
    return hashlib.sha256(canonical(event_form(key, event, data, previous)).encode()).hexdigest()


def commitment(salt: str, body: str) -> str:
    """Returns the commitment to a text: sha256 over the bytes of `salt` (hexadecimal) and of the text."""
    return hashlib.sha256(bytes.fromhex(salt) + body.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        items = {str(name): _plain(item) for name, item in value.items()}
        return dict(sorted(items.items(), key=lambda item: item[0].encode("utf-16-be")))
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise ValueError(f"{value!r} ({type(value).__name__}) cannot be in an event: use words, whole numbers and days")


def _whole(value: int) -> int:
    if abs(value) > MAX_INTEGER:
        raise ValueError(f"{value} is too large for an event: other languages would round it")
    return int(value)
