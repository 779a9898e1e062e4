"""Tasks in words: what waits for a person, and what to do about it."""

from collections.abc import Callable, Mapping
from typing import Any


def task_words(kind: str, facts: Mapping[str, Any]) -> str:
    """Returns what waits, and what to do."""
    if (words := _WORDS.get(kind)) is not None:
        return words(facts)
    known = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items() if value not in ("", None))
    return kind.replace("_", " ") + (f": {known}" if known else "")


def _gate(facts: Mapping[str, Any]) -> str:
    step = facts.get("step", "an automatic step")
    why = str(facts.get("why", "a rule refused it")).removeprefix(f"{step}: ")
    return f"«{step}» could not be taken: {why}. Put it right, then take the step."


def _deferral(facts: Mapping[str, Any]) -> str:
    return f"A deferral was asked for (ground: {_plain(facts.get('ground'))}): take «defer» or «refuse_deferral»."


def _notification(facts: Mapping[str, Any]) -> str:
    return (
        "The notification did not arrive: correct the address (change_contact), then take «notify»; where it is right, "
        "«notify» with address_confirmed=true; or serve it by hand."
    )


def _late_notification(facts: Mapping[str, Any]) -> str:
    return "The notification did not arrive, and fieldwork has begun: see that the Director has it."


def _draft_not_served(facts: Mapping[str, Any]) -> str:
    return "The draft report did not arrive: correct the address, then take «send_draft» again; the five days run from then."


def _cancellation_not_served(facts: Mapping[str, Any]) -> str:
    return (
        "The letter of cancellation did not arrive: correct the address and take «send_again», or hand it over "
        "(«record_cancellation_service»); the time for complaints runs from then."
    )


def _returned(facts: Mapping[str, Any]) -> str:
    people = ", ".join(facts.get("people", ())) or "somebody"
    again = "" if facts.get("is_copy") else f", then take «send_again» (letter={facts.get('letter')})"
    return (
        f"Letter {facts.get('number')} ({_plain(facts.get('kind'))}) did not arrive at {people}: {facts.get('why', 'unknown')}. "
        f"Correct the address{again}; or reach them another way."
    )


def _bounces_unread(facts: Mapping[str, Any]) -> str:
    return f"The mailbox that letters come back to cannot be read: {facts.get('why', 'unknown')}. See docs/settings.md."


def _address(facts: Mapping[str, Any]) -> str:
    return f"No address for {facts.get('title', facts.get('role'))}: no copy of «{_plain(facts.get('letter'))}» went there."


def _reminder(facts: Mapping[str, Any]) -> str:
    return f"The reminder of {_limits(facts)} could not be sent: {facts.get('why', 'unknown')}."


def _letter(facts: Mapping[str, Any]) -> str:
    letter = f"letter={facts['letter']}" if "letter" in facts else "the letter"
    which = _plain(facts.get("kind")) + (f" of {_limits(facts)}" if facts.get("limits") else "")
    return f"The {which} did not go: {facts.get('why', 'unknown')}. Put it right, then send_again ({letter})."


def _copy(facts: Mapping[str, Any]) -> str:
    people = ", ".join(facts.get("people", ())) or "somebody"
    return f"A copy of the {_plain(facts.get('kind'))} was refused for {people}: tell them another way."


def _document(facts: Mapping[str, Any]) -> str:
    return f"The {_plain(facts.get('kind'))} could not be made: {facts.get('why', 'unknown')}."


def _stuck(facts: Mapping[str, Any]) -> str:
    return f"{facts.get('workflow')} stands still: its code fails ({facts.get('problem')}). Nothing is lost; see the log of the worker."


def _begun_again(facts: Mapping[str, Any]) -> str:
    return (
        f"No workflow ran in the engine: it was {_plain(facts.get('found'))}. It was begun again from its log, and nothing is "
        "lost. Find out who or what ended it."
    )


def _not_submitted(facts: Mapping[str, Any]) -> str:
    return (
        f"The engine was sent «{facts.get('step')}» in the name of {facts.get('person')}, past the entry points: it changed "
        "nothing. Find out which account of the machine sent it."
    )


def _failing(facts: Mapping[str, Any]) -> str:
    tried = f"{facts.get('attempts', 'many')} attempts"
    return (
        f"The {_plain(facts.get('kind'))} ({facts.get('document')}) could not be made in {tried}: {facts.get('why', 'unknown')}. "
        "Put right what keeps it; it is tried again each hour."
    )


def _unpublished(facts: Mapping[str, Any]) -> str:
    tried = f"{facts.get('attempts', 'many')} attempts"
    return (
        f"The final report could not be put among the published reports in {tried}: {facts.get('why', 'unknown')}. "
        "Put right what keeps it; it is tried again each hour."
    )


def _connection(facts: Mapping[str, Any]) -> str:
    return f"{facts.get('person', 'Somebody')} declared a connection with the authority: take «decide_connection», or change the team."


def _appointment(facts: Mapping[str, Any]) -> str:
    agreed = f"{facts.get('appointment', 'An appointment')}, agreed for {facts.get('day', 'a day')}"
    return f"{agreed}: {facts.get('why', 'it does not fit')}. Agree another day, then take «{facts.get('step', 'arrange')}»."


def _people_clash(facts: Mapping[str, Any]) -> str:
    bound = [
        f"{clash['person']} {_days(clash)}" + (f" at {clash['at']}" if clash["at"] else "")
        for clash in facts.get("clashes", ())
    ]
    return f"Bound in {facts.get('other')}, too: {'; '.join(bound)}. Agree on other days, or change one of the teams."


def _days(clash: Mapping[str, str]) -> str:
    return f"on {clash['from']}" if clash["from"] == clash["to"] else f"from {clash['from']} to {clash['to']}"


def _untold(facts: Mapping[str, Any]) -> str:
    return f"Dates moved with the calendar, and nobody could be written to: {facts.get('why', 'unknown')}. Tell them."


def _limits(facts: Mapping[str, Any]) -> str:
    return ", ".join(_plain(limit) for limit in facts.get("limits", ()))


def _plain(name: object) -> str:
    return str(name or "letter").replace("_", " ")


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "gate": _gate,
    "deferral": _deferral,
    "connection": _connection,
    "notification": _notification,
    "address_missing": _address,
    "letter": _reminder,
    "letter_failed": _letter,
    "letter_stopped": _letter,
    "letter_returned": _returned,
    "bounces_unread": _bounces_unread,
    "notification_late": _late_notification,
    "draft_not_served": _draft_not_served,
    "cancellation_not_served": _cancellation_not_served,
    "copy_refused": _copy,
    "document_failed": _document,
    "workflow_stuck": _stuck,
    "command_not_submitted": _not_submitted,
    "workflow_begun_again": _begun_again,
    "document_failing": _failing,
    "publication_failing": _unpublished,
    "appointment_clash": _appointment,
    "dates_untold": _untold,
    "people_clash": _people_clash,
}
"""Kind of task -> its words; any other is described by its facts."""
