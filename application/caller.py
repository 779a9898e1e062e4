"""The caller of a use case: which person, in what capacities, through which entry point.

Every use case takes one first. An entry point names the person; posts and parts are read from the records by the use case
itself (`application.queries.snapshot.identify`), so that no entry point can claim them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from framework.messages.commands import Actor
from framework.vocabulary.roles import AUTHORITY_ROLES, OFFICE_ROLES, Role

COMMAND_LINE = "command line"
REHEARSAL = "rehearsal"
ENGINE = "engine"
"""Entry points, as events and the access log name them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A person at an entry point, or a program."""

    person: str = ""
    """The person's identifier in the directory; empty where the entry point knows none."""
    entry_point: str = COMMAND_LINE
    ran_as: str = ""
    """The account of the operating system that ran the entry point."""
    session: str = ""
    """The session in which the person signed in; empty where the entry point has no sessions."""
    acts_for: str = ""
    """The person in whose place the caller acts; empty where they act for themselves."""
    posts: tuple[Role, ...] = ()
    """The office posts the person holds."""
    parts: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    """The roles the person holds now, by inspection."""

    def has_part(self, inspection: str) -> bool:
        """Returns whether the person holds a role in the inspection other than a post of the office.

        A post of the office counts by the directory alone: a person who has lost it cannot see the inspection by having
        been named in it."""
        return bool(self.parts.get(inspection, frozenset()) - OFFICE_ROLES)

    def actor(self) -> Actor:
        """Returns the caller as commands carry them."""
        return Actor(person=self.person, posts=self.posts, entry_point=self.entry_point, ran_as=self.ran_as)


def sees_all(caller: Caller) -> bool:
    """Returns whether a caller may see every inspection: with an office post, or without a name at the command line.

    The command line has no sign-in, and its account can read the files anyway; a name that is given counts."""
    return bool(caller.posts) if caller.person else caller.entry_point == COMMAND_LINE


def may_see(caller: Caller, inspection: str) -> bool:
    """Returns whether a caller may see an inspection: as one who sees all, or by a part in it."""
    return sees_all(caller) or caller.has_part(inspection)


def may_see_concerns(caller: Caller, inspection: str) -> bool:
    """Returns whether a caller may see the concerns raised in an inspection they may see: not with parts of the authority alone,
    since concerns are mostly about it, and its staff, users and parents raised them in confidence (paras 56, 64)."""
    return sees_all(caller) or bool(caller.parts.get(inspection, frozenset()) - OFFICE_ROLES - AUTHORITY_ROLES)


def may_see_children(caller: Caller, inspection: str) -> bool:
    """Returns whether a caller may see what an inspection holds about children and parties (cases, audits, evidence,
    surveys, their words): a named person who may see the inspection, at every entry point."""
    return bool(caller.person) and may_see(caller, inspection)
