"""Inspections at the stages whose reminders are tested, and what the letters of a morning hold."""

from datetime import datetime

from framework.calendar.london_time import LONDON
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork

COORDINATOR, MANAGER = Role.COORDINATOR, Role.MANAGER
Owed = tuple[str, int | None]


def at(day: str, hour: str = "10:00") -> datetime:
    """A moment of a London day."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=LONDON)


def reminders(scenario: InMemoryInspection, day: str) -> dict[str, list[Owed]]:
    """What each letter of a morning holds: limits with the rung that each carries, soonest first."""
    sent = [letter for moment, letter in scenario.letters if letter.kind == "reminder" and f"{moment.date()}" == day]
    assert len(sent) == len({letter.key for letter in sent}), "two letters to one person"
    return {letter.key: [(item["limit"], item["rung"]) for item in letter.facts["owed"]] for letter in sent}


def last(scenario: InMemoryInspection, limit: str) -> LetterOrder:
    """The newest reminder that carries a rung of a limit."""
    carry = (letter for letter in reversed(scenario.letters_of("reminder")) if (limit in carried(letter)))
    return next(carry)


def carried(letter: LetterOrder) -> dict[str, int]:
    """The rungs that a letter carries, by limit."""
    return {item["limit"]: item["rung"] for item in letter.facts["owed"] if item["rung"] is not None}


def notified() -> InMemoryInspection:
    return InMemoryInspection().until("2010-11-03")


def drafting() -> InMemoryInspection:
    """Fieldwork ended on 30 November; the draft is due on 14 December."""
    scenario = up_to_fieldwork(notified()).until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-3")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    return scenario


def finalising() -> InMemoryInspection:
    """Comments came back on 20 December; the final report is due on 30 December."""
    scenario = up_to_draft_sent(up_to_fieldwork(notified())).until("2010-12-20")
    scenario.do("return_comments", "dcs.330", comments=[{"where": "para 12", "text": "t-4"}])
    return scenario
