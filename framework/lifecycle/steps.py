"""The steps of a lifecycle as a table: each row a step as it may be taken from certain stages, and the state machine it makes.

The rows of each lifecycle are in its own package, such as `framework.inspection.steps`. No dates and no persons here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from transitions import Machine

from framework.common.forms import Strict
from framework.vocabulary.roles import AUTHORITY_ROLES, Role


@dataclass(frozen=True)
class Step:
    """One row: a step as it may be taken from certain stages."""

    name: str
    sources: tuple[StrEnum, ...]
    dest: StrEnum | None
    """Where it leads; None where the stage stays."""
    by: tuple[Role, ...]
    form: type[Strict]
    event: str
    """The kind of its event, in the past tense."""
    paragraph: int
    meets: tuple[str, ...] = ()
    """The limits that are met by it."""
    guards: tuple[str, ...] = ()
    """The names of its guards, as the lifecycle defines them."""
    letters: tuple[str, ...] = ()
    """The letters it may bring; see `letters`."""
    documents: tuple[str, ...] = ()
    content: bool = False
    """True if it moves no stage or limit and sends nothing: written to the records without the workflow."""

    @property
    def is_handed_in(self) -> bool:
        """Returns whether the authority takes this step, or the office enters it for the authority."""
        return not AUTHORITY_ROLES.isdisjoint(self.by)


def row(name: str, sources: StrEnum | tuple[StrEnum, ...], dest: StrEnum | None, by: Role | tuple[Role, ...],
        form: type[Strict], event: str, paragraph: int, *, meets: str = "", guards: str = "", letters: str = "",
        documents: str = "", content: bool = False) -> Step:  # fmt: skip
    """Returns a row of a table; names of limits, guards, letters and documents are separated by blanks."""
    return Step(
        name=name,
        sources=sources if isinstance(sources, tuple) else (sources,),
        dest=dest,
        by=by if isinstance(by, tuple) else (by,),
        form=form,
        event=event,
        paragraph=paragraph,
        meets=tuple(meets.split()),
        guards=tuple(guards.split()),
        letters=tuple(letters.split()),
        documents=tuple(documents.split()),
        content=content,
    )


@dataclass(frozen=True, eq=False)
class StepTable:
    """The rows of one lifecycle, and what is looked up in them."""

    stages: type[StrEnum]
    """Every stage, in their order; the first is where a matter begins."""
    rows: tuple[Step, ...]
    by_event: dict[str, Step] = field(init=False)
    """Kind of event -> its row; of several rows the last, so its `dest` is not that of every stage: ask the machine."""
    meeting: dict[str, tuple[str, ...]] = field(init=False)
    """Limit -> the kinds of event that meet it."""
    names: tuple[str, ...] = field(init=False)
    """The name of every step, in the order of the table."""
    following: dict[str, frozenset[str]] = field(init=False)
    """Stage -> itself and every one that steps can lead to from it."""
    machine: Machine = field(init=False)
    """The table as a state machine, shared by all matters: each is a model with an attribute `stage`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_event", {step.event: step for step in self.rows})
        object.__setattr__(self, "meeting", _meeting(self.rows))
        object.__setattr__(self, "names", tuple(dict.fromkeys(step.name for step in self.rows)))
        object.__setattr__(self, "following", {stage: _following(self.rows, stage) for stage in self.stages})
        object.__setattr__(self, "machine", _machine(self))

    def __iter__(self) -> Iterator[Step]:
        return iter(self.rows)

    def find(self, name: str, stage: str) -> Step | None:
        """Returns the row of step `name` from `stage`; None if it may not be taken from there."""
        return next((step for step in self.rows if step.name == name and stage in step.sources), None)

    def named(self, name: str) -> tuple[Step, ...]:
        """Returns every row of the step of this name; none for a name that is not in the table."""
        return tuple(step for step in self.rows if step.name == name)

    def paragraph_of(self, name: str) -> int | None:
        """Returns the paragraph of the step of this name, whatever the stage; None for a name that is not in the table."""
        return next((step.paragraph for step in self.rows if step.name == name), None)

    def open_from(self, stage: str) -> tuple[Step, ...]:
        """Returns every step that may be taken from `stage`, by whichever role, in the order of the table."""
        return tuple(step for step in self.rows if stage in step.sources)

    def can_be_met(self, limit: str, stage: str) -> bool:
        """Returns whether a step that meets the limit may be taken from this stage, or from one that can follow it."""
        following = self.following[stage]
        return any(limit in step.meets and not following.isdisjoint(step.sources) for step in self.rows)

    def advance(self, model: Any, step: Step) -> None:
        """Moves the model's `stage` as the step leads; nothing where the step leads nowhere else.

        Raises `MachineError` where the step may not be taken from its stage."""
        if step.dest is not None and step.dest is not model.stage:
            self.machine.events[step.name].trigger(model)


def _meeting(rows: tuple[Step, ...]) -> dict[str, tuple[str, ...]]:
    limits = dict.fromkeys(limit for step in rows for limit in step.meets)
    return {limit: tuple(dict.fromkeys(step.event for step in rows if limit in step.meets)) for limit in limits}


def _following(rows: tuple[Step, ...], stage: str) -> frozenset[str]:
    stages = {stage}
    while more := {str(step.dest) for step in rows if step.dest and not stages.isdisjoint(step.sources)} - stages:
        stages |= more
    return frozenset(stages)


def _machine(table: StepTable) -> Machine:
    return Machine(
        model=None,
        states=table.stages,
        transitions=[
            {"trigger": step.name, "source": list(step.sources), "dest": step.dest or "="} for step in table.rows
        ],
        initial=None,
        auto_transitions=False,
        model_attribute="stage",
    )
