"""What the moves of an inspection brought: which rows were taken, to whom letters went, of whom limits were asked."""

from collections.abc import Iterable

from framework.correspondence.letters import letter as letter_rule
from framework.inspection.lifecycle import InspectionLifecycle
from framework.inspection.stages import Stage
from framework.lifecycle.decide import Decision
from framework.lifecycle.due_items import Due
from framework.lifecycle.steps import Step
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from tests.framework.lifecycle.inspection_states import Reached

ASKED_OF_NO_ROLE = {
    "notification": "the system takes the step, or a task asks a person for it",
    "complaints_close": "nothing is owed by it: a window that the system closes",
    "risk_confirmation": "it is counted from an alert, which is no event of an inspection",
    "complaint_answer": "it is counted from a complaint, which is no event of an inspection",
}
"""The limits that no reminder asks for, each with the reason why."""

TakenFrom = tuple[str, str, Stage]


class Observations:
    """Collects what every decision brought."""

    def __init__(self, lifecycle: InspectionLifecycle) -> None:
        self.lifecycle = lifecycle
        self.taken_from: set[TakenFrom] = set()
        """Name and event of a row, and the stage it was taken from."""
        self.taken_by: set[tuple[str, str, Role]] = set()
        self.variants: set[tuple[str, str, Stage, str]] = set()
        self.requested: dict[str, set[str]] = {}
        """Limit -> the steps that reminders asked for, of a person or of a role that is held."""
        self.letters: dict[str, int] = {}
        """Kind of letter -> how many were made."""
        self.wrong: dict[str, None] = {}

    def lacks(self, row: Step, stage: Stage, variant: str, roles: Iterable[Role]) -> bool:
        """Returns whether taking the row from this stage, in this variant or by one of these roles was not seen yet."""
        unseen = (row.name, row.event, stage, variant) not in self.variants
        return unseen or not all(self.was_taken_by(row, role) for role in roles)

    def was_taken_by(self, row: Step, role: Role) -> bool:
        """Returns whether the role took the row, from whichever stage."""
        return (row.name, row.event, role) in self.taken_by

    def step(self, before: Reached, row: Step, variant: str, role: Role, decision: Decision) -> None:
        """Takes in what a command brought."""
        stage = before.inspection.stage
        self.taken_by.add((row.name, row.event, role))
        self.taken_from.add((row.name, row.event, stage))
        self.variants.add((row.name, row.event, stage, variant))
        self._decision(before, row.name, decision)

    def due(self, before: Reached, due: Due, decision: Decision) -> None:
        """Takes in what a due item brought."""
        self._decision(before, due.what, decision)

    def due_again(self, state: Reached, due: Due) -> None:
        """Takes in that a due item brought no other state, and is due again at once."""
        words = due.words()
        self.wrong[f"{words} is due again at once, at {state.inspection.stage}"] = None

    def broken(self, state: Reached, row: Step, error: Exception) -> None:
        """Takes in that a step was neither taken nor refused."""
        self.wrong[f"{row.name} is not decided at {state.inspection.stage}: {error}"] = None

    def _decision(self, before: Reached, name: str, decision: Decision) -> None:
        stages = (before.inspection.stage, decision.after.stage)
        for event in decision.events:
            for row in self.lifecycle.steps:
                if row.event == event.kind:
                    self.taken_from |= {(row.name, row.event, stage) for stage in stages if stage in row.sources}
                    if event.role is Role.SYSTEM:
                        self.taken_by.add((row.name, row.event, Role.SYSTEM))
        for letter in decision.letters:
            self._letter(before, name, letter, decision)

    def _letter(self, before: Reached, name: str, letter: LetterOrder, decision: Decision) -> None:
        self.letters[letter.kind] = self.letters.get(letter.kind, 0) + 1
        rule = letter_rule(letter.kind)
        if rule.to_formerly_invited:
            return  # it goes to whom the records find in earlier letters, and without them it is not sent
        people = decision.after.people
        held = {person for role in (*letter.to, *letter.cc) for person in people.get(role, ())}
        readers = {*letter.persons, *held, *(before.readers if rule.to_all_told else ())} - set(letter.not_to)
        to = {*letter.persons, *(person for role in letter.to for person in people.get(role, ()))}
        if not readers or not to:
            roles = ", ".join(letter.to) or "no role"
            self.wrong[f"the letter {letter.kind} of {name} goes to nobody: it is addressed to {roles}"] = None
        elif letter.kind == "reminder":
            for item in letter.facts["owed"]:
                self.requested.setdefault(item["limit"], set()).add(item["step"])

    # What is wrong ----------------------------------------------------------------------------------------------------

    def faults(self) -> list[str]:
        """Returns what is wrong with rows, letters, limits and due items."""
        return [*self.wrong, *self._never_taken(), *self._never_taken_by(), *self._never_asked()]

    def _never_taken(self) -> list[str]:
        return [
            f"{row.name} ({row.event}) can never be taken from {stage}"
            for row in self.lifecycle.steps
            for stage in row.sources
            if (row.name, row.event, stage) not in self.taken_from
        ]

    def _never_taken_by(self) -> list[str]:
        return [
            f"{row.name} ({row.event}) can never be taken by {role}"
            for row in self.lifecycle.steps
            for role in row.by
            if not self.was_taken_by(row, role)
        ]

    def _never_asked(self) -> list[str]:
        met_with = {row.name: row.meets for row in self.lifecycle.steps}
        requested = {
            key for limit, steps in self.requested.items() for step in steps for key in (limit, *met_with[step])
        }
        watched = [rule for rule in self.lifecycle.limits if rule.key not in ASKED_OF_NO_ROLE]
        unowned = [rule.key for rule in watched if rule.owner is None]
        unasked = [rule.key for rule in watched if rule.owner is not None and rule.key not in requested]
        stale = sorted(requested & ASKED_OF_NO_ROLE.keys())
        return [
            *(f"the limit {key} is owed by no role, and is not listed as such" for key in unowned),
            *(f"no reminder ever asks for the limit {key}" for key in unasked),
            *(f"the limit {key} is listed as asked of no role, and a reminder asks for it" for key in stale),
        ]

    def counts(self) -> list[str]:
        """Returns what was seen, a line each."""
        rows = sum(len(row.sources) for row in self.lifecycle.steps)
        return [
            f"{len(self.taken_from)} of {rows} pairs of row and stage taken",
            f"{sum(self.letters.values())} letters of {len(self.letters)} kinds",
            f"{len(self.requested)} limits asked for in reminders",
        ]
